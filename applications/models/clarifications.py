"""Questions to the applicant: what is asked, which fields and documents open for the answer, and what changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models.documents import DocumentKind
from applications.models.file import Application
from records.clock import now

USER = settings.AUTH_USER_MODEL


class AskedBy(models.TextChoices):
    """Who asks: the DIC during scrutiny or appraisal, or the State-Level Approval Committee."""

    DIC = "dic", _("The DIC")
    COMMITTEE = "committee", _("The State-Level Approval Committee")


class ClarificationQuerySet(models.QuerySet["Clarification"]):
    def open(self) -> "ClarificationQuerySet":
        """Those the applicant can still answer."""
        return self.filter(answered_at__isnull=True, closed_at__isnull=True)

    def to_read(self) -> "ClarificationQuerySet":
        """Answers that nobody of the office has marked as read."""
        return self.filter(answered_at__isnull=False, read_at__isnull=True)


class Clarification(models.Model):
    """One question with a day by which it is to be answered. A file has at most one open at a time.

    `state_asked` is the state the file was in, and to which the answer returns it. `answer` holds what was saved of it
    while the question is open; it counts, and the office reads it, from `answered_at` on.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="clarifications")
    number = models.PositiveSmallIntegerField()
    asked_for = models.CharField(max_length=10, choices=AskedBy.choices, default=AskedBy.DIC)
    question = models.TextField(_("question"), max_length=2000)
    state_asked = models.CharField(max_length=20)
    asked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    due_on = models.DateField(_("due"))
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)  # closed unanswered, or with the file's withdrawal
    closed_note = models.TextField(blank=True)

    objects = ClarificationQuerySet.as_manager()

    class Meta:
        ordering = ["application", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="clarification_number_once"),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_at__isnull=True, closed_at__isnull=True),
                name="one_open_clarification_a_file",
            ),
            models.CheckConstraint(name="clarification_asks_something", condition=~Q(question="")),
            models.CheckConstraint(
                name="answered_by_and_when_together",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            ),
            models.CheckConstraint(
                name="answered_after_asked", condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("asked_at"))
            ),
            models.CheckConstraint(
                name="answered_or_closed_not_both",
                condition=Q(answered_at__isnull=True) | Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="read_by_and_when_together",
                condition=Q(read_at__isnull=True, read_by__isnull=True)
                | Q(read_at__isnull=False, read_by__isnull=False, answered_at__isnull=False),
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether the applicant can still answer."""
        return self.answered_at is None and self.closed_at is None


class ClarificationItem(models.Model):
    """One thing that opens for the answer: a field of a section, or a kind of document.

    `field` is "enterprise.began_on", "financials.2025-26.turnover_export" or "ownership.owners" (the whole list);
    `before` and `after` are what stood there when asked and when answered, sealed values masked.
    """

    clarification = models.ForeignKey(Clarification, models.PROTECT, related_name="items")
    field = models.CharField(max_length=80, blank=True)
    kind = models.ForeignKey(DocumentKind, models.PROTECT, null=True, blank=True, related_name="+")
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_field_or_a_document",
                condition=(~Q(field="") & Q(kind__isnull=True)) | Q(field="", kind__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["clarification", "field"], condition=~Q(field=""), name="a_field_once_a_question"
            ),
            models.UniqueConstraint(
                fields=["clarification", "kind"],
                condition=Q(kind__isnull=False),
                name="a_document_once_a_question",
            ),
        ]

    @property
    def version_asked(self) -> int:
        """The number of the document's version that stood there when it was asked for; 0 for none."""
        return int(self.before["version"]) if self.kind_id and self.before else 0
