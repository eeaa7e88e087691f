"""Rate limits, kept in the shared cache so that a restart does not forget them."""

import hashlib

from django.core.cache import cache

from records.clock import now


def hit(key: str, *, limit: int, seconds: int) -> bool:
    """Count one more under `key`; True while at most `limit` came in this window of `seconds`.

    The window is part of the name, because a cache in the database gives a counter new time with each count.
    """
    window = int(now().timestamp() // seconds)
    name = "limit:" + hashlib.sha256(f"{key}:{window}".encode()).hexdigest()[:40]
    try:
        cache.add(name, 0, seconds)
        return cache.incr(name) <= limit
    except ValueError:  # it ran out between the two calls
        return True
