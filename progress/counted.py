"""The files of districts added up once, grouped in the database: what a district's figures of a month are read from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, When
from django.db.models.functions import TruncDate

from applications.models import Round
from applications.states import State
from districts import calendar
from districts.models import District
from progress.holders import HOLDERS, held
from progress.periods import Period, standing
from progress.stages import AGES, STAGE, WITH_THE_DIC
from progress.targets import Target, targets_of, with_recommended
from records.clock import INDIA


@dataclass(frozen=True)
class Heap:
    """Files of one district (its key) that are alike in all that its figures ask."""

    place: int
    state: State
    day: date | None  # on which they began to wait for the DIC; none where they do not
    holder: str  # one of HOLDERS, or ""
    listed: bool  # recommended by an approved shortlist
    number: int


def counted(period: Period, places: Sequence[District], call: Round | None = None) -> list[Heap]:
    """The files of the districts as they stood at the period's end; of one round, or of all. One question."""
    files: Any = standing(period, [place.pk for place in places])
    if call is not None:
        files = files.filter(round=call)
    waits = When(stood__in=WITH_THE_DIC, then=TruncDate("stood_since", tzinfo=INDIA))
    alike = ("office__district", "stood", "day", "holder", "listed")
    found = with_recommended(held(files, period), period).annotate(day=Case(waits))
    rows = found.values(*alike).annotate(n=Count("pk")).values_list(*alike, "n")
    return [Heap(place, State(state), *rest) for place, state, *rest in rows]


def by_stage(heaps: Iterable[Heap]) -> dict[int, dict[str, int]]:
    """Files of each district by stage; what is not there is zero."""
    found: dict[int, dict[str, int]] = {}
    for heap in heaps:
        own, stage = found.setdefault(heap.place, {}), STAGE[heap.state]
        own[stage] = own.get(stage, 0) + heap.number
    return found


def by_age(heaps: Iterable[Heap], period: Period, places: Sequence[District]) -> dict[int, tuple[list[int], int]]:
    """How many files wait how long with each DIC, in working days, and the longest."""
    found = {place.pk: ([0] * len(AGES), 0) for place in places}
    by_key, ages = {place.pk: place for place in places}, dict[tuple[int, date], int]()
    for heap in heaps:
        if heap.day is None:
            continue
        key = heap.place, heap.day
        if key not in ages:
            ages[key] = calendar.working_days_between(heap.day, period.last_day, by_key[heap.place])
        counts, oldest = found[heap.place]
        counts[_bucket(ages[key])] += heap.number
        found[heap.place] = counts, max(oldest, ages[key])
    return found


def _bucket(age: int) -> int:
    return next(n for n, (low, high) in enumerate(AGES) if age >= low and (high is None or age <= high))


def by_holder(heaps: Iterable[Heap], places: Sequence[District]) -> dict[int, dict[str, int]]:
    """Open files of each district by whose act comes next, zeros included; their sum is its open files."""
    found = {place.pk: dict.fromkeys(HOLDERS, 0) for place in places}
    for heap in heaps:
        if heap.holder:
            found[heap.place][heap.holder] += heap.number
    return found


def against_targets(
    heaps: Sequence[Heap], period: Period, places: Sequence[District], call: Round | None = None
) -> dict[int, Target]:
    """Target, recommended and selected of each district, as they stood at the period's end. One question.

    `call` None: of all rounds that had opened by the period's end.
    """
    given = targets_of(places, call, period.end if call is None else None)
    listed, selected = dict.fromkeys(given, 0), dict.fromkeys(given, 0)
    for heap in heaps:
        listed[heap.place] += heap.number if heap.listed else 0
        selected[heap.place] += heap.number if heap.state == State.SELECTED else 0
    return {key: Target(target, listed[key], selected[key]) for key, target in given.items()}
