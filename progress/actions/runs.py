"""Make the reports of all districts in one run that goes on where it stopped."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from districts.models import District
from progress import queries, rules, runs
from progress.actions.reports import make_report
from progress.models import LANGUAGES, UNDER_WAY, ReportRun, RunReport
from progress.periods import need_files
from records import audit, jobs, papers
from records.acts import SystemActor, act, actor_label, lock_one, system
from records.clock import now
from records.models import JobState, Paper
from records.verdicts import Refused

IN_BULK = 9  # what a person waits for goes first
SECOND_CLICK = timedelta(seconds=30)


@act
def start_run(month: str, *, by: Any, once: bool = False) -> ReportRun:
    """Begin the reports of all districts for a month. `once`: not where they were made since the month ended.

    Raises Refused for who may not, for a month that is none or lies ahead, and while a run of the month is under way.
    """
    if not isinstance(by, SystemActor):
        _asked(rules.may_make_all_reports(by))
    period = queries.month_of(month)
    need_files(period)
    since = ReportRun.objects.filter(month=month, started_at__gte=period.end)
    earlier = since.filter(Q(started_by__isnull=True) | ~Q(state=JobState.FAILED)).first() if once else None
    if earlier is not None:
        return earlier
    going = runs.under_way(month)
    if going is not None:
        if going.started_by_id == getattr(by, "pk", None) and going.started_at >= now() - SECOND_CLICK:
            return going
        raise _under_way(going)
    run = _begun(month, by)
    audit.record("reports.start", run, by=by, data={"month": month, "reports": run.total})
    jobs.enqueue("progress.reports", run, payload={"run": run.pk}, priority=IN_BULK)
    return run


def _asked(verdict: Any) -> None:
    if not verdict:
        raise Refused(verdict.reason)


def _under_way(run: Any) -> Refused:
    sentence = _("The reports of %(month)s are being made already: %(done)s of %(total)s. Wait until they are there.")
    return Refused(sentence % {"month": run.month, "done": run.printed, "total": run.total}, "month")


def _begun(month: str, by: Any) -> ReportRun:
    """The row of a new run. Two at once: the database lets one in."""
    try:
        with transaction.atomic():
            return ReportRun.objects.create(
                month=month,
                started_at=now(),
                started_by=None if isinstance(by, SystemActor) else by,
                started_by_label=actor_label(by),
                total=District.objects.count() * len(LANGUAGES),
            )
    except IntegrityError as error:
        raise Refused(_("The reports of %(month)s are being made already.") % {"month": month}, "month") from error


@act
def make_of_run(run: ReportRun, district: District, language: str) -> int:
    """One report of a run, once: the run is locked, and a report that is made already stays. How many are made."""
    held: ReportRun = lock_one(ReportRun, run.pk)
    if RunReport.objects.filter(run=held, district=district, language=language).exists():
        return held.done
    if held.state not in UNDER_WAY:
        raise Refused(_("This run has ended."))
    by = held.started_by or system(held.started_by_label)
    paper = make_report(district, held.month, by=by, language=language, priority=IN_BULK)
    RunReport.objects.create(run=held, district=district, language=language, paper=paper)
    held.done += 1
    held.state = JobState.RUNNING
    held.save(update_fields=["done", "state"])
    return held.done


@act
def end_run(run: ReportRun) -> None:
    """Every report is frozen; the PDFs come one after the other."""
    held: ReportRun = lock_one(ReportRun, run.pk)
    if held.state in UNDER_WAY and not list(runs.left(held)):
        _ended(held, JobState.READY)


@act
def fail_run(run: ReportRun, reason: str) -> None:
    """No try is left: the run says why, and a person may have it go on."""
    held: ReportRun = lock_one(ReportRun, run.pk)
    if held.state in UNDER_WAY:
        _ended(held, JobState.FAILED, reason)


def _ended(held: ReportRun, state: JobState, error: str = "") -> None:
    held.state, held.error, held.ended_at = state, error, now()
    held.save(update_fields=["state", "error", "ended_at"])


@act
def try_again(run: ReportRun, *, by: Any) -> None:
    """Let a run that failed go on where it stopped, and ask anew for each of its PDFs that failed."""
    _asked(rules.may_make_all_reports(by))
    held: ReportRun = lock_one(ReportRun, run.pk)
    failed = list(Paper.objects.filter(pk__in=held.reports.values("paper"), state=JobState.FAILED).order_by("pk"))
    if held.state != JobState.FAILED and not failed:
        return
    audit.record("reports.again", held, by=by, data={"month": held.month, "papers": len(failed)})
    for paper in failed:
        papers.ask_for(paper, by=by)
    if held.state == JobState.FAILED:
        _go_on(held)
        jobs.enqueue("progress.reports", held, payload={"run": held.pk}, priority=IN_BULK)


@act
def go_on(run: ReportRun) -> None:
    """The job of a run that failed is queued again: the run waits with it."""
    held: ReportRun = lock_one(ReportRun, run.pk)
    if held.state == JobState.FAILED:
        _go_on(held)


def _go_on(held: ReportRun) -> None:
    held.state, held.error, held.ended_at = JobState.QUEUED, "", None
    try:
        with transaction.atomic():
            held.save(update_fields=["state", "error", "ended_at"])
    except IntegrityError as error:
        sentence = _("The reports of %(month)s are being made already.")
        raise Refused(sentence % {"month": held.month}, "month") from error
