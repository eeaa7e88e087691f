"""What a district may recommend in a round, what it has recommended, what was selected. For the watch and the report.

A decision that is not released is no outcome: a file counts as selected when its state says so, and not before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from applications.models import Round
from districts.models import District
from evaluation.models import RoundRules, ShortlistRow
from evaluation.states import GONE, Recommendation
from progress.periods import Period


@dataclass(frozen=True)
class Target:
    """One district, or several together: how many it may recommend, how many it recommended, how many were selected."""

    target: int
    recommended: int
    selected: int

    @property
    def percent(self) -> int | None:
        """Selected, in per cent of the target, rounded half up; None where there is no target."""
        return (200 * self.selected + self.target) // (2 * self.target) if self.target else None

    def as_json(self) -> dict[str, int]:
        """What a report freezes."""
        return {"target": self.target, "recommended": self.recommended, "selected": self.selected}


def targets_of(places: Sequence[District], call: Round | None = None, until: datetime | None = None) -> dict[int, int]:
    """The target of each district (by its key) in one round, or in all that had opened by `until`. One question."""
    rules = RoundRules.objects.all() if call is None else RoundRules.objects.filter(round=call)
    if until is not None:
        rules = rules.filter(round__opens_at__lt=until)
    given = list(rules.values_list("targets", flat=True))
    return {place.pk: sum(int(one.get(place.code, 0)) for one in given) for place in places}


def with_recommended(files: QuerySet[Any], period: Period) -> QuerySet[Any]:
    """Files from `periods.standing` with `listed`: whether they are among those `recommended`."""
    return files.annotate(listed=Case(When(_stands(period), then=Value(True)), default=Value(False)))


def recommended(files: QuerySet[Any], period: Period) -> QuerySet[Any]:
    """Those of the files from `periods.standing` that a shortlist approved by the period's end recommends.

    One that was returned from the shortlist, given up or found ineligible is not recommended any more.
    """
    return files.filter(_stands(period))


def _stands(period: Period) -> Q:
    rows = ShortlistRow.objects.filter(application=OuterRef("pk"), recommendation=Recommendation.RECOMMENDED)
    if period.running:
        rows = rows.filter(shortlist__approved_at__isnull=False, shortlist__ended_at__isnull=True, returned_at=None)
    else:
        end = period.end
        back = Q(returned_at__isnull=True) | Q(returned_at__gte=end)
        ended = Q(shortlist__ended_at__isnull=True) | Q(shortlist__ended_at__gte=end)
        rows = rows.filter(back & ended, shortlist__approved_at__lt=end)
    return ~Q(stood__in=GONE) & Q(Exists(rows))


def sum_of(parts: Sequence[Target]) -> Target:
    """Several districts together."""
    return Target(
        sum(part.target for part in parts),
        sum(part.recommended for part in parts),
        sum(part.selected for part in parts),
    )
