"""Working days: not Sundays, not second Saturdays, not holidays of the State or of the district."""

import time
from datetime import date, timedelta
from functools import lru_cache

from districts.models import District, Holiday

SATURDAY, SUNDAY = 5, 6
KEPT_FOR = 60.0
MOST = 4096  # counts kept; a list asks the same ones in every row and at every visit
Holidays = frozenset[tuple[date, int | None]]
_kept: dict[str, tuple[float, Holidays]] = {}


def holidays() -> Holidays:
    """Every holiday with its district's key (None: the State); read at most once a minute."""
    found = _kept.get("all")
    if found is None or time.monotonic() - found[0] > KEPT_FOR:
        rows: Holidays = frozenset(Holiday.objects.values_list("date", "district_id"))
        if found is not None and found[1] == rows:
            rows = found[1]  # the counts kept below hold on to one set, and not to a new one each minute
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
    return _works(day, _key(district), holidays())


def _key(district: District | None) -> int | None:
    return None if district is None else district.pk


def _works(day: date, key: int | None, off: Holidays) -> bool:
    if day.weekday() == SUNDAY or is_second_saturday(day):
        return False
    return (day, None) not in off and (key is None or (day, key) not in off)


def working_days_between(start: date, end: date, district: District | None = None) -> int:
    """Working days after `start` up to and with `end`; 0 when `end` is not later."""
    return _between(start, end, _key(district), holidays())


@lru_cache(MOST)
def _between(start: date, end: date, key: int | None, off: Holidays) -> int:
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(1 for day in days if _works(day, key, off))


def add_working_days(start: date, count: int, district: District | None = None) -> date:
    """The day on which `count` working days after `start` are used up; with a negative count, as many before it."""
    return _added(start, count, _key(district), holidays())


@lru_cache(MOST)
def _added(start: date, count: int, key: int | None, off: Holidays) -> date:
    day = start
    while count < 0:
        count += _works(day, key, off)
        day -= timedelta(days=1)
    while count > 0:
        day += timedelta(days=1)
        if _works(day, key, off):
            count -= 1
    return day
