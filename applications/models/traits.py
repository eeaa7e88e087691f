"""What lists filter by: worked out from the file when it is handed in, and again when an answer changes it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.enterprise import Sector
from applications.models.file import Application


class SizeClass(models.TextChoices):
    """The size class in the round's latest financial year (applications.classification)."""

    MICRO = "micro", _("Micro")
    SMALL = "small", _("Small")
    MEDIUM = "medium", _("Medium")
    LARGE = "large", _("Above medium")


class Traits(models.Model):
    """One row a file that was handed in. A copy for lists: what counts stands in the sections."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="traits")
    sector = models.CharField(max_length=16, choices=Sector.choices, blank=True)
    size = models.CharField(max_length=8, choices=SizeClass.choices, blank=True)
    turnover = models.BigIntegerField(null=True, blank=True)  # rupees, latest year, claimed
    exports = models.BooleanField(default=False)  # any export sales in the latest year
    women_led = models.BooleanField(default=False)  # women hold at least 51 per cent
    sc_st = models.BooleanField(default=False)  # owners of a Scheduled Caste or Tribe hold at least 51 per cent
    priority_sector = models.CharField(max_length=32, blank=True)  # key of applications.priority, "" for none
    flags = models.PositiveSmallIntegerField(default=0)  # how many things an officer should look at

    class Meta:
        verbose_name_plural = "traits"
        constraints = [
            models.CheckConstraint(name="traits_sector_known", condition=Q(sector__in=["", *Sector.values])),
            models.CheckConstraint(name="traits_size_known", condition=Q(size__in=["", *SizeClass.values])),
        ]
        indexes = [models.Index(fields=["sector"]), models.Index(fields=["turnover"])]
