"""Working days forward and back: what is counted one way is counted the other way too."""

from datetime import date, timedelta

import pytest

from districts import calendar
from districts.models import Holiday

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("offset", range(9))
@pytest.mark.parametrize("count", [1, 3, 6, 15])
def test_days_back_are_as_many_as_days_forward(offset: int, count: int) -> None:
    Holiday.objects.create(date=date(2026, 11, 10), name_en="A holiday")
    calendar.forget()
    start = date(2026, 11, 16) + timedelta(days=offset)
    earlier = calendar.add_working_days(start, -count)
    assert calendar.working_days_between(earlier, start) == count
    assert calendar.add_working_days(start, 0) == start
