"""What an officer writes on a file: verified figures, office notes, calls, visits, a proposal to find it ineligible."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from records.appendonly import append_only
from records.clock import now
from records.models import StoredFile

USER = settings.AUTH_USER_MODEL


class VerifiedFigure(models.Model):
    """A figure as an officer found it. Beside what the enterprise claims, never over it; the newest row counts."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="verified_figures")
    key = models.CharField(max_length=40)  # "turnover:2025-26", see evaluation.figures
    value = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)  # rupees or persons
    text = models.CharField(max_length=60, blank=True)  # for yes/no and dates (ISO)
    source = models.CharField(_("source"), max_length=200)
    visit = models.ForeignKey("Visit", models.PROTECT, null=True, blank=True, related_name="figures")
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["application", "key", "-at", "-pk"]
        indexes = [models.Index(fields=["application", "key"])]
        constraints = [
            models.CheckConstraint(name="verified_has_a_value", condition=Q(value__isnull=False) | ~Q(text="")),
            models.CheckConstraint(name="verified_has_a_source", condition=~Q(source="")),
        ]


class NoteKind(models.TextChoices):
    """An office note, or a telephone call with the enterprise."""

    NOTE = "note", _("Note")
    CALL = "call", _("Call")


@append_only("office_note", "an office note is never changed", ("application_id", "number"))
class OfficeNote(models.Model):
    """One numbered note of the note sheet: signed with the post of that day, never shown outside, never edited."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="office_notes")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=4, choices=NoteKind.choices, default=NoteKind.NOTE)
    text = models.TextField(_("note"), max_length=4000)
    spoke_to = models.CharField(_("spoke to"), max_length=120, blank=True)
    called_at = models.DateTimeField(_("time of the call"), null=True, blank=True)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    post = models.CharField(max_length=200, blank=True)  # the post as it was held that day, in English
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["application", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="office_note_number_once"),
            models.CheckConstraint(name="office_note_kind_known", condition=Q(kind__in=NoteKind.values)),
            models.CheckConstraint(name="office_note_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="a_call_has_time_and_person",
                condition=Q(kind="note", called_at__isnull=True, spoke_to="")
                | (Q(kind="call", called_at__isnull=False) & ~Q(spoke_to="")),
            ),
        ]


@append_only("visit", "a visit is never changed", ("application_id", "number"))
class Visit(models.Model):
    """A visit to the unit as the officer recorded it. A correction is another record; none is edited."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="visits")
    number = models.PositiveSmallIntegerField()
    visited_on = models.DateField(_("date of the visit"))
    people_met = models.CharField(_("people met"), max_length=400)
    findings = models.TextField(_("findings"), max_length=4000)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    post = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["application", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="visit_number_once"),
            models.CheckConstraint(name="visit_has_findings", condition=~Q(findings="") & ~Q(people_met="")),
        ]


@append_only("visit_photo", "a photograph of a visit is never changed")
class VisitPhoto(models.Model):
    """A photograph of a visit. Place and time are kept here as data; the picture itself is kept without them."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)  # degrees, north positive
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)  # degrees, east positive

    class Meta:
        ordering = ["visit", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_place_is_two_numbers_on_the_globe",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
            )
        ]


class IneligibilityQuerySet(models.QuerySet["Ineligibility"]):
    def waiting(self) -> "IneligibilityQuerySet":
        """Proposed and not answered by the General Manager."""
        return self.filter(answered_at__isnull=True)


class Ineligibility(models.Model):
    """A proposal to find a file ineligible: rule and reason by the officer, answered by the General Manager.

    `rule` is a key of the round's eligibility rules, or one of `evaluation.rules.OFFICE_RULES`.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="ineligibilities")
    rule = models.CharField(_("rule"), max_length=40)
    rules_version = models.CharField(max_length=20)
    reason = models.TextField(_("reason"), max_length=2000)
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=now)
    answered_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    confirmed = models.BooleanField(null=True)
    answer = models.TextField(max_length=2000, blank=True)
    reinstated_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    reinstated_at = models.DateTimeField(null=True, blank=True)
    reinstated_reason = models.TextField(max_length=2000, blank=True)

    objects = IneligibilityQuerySet.as_manager()

    class Meta:
        ordering = ["application", "proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(answered_at__isnull=True), name="one_waiting_proposal_a_file"
            ),
            models.CheckConstraint(name="ineligible_with_rule_and_reason", condition=~Q(rule="") & ~Q(reason="")),
            models.CheckConstraint(
                name="proposal_answered_by_and_when_together",
                condition=Q(answered_by__isnull=True, answered_at__isnull=True, confirmed__isnull=True)
                | (Q(answered_by__isnull=False, answered_at__isnull=False, confirmed__isnull=False) & ~Q(answer="")),
            ),
            models.CheckConstraint(
                name="another_person_confirms",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="reinstated_with_a_reason",
                condition=Q(reinstated_by__isnull=True, reinstated_at__isnull=True, reinstated_reason="")
                | (Q(reinstated_by__isnull=False, reinstated_at__isnull=False) & ~Q(reinstated_reason="")),
            ),
        ]
