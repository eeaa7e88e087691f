"""Questions to the applicant from the desk: not by who stepped back from the file."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from applications import actions as applications
from applications.models import Application, Clarification, DocumentKind
from evaluation.queries.conflicts import conflict_verdict
from records.acts import act, lock_one
from records.verdicts import Refused


def _free(by: Any, key: int) -> Application:
    file: Application = lock_one(Application, key)
    verdict = conflict_verdict(by, file)
    if not verdict:
        raise Refused(verdict.reason)
    return file


@act
def ask(
    file: Application, question: str, *, fields: Iterable[str], kinds: Iterable[DocumentKind], due_on: date, by: Any
) -> Clarification:
    """Ask the applicant for fields and documents by a day."""
    return applications.ask(_free(by, file.pk), question, fields=fields, kinds=kinds, due_on=due_on, by=by)


@act
def close_unanswered(file: Application, *, by: Any, note: str) -> Application:
    """Close a file whose question nobody answered, with the reason."""
    return applications.close_unanswered(_free(by, file.pk), by=by, note=note)


@act
def mark_read(question: Clarification, *, by: Any) -> Clarification:
    """Say that the office has read an answer."""
    _free(by, question.application_id)
    return applications.mark_read(question, by=by)
