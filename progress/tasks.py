"""How reports are printed and who may read them; the run that makes those of all districts, also by itself each month."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from districts.models import District
from progress import actions, documents, queries, rules, runs
from progress.models import BY_ITSELF, ReportRun
from records import jobs, papers
from records.acts import system
from records.models import Job, Paper
from records.verdicts import Refused


def _may_see(user: Any, paper: Paper) -> bool:
    district = District.objects.filter(code=paper.snapshot["district"]).first()
    return district is not None and bool(rules.may_see_district(user, district))


papers.register(
    queries.REPORT,
    template="documents/district_report.html",
    context=documents.report_context,
    may_see=_may_see,
    title=_("District report"),
)


def _not_made(job: Job, reason: str) -> None:
    run = ReportRun.objects.filter(pk=job.payload["run"]).first()
    if run is not None:
        actions.fail_run(run, reason)


def _made_again(job: Job) -> None:
    run = ReportRun.objects.filter(pk=job.payload["run"]).first()
    if run is not None:
        actions.go_on(run)


@jobs.handler("progress.reports", title=_("Making the reports of all districts"), failed=_not_made, again=_made_again)
def make_reports(job: Job) -> None:
    """Make what is left of a run, one act a report. Begun again after a worker died, it goes on where that one stopped."""
    run = ReportRun.objects.select_related("started_by").get(pk=job.payload["run"])
    for district, language in runs.left(run):
        try:
            done = actions.make_of_run(run, district, language)
        except Refused as refusal:
            raise jobs.GivenUp(refusal.reason) from refusal
        jobs.progress(job, done, run.total)
    actions.end_run(run)


@jobs.handler("progress.month_end", title=_("Beginning the reports of the month that has ended"))
def month_end(_job: Job) -> None:
    """Begin the reports of the month that has ended, once. Harmless when run again."""
    month = runs.month_to_report()
    if month and District.objects.exists():
        # Refused where a person began it a moment ago: then it is being made already.
        with suppress(Refused):
            actions.start_run(month, by=system(BY_ITSELF), once=True)


jobs.repeat("progress.month_end", every=timedelta(hours=1))
