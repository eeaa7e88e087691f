"""The files of districts added up once, grouped in the database: what the watch and a month's report are read from.

One question, so that all of it is of one moment: by state, those whose holder is not their state's, those recommended.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import Count, DateTimeField, F, Min, Q, Value

from accounts.models import User
from applications.models import Round
from applications.states import State
from districts import calendar
from districts.models import District
from evaluation.queries import without_recused
from progress.ages import older_than
from progress.holders import HOLDER_IN, HOLDERS, turned
from progress.periods import Period, standing
from progress.stages import AGES, STAGE, WITH_THE_DIC
from progress.targets import Target, recommended, targets_of
from records.clock import ist

ALL, LISTED = "all", "listed"  # beside the holders: what a row of the question counts


@dataclass(frozen=True)
class Heap:
    """The files of one district (its key) in one state."""

    place: int
    state: State
    number: int
    sent: int  # handed in
    late: int  # past their day; asked of the running month only
    ages: list[int]  # by AGES, in working days in the state
    oldest: datetime  # since when the one that is longest in the state is


@dataclass(frozen=True)
class Counted:
    """Files by district and state; `turned` are those of them whose holder is not their state's, by holder."""

    heaps: Sequence[Heap] = ()
    turned: Mapping[tuple[int, State], Mapping[str, int]] = field(default_factory=dict)
    listed: Mapping[int, int] = field(default_factory=dict)  # by district: recommended by an approved shortlist

    def holders(self, heap: Heap) -> Iterable[tuple[str, int]]:
        """Whose act comes next for the files of a heap, and for how many; nobody's for drafts and for what has ended."""
        turned = self.turned.get((heap.place, heap.state), {})
        left = heap.number - sum(turned.values())
        return [*turned.items(), *([(HOLDER_IN[heap.state], left)] if left and heap.state in HOLDER_IN else [])]


def counted(
    period: Period,
    places: Sequence[District],
    call: Round | None = None,
    *,
    reader: User | None = None,
    late: Q | None = None,
) -> Counted:
    """The files of the districts as they stood at the period's end; of one round, or of all.

    Without those `reader` is recused from. `late`: which files are past their day, where that is asked.
    """
    files: Any = standing(period, [place.pk for place in places])
    files = files if reader is None else without_recused(files, reader)
    files = files if call is None else files.filter(round=call)
    older = older_than(places, period.last_day)
    first = _part(files, ALL, older, late)
    others = [_part(part, holder) for holder, part in turned(files, period)]
    heaps: list[Heap] = []
    apart: dict[tuple[int, State], dict[str, int]] = {}
    listed: dict[int, int] = {}
    for what, place, state, number, *more in first.union(*others, _part(recommended(files, period), LISTED), all=True):
        if what == LISTED:
            listed[place] = listed.get(place, 0) + number
        elif what == ALL:
            heaps.append(_heap(place, State(state), number, more))
        else:
            apart.setdefault((place, State(state)), {})[what] = number
    return Counted(heaps, apart, listed)


def _part(files: Any, what: str, older: Sequence[Q] = (), late: Q | None = None) -> Any:
    """Files by district and state, with what the heaps need; noughts where that is not asked."""
    nought, never = Value(0), Value(None, output_field=DateTimeField())
    more: dict[str, Any] = {"sent": Count("submitted_at") if older else nought}
    more["late"] = nought if late is None else Count(Value(1), filter=late)
    more["oldest"] = Min("stood_since") if older else never
    for number in range(len(AGES) - 1):
        more[f"older_{number}"] = Count(Value(1), filter=older[number]) if older else nought
    by = files.annotate(what=Value(what), place=F("office__district")).values("what", "place", "stood")
    return by.annotate(number=Count("*"), **more).values_list("what", "place", "stood", "number", *more)


def _heap(place: int, state: State, number: int, more: Sequence[Any]) -> Heap:
    sent, late, oldest, *older = more
    ages = [at_least - longer for at_least, longer in pairwise([number, *older, 0])]
    return Heap(place, state, number, sent, late, ages, oldest)


def by_stage(found: Counted) -> dict[int, dict[str, int]]:
    """Files of each district by stage; what is not there is zero."""
    stages: dict[int, dict[str, int]] = {}
    for heap in found.heaps:
        own, stage = stages.setdefault(heap.place, {}), STAGE[heap.state]
        own[stage] = own.get(stage, 0) + heap.number
    return stages


def by_age(found: Counted, period: Period, places: Sequence[District]) -> dict[int, tuple[list[int], int]]:
    """How many files wait how long with each DIC, in working days, and the longest."""
    ages, by_key = {place.pk: ([0] * len(AGES), 0) for place in places}, {place.pk: place for place in places}
    for heap in found.heaps:
        if heap.state in WITH_THE_DIC:
            counts, oldest = ages[heap.place]
            age = calendar.working_days_between(ist(heap.oldest).date(), period.last_day, by_key[heap.place])
            together = [more + own for more, own in zip(counts, heap.ages, strict=True)]
            ages[heap.place] = together, max(oldest, age)
    return ages


def by_holder(found: Counted, places: Sequence[District]) -> dict[int, dict[str, int]]:
    """Open files of each district by whose act comes next, zeros included; their sum is its open files."""
    holders = {place.pk: dict.fromkeys(HOLDERS, 0) for place in places}
    for heap in found.heaps:
        for holder, number in found.holders(heap):
            holders[heap.place][holder] += number
    return holders


def against_targets(
    found: Counted, period: Period, places: Sequence[District], call: Round | None = None
) -> dict[int, Target]:
    """Target, recommended and selected of each district, as they stood at the period's end. One question.

    `call` None: of all rounds that had opened by the period's end.
    """
    given = targets_of(places, call, period.end if call is None else None)
    selected = dict.fromkeys(given, 0)
    for heap in found.heaps:
        selected[heap.place] += heap.number if heap.state == State.SELECTED else 0
    return {key: Target(target, found.listed.get(key, 0), selected[key]) for key, target in given.items()}
