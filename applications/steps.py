"""The moves of a file that belong to this room, as a table. Rooms above declare their own and hand them in."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from applications import sections
from applications.states import UNDECIDED, State
from records.formats import day
from records.verdicts import ALLOWED, Verdict, refuse


class Reach(StrEnum):
    """How far a permission carries."""

    OWN_FILE = "own file"  # the person is a member of the enterprise
    OWN_OFFICE = "own office"  # the file lies at an office the person is posted in
    STATE = "State"
    SYSTEM = "system"  # a job, on behalf of an earlier act


def always(_file: Any) -> Verdict:
    """The guard of a move that asks nothing beyond state, permission and reach."""
    return ALLOWED


@dataclass(frozen=True)
class Step:
    """One move: from where, to where, by whom, and what must be true.

    `guard` is asked under the row lock.
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
    """Guard of `recall`: the round is open."""
    if file.round.is_open:
        return ALLOWED
    return refuse(
        _("The last date is over. Applications of this round closed on %(date)s.") % {"date": day(file.round.closes_at)}
    )


def _submittable(file: Any) -> Verdict:
    """Guard of `submit`: the round is open, every section and document complete."""
    verdict = _round_open(file)
    return _complete(file) if verdict else verdict


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
        _round_open,
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
}
