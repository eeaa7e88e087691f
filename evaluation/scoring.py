"""Totals, ranks and recommendations: pure functions, exact fractions, one rounding.

Anybody can recompute them by hand: Σ(mark ÷ max × weight) ÷ Σ(weight that applies) × 100 for one assessment, the mean of
those for a file, rounded once, half up, to two places.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Any

EVALUATIONS_NEEDED = 2


@dataclass(frozen=True)
class Marked:
    """A criterion as one evaluator left it. `mark` None and `applies` means: not marked yet."""

    key: str
    weight: int
    max_mark: int
    mark: int | None = None
    applies: bool = True

    @property
    def points(self) -> Fraction | None:
        """Mark ÷ max × weight; None without a mark."""
        return None if self.mark is None or not self.applies else Fraction(self.mark * self.weight, self.max_mark)


@dataclass(frozen=True)
class Running:
    """How far an assessment is: points and weight marked so far, and the lowest and highest total still possible."""

    points: Fraction
    weight_marked: int
    weight_applicable: int
    total: Fraction | None
    lowest: Fraction | None
    highest: Fraction | None


def exact_total(marks: Iterable[Marked]) -> Fraction:
    """The total of one assessment out of 100. Not applicable leaves the denominator; an open mark is an error."""
    applicable = [mark for mark in marks if mark.applies]
    if not applicable:
        raise ValueError("no criterion applies")
    points = Fraction(0)
    for mark in applicable:
        if mark.mark is None or not 0 <= mark.mark <= mark.max_mark:
            raise ValueError(f"{mark.key}: no mark between 0 and {mark.max_mark}")
        points += Fraction(mark.mark * mark.weight, mark.max_mark)
    return points * 100 / sum(mark.weight for mark in applicable)


def running(marks: Iterable[Marked], lowest_mark: int = 1) -> Running:
    """The total so far over what is marked, and the span open marks leave (an open mark may still be `lowest_mark`…max)."""
    applicable = [mark for mark in marks if mark.applies]
    weight = sum(mark.weight for mark in applicable)
    done = [mark for mark in applicable if mark.mark is not None]
    still_open = [mark for mark in applicable if mark.mark is None]
    points = sum((mark.points or Fraction(0) for mark in done), Fraction(0))
    marked = sum(mark.weight for mark in done)
    least = sum((Fraction(lowest_mark * mark.weight, mark.max_mark) for mark in still_open), Fraction(0))
    most = sum(mark.weight for mark in still_open)
    return Running(
        points=points,
        weight_marked=marked,
        weight_applicable=weight,
        total=points * 100 / marked if marked else None,
        lowest=(points + least) * 100 / weight if weight else None,
        highest=(points + most) * 100 / weight if weight else None,
    )


def rounded(value: Fraction) -> Decimal:
    """Two places, half up (never half even: 66.665 is 66.67). For values of 0 or more."""
    hundredths = value * 100
    whole = (2 * hundredths.numerator + hundredths.denominator) // (2 * hundredths.denominator)
    return Decimal(whole).scaleb(-2)


def official_total(totals: Sequence[Fraction], moderated: Decimal | None = None) -> Decimal:
    """The mean of the exact totals, rounded once: the number people see, ranks and the pass mark use.

    A recorded moderation (two places, between the totals it settles) replaces it. ValueError without a locked assessment.
    """
    if not totals:
        raise ValueError("no locked assessment")
    if moderated is not None:
        return moderated.quantize(Decimal("0.01"))
    return rounded(sum(totals, Fraction(0)) / len(totals))


class Spread(StrEnum):
    """What the locked totals of one file say together."""

    TOO_FEW = "too few"
    SETTLED = "settled"
    WIDE = "wide"
    STRADDLES = "straddles"


def spread(totals: Sequence[Fraction], limit: Decimal, pass_mark: Decimal) -> Spread:
    """Two totals must lie within `limit` points and on one side of the pass mark; a third evaluation settles it."""
    if len(totals) < EVALUATIONS_NEEDED:
        return Spread.TOO_FEW
    if len(totals) > EVALUATIONS_NEEDED:
        return Spread.SETTLED
    if max(totals) - min(totals) > Fraction(limit):
        return Spread.WIDE
    if (min(totals) >= Fraction(pass_mark)) != (max(totals) >= Fraction(pass_mark)):
        return Spread.STRADDLES
    return Spread.SETTLED


@dataclass(frozen=True)
class Entry:
    """A file to rank. `ties` are compared in order where totals are equal; the higher value goes first."""

    key: str
    total: Decimal
    ties: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Ranked:
    """A file with its rank (equal ones share it, the next is left out: 1, 2, 2, 4) and its place in the order of ranks."""

    key: str
    total: Decimal
    rank: int
    position: int


def rank(entries: Iterable[Entry]) -> list[Ranked]:
    """Order by total, then by the tie chain; what is equal after it shares the rank and is printed by key."""
    by_key = sorted(entries, key=lambda entry: entry.key)
    ordered = sorted(by_key, key=lambda entry: (entry.total, entry.ties), reverse=True)
    ranked: list[Ranked] = []
    before: Entry | None = None
    for position, entry in enumerate(ordered, start=1):
        same = before is not None and (entry.total, entry.ties) == (before.total, before.ties)
        ranked.append(Ranked(entry.key, entry.total, ranked[-1].rank if same else position, position))
        before = entry
    return ranked


def reserve_size(target: int, percent: int) -> int:
    """How many the reserve list takes: `percent` of the target, rounded up."""
    return ceil(Fraction(target * percent, 100))


RECOMMENDED, RESERVE, BELOW, NOT_RECOMMENDED, PASSED_OVER = (
    "recommended",
    "reserve",
    "below",
    "not_recommended",
    "passed_over",
)
LISTS = (RECOMMENDED, RESERVE, NOT_RECOMMENDED, PASSED_OVER, BELOW)  # in the order of printing


@dataclass(frozen=True)
class Placed:
    """A ranked file with what becomes of it.

    `before` is the first rank that a file taken out of its rank goes before; `displaced_by` are the keys of the files so
    taken that cost this one its place, in the order of ranks.
    """

    place: Ranked
    word: str
    reserve_number: int | None = None
    before: int | None = None
    displaced_by: tuple[str, ...] = ()


def recommend(
    ranked: Sequence[Ranked],
    *,
    target: int,
    reserve: int,
    pass_mark: Decimal,
    picks: Mapping[str, str] | None = None,
) -> list[Placed]:
    """In the order of ranks: recommended down to `target`, then `reserve` of them numbered from 1; below the pass mark neither.

    `picks` says by key what was chosen beside the ranks: RECOMMENDED takes a file before those ranked above it, PASSED_OVER
    leaves one out that its rank would put on the list. Picks fill the target first, the ranks fill the rest of it; a pick
    below the pass mark, or one that changes nothing, has no effect. Ranks stay as they are. The words are those of
    `states.Recommendation`.
    """
    chosen = picks or {}
    answer = _place(ranked, chosen, target=target, reserve=reserve, pass_mark=pass_mark)
    taken = [row.place for row in answer if row.before is not None]
    if not taken:
        return answer
    passed = {key: word for key, word in chosen.items() if word == PASSED_OVER}
    ranks_alone = _place(ranked, passed, target=target, reserve=reserve, pass_mark=pass_mark)
    return [
        replace(row, displaced_by=tuple(one.key for one in taken if one.position > row.place.position))
        if LISTS.index(row.word) > LISTS.index(plain.word) and row.word != PASSED_OVER
        else row
        for row, plain in zip(answer, ranks_alone, strict=True)
    ]


def printed(placed: Iterable[Placed]) -> list[Placed]:
    """The order of printing: list by list (`LISTS`), in each by rank."""
    return sorted(placed, key=lambda row: (LISTS.index(row.word), row.place.position))


def _place(
    ranked: Sequence[Ranked], chosen: Mapping[str, str], *, target: int, reserve: int, pass_mark: Decimal
) -> list[Placed]:
    able = [row for row in ranked if row.total >= pass_mark]
    taken = {row.key for row in [row for row in able if chosen.get(row.key) == RECOMMENDED][:target]}
    last = 0  # the last place the ranks themselves fill: whoever is passed over before it would have been taken
    for row in able:
        if len(taken) < target and row.key not in taken and chosen.get(row.key) != PASSED_OVER:
            taken.add(row.key)
            last = row.position
    answer: list[Placed] = []
    left_out: int | None = None
    kept = 0
    for row in ranked:
        if row.total < pass_mark:
            answer.append(Placed(row, BELOW))
        elif row.key in taken:
            answer.append(Placed(row, RECOMMENDED, before=left_out))
        elif chosen.get(row.key) == PASSED_OVER and (row.position < last or len(taken) < target or kept < reserve):
            answer.append(Placed(row, PASSED_OVER))
        elif kept < reserve:
            kept += 1
            answer.append(Placed(row, RESERVE, kept))
        else:
            answer.append(Placed(row, NOT_RECOMMENDED))
        if left_out is None and answer[-1].word in {RESERVE, NOT_RECOMMENDED}:
            left_out = row.rank
    return answer
