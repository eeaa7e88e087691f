"""The page of a release: what would be made known, what is missing, and how far the letters are afterwards."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet

from accounts.models import User
from districts.models import District
from evaluation.models import Decision, Meeting, Release
from evaluation.queries.committee import hidden_from, pending_of, release_verdict, undecided
from evaluation.queries.releases import mark_of, progress_of
from evaluation.rules.committee import released_by_another
from evaluation.rules.quorum import departures_said
from evaluation.states import Outcome
from records import jobs

ON_A_PAGE = 50
# Decisions whose words are printed: out of rank, without a quorum, against the votes.
DEPARTING = Q(out_of_rank=True) | Q(quorate=False) | Q(against_votes=True)


def of(meeting: Meeting, user: User, page: str | None) -> dict[str, Any]:
    """Everything the page shows to this convenor; nothing of a file they have a conflict of interest with."""
    hidden = hidden_from(user)
    release = Release.objects.filter(meeting=meeting).first()
    shown = decisions_of(meeting).exclude(application__in=hidden)
    listed = shown.order_by("application__office__district__order", "rank", "pk")
    own = list(meeting.items.live().filter(application__in=hidden).values_list("application__reference", flat=True))
    waiting, shown_page = undecided(meeting), Paginator(listed, ON_A_PAGE).get_page(page)
    pending = list(pending_of(meeting))
    verdict, mark = release_verdict(user, meeting, decided=len(pending)), mark_of(pending)
    counted = Counter(decision.outcome for decision in pending)
    return {
        "meeting": meeting,
        "release": release,
        "verdict": verdict,
        "other": released_by_another(user, meeting, mark),
        "is_prepared": meeting.prepared_by_id is not None and meeting.prepared_mark == mark,
        "mark": mark,
        "going_out": [(outcome, counted[outcome]) for outcome in Outcome],
        "outcomes": list(Outcome),
        "counts": counts_of(shown),
        "departing": [(one, _said(one)) for one in listed.filter(DEPARTING)],
        "undecided": [] if release else [reference for reference in waiting if reference not in own],
        "recused": own,
        "page": shown_page,
        "rows": [(one, Outcome(one.outcome)) for one in shown_page],
        **(letters_of(release) if release else {}),
    }


def _said(decision: Decision) -> str:
    return departures_said(quorate=decision.quorate, against_votes=decision.against_votes)


def letters_of(release: Release) -> dict[str, Any]:
    """What the piece of the page about the letters shows."""
    return {"release": release, "progress": progress_of(release), "worker_alive": jobs.worker_alive()}


def decisions_of(meeting: Meeting) -> QuerySet[Decision]:
    """The decisions of a meeting that stand, released or not."""
    found = Decision.objects.live().filter(item__meeting=meeting, item__ended_at__isnull=True)
    return found.select_related("application__enterprise", "application__office__district", "letter", "item")


@dataclass(frozen=True)
class Line:
    """How many of each outcome in one district; without a district, in all of them."""

    district: District | None
    numbers: list[int]

    @property
    def total(self) -> int:
        return sum(self.numbers)

    @property
    def cells(self) -> list[tuple[Outcome, int]]:
        """Each outcome with its number."""
        return list(zip(Outcome, self.numbers, strict=True))


def counts_of(decisions: QuerySet[Decision]) -> list[Line]:
    """The decisions district by district and outcome by outcome, and all of them together in the last line."""
    grouped = decisions.order_by().values_list("application__office__district", "outcome").annotate(number=Count("pk"))
    found = {(district, outcome): number for district, outcome, number in grouped}
    districts = District.objects.filter(pk__in={district for district, _outcome in found}).order_by("order")
    lines = [Line(one, [found.get((one.pk, word), 0) for word in Outcome.values]) for one in districts]
    whole = [sum(line.numbers[at] for line in lines) for at in range(len(Outcome.values))]
    return [*lines, Line(None, whole)] if lines else []
