"""An act: one transaction in which rows are locked in key order, changed, and written into the trail at the very end.

And its counterpart, a reading: what a page reads once though several of its parts ask for it.
"""

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class SystemActor:
    """Who acts when no person does: always named, never nobody."""

    name: str

    def __str__(self) -> str:
        return self.name


def system(name: str) -> SystemActor:
    """The named system actor, for `by=`."""
    return SystemActor(name)


def actor_key(by: Any) -> str:
    """A short name that outlives renames: "user:12" or "system:beat"."""
    return f"system:{by.name}" if isinstance(by, SystemActor) else f"user:{by.pk}"


def actor_label(by: Any) -> str:
    """How the actor was called then, kept so that the trail reads alone: the post where there is one."""
    if isinstance(by, SystemActor):
        return by.name
    return str(getattr(by, "trail_label", "") or by)[:200]


@dataclass
class Act:
    """What an act under way has collected, and what it has read once for all that is asked in it."""

    events: list[dict[str, Any]] = field(default_factory=list)
    known: dict[Hashable, Any] = field(default_factory=dict)


_current: ContextVar[Act | None] = ContextVar("act", default=None)
_committing: ContextVar[bool] = ContextVar("committing", default=False)


def current() -> Act:
    """The act under way. Raises RuntimeError outside one: nothing accountable is written beside the door."""
    found = _current.get()
    if found is None:
        raise RuntimeError("This is written inside an @act only.")
    return found


def begin_request(**_signal: Any) -> None:
    """A new request: nothing of it is kept so far."""
    _committing.set(False)


def may_be_kept() -> bool:
    """Whether an act of this request came as far as its commit: where the page then breaks, it may be kept already."""
    return _committing.get()


def once(key: Hashable, read: Callable[[], R]) -> R:
    """What `read` finds, read once in the act under way, or in the reading of a page; outside both each time.

    For what the act itself never changes: who belongs to what, rows of reference data.
    """
    found = _current.get()
    if found is None:
        return read_once(key, read)
    if key not in found.known:
        found.known[key] = read()
    known: R = found.known[key]
    return known


_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept", default=None)


def one_reading(function: Callable[P, R]) -> Callable[P, R]:
    """Let everything asked inside through `read_once` be read once. For what only reads: nothing inside may be changed."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        token = _kept.set({})
        try:
            return function(*args, **kwargs)
        finally:
            _kept.reset(token)

    return wrapped


def read_once(key: Hashable, read: Callable[[], R]) -> R:
    """What `read` finds, once in the reading under way; outside one each time. Who is given it leaves it unchanged."""
    kept = _kept.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    found: R = kept[key]
    return found


_chain: list[Callable[[list[dict[str, Any]]], None]] = []


def chain_with(writer: Callable[[list[dict[str, Any]]], None]) -> None:
    """The trail names itself as the writer of collected events."""
    _chain[:] = [writer]


def act(function: Callable[P, R]) -> Callable[P, R]:
    """Make a verb one transaction. A nested act joins the outermost; its events are chained with it, last of all."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        if _current.get() is not None:
            return function(*args, **kwargs)
        with transaction.atomic():
            token = _current.set(Act())
            try:
                result = function(*args, **kwargs)
                for write in _chain:
                    write(current().events)
            finally:
                _current.reset(token)  # before the commit: what runs after it is an act of its own
            _committing.set(True)
        return result

    return wrapped


def lock(model: Any, *keys: Any) -> list[Any]:
    """Lock rows in key order, so that two acts over the same rows never wait for each other in a circle."""
    rows: models.QuerySet[Any] = (
        model if isinstance(model, models.QuerySet) else model._default_manager.filter(pk__in=keys)
    )
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))


def lock_one(model: Any, key: Any) -> Any:
    """Lock one row and read it anew. Raises DoesNotExist."""
    return model._default_manager.select_for_update(of=("self",), no_key=True).get(pk=key)
