"""The enterprise and who may act for it."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from districts.models import District, Taluk
from records.clock import now


class Constitution(models.TextChoices):
    PROPRIETORSHIP = "proprietorship", _("Proprietorship")
    PARTNERSHIP = "partnership", _("Partnership")
    LLP = "llp", _("Limited liability partnership (LLP)")
    PRIVATE_LIMITED = "private_limited", _("Private limited company")
    PUBLIC_LIMITED = "public_limited", _("Public limited company")
    COOPERATIVE = "cooperative", _("Co-operative society")
    HUF = "huf", _("Hindu undivided family")
    TRUST = "trust", _("Trust")
    OTHER = "other", _("Another form")


class Sector(models.TextChoices):
    MANUFACTURING = "manufacturing", _("Manufacturing")
    SERVICE = "service", _("Service")
    TRADE = "trade", _("Trade")


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    def visible_to(self, user: object) -> "EnterpriseQuerySet":
        """Those the person may act for."""
        return self.filter(members__user=user).distinct()


class Enterprise(models.Model):
    """A unit as its owner first names it. What an application says of it is kept in that application's profile."""

    name_en = models.CharField(_("name of the enterprise"), max_length=160)
    name_ml = models.CharField(_("name in Malayalam"), max_length=160, blank=True)
    udyam_number = models.CharField(_("Udyam number"), max_length=19)
    district = models.ForeignKey(District, models.PROTECT, verbose_name=_("district of the unit"))
    taluk = models.ForeignKey(Taluk, models.PROTECT, verbose_name=_("taluk"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=now)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        ordering = ["name_en", "pk"]
        verbose_name = _("enterprise")

    def __str__(self) -> str:
        return self.name_en

    @property
    def name(self) -> str:
        """The name in the reader's language; the English one where the enterprise has no Malayalam name."""
        return self.name_ml if get_language() == "ml" and self.name_ml else self.name_en


class EnterpriseMember(models.Model):
    """A person who may act for an enterprise."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    since = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "user"], name="member_once")]
