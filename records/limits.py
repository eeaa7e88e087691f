"""Rate limits, kept in the shared cache so that a restart does not forget them."""

import hashlib

from django.core.cache import cache

from records.clock import now


def hit(key: str, *, limit: int, seconds: int) -> bool:
    """Count one more under `key`; True while at most `limit` came in this window of `seconds`.

    The window is part of the name, because a count is kept for `seconds` from the newest one on.
    """
    window = int(now().timestamp() // seconds)
    name = "limit:" + hashlib.sha256(f"{key}:{window}".encode()).hexdigest()[:40]
    count = cache.get(name, 0) + 1
    cache.set(name, count, seconds)  # not `incr`, which keeps it for the cache's five minutes only
    return count <= limit
