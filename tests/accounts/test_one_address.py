"""Many people behind one address: the count of their sign-ins is kept one at a time, and nobody is turned away for that."""

from types import SimpleNamespace

import pytest
from allauth.core.internal import ratelimit
from django.core.cache import cache

pytestmark = pytest.mark.django_db
KEY = "allauth:rl:account:login:1200/60.0/ip:ip:10.0.0.1"


@pytest.fixture
def busy_for(monkeypatch: pytest.MonkeyPatch):
    """Somebody else's turn takes so many seconds, on a clock that only waiting moves."""

    def begin(seconds: float) -> None:
        clock = [0.0]

        def sleep(waited: float) -> None:
            clock[0] += waited
            if clock[0] >= seconds:
                cache.delete(f"{KEY}:lock")

        monkeypatch.setattr(ratelimit, "time", SimpleNamespace(monotonic=lambda: clock[0], sleep=sleep))
        cache.add(f"{KEY}:lock", True, timeout=600)

    return begin


@pytest.mark.parametrize(("seconds", "comes_in"), [(6.0, True), (20.0, False)])
def test_whoever_waits_for_another_of_the_same_address_gets_the_turn(busy_for, seconds: float, comes_in: bool):
    busy_for(seconds)
    with ratelimit.cache_lock(KEY) as locked:
        assert locked is comes_in
