"""The working-day clock of a file: how many of the days allowed in its state are used, and when they are used up.

It pauses while the applicant holds the file and goes on from the same day when the answer is there. Days are those of
the office that holds the file: not Sundays, second Saturdays, holidays of the State or of its district.
"""

from dataclasses import dataclass
from datetime import date

from applications.models import Application
from applications.states import State
from districts import calendar
from records.clock import ist, today

LIMITS = {
    State.SUBMITTED: "take_up_days",
    State.SCRUTINY: "scrutiny_days",
    State.APPRAISAL: "appraisal_days",
    State.APPRAISED: "shortlist_days",
}


@dataclass(frozen=True)
class Clock:
    """Working days used of those allowed in the present state.

    `state` is run, near (from 80 %), over, stop (paused, at day `day`) or none.
    """

    state: str
    day: int = 0
    limit: int = 0
    due: date | None = None
    started: date | None = None

    @property
    def strip_width(self) -> int:
        """Units of the strip's drawing: 24 a day."""
        return 24 * self.limit

    @property
    def cells(self) -> list[tuple[int, str]]:
        """Place and class of each day's cell."""
        return [
            (1 + 24 * n, "today" if n + 1 == self.day else "past" if n + 1 < self.day else "")
            for n in range(self.limit)
        ]


def limit_of(file: Application, state: str) -> int:
    """The working days the round allows in a state; 0 where none are counted."""
    name = LIMITS.get(State(state))
    return int(getattr(file.round, name)) if name else 0


def days_used(file: Application) -> int:
    """Working days used in the present state: those before a pause, and those since the state was entered."""
    if file.current.clock == "paused":
        return file.clock_used
    return file.clock_used + calendar.working_days_between(ist(file.since).date(), today(), file.office.district)


def clock(file: Application) -> Clock:
    """Day n of m: the working day after the state began is day 1; on that day itself it is day 0."""
    if file.current.clock == "paused":
        return Clock("stop", file.clock_used, limit_of(file, file.returns_to or file.state))
    limit = limit_of(file, file.state)
    if not limit:
        return Clock("none")
    started, day = ist(file.since).date(), days_used(file)
    due = calendar.add_working_days(started, limit - file.clock_used, file.office.district)
    state = "over" if day > limit else "near" if day * 5 >= limit * 4 else "run"
    return Clock(state, day, limit, due, started)


def carry(file: Application, target: str) -> tuple[int, date | None]:
    """What a move to `target` today makes of the clock: working days used so far in it, and when they are used up."""
    if State(target).clock == "paused":
        return days_used(file), None
    used = file.clock_used if file.current.clock == "paused" else 0
    limit = limit_of(file, target)
    if not limit:
        return used, None
    return used, calendar.add_working_days(today(), limit - used, file.office.district)
