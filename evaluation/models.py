"""Judging: rules of the round, rubric, verified figures, assessments, the district's packet."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from applications.models import Application, Round
from districts.models import Office
from evaluation.states import LIVE_ASSESSMENTS, OPEN_ASSESSMENTS, AssessmentState, Recommendation, ShortlistState
from records.clock import now
from records.models import Paper

USER = settings.AUTH_USER_MODEL


class Rubric(models.Model):
    """A version of the marking sheet. Weights total 100. Once a mark stands on it, it is never changed."""

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    confirmed = models.BooleanField(_("confirmed by the Department"), default=False)

    class Meta:
        ordering = ["version"]
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")

    def __str__(self) -> str:
        return str(_("Rubric, version %(version)s") % {"version": self.version})


class Criterion(models.Model):
    """One criterion. `bands` are [{"mark": 4, "en": "20 to 30 %", "ml": "…", "from": 20, "to": 30}] (from ≤ x < to; null: open);
    `formula` names the computed figure shown above the bands ("" where there is none).
    """

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="criteria", verbose_name=_("rubric"))
    key = models.SlugField(_("key"), max_length=24)
    order = models.PositiveSmallIntegerField(_("order"))
    name_en = models.CharField(_("name in English"), max_length=80)
    name_ml = models.CharField(_("name in Malayalam"), max_length=80)
    weight = models.PositiveSmallIntegerField(_("weight"))
    max_mark = models.PositiveSmallIntegerField(_("highest mark"), default=5)
    formula = models.CharField(_("computed figure"), max_length=24, blank=True)
    # rule under which "not applicable" is allowed; "": never
    na_when = models.CharField(_("may be left out when"), max_length=24, blank=True)
    bands = models.JSONField(_("bands"), default=list)

    class Meta:
        ordering = ["order"]
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(fields=["rubric", "key"], name="criterion_once_in_its_rubric"),
            models.CheckConstraint(name="criterion_weight_positive", condition=Q(weight__gt=0, max_mark__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_ml if get_language() == "ml" else self.name_en


class RoundRules(models.Model):
    """What a round asks of the judging. The pass mark 60 is the one figure known publicly; the rest is to be confirmed."""

    round = models.OneToOneField(Round, models.PROTECT, related_name="rules", verbose_name=_("round"))
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="+", verbose_name=_("rubric"))
    pass_mark = models.DecimalField(_("pass mark"), max_digits=5, decimal_places=2, default=Decimal(60))
    spread_limit = models.DecimalField(
        _("marks two evaluators may lie apart"), max_digits=5, decimal_places=2, default=Decimal(15)
    )
    tie_chain = models.JSONField(_("order among equal marks"), default=list)  # ["growth", "employment", "submitted_at"]
    targets = models.JSONField(_("how many a district may recommend"), default=dict)  # {"EKM": 8}
    reserve_percent = models.PositiveSmallIntegerField(_("reserve list, per cent"), default=10)
    reconsideration_days = models.PositiveSmallIntegerField(_("days to ask for reconsideration"), default=30)
    confirmed = models.BooleanField(_("confirmed by the Department"), default=False)

    class Meta:
        verbose_name = _("rules of a round")
        verbose_name_plural = _("rules of rounds")

    def __str__(self) -> str:
        return str(self.round)


class VerifiedFigure(models.Model):
    """A figure as an officer found it. Beside what the enterprise claims, never over it; the newest row counts."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="verified_figures")
    key = models.CharField(max_length=40)  # "turnover:2025-26", see evaluation.figures
    value = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)  # rupees or persons
    text = models.CharField(max_length=60, blank=True)  # for yes/no and dates (ISO)
    source = models.CharField(_("source"), max_length=200)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["application", "key", "-at", "-pk"]
        indexes = [models.Index(fields=["application", "key"])]
        constraints = [
            models.CheckConstraint(name="verified_has_a_value", condition=Q(value__isnull=False) | ~Q(text="")),
            models.CheckConstraint(name="verified_has_a_source", condition=~Q(source="")),
        ]


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def live(self) -> "AssessmentQuerySet":
        """Neither stepped back from nor superseded."""
        return self.filter(state__in=LIVE_ASSESSMENTS)

    def of(self, user: Any) -> "AssessmentQuerySet":
        """Those a person is to do or has done, as far as a post held today still reaches: power follows the post."""
        places = user.districts_where(Permission.EVALUATE)
        mine = self.live().filter(evaluator=user)
        return mine if places is None else mine.filter(application__office__district__in=places)


class Assessment(models.Model):
    """One evaluator, one file. Blind until all live ones of the file are locked."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="assessments")
    evaluator = models.ForeignKey(USER, models.PROTECT, related_name="assessments")
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()  # evaluator 1, 2, 3 of this file
    state = models.CharField(max_length=12, choices=AssessmentState.choices, default=AssessmentState.ASSIGNED)
    assigned_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=now)
    accepted_at = models.DateTimeField(null=True, blank=True)  # with it: no conflict of interest declared
    recuse_reason = models.TextField(blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)  # one more with each save: a stale tab is told so
    saved_at = models.DateTimeField(null=True, blank=True)
    total = models.DecimalField(max_digits=30, decimal_places=20, null=True, blank=True)  # for sorting and reading
    total_exact = models.CharField(max_length=60, blank=True)  # the same as a fraction, "670/9": what is computed with

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["application", "number"]
        constraints = [
            models.CheckConstraint(name="assessment_state_known", condition=Q(state__in=AssessmentState.values)),
            models.UniqueConstraint(
                fields=["application", "evaluator"],
                condition=~Q(state__in=["superseded", "recused"]),
                name="one_live_assessment_per_evaluator_and_file",
            ),
            models.CheckConstraint(
                name="locked_has_time_and_total",
                condition=(Q(state="locked", locked_at__isnull=False, total__isnull=False) & ~Q(total_exact=""))
                | ~Q(state="locked"),
            ),
            models.CheckConstraint(name="recused_has_a_reason", condition=~Q(state="recused") | ~Q(recuse_reason="")),
        ]

    @property
    def trail_key(self) -> str:
        return f"assessment:{self.application.reference}:{self.number}"

    @property
    def current(self) -> AssessmentState:
        return AssessmentState(self.state)

    @property
    def is_open(self) -> bool:
        """Whether marks may still be written."""
        return self.state in OPEN_ASSESSMENTS

    @property
    def exact(self) -> Fraction:
        """The locked total, out of 100."""
        return Fraction(self.total_exact)


class Mark(models.Model):
    """One mark. Not applicable leaves the denominator; otherwise a mark needs its justification to be locked."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    mark = models.PositiveSmallIntegerField(null=True, blank=True)
    not_applicable = models.BooleanField(default=False)
    justification = models.TextField(max_length=1000, blank=True)
    computed = models.CharField(max_length=200, blank=True)  # the figure as it stood when the mark was given

    class Meta:
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="one_mark_a_criterion"),
            models.CheckConstraint(
                name="a_mark_or_not_applicable", condition=~Q(mark__isnull=False, not_applicable=True)
            ),
        ]


class ShortlistQuerySet(models.QuerySet["Shortlist"]):
    def visible_to(self, user: Any) -> "ShortlistQuerySet":
        """Packets of the districts whose files the person may read as an officer."""
        if not user.is_staff_member or not user.has(Permission.SEE_FILE):
            return self.none()
        districts = user.districts_where(Permission.SEE_FILE)
        return self.all() if districts is None else self.filter(office__district__in=districts)


class Shortlist(models.Model):
    """A district's packet: frozen by one person, checked by another, approved by a third."""

    number = models.CharField(max_length=40, unique=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="shortlists")
    office = models.ForeignKey(Office, models.PROTECT, related_name="shortlists")
    serial = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=ShortlistState.choices, default=ShortlistState.DRAFT)
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    frozen_post = models.CharField(max_length=200, blank=True)  # the post as it was held that day, in English
    snapshot = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    checked_post = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    approved_post = models.CharField(max_length=200, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ShortlistQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "office", "serial"], name="shortlist_serial_once"),
            models.UniqueConstraint(
                fields=["round", "office"],
                condition=Q(state__in=["draft", "frozen", "checked"]),
                name="one_open_packet_an_office",
            ),
            models.CheckConstraint(name="shortlist_state_known", condition=Q(state__in=ShortlistState.values)),
            models.CheckConstraint(
                name="frozen_by_and_when_together",
                condition=Q(state="draft", frozen_at__isnull=True, frozen_by__isnull=True)
                | Q(~Q(state="draft"), frozen_at__isnull=False, frozen_by__isnull=False, snapshot__isnull=False),
            ),
            models.CheckConstraint(
                name="checked_when_past_frozen",
                condition=Q(state__in=["draft", "frozen"], checked_by__isnull=True)
                | Q(state__in=["checked", "approved"], checked_by__isnull=False, checked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="approved_by_and_when_together",
                condition=Q(~Q(state="approved"), approved_by__isnull=True)
                | Q(state="approved", approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="three_different_people",
                condition=(Q(checked_by__isnull=True) | ~Q(checked_by=F("frozen_by")))
                & (Q(approved_by__isnull=True) | (~Q(approved_by=F("frozen_by")) & ~Q(approved_by=F("checked_by")))),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/desk/shortlists/{self.number}/"

    @property
    def current(self) -> ShortlistState:
        return ShortlistState(self.state)

    @property
    def trail_key(self) -> str:
        return f"shortlist:{self.number}"


class ShortlistRow(models.Model):
    """One file in a packet, with the figures it was ranked by."""

    shortlist = models.ForeignKey(Shortlist, models.PROTECT, related_name="rows")
    application = models.ForeignKey(Application, models.PROTECT, related_name="shortlist_rows")
    position = models.PositiveSmallIntegerField()  # order of printing
    rank = models.PositiveSmallIntegerField()
    total = models.DecimalField(max_digits=5, decimal_places=2)
    recommendation = models.CharField(max_length=16, choices=Recommendation.choices)
    reserve_number = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["shortlist", "position"]
        constraints = [
            models.UniqueConstraint(fields=["shortlist", "application"], name="a_file_once_in_a_packet"),
            models.CheckConstraint(name="official_total_between_0_and_100", condition=Q(total__gte=0, total__lte=100)),
        ]
