"""The runs that make the reports of all districts: which is under way, how far it is, what is left of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, Q

from districts.models import District
from progress.models import LANGUAGES, UNDER_WAY, ReportRun, RunReport
from records.clock import ist, now
from records.models import JobState

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import WithAnnotations

SHOWN = 3  # the newest runs on the page
FROM_HOUR = 1  # of the first day of the month, in India: the month before is over, and nobody is at work
CATCH_UP = 7  # days in which a portal that was switched off makes up for it


class Papers(TypedDict):
    """What `with_papers` adds to a run: how many of its PDFs are there, have failed, are still to come."""

    printed: int
    unprinted: int
    waiting: int


def with_papers() -> "QuerySet[WithAnnotations[ReportRun, Papers]]":
    """Runs, newest first, with how far their PDFs are."""

    def counted(*states: JobState) -> Count:
        return Count("reports", filter=Q(reports__paper__state__in=states))

    return ReportRun.objects.annotate(
        printed=counted(JobState.READY), unprinted=counted(JobState.FAILED), waiting=counted(*UNDER_WAY)
    ).order_by("-started_at", "-pk")  # counting lets go of the model's own order


def state_of(run: "WithAnnotations[ReportRun, Papers]") -> JobState:
    """The word for a run and its PDFs together: ready when the last PDF is there."""
    if run.state != JobState.READY:
        return JobState(run.state)
    if run.waiting:
        return JobState.RUNNING
    return JobState.FAILED if run.unprinted else JobState.READY


def shown() -> "list[WithAnnotations[ReportRun, Papers]]":
    """The newest runs."""
    return list(with_papers()[:SHOWN])


def under_way(month: str) -> "WithAnnotations[ReportRun, Papers] | None":
    """The run of a month that is not at its end: reports to be frozen, or PDFs to be made."""
    return with_papers().filter(Q(state__in=UNDER_WAY) | Q(waiting__gt=0), month=month).first()


def left(run: ReportRun) -> Iterator[tuple[District, str]]:
    """What the run has still to make, district by district."""
    made = set(RunReport.objects.filter(run=run).values_list("district", "language"))
    for district in District.objects.all():
        for language in LANGUAGES:
            if (district.pk, language) not in made:
                yield district, language


def month_to_report() -> str:
    """The month that ended, within the days after it in which the portal makes its reports by itself; else nothing."""
    moment = ist(now())
    if moment.day > CATCH_UP or (moment.day == 1 and moment.hour < FROM_HOUR):
        return ""
    return last_month(moment.date())


def last_month(today: date) -> str:
    """The month before the one of a day."""
    return (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
