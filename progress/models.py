"""What the General Manager says of a month, and the runs that make the reports of all districts."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from accounts import work
from districts.models import District
from records.appendonly import append_only
from records.clock import now
from records.models import JobState, Paper

USER = settings.AUTH_USER_MODEL
LANGUAGES = ("en", "ml")  # a report is made in each
BY_ITSELF = "month end"  # who began a run that nobody asked for
UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)


@append_only("narrative", "a narrative is never changed", ("district_id", "month", "version"))
class Narrative(models.Model):
    """The page the General Manager writes about a month of the district. A change is a new version; all are kept."""

    district = models.ForeignKey(District, models.PROTECT, related_name="narratives")
    month = models.CharField(max_length=7)  # 2026-11
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    post = models.CharField(max_length=200)  # as it was called that day
    post_ml = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["district", "month", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["district", "month", "version"], name="narrative_version_once"),
            models.CheckConstraint(name="narrative_says_something", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.district_id}:{self.month}:{self.version}"

    @property
    def signed(self) -> str:
        """The post, in the reader's language."""
        return self.post_ml if get_language() == "ml" and self.post_ml else self.post


class ReportRun(models.Model):
    """The reports of all districts for a month, made in one go that goes on where it stopped.

    `done` of `total` are frozen and numbered; how far their PDFs are is asked of the papers. `started_by` is empty where
    the portal began it at the month's end, and where it was begun from a shell.
    """

    month = models.CharField(max_length=7)
    started_at = models.DateTimeField(default=now)
    started_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    started_by_label = models.CharField(max_length=200)
    total = models.PositiveSmallIntegerField()
    done = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    error = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(name="report_run_state_known", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(name="report_run_within_its_total", condition=Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="finished_report_run_has_its_time",
                condition=Q(state__in=["queued", "running"], ended_at__isnull=True)
                | Q(state__in=["ready", "failed"], ended_at__isnull=False),
            ),
            models.CheckConstraint(name="failed_report_run_says_why", condition=~Q(state="failed") | ~Q(error="")),
            models.UniqueConstraint(
                fields=["month"], condition=Q(state__in=["queued", "running"]), name="one_report_run_of_a_month_at_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month}:{self.pk}"

    @property
    def why(self) -> str:
        """Why it stopped, in the reader's language; empty where it did not."""
        return " ".join(work.in_words("progress.reports", self.error)) if self.error else ""

    @property
    def by_itself(self) -> bool:
        """Whether the portal began it at the month's end."""
        return self.started_by_label == BY_ITSELF

    @property
    def trail_key(self) -> str:
        return f"reports:{self.month}:{self.pk}"


class RunReport(models.Model):
    """One report of a run: a district in a language, made once."""

    run = models.ForeignKey(ReportRun, models.PROTECT, related_name="reports")
    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    language = models.CharField(max_length=2)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "district", "language"], name="a_run_makes_a_report_once"),
            models.CheckConstraint(name="run_report_language_known", condition=Q(language__in=["en", "ml"])),
        ]
