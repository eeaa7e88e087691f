"""Rate limits: so many in a window, counted in the database's cache."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from records import limits
from records.clock import moved_to, now

NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def hits(key: str, count: int) -> list[bool]:
    return [limits.hit(key, limit=3, seconds=600) for _turn in range(count)]


def test_so_many_and_no_more_each_key_for_itself():
    with moved_to(NOON):
        assert hits("here", 5) == [True, True, True, False, False]
        assert hits("there", 1) == [True]


def test_the_next_window_begins_anew_however_often_it_was_tried():
    with moved_to(NOON):
        hits("here", 5)
    with moved_to(NOON + timedelta(seconds=599)):
        assert hits("here", 1) == [False]
    with moved_to(NOON + timedelta(seconds=600)):
        assert hits("here", 4) == [True, True, True, False]


def test_it_is_counted_where_neither_a_restart_nor_the_broker_forgets_it(settings):
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


def test_a_count_is_kept_as_long_as_its_window():
    limits.hit("here", limit=3, seconds=3600)
    limits.hit("here", limit=3, seconds=3600)
    with connection.cursor() as cursor:
        cursor.execute("SELECT expires FROM records_cache")
        (expires,) = cursor.fetchone()
    kept = datetime.fromisoformat(str(expires)).replace(tzinfo=UTC) - now()
    assert timedelta(minutes=59) < kept <= timedelta(minutes=60, seconds=1)


def test_what_is_counted_is_not_written_down():
    from django.core.cache import cache  # noqa: PLC0415 -- only this test looks inside

    with moved_to(NOON):
        hits("asha@canary.example", 2)
    assert cache.get("limit:asha@canary.example") is None
