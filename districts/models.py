"""The map: districts, taluks, offices, what an office looks after, and the days nobody works."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Named(models.Model):
    """A place with one name in each language."""

    name_en = models.CharField(_("name in English"), max_length=120)
    name_ml = models.CharField(_("name in Malayalam"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language; English where no Malayalam one is known."""
        return self.name_ml if get_language() == "ml" and self.name_ml else self.name_en


class District(Named):
    """One of the 14 districts. `order` is the Department's own; `udyam_code` is another order (alphabetical)."""

    code = models.CharField(_("code"), max_length=3, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), unique=True)
    lgd = models.PositiveSmallIntegerField(_("LGD code"), unique=True)
    udyam_code = models.CharField(_("district code in Udyam numbers"), max_length=2, unique=True)
    aliases = models.JSONField(_("other spellings"), default=list, blank=True)

    class Meta:
        ordering = ["order"]
        verbose_name = _("district")
        verbose_name_plural = _("districts")


class Taluk(Named):
    """One of the 78 taluks."""

    district = models.ForeignKey(District, models.PROTECT, related_name="taluks", verbose_name=_("district"))

    class Meta:
        ordering = ["district__order", "name_en"]
        constraints = [models.UniqueConstraint(fields=["district", "name_en"], name="taluk_once_in_its_district")]
        verbose_name = _("taluk")
        verbose_name_plural = _("taluks")


class OfficeKind(models.TextChoices):
    DIC = "dic", _("District Industries Centre")
    TALUK = "taluk", _("Taluk Industries Office")
    DIRECTORATE = "directorate", _("Directorate of Industries and Commerce")


class Office(Named):
    """An office. `code` is stable ("DIC-EKM", "TIO-EKM-1", "DIRECTORATE") and is the scope written into the trail.

    Addresses and telephones are empty until the Department gives them. A demonstration office (taluk offices are
    not published) says so wherever it is shown.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=OfficeKind.choices)
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="offices", verbose_name=_("district")
    )
    address = models.TextField(_("address"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    demonstration = models.BooleanField(_("made for the demonstration"), default=False)

    class Meta:
        ordering = ["code"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [
            models.CheckConstraint(name="office_kind_known", condition=models.Q(kind__in=OfficeKind.values)),
            models.CheckConstraint(
                name="only_the_directorate_has_no_district",
                condition=models.Q(kind="directorate", district__isnull=True)
                | (~models.Q(kind="directorate") & models.Q(district__isnull=False)),
            ),
            models.UniqueConstraint(fields=["district"], condition=models.Q(kind="dic"), name="one_dic_in_a_district"),
        ]


class Jurisdiction(models.Model):
    """Which taluks a taluk office looks after: a table, because there are fewer offices than taluks."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="jurisdictions", verbose_name=_("office"))
    taluk = models.ForeignKey(Taluk, models.PROTECT, related_name="jurisdictions", verbose_name=_("taluk"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["taluk"], name="a_taluk_has_one_office")]


class Holiday(models.Model):
    """A day nobody works, in the State or (with a district) in one district only."""

    date = models.DateField(_("date"))
    name_en = models.CharField(_("name"), max_length=120)
    district = models.ForeignKey(District, models.PROTECT, null=True, blank=True, verbose_name=_("district"))
    status = models.CharField(_("status"), max_length=40, default="to be confirmed")
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["date"]
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = [
            models.UniqueConstraint(fields=["date", "district"], name="holiday_once_in_its_district"),
            models.UniqueConstraint(
                fields=["date"], condition=models.Q(district__isnull=True), name="holiday_once_in_the_state"
            ),
        ]

    def __str__(self) -> str:
        return self.name_en
