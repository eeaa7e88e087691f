"""The application itself: its state, its history, its revisions."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from applications.models.enterprise import Enterprise
from applications.models.rounds import Round
from applications.states import DEAD, ENDED, State
from districts.models import District, Office, Taluk
from records.clock import now


class ReferenceCounter(models.Model):
    """The last number given in a round and district; its row is locked while the next is taken."""

    round = models.ForeignKey(Round, models.PROTECT)
    district = models.ForeignKey(District, models.PROTECT)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "district"], name="one_counter_a_round_and_district")]


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: Any) -> "ApplicationQuerySet":
        """Files the person may read: own ones; for a post, files at offices within reach, never drafts.

        An evaluator's files (assigned ones) are added by the room above.
        """
        if user.is_applicant:
            return self.filter(enterprise__members__user=user)
        if not user.has(Permission.SEE_FILE):
            return self.none()
        reached = self.sent()
        districts = user.districts_where(Permission.SEE_FILE)
        return reached if districts is None else reached.filter(office__district__in=districts)

    def live(self) -> "ApplicationQuerySet":
        return self.exclude(state__in=DEAD)

    def sent(self) -> "ApplicationQuerySet":
        """Handed in and not taken back. A draft that was given up was never handed in, whatever its state is now."""
        return self.filter(submitted_at__isnull=False)

    def with_file(self) -> "ApplicationQuerySet":
        """With the rows a line of a list shows."""
        return self.select_related("enterprise", "round", "district", "taluk", "office__district", "officer")


class Application(models.Model):
    """The file of one enterprise in one round.

    `reference` is given when the file is begun and never changes. `since` is when the present state began,
    `officer` who holds the file.
    """

    reference = models.CharField(_("application number"), max_length=20, unique=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="applications")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="applications")
    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    taluk = models.ForeignKey(Taluk, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="applications")
    state = models.CharField(_("status"), max_length=20, choices=State.choices, default=State.DRAFT)
    returns_to = models.CharField(max_length=20, choices=State.choices, blank=True)
    since = models.DateTimeField(default=now)
    clock_used = models.PositiveSmallIntegerField(default=0)  # working days used in this state before it was paused
    due_on = models.DateField(null=True, blank=True)  # when the state's working days are used up; null: not counted
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    begun_at = models.DateTimeField(default=now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    taken_up_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    udyam_number = models.CharField(max_length=19, blank=True)  # copied at submit, for the constraint below
    contested = models.BooleanField(default=False)  # same Udyam number or PAN in another file of the round
    submitted_hash = models.CharField(max_length=64, blank=True)  # SHA-256 of what was submitted

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-pk"]
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes = [
            models.Index(fields=["office", "state", "since"]),
            models.Index(fields=["round", "state"]),
            models.Index(fields=["office", "due_on"]),
            models.Index(fields=["udyam_number"]),  # who else states the number, of whatever state
        ]
        constraints = [
            models.CheckConstraint(name="application_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="submitted_when_past_draft",
                condition=Q(state__in=["nominated", "draft", "lapsed", "withdrawn"]) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="draft_is_not_submitted",
                condition=~Q(state__in=["nominated", "draft"]) | Q(submitted_at__isnull=True),
            ),
            models.CheckConstraint(
                name="taken_up_by_somebody",
                condition=~Q(state__in=["scrutiny", "appraisal", "appraised", "shortlisted", "not_shortlisted"])
                | Q(taken_up_at__isnull=False, officer__isnull=False),
            ),
            models.CheckConstraint(
                name="taken_up_after_submit",
                condition=Q(taken_up_at__isnull=True) | Q(taken_up_at__gte=F("submitted_at")),
            ),
            models.CheckConstraint(
                name="ended_with_its_time",
                condition=Q(state__in=sorted(map(str, ENDED)), ended_at__isnull=False)
                | Q(~Q(state__in=sorted(map(str, ENDED))), ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="with_the_applicant_knows_its_way_back",
                condition=~Q(state__in=["clarification", "committee_details"]) | ~Q(returns_to=""),
            ),
            models.UniqueConstraint(
                fields=["enterprise", "round"],
                condition=~Q(state__in=["withdrawn", "lapsed"]),
                name="one_live_application_per_enterprise_and_round",
            ),
            models.UniqueConstraint(
                fields=["round", "udyam_number"],
                condition=Q(contested=False)
                & ~Q(udyam_number="")
                & ~Q(state__in=["nominated", "draft", "withdrawn", "lapsed"]),
                name="one_uncontested_submitted_application_per_udyam_and_round",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return f"/applications/{self.reference}/"

    @property
    def trail_key(self) -> str:
        return f"application:{self.reference}"

    @property
    def current(self) -> State:
        """The state as a member of `State`, for its labels and colours."""
        return State(self.state)


class Transition(models.Model):
    """One move made. What rooms above read to keep their summaries."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="transitions")
    move = models.CharField(max_length=30)
    source = models.CharField(max_length=20, choices=State.choices)
    target = models.CharField(max_length=20, choices=State.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")  # null: a job
    at = models.DateTimeField(default=now)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["target", "at"]),
            models.Index(  # the few files taken up again after they had ended
                fields=["at"],
                name="moves_from_a_decision",
                condition=Q(source__in=["selected", "reserve", "not_selected", "ineligible"]),
            ),
        ]


class Revision(models.Model):
    """One save of one section: what changed, by whom, when. Sealed values are written masked."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="revisions")
    section = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    changes = models.JSONField(default=dict)  # {"field or row": [before, after]}
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["application", "section", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "section", "number"], name="revision_number_once")
        ]


class EligibilityResult(models.Model):
    """One answer to "may this enterprise apply": rules, inputs, result and version are kept with the round."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, null=True, blank=True, related_name="eligibility")
    version = models.CharField(max_length=20)
    inputs = models.JSONField()
    outcome = models.CharField(max_length=8)  # green, yellow, red
    reasons = models.JSONField()  # [{"rule", "outcome"}]: the words come from the rule, in the reader's language
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="eligibility_outcome_known", condition=Q(outcome__in=["green", "yellow", "red"])
            )
        ]


class Consent(models.Model):
    """A notice agreed to: which version, by whom, when, in which language it was read."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="consents")
    notice = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
