"""Who is told what about a file that was judged or handed on: everybody who may act for the enterprise, each in their language."""

from typing import Any

from applications.eligibility_texts import Words
from applications.models import Application
from applications.to_do import tasks_of
from evaluation.letters import Letter
from evaluation.states import Outcome
from records import outbox
from records.models import Paper


def with_another_office(file: Application) -> None:
    """Which DIC looks after the file from now on."""
    _tell(file, "application.transferred", "file_transferred", office=file.office, to_do=tasks_of(file))


def found_ineligible(file: Application, words: Words, reason: str) -> None:
    """The rule in plain words, the reason, and that the General Manager can reinstate."""
    _tell(file, "application.ineligible", "found_ineligible", office=file.office, words=words, reason=reason)


def reinstated(file: Application) -> None:
    """The file is being checked again."""
    _tell(file, "application.reinstated", "reinstated", office=file.office, to_do=tasks_of(file))


def decided(file: Application, letter: Letter, paper: Paper) -> None:
    """What the Committee decided, and where letter, marks and reasons are."""
    outcome = Outcome(letter.outcome)
    _tell(file, "application.decided", "decided", office=file.office, outcome=outcome, letter=letter, paper=paper)


def _tell(file: Application, kind: str, template: str, **context: Any) -> None:
    for member in file.enterprise.members.select_related("user"):
        said = {"reference": file.reference, **context}
        outbox.send(member.user, kind=kind, template=template, context=said, subject=file)
