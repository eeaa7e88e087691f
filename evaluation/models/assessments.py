"""One evaluator, one file: assessments, marks, marks kept after an unlock, moderation."""

from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.roles import Permission
from applications.models import Application
from evaluation.models.rubric import Criterion, Rubric
from evaluation.states import LIVE_ASSESSMENTS, OPEN_ASSESSMENTS, AssessmentState
from records.clock import now

USER = settings.AUTH_USER_MODEL


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
    superseded_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_reason = models.TextField(blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)  # one more with each save: a stale tab is told so
    saved_at = models.DateTimeField(null=True, blank=True)
    total = models.DecimalField(max_digits=30, decimal_places=20, null=True, blank=True)  # for sorting and reading
    total_exact = models.CharField(max_length=60, blank=True)  # the same as a fraction, "670/9": what is computed with

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["application", "number"]
        indexes = [  # how many evaluators a file has: asked of every file in the appraisal
            models.Index(fields=["application"], name="live_assessments", condition=Q(state__in=LIVE_ASSESSMENTS))
        ]
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
            models.CheckConstraint(
                name="superseded_by_whom_when_and_why",
                condition=(
                    Q(state="superseded", superseded_by__isnull=False, superseded_at__isnull=False)
                    & ~Q(superseded_reason="")
                )
                | Q(~Q(state="superseded"), superseded_by__isnull=True, superseded_at__isnull=True),
            ),
            models.UniqueConstraint(fields=["application", "number"], name="assessment_number_once"),
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
    at = models.DateTimeField(default=now)  # when this mark or its reason was last changed

    class Meta:
        ordering = ["criterion__order"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="one_mark_a_criterion"),
            models.CheckConstraint(
                name="a_mark_or_not_applicable", condition=~Q(mark__isnull=False, not_applicable=True)
            ),
        ]

    @property
    def facts(self) -> dict[str, Any]:
        """What is kept of a mark when it is unlocked."""
        return {
            "criterion": self.criterion.key,
            "mark": self.mark,
            "not_applicable": self.not_applicable,
            "justification": self.justification,
            "computed": self.computed,
        }


class EarlierMarks(models.Model):
    """The marks of an assessment as they were locked before it was unlocked: kept whole, with who unlocked and why."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="earlier")
    number = models.PositiveSmallIntegerField()
    locked_at = models.DateTimeField()
    total_exact = models.CharField(max_length=60)
    marks = models.JSONField()  # [{"criterion": key, "mark", "not_applicable", "justification", "computed"}]
    unlocked_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    unlocked_at = models.DateTimeField(default=now)
    reason = models.TextField()

    class Meta:
        ordering = ["assessment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="earlier_marks_number_once"),
            models.CheckConstraint(name="unlocked_with_a_reason", condition=~Q(reason="")),
        ]


class Moderation(models.Model):
    """A recorded decision on two totals that do not settle a file: the official total, with its reason.

    `ended_at` is when it stopped to count, because marks were unlocked after it.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="moderations")
    total = models.DecimalField(max_digits=5, decimal_places=2)
    reason = models.TextField(max_length=2000)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    post = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["application", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at__isnull=True), name="one_live_moderation_a_file"
            ),
            models.CheckConstraint(name="moderated_with_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="moderated_between_0_and_100", condition=Q(total__gte=0, total__lte=100)),
        ]
