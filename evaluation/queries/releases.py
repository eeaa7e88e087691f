"""How far the letters of a release are, and what failed."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts import work
from applications.models import Application
from evaluation.models import Decision, Release
from records.models import Job, JobState, Message


@dataclass(frozen=True)
class Progress:
    """How far the letters of a release are, from the rows themselves. `error`: why their writing stopped, in words."""

    total: int
    written: int
    printed: int
    unprinted: int  # PDFs that failed
    unsent: int  # mails that failed
    error: str

    @property
    def goes_on(self) -> bool:
        """Whether a worker has still to write or to print."""
        return not self.error and self.printed + self.unprinted < self.total

    @property
    def failed(self) -> bool:
        """Whether something can be tried again."""
        return bool(self.error or self.unprinted or self.unsent)

    @property
    def state(self) -> JobState:
        """The word for all of it together."""
        if self.goes_on:
            return JobState.RUNNING if self.written else JobState.QUEUED
        return JobState.FAILED if self.failed else JobState.READY

    @property
    def turn(self) -> str:
        """The colour token of the look."""
        return {JobState.READY: "good", JobState.FAILED: "bad"}.get(self.state, "office")


def mark_of(decisions: Iterable[Decision]) -> str:
    """What a release was prepared for, or a page counted: a hash of the decisions that wait."""
    rows = sorted(f"{decision.pk} {decision.outcome}" for decision in decisions)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def progress_of(release: Release) -> Progress:
    """How far the letters are."""
    counts = release.decisions.aggregate(
        total=Count("pk"),
        written=Count("letter"),
        printed=Count("pk", filter=Q(letter__state=JobState.READY)),
        unprinted=Count("pk", filter=Q(letter__state=JobState.FAILED)),
    )
    job = newest_job(release)
    error = " ".join(work.why(job)) if job is not None and job.state == JobState.FAILED else ""
    return Progress(**counts, unsent=unsent_of(release).count(), error=error)


def newest_job(release: Release) -> Job | None:
    """The job that writes the letters, the last one of several."""
    found = Job.objects.filter(name="evaluation.letters", subject=release.meeting.trail_key)
    return found.order_by("-pk").first()


def unsent_of(release: Release) -> QuerySet[Message]:
    """Mails about the decisions of a release that could not be sent."""
    references = release.decisions.values_list("application__reference", flat=True)
    keys = [f"application:{reference}" for reference in references]
    return Message.objects.filter(kind="application.decided", subject__in=keys, state=JobState.FAILED)


def released_decision(file: Application) -> Decision | None:
    """What was decided about a file, once it is released; nothing before."""
    found = (
        Decision.objects.released()
        .filter(application=file)
        .select_related("release", "letter", "item__meeting", "item__row__shortlist")
    )
    decision = found.first()
    if decision is not None:
        decision.application = file
    return decision
