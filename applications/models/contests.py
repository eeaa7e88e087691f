"""Two files of one round with the same Udyam number or PAN: the later one is held until the DIC settles it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models.file import Application
from records.appendonly import append_only
from records.clock import now


class Outcome(models.TextChoices):
    """What the certificate showed."""

    THIS = "this", _("The number belongs to this application")
    OTHER = "other", _("The number belongs to the other application")
    DIFFERENT = "different", _("The two are different enterprises: both go on")


@append_only("settlement", "a settlement is never changed")
class Settlement(models.Model):
    """How a contested number was settled: by whom, on what, and for which of the two. Never changed."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="settlements")
    other = models.ForeignKey(Application, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.TextField(_("what the certificate showed"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["application", "at", "pk"]
        constraints = [
            models.CheckConstraint(name="settlement_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(name="settlement_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="settled_between_two_files", condition=~Q(application=F("other"))),
        ]
