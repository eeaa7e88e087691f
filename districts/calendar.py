"""Working days: not Sundays, not second Saturdays, not holidays of the State or of the district."""

import time
from datetime import date, timedelta

from districts.models import District, Holiday

SATURDAY, SUNDAY = 5, 6
KEPT_FOR = 60.0
_kept: dict[str, tuple[float, frozenset[tuple[date, int | None]]]] = {}


def holidays() -> frozenset[tuple[date, int | None]]:
    """Every holiday with its district's key (None: the State); read at most once a minute."""
    found = _kept.get("all")
    if found is None or time.monotonic() - found[0] > KEPT_FOR:
        rows = frozenset(Holiday.objects.values_list("date", "district_id"))
        found = _kept["all"] = (time.monotonic(), rows)
    return found[1]


def forget() -> None:
    """Read the holidays anew at the next question: after they were loaded or changed."""
    _kept.clear()


def is_second_saturday(day: date) -> bool:
    """The second Saturday of its month, when offices are closed."""
    return day.weekday() == SATURDAY and 8 <= day.day <= 14


def is_working_day(day: date, district: District | None = None) -> bool:
    """Whether offices of the district work on this day."""
    if day.weekday() == SUNDAY or is_second_saturday(day):
        return False
    off = holidays()
    return (day, None) not in off and (district is None or (day, district.pk) not in off)


def working_days_between(start: date, end: date, district: District | None = None) -> int:
    """Working days after `start` up to and with `end`; 0 when `end` is not later."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(1 for day in days if is_working_day(day, district))


def add_working_days(start: date, count: int, district: District | None = None) -> date:
    """The day on which `count` working days after `start` are used up."""
    day = start
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day, district):
            count -= 1
    return day
