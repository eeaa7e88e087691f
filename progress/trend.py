"""Received and decided, month by month, over the year that ends with a month: the lines of a report's chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q

from applications.models import Transition
from applications.states import BEFORE_SUBMIT, DEAD, ENDED, State
from districts.models import District
from progress.periods import FIRST_MONTH, Period
from records.clock import INDIA, ist

MONTHS = 12
DECIDED = ENDED - DEAD


@dataclass(frozen=True)
class Point:
    """One month of districts together."""

    month: str
    received: int
    decided: int

    def as_json(self) -> dict[str, Any]:
        """What a report freezes."""
        return {"month": self.month, "received": self.received, "decided": self.decided}


def months_up_to(month: str) -> list[str]:
    """The twelve months that end with this one, oldest first; none from before the scheme began."""
    last = int(month[:4]) * 12 + int(month[5:]) - 1
    found = [f"{number // 12}-{number % 12 + 1:02}" for number in range(last - MONTHS + 1, last + 1)]
    return [one for one in found if one >= FIRST_MONTH]


def trend(period: Period, places: Sequence[District]) -> list[Point]:
    """The year that ends with the period, by the same rules as the figures of each month, in one question."""
    months = months_up_to(period.month)
    first = datetime.combine(date(int(months[0][:4]), int(months[0][5:]), 1), time.min, INDIA)
    inside = Transition.objects.filter(at__gte=first, at__lt=period.end)
    asked = Q(target__in=BEFORE_SUBMIT | DECIDED | {State.SUBMITTED}) | Q(source__in=DECIDED)
    moves = inside.filter(asked, application__office__district__in=[place.pk for place in places])
    received: dict[tuple[str, int], bool] = {}
    decided: dict[tuple[str, int], bool] = {}
    for file, at, source, target in moves.order_by("at", "pk").values_list("application", "at", "source", "target"):
        key = ist(at).strftime("%Y-%m"), file
        if target in BEFORE_SUBMIT or (target == State.SUBMITTED and source in BEFORE_SUBMIT):
            received[key] = target == State.SUBMITTED
        if target in DECIDED or (source in DECIDED and target not in ENDED):
            decided[key] = target in DECIDED
    return [Point(month, _in(received, month), _in(decided, month)) for month in months]


def _in(found: dict[tuple[str, int], bool], month: str) -> int:
    """Files that had been received, or decided, when the month ended."""
    return sum(1 for (when, _file), stands in found.items() if stands and when == month)
