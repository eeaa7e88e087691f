"""The verbs of a file. Each is one act: lock, ask again under the lock, write, trail, queue."""

from applications.actions.begin import add_enterprise, begin
from applications.actions.clarifications import (
    answer,
    ask,
    close_unanswered,
    mark_read,
    remind,
    save_answer_fields,
    take_back,
)
from applications.actions.documents import (
    document_scanned,
    judge_document,
    judge_documents,
    receive_document,
    receive_documents,
)
from applications.actions.eligibility import check
from applications.actions.moves import recall, submit, take, withdraw
from applications.actions.sections import Stale, save_section, save_sections

__all__ = [
    "Stale",
    "add_enterprise",
    "answer",
    "ask",
    "begin",
    "check",
    "close_unanswered",
    "document_scanned",
    "judge_document",
    "judge_documents",
    "mark_read",
    "recall",
    "receive_document",
    "receive_documents",
    "remind",
    "save_answer_fields",
    "save_section",
    "save_sections",
    "submit",
    "take",
    "take_back",
    "withdraw",
]
