"""Questions to the applicant and their answers, for the demonstration: by the real acts, with papers that are really sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actions, clarifications
from applications.demo import paper
from applications.models import Application, Clarification, DocumentKind, DocumentVersion
from applications.sections import newest_versions
from applications.states import DocumentState
from applications.steps import STEPS
from districts import calendar
from records.acts import system
from records.clock import today

SHORTLY = 10  # days for an answer where the demonstration shows that they are over


@dataclass(frozen=True)
class Topic:
    """A question: what it opens ({year} is the latest financial year), what is answered, and what a field becomes."""

    question: str
    answer: str
    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    change: Callable[[str], Any] = str


def _less(before: str) -> int:
    return int(Decimal(before)) * 96 // 100


FIGURE = Topic(
    "The statement shows other income among the sales of {year}. Enter the sales alone.",
    "Rent and interest had been counted as sales. The figure is corrected.",
    fields=("financials.{year}.turnover_domestic",),
    change=_less,
)
BUYERS = Topic(
    "Name the buyers who have asked for the new products, and send the enquiries you hold from them.",
    "Two buyers are named; their enquiries are in the paper.",
    fields=("growth.markets",),
    kinds=("growth",),
    change=lambda _before: (
        "A retail chain with 14 shops in Kerala; a distributor in Coimbatore. Both enquiries are in writing."
    ),
)
TOPICS = (
    FIGURE,
    Topic(
        "The schedules to the balance sheet are not in the file. Send the statements again with all schedules.",
        "The statements with schedules 1 to 9 are sent.",
        kinds=("financials",),
    ),
    BUYERS,
    Topic(
        "Is the consent of the Pollution Control Board in force? Enter its last day.",
        "The consent was renewed in June.",
        fields=("bank.licences",),
        change=lambda _before: (
            "Pollution Control Board consent until 30-06-2029, K-SWIFT acknowledgement, panchayat licence."
        ),
    ),
    Topic(
        "The EPF challan names fewer persons than the application. Send the wage register of the last month.",
        "The wage register is sent. Contract workers of the packing section are on the contractor's challan.",
        kinds=("employment",),
    ),
)


def ask(file: Application, topic: Topic, *, by: Any, days: int = 0) -> Clarification:
    """Ask, with the days the round gives, or `days` of them."""
    year = file.round.latest_year
    return actions.ask(
        file,
        topic.question.format(year=year),
        fields=[key.format(year=year) for key in topic.fields],
        kinds=list(DocumentKind.objects.filter(key__in=topic.kinds)),
        due_on=_open_day(file, days) if days else None,
        by=by,
    )


def _open_day(file: Application, days: int) -> date:
    """The first working day of the office when so many days are over."""
    day = today() + timedelta(days=days)
    while not calendar.is_working_day(day, file.office.district):
        day += timedelta(days=1)
    return day


def answer(file: Application, *, by: Any) -> Clarification:
    """Answer the open question: the fields it opened changed, the documents it named sent anew."""
    question = clarifications.open_question(file)
    if question is None:
        raise ValueError(f"{file.reference}: no question is open")
    year = file.round.latest_year
    topic = next(one for one in TOPICS if one.question.format(year=year) == question.question)
    values = {item.field: topic.change(str(item.before)) for item in question.items.all() if item.field}
    for item in question.items.all():
        if item.kind is not None:
            send(file, item.kind, by=by)
    if values:
        actions.save_answer_fields(file, values, by=by, text=topic.answer)
    return actions.answer(file, topic.answer, by=by)


def send(file: Application, kind: DocumentKind, *, by: Any) -> DocumentVersion:
    """Send a paper of this kind that differs from those sent before."""
    number = DocumentVersion.objects.filter(slot__application=file, slot__kind=kind).count() + 1
    content = paper(f"Demonstration paper, {file.reference}: {kind.key}, {number}")
    upload = SimpleUploadedFile(f"{kind.key}-{file.reference}-{number}.pdf", content, "application/pdf")
    return actions.receive_document(file, kind, upload, by=by)


def send_again(file: Application, *, by: Any) -> None:
    """Send each rejected paper again."""
    for version in newest_versions(file).values():
        if version.state == DocumentState.REJECTED:
            send(file, version.slot.kind, by=by)


def remind(file: Application) -> None:
    """The reminder that is due, where one is."""
    question = clarifications.open_question(file)
    if question is not None:
        actions.remind(question, by=system("reminders"))


def close(file: Application, *, by: Any) -> None:
    """Close a question nobody answered, once that may be done."""
    if STEPS["close_unanswered"].guard(file):
        actions.close_unanswered(file, by=by, note="No answer after two reminders and a call.")


def read(file: Application, *, by: Any) -> None:
    """Mark what was answered as read."""
    for question in file.clarifications.filter(answered_at__isnull=False, read_at=None):
        actions.mark_read(question, by=by)


def any_topic(rng: Random) -> Topic:
    """One of the questions."""
    return rng.choice(TOPICS)
