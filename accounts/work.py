"""Work that stopped: what failed for good, about what, why in plain words, and what waits. For whoever keeps the portal
running.

What an error says may repeat what it fell over, a name or an address: only reasons known to be fit to show are shown.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from records import jobs, pages
from records.clock import now
from records.models import Job, JobState, Paper, WorkerBeat

# How a reason begins that the ground floor itself wrote, and what is said of it.
REASONS: tuple[tuple[str, Promise], ...] = (
    ("The worker stopped", _("The worker stopped in the middle of this work each time.")),
    ("Nothing is registered", _("This version of the portal does not know this kind of work.")),
    ("The PDF libraries are missing", _("The PDF libraries are missing on the machine of the worker.")),
    ("A file the paper is printed with", _("A file that papers are printed with is missing.")),
    ("The PDF could not be made: it took longer", _("The PDF took longer than a paper may.")),
    ("The PDF could not be made", _("The PDF could not be made.")),
)
# What is said of any other reason: of some kinds of work more is known than that it was an error.
OTHERWISE: dict[str, Promise] = {
    "records.mail": _("The mail server could not be reached, or did not take the mail."),
    "evaluation.letters": _("Some letters could not be written; the others were."),
}
UNEXPECTED = _("An error that nobody expected. The log of the worker names it beside the number of the job.")


@dataclass(frozen=True)
class Stopped:
    """One job that no worker tries again: `about` is a number or a key, never a name."""

    job: Job
    about: str
    why: list[str]


@dataclass(frozen=True)
class Kind:
    """The stopped jobs of one kind that stand on the page."""

    name: str
    title: Any
    number: int  # of all of the kind, also on other pages
    rows: list[Stopped]


@dataclass(frozen=True)
class Waiting:
    """What is queued and what is being done, and since when the oldest."""

    queued: int
    queued_since: datetime | None
    running: int
    running_since: datetime | None
    heard_at: datetime | None  # when a worker last said that it lives
    alive: bool


def numbers() -> dict[str, int]:
    """How many jobs of each kind have stopped."""
    counted = jobs.stopped().order_by().values_list("name").annotate(number=Count("pk"))
    return dict(counted)


def by_kind(found: Iterable[Job], number_of: dict[str, int]) -> list[Kind]:
    """The jobs of one page under the words for their kind."""
    kinds: dict[str, list[Job]] = {}
    for job in found:
        kinds.setdefault(job.name, []).append(job)
    keys = {job.payload.get("paper") for job in kinds.get("records.render", [])}
    papers = dict(Paper.objects.filter(pk__in=keys).values_list("pk", "number"))
    return [
        Kind(name, jobs.title_of(name), number_of.get(name, len(rows)), [_row(job, papers) for job in rows])
        for name, rows in kinds.items()
    ]


def _row(job: Job, papers: dict[int, str]) -> Stopped:
    key = job.subject.partition(":")[2] or next((str(value) for value in job.payload.values()), "")
    about = papers.get(job.payload.get("paper", 0), key)
    return Stopped(job, about, why(job))


def why(job: Job) -> list[str]:
    """Why a job has stopped, in sentences of the reader's language that hold nothing of what it was about."""
    return in_words(job.name, job.error)


def in_words(name: str, error: str) -> list[str]:
    """What an error that was kept says to people, of a job of this name."""
    for beginning, sentence in REASONS:
        if error.startswith(beginning):
            return [str(sentence)]
    if name == "records.pages" and re.fullmatch(r"[a-z0-9 :;]*", error):
        return pages.sentences(error)
    return [str(OTHERWISE.get(name, UNEXPECTED))]


def waiting() -> Waiting:
    """What waits for a worker and what one does, and whether any lives."""
    due = Q(state=JobState.QUEUED, not_before__lte=now())
    running = Q(state=JobState.RUNNING)
    counts = Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).aggregate(
        queued=Count("pk", filter=due),
        queued_since=Min("not_before", filter=due),
        running=Count("pk", filter=running),
        running_since=Min("started_at", filter=running),
    )
    heard_at = WorkerBeat.objects.aggregate(at=Max("at"))["at"]
    return Waiting(**counts, heard_at=heard_at, alive=heard_at is not None and jobs.is_fresh(heard_at))
