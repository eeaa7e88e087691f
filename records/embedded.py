"""A worker inside the web process, for one machine without a broker."""

import logging
import threading
import time
from collections.abc import Callable

from celery import current_app
from django.conf import settings
from django.db import close_old_connections

from records import jobs

log = logging.getLogger(__name__)
LOOK_EVERY = 2.0
SWEEP_EVERY = 10.0
TIMED_EVERY = 300.0
_started = threading.Lock()


def start() -> None:
    """Start once: a Celery worker on the in-memory transport for nudges, a look at the Job table, a sweep now and then,
    and what is done again and again.
    """
    if not _started.acquire(blocking=False):
        return
    threading.Thread(target=_celery, name="embedded-worker", daemon=True).start()
    turns = (("look", _look, LOOK_EVERY), ("sweep", _sweep, SWEEP_EVERY), ("timed", _timed, TIMED_EVERY))
    for name, turn, every in turns:
        threading.Thread(target=_again_and_again, args=(turn, every), name=f"embedded-{name}", daemon=True).start()


def _celery() -> None:
    current_app.Worker(
        pool="threads",
        concurrency=1,
        hostname="embedded@localhost",
        queues=list(settings.QUEUES),
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    ).start()


def _again_and_again(turn: Callable[[], None], every: float) -> None:
    """A turn, a rest, and so on; what goes wrong in one turn is written down and does not end it."""
    while True:
        try:
            close_old_connections()
            turn()
        except Exception:
            log.exception("embedded_turn_failed")
        finally:
            close_old_connections()
        time.sleep(every)


def _look() -> None:
    """Do the jobs that another process wrote, one at a time: what a person waits for may come in between."""
    while (job := jobs.due().first()) is not None:
        jobs.run(job.pk)


def _sweep() -> None:
    """Say that the worker lives, also while it prints, and re-drive what a dead one left behind; the look does the rest."""
    jobs.say_alive("embedded")
    jobs.sweep(nudging=False)


def _timed() -> None:
    """Queue what is done again and again, where its time has come."""
    jobs.start_timed()
