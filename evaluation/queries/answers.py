"""Questions to the applicant as the office reads them, and the marks that are older than an answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from applications.answers import QuestionRow, question_rows
from applications.models import Application, AskedBy, Clarification
from applications.rules import may, may_read_answer
from applications.states import State
from applications.steps import STEPS
from evaluation.models import Mark
from evaluation.queries import post_labels
from evaluation.rules.conflicts import without_conflict
from records.verdicts import Verdict


@dataclass(frozen=True)
class Panel:
    """The questions of a file, the newest first, and what this reader may do about them."""

    rows: list[QuestionRow]
    posts: dict[int, str]  # who asked and who read, by key of the person
    may_ask: Verdict
    may_close: Verdict
    may_read: Verdict
    with_applicant: bool

    @property
    def to_read(self) -> int:
        """Answers to the DIC that nobody has marked as read."""
        mine = [row.question for row in self.rows if row.question.asked_for == AskedBy.DIC]
        return sum(1 for question in mine if question.answered_at and not question.read_at)


def panel(file: Application, user: Any, *, gone: bool) -> Panel:
    """Questions, answers, and what stood there before and after; sealed values masked. `gone`: stepped back from the file."""
    rows = question_rows(file)
    people = {key for row in rows for key in (row.question.asked_by_id, row.question.read_by_id)}
    free = without_conflict(stepped_back=gone)
    verdicts = (may(user, STEPS["ask"], file), may(user, STEPS["close_unanswered"], file), may_read_answer(user, file))
    ask, close, read = (free if verdict else verdict for verdict in verdicts)
    return Panel(rows, post_labels(people), ask, close, read, file.state == State.CLARIFICATION)


def answered_at(file: Application) -> datetime | None:
    """When the applicant last answered a question that was asked during the appraisal."""
    asked = Clarification.objects.filter(application=file, state_asked=State.APPRAISAL, answered_at__isnull=False)
    return asked.order_by("answered_at").values_list("answered_at", flat=True).last()


def older_marks(file: Application, marks: Iterable[Mark | None]) -> set[int]:
    """Keys of the marks given before an answer came: what they rest on may have changed since."""
    given = [mark for mark in marks if mark and (mark.mark is not None or mark.not_applicable)]
    answered = answered_at(file) if given else None
    return {mark.pk for mark in given if answered and mark.at < answered}
