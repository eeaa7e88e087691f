"""Rows every room writes on: the trail, jobs, papers, files, messages."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from records.appendonly import append_only
from records.clock import now


class ChainHead(models.Model):
    """The end of the trail: one row, locked only while an act is being chained."""

    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)


@append_only("trail", "the trail is append-only", ("sequence",))
class AuditEvent(models.Model):
    """One line of the trail: strings only, so that no other row can block or vanish with it. Never changed."""

    sequence = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    verb = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    actor_label = models.CharField(max_length=200)
    subject = models.CharField(max_length=120, db_index=True)
    scope = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["sequence"]


class JobState(models.TextChoices):
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class Job(models.Model):
    """Work to be done outside the request. The row is the truth; the broker only carries its number.

    `priority` 0 is a code somebody must type, 1 what a person waits for, 9 what is made in bulk.
    """

    name = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    priority = models.PositiveSmallIntegerField(default=5)
    attempts = models.PositiveSmallIntegerField(default=0)
    most_attempts = models.PositiveSmallIntegerField(default=5)
    not_before = models.DateTimeField(default=now)
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["priority", "pk"]
        indexes = [models.Index(fields=["state", "priority", "id"])]
        constraints = [
            models.CheckConstraint(name="job_state_known", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(
                name="running_job_has_a_heartbeat", condition=~Q(state="running") | Q(heartbeat_at__isnull=False)
            ),
            models.CheckConstraint(
                name="finished_job_has_its_time",
                condition=~Q(state__in=["ready", "failed"]) | Q(finished_at__isnull=False),
            ),
        ]


class WorkerBeat(models.Model):
    """When a worker last said that it lives."""

    name = models.CharField(max_length=80, unique=True)
    at = models.DateTimeField()


class StoredFile(models.Model):
    """A file as it was accepted. It has no public address."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=160)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField(default=1)
    scan = models.CharField(max_length=24, default="not virus-scanned")
    path = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)


class PageImage(models.Model):
    """One page of a file as an image to be read beside the screen. Made from the file, and made again where it is gone."""

    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="page_images")
    number = models.PositiveSmallIntegerField()
    path = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["file", "number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="page_image_once"),
            models.CheckConstraint(name="pages_count_from_one", condition=Q(number__gte=1)),
        ]


class Paper(models.Model):
    """A frozen record: content at the moment of issue, its hash, its number. The PDF is made from this row only."""

    number = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=60)
    title_en = models.CharField(max_length=200)
    title_ml = models.CharField(max_length=200)
    subject = models.CharField(max_length=120, db_index=True)
    scope = models.CharField(max_length=40, blank=True)
    audience = models.CharField(max_length=8, default="office")
    language = models.CharField(max_length=2, default="en")
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    template_version = models.CharField(max_length=20)
    issuer_en = models.CharField(max_length=160, blank=True)
    issuer_ml = models.CharField(max_length=160, blank=True)
    issued_at = models.DateTimeField(default=now)
    issued_by = models.CharField(max_length=80)
    issued_by_label = models.CharField(max_length=200)
    released_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes")
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    error = models.TextField(blank=True)
    pdf = models.CharField(max_length=120, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-issued_at", "-pk"]
        indexes = [models.Index(fields=["kind", "issued_at"])]
        constraints = [
            models.CheckConstraint(name="paper_state_known", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(
                name="paper_audience_known", condition=Q(audience__in=["office", "owner", "public"])
            ),
            models.CheckConstraint(
                name="ready_paper_has_its_pdf", condition=~Q(state="ready") | (~Q(pdf="") & Q(ready_at__isnull=False))
            ),
            models.CheckConstraint(name="failed_paper_says_why", condition=~Q(state="failed") | ~Q(error="")),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/papers/{self.number}/"

    @property
    def title(self) -> str:
        return self.title_ml if get_language() == "ml" else self.title_en

    @property
    def issuer(self) -> str:
        return self.issuer_ml if get_language() == "ml" else self.issuer_en


class Message(models.Model):
    """A mail as a row first: to which address, in which words. The text is what was sent."""

    to_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="mails")
    address = models.EmailField()
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True, db_index=True)
    language = models.CharField(max_length=2)
    title = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    error = models.TextField(blank=True)
    at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="message_state_known", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(
                name="sent_message_has_its_time", condition=~Q(state="ready") | Q(sent_at__isnull=False)
            ),
        ]
