"""What the demonstration is made of: which file goes how far, in which district, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random

from districts.calendar import is_working_day
from records.clock import INDIA, ist

WITH_A_PACKET = ("EKM", "TSR")
WEEKS = 7
# How far a file goes. Eleven goals over fourteen districts: no district gets the same twice in a row.
GOALS = (
    "submitted", "draft", "scrutiny", "rejected", "appraised", "appraisal", "withdrawn", "scored_once", "scrutiny",
    "submitted", "appraised",
)  # fmt: skip
# Each act of a goal: earliest and latest moment, as a share of the weeks behind us. A file's acts keep this order.
ACTS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "draft": (("begin", 0.3, 0.98),),
    "submitted": (("submit", 0.72, 0.99),),
    "contested": (("submit", 0.9, 0.97),),
    "scrutiny": (("submit", 0.55, 0.8), ("take_up", 0.82, 0.9)),
    "rejected": (("submit", 0.5, 0.75), ("take_up", 0.77, 0.82), ("reject", 0.83, 0.9)),
    "appraisal": (("submit", 0.4, 0.6), ("take_up", 0.62, 0.68), ("end_scrutiny", 0.7, 0.9)),
    "scored_once": (("submit", 0.35, 0.5), ("take_up", 0.52, 0.58), ("end_scrutiny", 0.6, 0.74), ("score_first", 0.78, 0.95)),
    "appraised": (("submit", 0.3, 0.45), ("take_up", 0.47, 0.53), ("end_scrutiny", 0.55, 0.74), ("score", 0.77, 0.96)),
    "packet": (("submit", 0.0, 0.2), ("take_up", 0.22, 0.3), ("end_scrutiny", 0.35, 0.5), ("score", 0.52, 0.68)),
    "high": (("submit", 0.0, 0.2), ("take_up", 0.22, 0.3), ("end_scrutiny", 0.35, 0.5), ("score_high", 0.52, 0.68)),
    "low": (("submit", 0.0, 0.2), ("take_up", 0.22, 0.3), ("end_scrutiny", 0.35, 0.5), ("score_low", 0.52, 0.68)),
    "withdrawn": (("submit", 0.3, 0.5), ("withdraw", 0.55, 0.7)),
}  # fmt: skip
PACKET_AT = 0.72
ENOUGH = 30  # from so many files on, one names the Udyam number of another: a flag for the officer


@dataclass(frozen=True)
class Planned:
    """One file. `number` names its owner's account; 0 is `applicant@demo.test`."""

    number: int
    district: str
    goal: str


@dataclass(frozen=True)
class Step:
    """One act at one share (0 to 1) of the weeks behind us; `item` is empty for a district's packet."""

    share: float
    act: str
    district: str
    item: Planned | None = None


def files(count: int, codes: list[str]) -> list[Planned]:
    """The first `count` files: the applicant's draft, the packets of two districts, then all districts in turn."""
    return [
        Planned(number, district, goal) for number, (district, goal) in enumerate(islice(_endless(count, codes), count))
    ]


def _endless(count: int, codes: list[str]) -> Iterator[tuple[str, str]]:
    first, second = WITH_A_PACKET
    yield first, "draft"
    yield from ((first, "high"), (second, "high"), (first, "low"), (second, "low"))
    yield from ((first, "packet") for _more in range(max(0, count // 11 - 2)))
    yield from ((second, "packet") for _more in range(max(0, count // 15 - 2)))
    if count >= ENOUGH:
        yield first, "contested"
    for district, goal in zip(cycle([*codes[::-1]]), cycle(GOALS), strict=False):
        # Where a packet stands, nothing else waits for the next: whoever tries the desk there makes it of own files.
        yield district, "appraisal" if goal == "appraised" and district in WITH_A_PACKET else goal


def steps(planned: list[Planned], seed: int) -> list[Step]:
    """Every act in the order of time, so that the trail of the demonstration runs forward."""
    found = [Step(PACKET_AT, "packet", code) for code in WITH_A_PACKET if _has_packet(planned, code)]
    for item in planned:
        rng = Random(f"{seed}:{item.number}:when")  # noqa: S311 -- invented dates
        found += [Step(rng.uniform(low, high), act, item.district, item) for act, low, high in ACTS[item.goal]]
    return sorted(found, key=lambda step: (step.share, step.district, step.item.number if step.item else -1))


def _has_packet(planned: list[Planned], code: str) -> bool:
    return any(item.district == code and item.goal in {"packet", "high", "low"} for item in planned)


def moments(opened: datetime, until: datetime) -> list[datetime]:
    """Every quarter of an hour of office time in the weeks behind us, not before the round opened.

    Where the round opened only now, the minutes since then.
    """
    begin = max(opened, until - timedelta(weeks=WEEKS))
    first = ist(begin).replace(hour=10, minute=0, second=0, microsecond=0)
    days = [first + timedelta(days=number) for number in range((until - first).days + 1)]
    quarters = [
        day + timedelta(minutes=15 * number) for day in days if is_working_day(day.date()) for number in range(27)
    ]
    found = [moment.astimezone(INDIA) for moment in quarters if begin <= moment <= until]
    if len(found) > len(GOALS):
        return found
    return [begin + (until - begin) * number / 100 for number in range(101)]
