"""The one clock. Nothing else in the project asks what time it is; a test finds other calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

INDIA = ZoneInfo("Asia/Kolkata")
_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _moved.get() or datetime.now(UTC)


def ist(moment: datetime) -> datetime:
    """The same moment as a clock in India shows it."""
    return moment.astimezone(INDIA)


def today() -> date:
    """The date in India."""
    return ist(now()).date()


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Let the clock stand at another moment: for tests and the demonstration. Refused in production."""
    if settings.PRODUCTION:
        raise RuntimeError("The clock of a production portal is not moved.")
    token = _moved.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)
