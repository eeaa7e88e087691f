"""Reads of the agenda: how much of it is done, which approved shortlists wait for one, who sat in a meeting."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from applications.models import AskedBy, Clarification
from applications.states import State
from evaluation.models import AgendaItem, Attendance, Decision, Meeting, Shortlist, ShortlistRow
from evaluation.queries import post_labels
from evaluation.queries.committee import hidden_from
from evaluation.states import MeetingState, ShortlistState
from records import papers
from records.models import Paper

WAITING = (State.SHORTLISTED, State.NOT_SHORTLISTED)  # approved by the General Manager, on no agenda yet


@dataclass(frozen=True)
class Counts:
    """The files of an agenda in numbers; those the reader is recused from are in `files` and `recused` only."""

    files: int
    decided: int
    undecided: int
    annexure: int
    recused: int


def counts_of(meeting: Meeting, user: Any) -> Counts:
    """What stands on the agenda, in one question beside the reader's recusals."""
    hidden = Q(application__in=hidden_from(user))
    decided = Q(decisions__state__in=("pending", "released"))
    asked = {
        "files": Q(),
        "decided": ~hidden & decided,
        "undecided": ~hidden & Q(application__state__in=(State.COMMITTEE, State.COMMITTEE_DETAILS)),
        "annexure": ~hidden & Q(annexure=True),
        "recused": hidden,
    }
    found = meeting.items.live().aggregate(**{name: Count("pk", filter=q, distinct=True) for name, q in asked.items()})
    return Counts(**found)


def with_counts(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Meetings with `files`, how many stand on the agenda."""
    return meetings.select_related("round").annotate(files=Count("items", filter=Q(items__ended_at__isnull=True)))


def decisions_of(meeting: Meeting) -> dict[int, Decision]:
    """The decision that stands about each file, by key of its item."""
    found = Decision.objects.live().filter(item__meeting=meeting)
    return {decision.item_id: decision for decision in found}


def questions_of(meeting: Meeting) -> dict[int, Clarification]:
    """The newest question of the Committee about each file of the agenda, by key of the file."""
    files = meeting.items.live().values("application")
    found = Clarification.objects.filter(asked_for=AskedBy.COMMITTEE, application__in=files).order_by("number")
    return {question.application_id: question for question in found}


@dataclass(frozen=True)
class Seat:
    """A member who is written down as having come, in the post held that day."""

    attendance: Attendance
    post: str


def attendance_of(meeting: Meeting) -> list[Seat]:
    """Who came, also those who left since."""
    return [Seat(row, row.post("member")) for row in meeting.attendance.select_related("member").order_by("pk")]


def ended_items(meeting: Meeting) -> QuerySet[AgendaItem]:
    """What was put off or returned, the newest first."""
    found = meeting.items.filter(ended_at__isnull=False).select_related("application__enterprise")
    return found.order_by("-ended_at", "-pk")


def with_posts(people: Iterable[User]) -> list[tuple[User, str]]:
    """People with the post each holds today."""
    found = list(people)
    posts = post_labels(one.pk for one in found)
    return [(one, posts.get(one.pk, "")) for one in found]


def papers_of(meeting: Meeting) -> QuerySet[Paper]:
    """The papers of an agenda, the newest first."""
    return papers.papers_about(meeting).filter(kind="evaluation.agenda").order_by("-issued_at", "-pk")


# ---- What waits for an agenda ---------------------------------------------------------------------------------
def waiting_packets(round_pk: int | None = None) -> QuerySet[Shortlist]:
    """Approved shortlists with files that are on no agenda: `files` in all, `waiting` of them. In the order of districts."""
    standing = Q(rows__returned_at__isnull=True)
    packets = Shortlist.objects.filter(state=ShortlistState.APPROVED)
    if round_pk is not None:
        packets = packets.filter(round=round_pk)
    counted = packets.annotate(
        files=Count("rows", filter=standing),
        waiting=Count("rows", filter=standing & Q(rows__application__state__in=WAITING)),
    )
    found = counted.filter(waiting__gt=0).select_related("office__district", "round").defer("snapshot")
    return found.order_by("round__number", "office__district__order", "serial")


def waiting_rows(packets: Iterable[Shortlist]) -> QuerySet[ShortlistRow]:
    """The rows of those shortlists whose files are on no agenda, in the order of printing."""
    rows = ShortlistRow.objects.filter(shortlist__in=list(packets), returned_at__isnull=True)
    found = rows.filter(application__state__in=WAITING).select_related("application__enterprise")
    return found.order_by("shortlist", "position")


def tabled_packets(meeting: Meeting) -> list[tuple[Shortlist, list[ShortlistRow]]]:
    """The approved shortlists of a meeting's round that wait, each with its rows that do."""
    packets = list(waiting_packets(meeting.round_id))
    rows: dict[int, list[ShortlistRow]] = {packet.pk: [] for packet in packets}
    for row in waiting_rows(packets):
        rows[row.shortlist_id].append(row)
    return [(packet, rows[packet.pk]) for packet in packets]


def planned_beside(meeting: Meeting) -> QuerySet[Meeting]:
    """Other planned meetings about files of the same round: what a file can be put off to."""
    others = Meeting.objects.filter(round=meeting.round_id, state=MeetingState.PLANNED).exclude(pk=meeting.pk)
    return others.order_by("held_at", "pk")
