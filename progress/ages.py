"""Working days in a state as moments: what is older than a bucket of ages may be asked of the database."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from districts import calendar
from districts.models import District
from progress.stages import AGES
from records.clock import INDIA


def older_than(places: Sequence[District], last_day: date) -> list[Q]:
    """For each bucket of AGES but the first: files that on `last_day` have been in their state (`stood_since`) as long as
    it asks, or longer. Districts with the same holidays share a condition.
    """
    bounds: dict[tuple[datetime, ...], list[int]] = {}
    for place in places:
        days = tuple(_too_young(place, low, last_day) for low, _high in AGES[1:])
        bounds.setdefault(days, []).append(place.pk)
    found = [Q(pk__in=[])] * len(AGES[1:])
    for days, keys in bounds.items():
        own: dict[str, Any] = {"office__district__in": keys} if len(bounds) > 1 else {}
        conditions = [Q(stood_since__lt=day, **own) for day in days]
        found = conditions if len(bounds) == 1 else [one | more for one, more in zip(found, conditions, strict=True)]
    return found


def _too_young(place: District, count: int, last_day: date) -> datetime:
    """The first moment at which a state may have begun and have lasted fewer working days than `count`."""
    last = calendar.add_working_days(last_day, -count, place)
    return datetime.combine(last + timedelta(days=1), time.min, INDIA)
