"""A worker inside the web process, for one machine without a broker."""

import logging
import threading
import time

from celery import current_app
from django.db import close_old_connections

from records import jobs

log = logging.getLogger(__name__)
LOOK_EVERY = 2.0
_started = threading.Lock()


def start() -> None:
    """Start once: a Celery worker on the in-memory transport for nudges, and a look at the Job table every 2 s."""
    if not _started.acquire(blocking=False):
        return
    threading.Thread(target=_celery, name="embedded-worker", daemon=True).start()
    threading.Thread(target=_look, name="embedded-look", daemon=True).start()


def _celery() -> None:
    current_app.Worker(
        pool="threads",
        concurrency=1,
        hostname="embedded@localhost",
        queues=["celery", "letters", "reports", "mail", "scans", "exports"],
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    ).start()


def _look() -> None:
    """Find jobs that another process wrote, or that a dead one left behind."""
    turn = 0
    while True:
        try:
            close_old_connections()
            if turn % 5 == 0:
                jobs.say_alive("embedded")
                jobs.sweep()
            for job in jobs.due()[:20]:
                jobs.run(job.pk)
        except Exception:
            log.exception("embedded_look_failed")
        finally:
            close_old_connections()
        turn += 1
        time.sleep(LOOK_EVERY)
