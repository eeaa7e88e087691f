"""A file that comes back to the appraisal: what its pages ask."""

from typing import Any

from applications.models import Application
from evaluation.queries.conflicts import conflict_verdict
from evaluation.rules.packets import may_close_again, may_return
from evaluation.steps import closable
from records.audit import subject_key
from records.models import Job, JobState
from records.verdicts import Verdict


def return_verdict(user: Any, file: Application) -> Verdict:
    """Whether this person may return the file to the appraisal now: not who stepped back from it."""
    verdict = may_return(user, file)
    return conflict_verdict(user, file) if verdict else verdict


def closing(file: Application) -> bool:
    """Whether the job that closes the appraisal is waiting or at work."""
    jobs = Job.objects.filter(name="evaluation.appraise", subject=subject_key(file))
    return jobs.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).exists()


def close_again_verdict(user: Any, file: Application) -> Verdict:
    """Whether this person may have the appraisal closed now."""
    verdict = may_close_again(user, file, closable(file), closing=closing(file))
    return conflict_verdict(user, file) if verdict else verdict
