"""Several connections at once: threads that start together, and what takes a guard away so that a control shows what it is for."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import connection

from records.verdicts import Refused

PATIENCE = 60  # seconds until a thread that hangs fails its test
Verb = Callable[[], Any]


class Together(Protocol):
    """Run each verb in a thread of its own, started together: what each returned, or the error it raised, in their order."""

    def __call__(self, *verbs: Verb) -> list[Any]: ...


@contextmanager
def threads(count: int) -> Iterator[Together]:
    """Threads with a connection each that many races use one after another; the connections are closed at the end."""
    with ThreadPoolExecutor(count) as pool:

        def together(*verbs: Verb) -> list[Any]:
            start = threading.Barrier(len(verbs))

            def run(verb: Verb) -> Any:
                start.wait(timeout=PATIENCE)
                try:
                    return verb()
                except Exception as error:  # noqa: BLE001 -- what a thread ran into is what the test looks at
                    return error

            said = [pool.submit(run, verb) for verb in verbs]
            return [word.result(timeout=PATIENCE) for word in said]

        try:
            yield together
        finally:
            together(*[lambda: connection.close()] * count)  # noqa: PLW0108 -- of the thread that closes, not of this one


def together(*verbs: Verb) -> list[Any]:
    """One race of its own: what each verb returned, or the error it raised, in their order."""
    with threads(len(verbs)) as run:
        return run(*verbs)


def told(said: list[Any]) -> list[str]:
    """ "won" for each that came through, then the sentences of those that were refused. Any other error is raised."""
    for word in said:
        if isinstance(word, Exception) and not isinstance(word, Refused):
            raise word
    words = [word.reason if isinstance(word, Refused) else "won" for word in said]
    return sorted(words, key=lambda word: word != "won")


def race(*verbs: Verb) -> list[str]:
    """Run each in a thread and connection of its own, started together: who won, and what the others were told."""
    return told(together(*verbs))


def plainly(model: Any, key: Any) -> Any:
    """Read a row without its lock, in the place of `lock_one`."""
    return model._default_manager.get(pk=key)


def all_plainly(model: Any, *keys: Any) -> list[Any]:
    """Read rows without their locks, in the place of `lock`."""
    return list(model._default_manager.filter(pk__in=keys))


def after_all_have_read(count: int = 2) -> Callable[[Any, Any], Any]:
    """Read a row without its lock, and go on only when `count` threads have read theirs."""
    all_have_read = threading.Barrier(count)

    def read(model: Any, key: Any) -> Any:
        row = plainly(model, key)
        all_have_read.wait(timeout=PATIENCE)
        return row

    return read


def when_all_are_there(verb: Callable[..., Any], count: int = 2) -> Callable[..., Any]:
    """`verb`, run only when `count` threads are about to: what they asked before, they asked while none had written."""
    all_are_there = threading.Barrier(count)

    def run(*args: Any, **kwargs: Any) -> Any:
        all_are_there.wait(timeout=PATIENCE)
        return verb(*args, **kwargs)

    return run


class Turns:
    """Both threads read, then the second waits until the first is done: what may happen without a lock, always."""

    def __init__(self) -> None:
        self.both_have_read = threading.Barrier(2)
        self.first_is_done = threading.Event()

    def after(self, row: Any, *, first: bool | None = None) -> Any:
        """Called with what was read; `first` says who goes first, or nobody does and it is whoever comes first."""
        turn = self.both_have_read.wait(timeout=PATIENCE)
        if (turn == 1) if first is None else not first:
            self.first_is_done.wait(timeout=PATIENCE)
        return row

    def verb(self, act: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> None:
            act()
            self.first_is_done.set()

        return run
