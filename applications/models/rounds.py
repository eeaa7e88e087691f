"""A round: numbered, dated policy. Every value is a default "to be confirmed by the Department" until it says otherwise."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from records.clock import now


class RoundQuerySet(models.QuerySet["Round"]):
    def open_now(self) -> "RoundQuerySet":
        """Rounds that take applications at this moment."""
        moment = now()
        return self.filter(opens_at__lte=moment, closes_at__gt=moment)


class Round(models.Model):
    """One call for applications.

    `cut_off` is the day on which `years_required` full years of operation must be complete (sourced: 31 March, moves
    with the round). `activities` are the sectors that may apply. Limits are in working days.
    """

    number = models.PositiveSmallIntegerField(_("round"), unique=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    cut_off = models.DateField(_("cut-off date"))
    years_required = models.PositiveSmallIntegerField(_("years in operation"), default=3)
    activities = models.JSONField(_("sectors that may apply"), default=list)
    rules_version = models.CharField(_("version of the eligibility rules"), max_length=20, default="1")
    financial_years = models.JSONField(
        _("financial years asked for"), default=list
    )  # ["2023-24", "2024-25", "2025-26"]
    required_documents = models.JSONField(_("documents asked for"), default=list)  # keys of DocumentKind
    take_up_days = models.PositiveSmallIntegerField(_("working days to take up"), default=5)
    scrutiny_days = models.PositiveSmallIntegerField(_("working days for scrutiny"), default=15)
    appraisal_days = models.PositiveSmallIntegerField(_("working days for appraisal"), default=20)
    shortlist_days = models.PositiveSmallIntegerField(_("working days for the shortlist"), default=10)
    answer_days = models.PositiveSmallIntegerField(_("days for the applicant's answer"), default=15)
    confirmed = models.BooleanField(_("confirmed by the Department"), default=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.CheckConstraint(name="round_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at")))
        ]

    def __str__(self) -> str:
        return str(_("Round %(number)s") % {"number": self.number})

    @property
    def is_open(self) -> bool:
        return self.opens_at <= now() < self.closes_at

    @property
    def latest_year(self) -> str:
        """The last financial year asked for, written 2025-26."""
        return self.financial_years[-1]
