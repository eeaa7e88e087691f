"""Charts drawn by hand: widths as numbers for a template, no script, no style."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """One bar: its words, its number, its width in units of `WIDTH`."""

    label: str
    number: int
    width: float
    y: int


WIDTH = 300


def bars(rows: list[tuple[str, int]]) -> list[Bar]:
    """Bars of one chart, the longest as wide as the chart."""
    most = max((number for _label, number in rows), default=0) or 1
    return [
        Bar(label, number, round(number / most * WIDTH, 1), 22 * place) for place, (label, number) in enumerate(rows)
    ]
