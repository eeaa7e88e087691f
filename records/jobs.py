"""Jobs by name. A row written in the act is the truth; the broker is only nudged after the commit."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from records import acts, audit
from records.clock import now
from records.faults import Fault, fault_of
from records.models import Job, JobState, WorkerBeat
from records.verdicts import Refused

log = logging.getLogger(__name__)
HEARTBEAT_LOST = timedelta(seconds=60)
FRESH = timedelta(seconds=30)  # a worker that said so within it is alive
IN_BULK = 9  # the priority of what nobody waits for: a person's own comes first
AT_A_SWEEP = 500  # nudges of one queue at most
LOOK_AT = 8  # other workers may have the first ones
BROKER_REST = 5.0  # seconds; what is queued meanwhile is found by the sweep
WHILE_AWAY = timedelta(seconds=60)
NO_ROOM = "The disk is full. This is tried again every minute."
RETRY_AFTER = (2, 5, 15, 60, 300, 1800)  # seconds before the second, third, … try; the last one again and again


@dataclass(frozen=True)
class Handler:
    """What is called for a name, on which queue, how often at most; what is told when it has failed for good, and when a
    person has it done again; what the work is in words.
    """

    function: Callable[[Job], Any]
    queue: str
    attempts: int
    failed: Callable[[Job, str], Any] | None
    again: Callable[[Job], Any] | None
    title: Any


_handlers: dict[str, Handler] = {}
_timed: dict[str, timedelta] = {}
_held_while: list[Callable[[], bool]] = []


class GivenUp(Exception):
    """Raised by a handler whose work cannot succeed by trying again: the reason is kept and shown."""


class Away(Exception):
    """Raised by a handler when what it needs from outside is away: it is tried again every minute for as long as it takes."""


def handler(
    name: str,
    *,
    title: Any = "",
    queue: str = "reports",
    attempts: int = 5,
    failed: Callable[[Job, str], Any] | None = None,
    again: Callable[[Job], Any] | None = None,
) -> Callable[[Callable[[Job], Any]], Callable[[Job], Any]]:
    """Register the function a room's `tasks.py` offers under a name. It must be idempotent.

    `failed(job, reason)` is called when no try is left, also when each worker died in the middle; `again(job)` inside the
    act by which a person has it done anew. `title` says in words what the work is.
    """

    def register(function: Callable[[Job], Any]) -> Callable[[Job], Any]:
        _handlers[name] = Handler(function, queue, attempts, failed, again, title)
        return function

    return register


_in_bulk: ContextVar[bool] = ContextVar("in bulk", default=False)


@contextmanager
def in_bulk() -> Iterator[None]:
    """Put whatever is queued inside behind everything a person waits for."""
    token = _in_bulk.set(True)
    try:
        yield
    finally:
        _in_bulk.reset(token)


def enqueue(
    name: str, subject: Any = "", *, payload: dict[str, Any] | None = None, priority: int = 5, delay: int = 0
) -> Job:
    """Write a job in the transaction under way; `payload` holds keys only, never personal data. `delay` in seconds."""
    job = Job.objects.create(
        name=name,
        subject=audit.subject_key(subject),
        payload=payload or {},
        priority=max(priority, IN_BULK) if _in_bulk.get() else priority,
        not_before=now() + timedelta(seconds=delay),
        most_attempts=_handlers[name].attempts if name in _handlers else 5,
    )
    if not delay:
        transaction.on_commit(lambda: nudge(job), robust=True)
    return job


def repeat(name: str, *, every: timedelta) -> None:
    """Let a job without payload be queued again and again. Two may run at once: its handler is idempotent, as all are."""
    _timed[name] = every


def hold_timed_while(check: Callable[[], bool]) -> None:
    """Let timed work wait while this is so: on a portal that is being filled it would say of nothing that it is all there is."""
    _held_while.append(check)


def timed_is_held() -> bool:
    """Whether timed work waits now."""
    return any(check() for check in _held_while)


def start_timed() -> int:
    """Queue each timed job whose last one was queued long enough ago. How many were; none while timed work is held."""
    if timed_is_held():
        return 0
    due = [
        name
        for name, interval in _timed.items()
        if not Job.objects.filter(name=name, created_at__gt=now() - interval).exists()
    ]
    for name in due:
        enqueue(name, priority=9)
    return len(due)


def queue_of(name: str) -> str:
    """The queue of jobs of this name."""
    return _handlers[name].queue if name in _handlers else "reports"


def title_of(name: str) -> Any:
    """In words what jobs of this name do; the name itself where nobody knows it."""
    return (_handlers[name].title if name in _handlers else "") or name


_broker = {"rest_until": 0.0}  # one that did not answer is left alone up to then


def nudge(job: Job) -> None:
    """Tell the broker. A dead broker is not an error: the sweep finds the row.

    One that did not answer is left alone for some seconds: a page that writes many jobs waits for it once.
    """
    if time.monotonic() < _broker["rest_until"]:
        return
    try:
        current_app.send_task(
            "records.tasks.run", args=[job.pk], queue=queue_of(job.name), retry=False, ignore_result=True
        )
    except Exception as error:  # noqa: BLE001 -- whatever the broker's client raises, the row is safe
        _broker["rest_until"] = time.monotonic() + BROKER_REST
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
        if job.name not in _timed or not timed_is_held():  # queued a moment before it was held: its next turn does it
            found.function(job)
    except Exception as error:  # noqa: BLE001 -- a job that fails is kept with its reason
        _failed(job, error)
    else:
        _finish(job, JobState.READY, "")
    return True


def _failed(job: Job, error: Exception) -> None:
    log.warning("job_failed name=%s job=%s error=%s", job.name, job.pk, type(error).__name__)
    away = _text_of(error) if isinstance(error, Away) else NO_ROOM if fault_of(error) is Fault.DISK_FULL else ""
    if away:  # nobody's fault, and over when it is back: no try is spent on it
        again = now() + WHILE_AWAY
        more = F("most_attempts") + 1
        _this_try(job).update(state=JobState.QUEUED, error=away, not_before=again, most_attempts=more)
        return
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
    """Queue a failed job anew, with all its tries, because a person asked. Raises Refused where its room says no."""
    if queue_again(job):
        audit.record("job.retry", f"job:{job.pk}", by=by, data={"name": job.name})
    return job


def queue_again(job: Job, priority: int = 1) -> bool:
    """Inside an act: queue a failed job with all its tries and tell its room; False where it had not failed."""
    anew = {"state": JobState.QUEUED, "attempts": 0, "error": "", "finished_at": None, "priority": priority}
    if not Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(**anew, not_before=now()):
        return False
    known = _handlers.get(job.name)
    if known and known.again:
        known.again(job)
    transaction.on_commit(lambda: nudge(job), robust=True)
    return True


def stopped() -> QuerySet[Job]:
    """Failed jobs, by kind and newest first; not those whose work was asked for once more by a later job."""
    later = Job.objects.filter(
        name=OuterRef("name"), subject=OuterRef("subject"), payload=OuterRef("payload"), pk__gt=OuterRef("pk")
    )
    return Job.objects.filter(~Exists(later), state=JobState.FAILED).order_by("name", "-finished_at", "-pk")


@acts.act
def retry_all(name: str, *, by: Any) -> int:
    """Queue every stopped job of a kind anew, because a person asked; how many. One that is refused stays stopped.

    They stand behind what a person waits for.
    """
    queued = 0
    for job in acts.lock(Job.objects.filter(pk__in=stopped().filter(name=name).order_by().values("pk"))):
        try:
            with transaction.atomic():
                queued += queue_again(job, IN_BULK)
        except Refused:
            continue
    if queued:
        audit.record("job.retry", f"job:{name}", by=by, data={"name": name, "number": queued})
    return queued


def sweep(*, nudging: bool = True) -> int:
    """Queue again what a dead worker left running, and nudge what the broker lost. How many were waiting."""
    lost = Job.objects.filter(state=JobState.RUNNING, heartbeat_at__lt=now() - HEARTBEAT_LOST)
    for job in lost:
        silent = _this_try(job).filter(heartbeat_at=job.heartbeat_at)  # it may have said meanwhile that it lives
        if job.attempts >= job.most_attempts:
            _finish(job, JobState.FAILED, "The worker stopped in the middle of this job each time.", silent)
        else:
            silent.update(state=JobState.QUEUED, not_before=now())
    waiting = due().order_by().values_list("name").annotate(number=Count("pk"))
    by_queue: dict[str, dict[str, int]] = defaultdict(dict)
    for name, number in waiting:
        by_queue[queue_of(name)][name] = number
    for queue, numbers in by_queue.items() if nudging else ():
        _make_up(queue, numbers)
    return sum(number for numbers in by_queue.values() for number in numbers.values())


def _make_up(queue: str, numbers: dict[str, int]) -> None:
    """Nudge as many of a queue's jobs (`numbers` by name) as have no message in the broker; which ones does not matter, a
    message leads to the most urgent.

    Ten thousand receipts may wait for hours: nudged anew at every sweep they would leave a hundred thousand messages. Each
    queue by itself: three mails must not wait behind them.
    """
    missing = sum(numbers.values()) - _messages_in(queue)
    if missing > 0:
        for job in due().filter(name__in=numbers)[: min(missing, AT_A_SWEEP)]:
            nudge(job)


def _messages_in(queue: str) -> int:
    """How many messages wait in a queue of the broker: none where it has none, or cannot be asked."""
    try:
        with current_app.connection_for_read() as connection:
            channel: Any = connection.default_channel
            return int(channel.queue_declare(queue, passive=True).message_count)
    except Exception:  # noqa: BLE001 -- whatever the broker's client raises, all are nudged then
        return 0


def due() -> Any:
    """Queued jobs whose time has come, what people wait for first."""
    return Job.objects.filter(Q(state=JobState.QUEUED), not_before__lte=now()).order_by("priority", "pk")


def say_alive(name: str) -> None:
    """A worker's own heartbeat."""
    WorkerBeat.objects.update_or_create(name=name, defaults={"at": now()})


def worker_alive() -> bool:
    """Whether any worker said within the last half minute that it lives."""
    return WorkerBeat.objects.filter(at__gte=now() - FRESH).exists()


def is_fresh(moment: datetime) -> bool:
    """Whether a worker that said so at this moment counts as alive."""
    return moment >= now() - FRESH


def wait_for(key: int, seconds: float) -> Job:
    """Wait until a job is done or the time is over; the row as it then is."""
    end = time.monotonic() + seconds
    while True:
        job = Job.objects.get(pk=key)
        if job.state in {JobState.READY, JobState.FAILED} or time.monotonic() >= end:
            return job
        time.sleep(0.2)
