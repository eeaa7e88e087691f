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


# ---- Two lines over months ------------------------------------------------------------------------------------
LEFT, RIGHT, TOP, FOOT = 44, 420, 24, 186
STEP = 226 / 26  # on paper names stand in 26 steps of 2 mm
APART = 18  # the names at the ends of the lines do not touch


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: where it stands, its words; `minor` is left out on a phone; `year` stands under some months."""

    at: float
    label: str
    minor: bool = False
    year: str = ""


@dataclass(frozen=True)
class Line:
    """One line: its points as SVG writes them, its end, the height of its name there, its last number."""

    points: str
    x: float
    y: float
    label_y: float
    last: int

    @property
    def step(self) -> int:
        """Where its name begins on paper, from above; the names of two lines are two steps apart at least."""
        return round((self.label_y - 17) / STEP)


@dataclass(frozen=True)
class Trend:
    """Two lines at most, named at their end."""

    heights: list[Tick]
    months: list[Tick]
    first: Line
    second: Line


def trend(months: Sequence[str], first: Sequence[int], second: Sequence[int]) -> Trend:
    """Two rows of numbers over months ("2026-11"), on one scale that begins at 0."""
    top = _round_top(max([*first, *second, 1]))
    step = (RIGHT - LEFT) / max(len(months) - 1, 1)
    across = [round(LEFT + step * number, 1) if len(months) > 1 else RIGHT for number in range(len(months))]

    def height(number: int) -> float:
        return round(FOOT - number / top * (FOOT - TOP), 1)

    ends = [height(first[-1]) + 4, height(second[-1]) + 4]
    if abs(ends[0] - ends[1]) < APART:
        middle, sign = sum(ends) / 2, 1 if ends[0] > ends[1] else -1
        ends = [round(middle + sign * APART / 2, 1), round(middle - sign * APART / 2, 1)]

    def line(numbers: Sequence[int], label_y: float) -> Line:
        points = " ".join(f"{x},{height(number)}" for x, number in zip(across, numbers, strict=True))
        return Line(points, across[-1], height(numbers[-1]), label_y, numbers[-1])

    return Trend(
        [Tick(height(number), str(number)) for number in range(0, top + 1, top // 4 if top % 4 == 0 else top // 2)],
        [
            Tick(x, month[5:], (len(months) - 1 - n) % 2 == 1, _year_under(months, n))
            for n, (x, month) in enumerate(zip(across, months, strict=True))
        ],
        line(first, ends[0]),
        line(second, ends[1]),
    )


def _year_under(months: Sequence[str], place: int) -> str:
    """Under each January its year, and under the first month where no January stands close by."""
    near = any(month.endswith("-01") for month in months[:4])
    return months[place][:4] if months[place].endswith("-01") or (place == 0 and not near) else ""


def _round_top(most: int) -> int:
    """The least even number of the kind 2, 4, 6, 10, 20, 40, … that holds them all."""
    size = 1
    while True:
        for start in (2, 4, 6, 10):
            if start * size >= most:
                return start * size
        size *= 10


# ---- The thousand ---------------------------------------------------------------------------------------------
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
