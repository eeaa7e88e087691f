"""The letters of a release, one decision at a time: letter and mail are written together, or not at all."""

from typing import Any

from accounts.roles import Permission
from evaluation import letters, notices
from evaluation.models import Decision, Release
from evaluation.queries.releases import newest_job, unsent_of
from evaluation.rules.committee import NOT_YOURS
from evaluation.states import DecisionState
from records import jobs, papers
from records.acts import act, lock, lock_one
from records.models import Job, JobState, Paper
from records.verdicts import Refused

IN_BULK = 9  # what a person waits for goes first


@act
def write_letter(decision: Decision, *, by: Any, render: bool = True) -> Paper | None:
    """Issue the letter of a released decision and write the mail to everybody who may act for its enterprise.

    Once: with the decision locked, nothing is done where it has its letter already. With `render=False` the PDF is made
    when somebody first asks for it.
    """
    needed = Decision.objects.select_related(
        "release", "item__meeting", "item__row__shortlist", "application__office", "application__filed_by"
    )
    (held,) = lock(needed.filter(pk=decision.pk))
    if held.state != DecisionState.RELEASED or held.letter_id is not None:
        return None
    letter = letters.letter_of(held)
    held.letter = papers.issue(letter, subject=held.application, by=by, priority=IN_BULK, render=render)
    held.save(update_fields=["letter"])
    notices.decided(held.application, letter, held.letter)
    return held.letter


@act
def try_again(release: Release, *, by: Any) -> None:
    """Do anew what failed for good: the writing of the letters, a PDF, a mail. What is there is not made again."""
    if not by.has(Permission.RELEASE):
        raise Refused(NOT_YOURS)
    held = lock_one(Release, release.pk)
    job = newest_job(held)
    if job is not None:
        jobs.retry(job, by=by)
    failed = list(Paper.objects.filter(pk__in=held.decisions.values("letter"), state=JobState.FAILED).order_by("pk"))
    for paper in failed:
        papers.ask_for(paper, by=by)
    _behind(*(f"paper:{paper.pk}" for paper in failed))
    mails = list(unsent_of(held).order_by("pk"))
    for waiting in Job.objects.filter(subject__in=[f"message:{mail.pk}" for mail in mails], state=JobState.FAILED):
        jobs.retry(waiting, by=by)
    for mail in mails:
        mail.state, mail.error = JobState.QUEUED, ""
        mail.save(update_fields=["state", "error"])


def _behind(*subjects: str) -> None:
    """What is made again in bulk stands behind what a person waits for."""
    Job.objects.filter(subject__in=subjects, state=JobState.QUEUED).update(priority=IN_BULK)
