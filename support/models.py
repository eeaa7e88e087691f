"""What a selected enterprise may draw, as dated data with its order's reference."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models import Round


class RoundCaps(models.Model):
    """Caps of a round, rupees and fractions. Figures are from the press; the order's number is to be confirmed."""

    round = models.OneToOneField(Round, models.PROTECT, related_name="caps")
    dpr_cap = models.BigIntegerField(_("DPR assistance, at most"), default=1_00_000)
    capital_rate = models.DecimalField(
        _("share of eligible fixed capital"), max_digits=4, decimal_places=3, default=Decimal("0.4")
    )
    capital_cap = models.BigIntegerField(_("capital subsidy, at most"), default=2_00_00_000)
    interest_rate = models.DecimalField(
        _("share of interest paid"), max_digits=4, decimal_places=3, default=Decimal("0.5")
    )
    interest_cap = models.BigIntegerField(_("interest support in all, at most"), default=50_00_000)
    interest_years = models.PositiveSmallIntegerField(_("years of interest support"), default=4)
    order_reference = models.CharField(_("Government Order"), max_length=120, blank=True)  # empty: to be confirmed

    class Meta:
        verbose_name = _("caps of a round")
        verbose_name_plural = _("caps of rounds")

    def __str__(self) -> str:
        return str(self.round)
