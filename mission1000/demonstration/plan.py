"""What the demonstration is made of: which file goes how far, in which district, and when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle, islice, pairwise
from random import Random

from districts.calendar import is_working_day
from mission1000.demonstration.goals import EARLIER, GOALS, Planned
from records.clock import INDIA, ist

APPROVED = ("EKM", "TSR")  # districts whose shortlist is approved
FROZEN = "KKD"  # … and one whose shortlist waits for its check
WITH_A_PACKET = (*APPROVED, FROZEN)
WEEKS = 7
DAYS = 120  # the earlier round began so long ago
CLOSED = 93  # days ago; the open round opened later
# The acts of a district's packet, in their order: the district, the act, and when.
PACKETS = (
    *((code, act, share) for code in APPROVED for act, share in (("freeze", 0.69), ("check", 0.71), ("approve", 0.74))),
    ("EKM", "return", 0.85),
    (FROZEN, "freeze", 0.9),
)
# The meeting of the open round is in session, about one district; another stands approved, for its agenda.
BEFORE_THE_COMMITTEE = "TSR"
SITTING = (
    ("call", 0.78), ("fill", 0.82), ("call_another", 0.9), ("open", 0.975), ("recuse", 0.978), ("vote", 0.981), ("seek", 0.985),
    ("decide_some", 0.988),
)  # fmt: skip
# Of the earlier round: the packets of every district, and the meeting whose decisions are released.
PACKETS_THEN = (("freeze", 0.46), ("check", 0.49), ("approve", 0.52))
SITTING_THEN = (("fill", 0.58), ("vote", 0.64), ("decide", 0.65))
SPREAD = 0.0005  # between two districts: each is a turn of its own
# One file of every goal, in the district whose people stand for those of all, and in the two beside it.
SHOWN = (
    ("EKM", "submitted"), ("EKM", "scrutiny"), ("EKM", "asked"), ("EKM", "answered"), ("EKM", "proposed"),
    ("EKM", "moderated"), ("EKM", "withdrawn"), ("EKM", "apart"), ("EKM", "visited"), ("TSR", "draft"),
    ("EKM", "answered_late"), ("EKM", "submitted_late"), ("EKM", "scrutiny_late"), ("EKM", "asked_late"),
    ("EKM", "resent"), ("EKM", "ineligible"), ("EKM", "lapsed"), ("EKM", "stepped_back"), ("EKM", "named"),
    ("KKD", "locked_again"), ("TSR", "transferred"), ("EKM", "given"), ("EKM", "contested"), ("TSR", "settled"), ("EKM", "reinstated"),
    ("EKM", "begun"), ("TSR", "unlocked"), ("EKM", "scored_once"), ("EKM", "answered_read"), ("EKM", "half_verified"),
    ("EKM", "given_new"), ("EKM", "appraisal_late"), ("KKD", "answered"), ("KKD", "resent"), ("EKM", "sent_back"),
    ("EKM", "submitted_near"), ("EKM", "scrutiny_near"), ("TSR", "asked_in_appraisal"), ("EKM", "rejected"),
    ("EKM", "appraisal"), ("EKM", "transferred"),
)  # fmt: skip
# The district shown of the earlier round, and what every other one has there.
SHOWN_THEN = (
    "won", "ranked", "ranked", "ranked", "ranked", "ranked_low", "withdrawn_then", "lapsed_then", "ineligible_then",
)  # fmt: skip
OTHERS_THEN = ("ranked", "ranked", "ranked", "ranked_low")
# More for the packets: enough for the target of 8, a reserve line, and a file beyond it.
MORE = (("EKM", "high", 8), ("TSR", "high", 6), ("KKD", "high_late", 4), ("KKD", "low_late", 1))
# What the other files do, in all districts in turn. 19 goals over 14 districts: no district gets the same twice in a row.
OTHERS = (
    "submitted", "scrutiny", "appraised", "draft", "asked", "named", "draft", "answered", "rejected", "submitted_near",
    "draft", "appraisal", "half_verified", "scored_once", "submitted_late", "draft", "visited", "proposed", "withdrawn",
)  # fmt: skip
SMALLEST = 6 + len(SHOWN) + len(SHOWN_THEN) + 3  # files that show every goal, and every state
QUARTERS = 27  # of an hour in a day of office time
NOTED, CALLED = 0.6, 0.3  # how many of the files taken up have a note, and a call, on their sheet


@dataclass(frozen=True)
class File:
    """One file. `number` names its owner's account; 0 is `applicant@demo.test`, who has one in each round."""

    number: int
    district: str
    goal: str

    @property
    def earlier(self) -> bool:
        """Whether it is of the earlier round."""
        return self.goal in EARLIER

    @property
    def key(self) -> str:
        """The file among all."""
        return f"{self.number}{'-then' if self.earlier else ''}"


@dataclass(frozen=True)
class Step:
    """One act at one share (0 to 1) of the time behind us; `item` is empty for one of a packet or a meeting.

    `place` counts the acts of the file's goal before it.
    """

    share: float
    act: str
    district: str
    item: File | None = None
    place: int = 0
    earlier: bool = False  # of the earlier round, whose days the share counts
    month: str = ""  # of a report
    day: datetime | None = None  # of a meeting that is called


def files(count: int, codes: list[str]) -> list[File]:
    """The first `count` files: the applicant's draft, a few for packets, every goal once, the rest in all districts in turn."""
    first = islice(_endless(codes), max(0, count))
    return [File(0 if goal == "won" else number, district, goal) for number, (district, goal) in enumerate(first)]


def _endless(codes: list[str]) -> Iterator[tuple[str, str]]:
    first, second = APPROVED
    yield first, "draft"
    yield from ((first, "high"), (second, "high"), (first, "low"), (second, "low"), (FROZEN, "high_late"))
    yield from SHOWN
    yield from ((first, goal) for goal in SHOWN_THEN)
    yield from ((first, "high"), (second, "high"), (second, "high"))  # listed, and for the meeting in session
    yield from ((code, goal) for code, goal, more in MORE for _more in range(more))
    yield from ((code, goal) for code in codes if code != first for goal in OTHERS_THEN)
    for district, goal in zip(cycle([*codes[::-1]]), cycle(OTHERS), strict=False):
        # Where a packet stands, few wait for the next: whoever tries the desk there makes it of own files.
        yield district, "appraisal" if goal == "appraised" and district in WITH_A_PACKET else goal


def steps(planned: list[File], seed: int) -> list[Step]:
    """Every act, those of files before those of packets and meetings."""
    found = [Step(share, act, code) for code, act, share in PACKETS if _has_packet(planned, code)]
    if _has_packet(planned, BEFORE_THE_COMMITTEE):
        found += [Step(share, act, BEFORE_THE_COMMITTEE) for act, share in SITTING]
    found += _then(list(dict.fromkeys(item.district for item in planned if item.goal in RANKED_THEN)))
    for item in planned:
        found += _of_file(item, Random(f"{seed}:{item.key}:when"))  # noqa: S311 -- invented dates
    return found


RANKED_THEN = {"won", "ranked", "ranked_low"}


def _then(codes: list[str]) -> list[Step]:
    """The packets and the meeting of the earlier round, about the districts that have files there."""
    if not codes:
        return []
    shown = codes[0]
    found = [
        Step(share + SPREAD * number, act, code, earlier=True)
        for act, share in (*PACKETS_THEN, *SITTING_THEN)
        for number, code in enumerate(codes)
    ]
    for act, share in (
        ("call", 0.56),
        ("open", 0.62),
        ("recuse", 0.625),
        ("seek", 0.63),
        ("answer", 0.67),
        ("vote", 0.68),
        ("decide", 0.69),
    ):
        found.append(Step(share, act, shown, earlier=True))
    return [*found, Step(0.71, "release", shown, earlier=True)]


IN_MALAYALAM = "KKD"
# What is reported of the last whole month and of the one before: the district, the act, working days after its end.
REPORTS = (
    (0, "EKM", "report", 1), (0, "EKM", "write", 2), (0, "EKM", "report_again", 3), (0, "TSR", "write", 2), (0, IN_MALAYALAM, "write", 3),
    (0, IN_MALAYALAM, "report", 4), (1, "EKM", "write", 2), (1, "EKM", "report", 3),
)  # fmt: skip


def reports(moments: list[datetime]) -> list[tuple[datetime, Step]]:
    """The narratives and reports of the last two whole months behind us, each with its moment."""
    ends = [late for early, late in pairwise(moments) if ist(early).month != ist(late).month]
    found = []
    for back, code, act, days in REPORTS:
        if back < len(ends):
            end = ends[-1 - back]
            at = moments.index(end) + QUARTERS * days
            if at < len(moments):
                before = ist(end).replace(day=1) - timedelta(days=1)
                found.append((moments[at], Step(0, act, code, month=f"{before:%Y-%m}")))
    return found


def dated(found: list[Step], open_since: list[datetime], before: list[datetime]) -> list[tuple[datetime, Step]]:
    """Every act with its moment, in the order of time, so that the trail of the demonstration runs forward."""

    def at(step: Step) -> datetime:
        moments = before if step.earlier else open_since
        return moments[int(step.share * (len(moments) - 1))]

    opened = {step.earlier: at(step) for step in found if step.act == "open"}
    rows = [(at(step), replace(step, day=opened[step.earlier]) if _is_meeting(step) else step) for step in found]
    return sorted([*rows, *(reports(before) if before else [])], key=_order)


def _is_meeting(step: Step) -> bool:
    """Whether a meeting is called, and not an enterprise rung up."""
    return step.act == "call" and step.item is None


def _order(row: tuple[datetime, Step]) -> tuple[object, ...]:
    moment, step = row
    return moment, step.share, step.district, step.item.key if step.item else "", step.place


def _of_file(item: File, rng: Random) -> list[Step]:
    acts: tuple[Planned, ...] = GOALS[item.goal]
    found = [
        Step(rng.uniform(one.earliest, one.latest), one.act, item.district, item, place, item.earlier)
        for place, one in enumerate(acts)
    ]
    taken_up = next((step for step in found if step.act == "take_up"), None)
    if taken_up is None:
        return found
    place = taken_up.place + 1  # notes stand between the take-up and what comes next
    until = found[place].share if place < len(found) else 0.99
    for act, share_of_files in (("note", NOTED), ("call", CALLED)):
        if rng.random() < share_of_files:
            found.append(Step(rng.uniform(taken_up.share, until), act, item.district, item, place, item.earlier))
    return found


def _has_packet(planned: list[File], code: str) -> bool:
    return any(item.district == code and item.goal in {"high", "low", "high_late"} for item in planned)


def moments(begin: datetime, until: datetime) -> list[datetime]:
    """Every quarter of an hour of office time since then; where that is only now, the minutes since."""
    first = ist(begin).replace(hour=10, minute=0, second=0, microsecond=0)
    days = [first + timedelta(days=number) for number in range((until - first).days + 1)]
    quarters = [
        day + timedelta(minutes=15 * number) for day in days if is_working_day(day.date()) for number in range(QUARTERS)
    ]
    found = [moment.astimezone(INDIA) for moment in quarters if begin <= moment <= until]
    if len(found) > QUARTERS:
        return found
    return [begin + (until - begin) * number / 100 for number in range(101)]
