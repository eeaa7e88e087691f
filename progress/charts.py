"""Charts drawn by hand: widths as numbers for a template, no script, no style."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 300


@dataclass(frozen=True)
class Bar:
    """One bar: its words, its number, its width of `WIDTH`."""

    label: str
    number: int
    width: float


def bars(rows: Sequence[tuple[str, int]]) -> list[Bar]:
    """Bars of one chart, the longest as wide as the chart."""
    most = max((number for _label, number in rows), default=0) or 1
    return [Bar(label, number, round(number / most * WIDTH, 1)) for label, number in rows]


@dataclass(frozen=True)
class Thousand:
    """The thousand squares, in columns of 20 from the left: `full` is the width of the filled columns, the rest stand in one more."""

    number: int
    full: int
    top: int
    rest: int


def thousand(selected: int) -> Thousand:
    """1,000 squares of 10 by 10, one filled for each selected enterprise; never more than there are."""
    columns, rest = divmod(min(selected, 1000), 20)
    return Thousand(selected, columns * 10, 200 - rest * 10, rest * 10)
