"""Jobs by name. A row written in the act is the truth; the broker is only nudged after the commit."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from records import acts, audit
from records.clock import now
from records.models import Job, JobState, WorkerBeat

log = logging.getLogger(__name__)
HEARTBEAT_LOST = timedelta(seconds=60)
LOOK_AT = 8  # other workers may have the first ones
RETRY_AFTER = (2, 5, 15, 60, 300, 1800)  # seconds before the second, third, … try; the last one again and again


@dataclass(frozen=True)
class Handler:
    """What is called for a name, on which queue, how often at most, and what is told when it has failed for good."""

    function: Callable[[Job], Any]
    queue: str
    attempts: int
    failed: Callable[[Job, str], Any] | None


_handlers: dict[str, Handler] = {}


class GivenUp(Exception):
    """Raised by a handler whose work cannot succeed by trying again: the reason is kept and shown."""


def handler(
    name: str, *, queue: str = "reports", attempts: int = 5, failed: Callable[[Job, str], Any] | None = None
) -> Callable[[Callable[[Job], Any]], Callable[[Job], Any]]:
    """Register the function a room's `tasks.py` offers under a name. It must be idempotent.

    `failed(job, reason)` is called when no try is left, also when each worker died in the middle.
    """

    def register(function: Callable[[Job], Any]) -> Callable[[Job], Any]:
        _handlers[name] = Handler(function, queue, attempts, failed)
        return function

    return register


def enqueue(
    name: str, subject: Any = "", *, payload: dict[str, Any] | None = None, priority: int = 5, delay: int = 0
) -> Job:
    """Write a job in the transaction under way; `payload` holds keys only, never personal data. `delay` in seconds."""
    job = Job.objects.create(
        name=name,
        subject=audit.subject_key(subject),
        payload=payload or {},
        priority=priority,
        not_before=now() + timedelta(seconds=delay),
        most_attempts=_handlers[name].attempts if name in _handlers else 5,
    )
    if not delay:
        transaction.on_commit(lambda: nudge(job), robust=True)
    return job


def queue_of(name: str) -> str:
    """The queue of jobs of this name."""
    return _handlers[name].queue if name in _handlers else "reports"


def nudge(job: Job) -> None:
    """Tell the broker. A dead broker is not an error: the sweep finds the row."""
    try:
        current_app.send_task(
            "records.tasks.run", args=[job.pk], queue=queue_of(job.name), retry=False, ignore_result=True
        )
    except Exception as error:  # noqa: BLE001 -- whatever the broker's client raises, the row is safe
        log.warning("broker_away job=%s error=%s", job.pk, type(error).__name__)


def claim(key: int) -> Job | None:
    """Take a queued job with one conditional UPDATE; None if another worker has it or it is done."""
    moment = now()
    taken = Job.objects.filter(pk=key, state=JobState.QUEUED, not_before__lte=moment).update(
        state=JobState.RUNNING, started_at=moment, heartbeat_at=moment, attempts=F("attempts") + 1
    )
    return Job.objects.get(pk=key) if taken else None


def run_for(key: int) -> None:
    """A message came for job `key`: do the most urgent one that is due.

    Every job has a message of its own, so what is passed over now is done at a later one, and what a person waits for
    never stands behind what is made in bulk. Workers of one queue choose among its jobs, the embedded one among all.
    """
    asked = Job.objects.filter(pk=key).first()
    if asked is None:
        return
    waiting = due()
    if not settings.EMBED:
        queue = queue_of(asked.name)
        waiting = waiting.filter(name__in=[asked.name, *(name for name in _handlers if queue_of(name) == queue)])
    for job in waiting[:LOOK_AT]:
        if run(job.pk):
            return


def run(key: int) -> bool:
    """Do one job, whoever asks; False where another worker has it or it is not due."""
    job = claim(key)
    if job is None:
        return False
    found = _handlers.get(job.name)
    try:
        if found is None:
            raise GivenUp(f"Nothing is registered under {job.name}")
        found.function(job)
    except Exception as error:  # noqa: BLE001 -- a job that fails is kept with its reason
        _failed(job, error)
    else:
        _finish(job, JobState.READY, "")
    return True


def _failed(job: Job, error: Exception) -> None:
    log.warning("job_failed name=%s job=%s error=%s", job.name, job.pk, type(error).__name__)
    if isinstance(error, GivenUp) or job.attempts >= job.most_attempts:
        _finish(job, JobState.FAILED, _text_of(error))
        return
    wait = RETRY_AFTER[min(job.attempts, len(RETRY_AFTER)) - 1]
    _this_try(job).update(state=JobState.QUEUED, error=_text_of(error), not_before=now() + timedelta(seconds=wait))


def _text_of(error: Exception) -> str:
    """What an error says, or its name where it says nothing. NUL cannot be kept in a text column."""
    return (str(error) or type(error).__name__).replace("\0", "")[:2000]


def _this_try(job: Job) -> Any:
    """The row as long as it is still this try that runs: a worker that was thought dead does not touch the next one's."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, attempts=job.attempts)


def _finish(job: Job, state: JobState, error: str, rows: Any = None) -> None:
    """`rows`: the row under a further condition."""
    done = (_this_try(job) if rows is None else rows).update(state=state, error=error, finished_at=now())
    known = _handlers.get(job.name)
    if done and state == JobState.FAILED and known and known.failed:
        known.failed(job, error)


def progress(job: Job, done: int, of: int) -> None:
    """Say how far the work is; it is also the heartbeat."""
    _this_try(job).update(done=done, of=of, heartbeat_at=now())


def beat(job: Job) -> None:
    """Say that the work still goes on."""
    _this_try(job).update(heartbeat_at=now())


@acts.act
def retry(job: Job, *, by: Any) -> Job:
    """Queue a failed job anew, with all its tries, because a person asked."""
    failed = Job.objects.filter(pk=job.pk, state=JobState.FAILED)
    if not failed.update(state=JobState.QUEUED, attempts=0, error="", finished_at=None, not_before=now(), priority=1):
        return job
    audit.record("job.retry", f"job:{job.pk}", by=by, data={"name": job.name})
    transaction.on_commit(lambda: nudge(job), robust=True)
    return job


def sweep(*, nudging: bool = True) -> int:
    """Queue again what a dead worker left running, and nudge what the broker lost. How many were waiting."""
    lost = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now() - HEARTBEAT_LOST)
    for job in lost:
        silent = _this_try(job).filter(heartbeat_at=job.heartbeat_at)  # it may have said meanwhile that it lives
        if job.attempts >= job.most_attempts:
            _finish(job, JobState.FAILED, "The worker stopped in the middle of this job each time.", silent)
        else:
            silent.update(state=JobState.QUEUED, not_before=now())
    waiting = list(due()[:500])
    for job in waiting if nudging else ():
        nudge(job)
    return len(waiting)


def due() -> Any:
    """Queued jobs whose time has come, what people wait for first."""
    return Job.objects.filter(Q(state=JobState.QUEUED), not_before__lte=now()).order_by("priority", "pk")


def say_alive(name: str) -> None:
    """A worker's own heartbeat."""
    WorkerBeat.objects.update_or_create(name=name, defaults={"at": now()})


def worker_alive() -> bool:
    """Whether any worker said within the last half minute that it lives."""
    return WorkerBeat.objects.filter(at__gte=now() - timedelta(seconds=30)).exists()


def wait_for(key: int, seconds: float) -> Job:
    """Wait until a job is done or the time is over; the row as it then is."""
    end = time.monotonic() + seconds
    while True:
        job = Job.objects.get(pk=key)
        if job.state in {JobState.READY, JobState.FAILED} or time.monotonic() >= end:
            return job
        time.sleep(0.2)
