"""The desk: what waits for an officer, oldest first, the packets that wait for this person, the district beside it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from applications import queries as applications
from applications.models import Application
from applications.queries import Clock
from applications.states import State
from districts.models import District
from evaluation import queries as evaluation
from evaluation import rules
from evaluation.models import Assessment, Shortlist
from evaluation.states import AssessmentState, ShortlistState
from progress import queries
from records.verdicts import Verdict

TABS: dict[str, tuple[State, ...]] = {
    "all": evaluation.DESK_STATES,
    "new": (State.SUBMITTED,),
    "scrutiny": (State.SCRUTINY,),
    "appraisal": (State.APPRAISAL,),
    "appraised": (State.APPRAISED,),
    "with_applicant": (State.CLARIFICATION,),
}


@dataclass(frozen=True)
class Tab:
    """One queue of the desk with its count."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Line:
    """One file of the list."""

    file: Application
    clock: Clock
    holder: str
    own: AssessmentState | None  # state of the reader's own scorecard


@dataclass(frozen=True)
class Waiting:
    """A packet that waits for this person, and for what."""

    packet: Shortlist
    what: str


@dataclass(frozen=True)
class Beside:
    """The district's figures of the running month, as the reports count them."""

    district: District
    with_the_dic: int
    states: dict[str, int]
    received: int


def labels() -> dict[str, str]:
    """The words of the tabs."""
    return {
        "all": _("All"),
        "new": _("New"),
        "scrutiny": _("Under scrutiny"),
        "appraisal": _("Appraisal"),
        "appraised": _("Appraised"),
        "with_applicant": _("With applicant"),
    }


def tabs(files: QuerySet[Application]) -> list[Tab]:
    """Every queue with its count, in one question."""
    counts = files.aggregate(**{key: Count("pk", filter=Q(state__in=states)) for key, states in TABS.items()})
    words = labels()
    return [Tab(key, words[key], counts[key]) for key in TABS]


def lines(files: list[Application]) -> list[Line]:
    """The rows of one page."""
    posts = evaluation.post_labels(file.officer_id for file in files)
    return [
        Line(
            file,
            applications.clock(file),
            posts.get(file.officer_id or 0, ""),
            AssessmentState(file.my_assessment) if file.my_assessment else None,  # type: ignore[attr-defined]
        )
        for file in files
    ]


def waiting(user: User) -> list[Waiting]:
    """Packets this person may freeze, check or approve now, in one question."""
    ready = Application.objects.filter(office=OuterRef("office"), round=OuterRef("round"), state=State.APPRAISED)
    scored = Assessment.objects.filter(evaluator=user, application__shortlist_rows__shortlist=OuterRef("pk"))
    scored = scored.exclude(state=AssessmentState.RECUSED)
    packets = (
        Shortlist.objects.visible_to(user)
        .exclude(state=ShortlistState.APPROVED)
        .select_related("office", "round")
        .annotate(
            ready=_number_of(ready, "office"), scored=_number_of(scored, "application__shortlist_rows__shortlist")
        )
        .order_by("made_at", "pk")
    )
    found = [(packet, *_turn(user, packet)) for packet in packets]
    return [Waiting(packet, what) for packet, verdict, what in found if verdict]


def _number_of(rows: QuerySet[Any], outer: str) -> Coalesce:
    counted = rows.order_by().values(outer).annotate(n=Count("pk", distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)


def _turn(user: User, packet: Any) -> tuple[Verdict, str]:
    if packet.state == ShortlistState.DRAFT:
        return rules.may_freeze(user, packet, ready=packet.ready), _("to freeze")
    if packet.state == ShortlistState.FROZEN:
        return rules.may_check(user, packet, scored=packet.scored), _("to check")
    return rules.may_approve(user, packet), _("to approve")


def beside(user: User) -> list[Beside]:
    """Own districts in figures; nothing for somebody who sees no reports, or the whole State."""
    places = queries.own_places(user)
    states, received = queries.counts_now(places)
    return [
        Beside(
            place,
            sum(states[place.pk][queries.STAGE[state]] for state in queries.WITH_THE_DIC),
            states[place.pk],
            received.get(place.pk, 0),
        )
        for place in places
    ]
