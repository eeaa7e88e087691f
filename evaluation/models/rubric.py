"""What a round asks of the judging: the rubric with its criteria, and the rules."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.models import Round


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
    # Quorum and majority of the Committee: to be confirmed. By default the chair and half of the other members who are not
    # recused from the file, never fewer than two people, and more than half of the votes cast.
    quorum_chair = models.BooleanField(_("quorum: who chairs is present"), default=True)
    quorum_percent = models.PositiveSmallIntegerField(_("quorum: other members present, per cent"), default=50)
    quorum_least = models.PositiveSmallIntegerField(_("quorum: fewest people"), default=2)
    majority_percent = models.PositiveSmallIntegerField(
        _("majority: more than this share of the votes, per cent"), default=50
    )
    confirmed = models.BooleanField(_("confirmed by the Department"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quorum_and_majority_are_shares",
                condition=Q(quorum_percent__lte=100, majority_percent__lt=100),
            )
        ]
        verbose_name = _("rules of a round")
        verbose_name_plural = _("rules of rounds")

    def __str__(self) -> str:
        return str(self.round)
