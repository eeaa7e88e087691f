"""Documents: a slot for each kind asked, versions in it, a reason for each refusal."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.models.file import Application
from applications.states import DocumentState
from records.clock import now
from records.models import StoredFile


class DocumentKind(models.Model):
    """One of the seven document groups. `financial` papers leave a line in the trail each time they are opened."""

    key = models.SlugField(_("key"), max_length=20, unique=True)
    order = models.PositiveSmallIntegerField(_("order"))
    name_en = models.CharField(_("name in English"), max_length=120)
    name_ml = models.CharField(_("name in Malayalam"), max_length=120)
    hint_en = models.CharField(_("what to send, in English"), max_length=300, blank=True)
    hint_ml = models.CharField(_("what to send, in Malayalam"), max_length=300, blank=True)
    financial = models.BooleanField(_("financial paper"), default=False)
    asked_at_start = models.BooleanField(_("asked for from the start"), default=True)

    class Meta:
        ordering = ["order"]
        verbose_name = _("kind of document")
        verbose_name_plural = _("kinds of documents")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_ml if get_language() == "ml" else self.name_en

    @property
    def hint(self) -> str:
        return self.hint_ml if get_language() == "ml" else self.hint_en


class RejectionReason(models.TextChoices):
    """Coded, so that a month's report can count them; the words are what the applicant reads."""

    UNREADABLE = "unreadable", _("Cannot be read")
    INCOMPLETE = "incomplete", _("Pages are missing")
    WRONG_DOCUMENT = "wrong_document", _("Another document than the one asked for")
    OUT_OF_DATE = "out_of_date", _("Out of date")
    UNSIGNED = "unsigned", _("Signature or seal is missing")
    MISMATCH = "mismatch", _("Does not agree with what the application says")
    OTHER = "other", _("Another reason")


class DocumentSlot(models.Model):
    """A place for one kind of document in one application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="slots")
    kind = models.ForeignKey(DocumentKind, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["kind__order"]
        constraints = [models.UniqueConstraint(fields=["application", "kind"], name="one_slot_a_kind")]


class DocumentVersion(models.Model):
    """One file sent into a slot. The highest number is the one that counts; earlier ones are kept as replaced."""

    slot = models.ForeignKey(DocumentSlot, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    state = models.CharField(max_length=14, choices=DocumentState.choices, default=DocumentState.RECEIVED)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=now)
    reason = models.CharField(max_length=16, choices=RejectionReason.choices, blank=True)
    note = models.CharField(max_length=500, blank=True)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["slot", "-number"]
        indexes = [
            models.Index(fields=["judged_at"], name="rejections_of_a_month", condition=~Q(reason="")),
            # The few rejected, and the few sent anew and not judged: every list of a desk asks for who is both.
            models.Index(fields=["slot"], name="documents_sent_anew", condition=Q(state="received", number__gt=1)),
            models.Index(fields=["slot"], name="documents_rejected", condition=Q(state="rejected")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["slot", "number"], name="version_number_once"),
            models.CheckConstraint(name="document_state_known", condition=Q(state__in=DocumentState.values)),
            models.CheckConstraint(
                name="judged_by_and_when_together",
                condition=Q(judged_by__isnull=True, judged_at__isnull=True)
                | Q(judged_by__isnull=False, judged_at__isnull=False),
            ),
            models.CheckConstraint(name="a_rejection_has_a_reason", condition=~Q(state="rejected") | ~Q(reason="")),
            models.CheckConstraint(
                name="judged_documents_name_the_judge",
                condition=~Q(state__in=["accepted", "rejected"]) | Q(judged_by__isnull=False),
            ),
        ]

    @property
    def turn(self) -> str:
        """Whose turn it is, as the colour of its tag."""
        return DocumentState(self.state).turn
