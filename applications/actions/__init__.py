"""The verbs of a file. Each is one act: lock, ask again under the lock, write, trail, queue."""

from applications.actions.begin import add_enterprise, begin
from applications.actions.documents import judge_document, receive_document
from applications.actions.eligibility import check
from applications.actions.moves import recall, submit, take, withdraw
from applications.actions.sections import Stale, save_section

__all__ = [
    "Stale",
    "add_enterprise",
    "begin",
    "check",
    "judge_document",
    "recall",
    "receive_document",
    "save_section",
    "submit",
    "take",
    "withdraw",
]
