"""The moves of a file that belong to this room, as a table. Rooms above declare their own and hand them in."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from applications import sections
from applications.models import Clarification, ClarificationItem, DocumentVersion
from applications.states import UNDECIDED, DocumentState, State
from records.clock import today
from records.formats import day
from records.verdicts import ALLOWED, Verdict, refuse


class Reach(StrEnum):
    """How far a permission carries."""

    OWN_FILE = "own file"  # the person is a member of the enterprise
    OWN_OFFICE = "own office"  # the file lies at an office the person is posted in
    STATE = "State"
    SYSTEM = "system"  # a job, on behalf of an earlier act


REMINDERS = 2  # before a question can be closed unanswered
BACK = "returns_to"  # the target of an answer: the state the question was asked in


def always(_file: Any) -> Verdict:
    """The guard of a move that asks nothing beyond state, permission and reach."""
    return ALLOWED


@dataclass(frozen=True)
class Step:
    """One move: from where, to where, by whom, and what must be true.

    `guard` is asked under the row lock. `target` BACK leads to the state that is kept in the file's `returns_to`.
    """

    move: str
    sources: frozenset[str]
    target: str
    permission: Permission
    reach: Reach
    label: Any  # lazy text: the verb on the button
    guard: Callable[[Any], Verdict] = always
    note_required: bool = False
    room: str = "applications"


def _complete(file: Any) -> Verdict:
    """The gate; the list of what is missing is the page's. Asked again under the lock."""
    left = sections.missing(file)
    return ALLOWED if not left else refuse(left[0].sentence)


def _round_open(file: Any) -> Verdict:
    """Whether the round takes applications."""
    if file.round.is_open:
        return ALLOWED
    return refuse(
        _("The last date is over. Applications of this round closed on %(date)s.") % {"date": day(file.round.closes_at)}
    )


def _recallable(file: Any) -> Verdict:
    """Guard of `recall`: the round is open, and no DIC has taken the file up, also not one that transferred it since."""
    verdict = _round_open(file)
    if verdict and file.transitions.filter(move="take_up", at__gte=file.submitted_at).exists():
        return refuse(_("A DIC has taken this application up; it cannot be recalled any more."))
    return verdict


def _submittable(file: Any) -> Verdict:
    """Guard of `submit`: the round is open, every section and document complete."""
    verdict = _round_open(file)
    return _complete(file) if verdict else verdict


def _open_question(file: Any) -> Clarification | None:
    return Clarification.objects.open().filter(application=file).first()


def not_sent(file: Any, question: Clarification) -> list[ClarificationItem]:
    """The documents asked for that were not sent anew since."""
    asked = [item for item in question.items.select_related("kind") if item.kind_id]
    versions = DocumentVersion.objects.filter(slot__application=file, slot__kind__in=[item.kind_id for item in asked])
    good = versions.exclude(state__in=[DocumentState.REJECTED, DocumentState.INFECTED])
    newest = dict(good.order_by("number").values_list("slot__kind", "number"))
    return [item for item in asked if newest.get(item.kind_id or 0, 0) <= item.version_asked]


def _answered(file: Any) -> Verdict:
    """Guard of `answer`: every document asked for was sent anew, and the sections that were opened are complete."""
    question = _open_question(file)
    if question is None:
        return refuse(_("No question is open."))
    opened = {item.field.partition(".")[0] for item in question.items.all()}
    for section in sections.SECTIONS:
        if section.key in opened and (left := section.missing(file)):
            return refuse(left[0].sentence)
    if unsent := not_sent(file, question):
        return refuse(_("Send the document: %(document)s.") % {"document": unsent[0].kind})
    return ALLOWED


def _unanswered(file: Any) -> Verdict:
    """Guard of `close_unanswered`: two reminders are sent, and the day to answer is over."""
    question = _open_question(file)
    if question is None:
        return refuse(_("No question is open."))
    if today() <= question.due_on:
        return refuse(_("The applicant can answer until %(day)s.") % {"day": day(question.due_on)})
    if question.reminders < REMINDERS:
        return refuse(
            _("Two reminders are sent before a question is closed. Sent so far: %(count)s.")
            % {"count": question.reminders}
        )
    return ALLOWED


STEPS: dict[str, Step] = {
    "submit": Step(
        "submit",
        frozenset({State.DRAFT}),
        State.SUBMITTED,
        Permission.OWN_FILE,
        Reach.OWN_FILE,
        _("Submit the application"),
        _submittable,
    ),
    "recall": Step(
        "recall",
        frozenset({State.SUBMITTED}),
        State.DRAFT,
        Permission.OWN_FILE,
        Reach.OWN_FILE,
        _("Recall the application"),
        _recallable,
    ),
    "withdraw": Step(
        "withdraw",
        UNDECIDED,
        State.WITHDRAWN,
        Permission.OWN_FILE,
        Reach.OWN_FILE,
        _("Withdraw the application"),
        note_required=True,
    ),
    "ask": Step(
        "ask",
        frozenset({State.SCRUTINY, State.APPRAISAL}),
        State.CLARIFICATION,
        Permission.ASK,
        Reach.OWN_OFFICE,
        _("Ask the applicant"),
    ),
    "answer": Step(
        "answer",
        frozenset({State.CLARIFICATION, State.COMMITTEE_DETAILS}),
        BACK,
        Permission.OWN_FILE,
        Reach.OWN_FILE,
        _("Send the answer"),
        _answered,
    ),
    "close_unanswered": Step(
        "close_unanswered",
        frozenset({State.CLARIFICATION}),
        State.LAPSED,
        Permission.ASK,
        Reach.OWN_OFFICE,
        _("Close: not answered"),
        _unanswered,
        note_required=True,
    ),
}
