"""States of one evaluator's assessment and of a district's packet."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AssessmentState(models.TextChoices):
    ASSIGNED = "assigned", _("Assigned")
    ACCEPTED = "accepted", pgettext_lazy("assessment", "Accepted")
    RECUSED = "recused", _("Recused")
    DRAFT = "draft", _("Draft")
    LOCKED = "locked", _("Locked")
    UNLOCKED = "unlocked", _("Unlocked")
    SUPERSEDED = "superseded", pgettext_lazy("assessment", "Superseded")

    @property
    def turn(self) -> str:
        """The colour token of the look: office while there is something to do, good once locked."""
        return {"locked": "good", "recused": "still", "superseded": "still"}.get(self.value, "office")


class ShortlistState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    FROZEN = "frozen", _("Frozen")
    CHECKED = "checked", _("Checked")
    APPROVED = "approved", _("Approved by GM")

    @property
    def turn(self) -> str:
        """The colour token of the look."""
        return {"draft": "still", "approved": "good"}.get(self.value, "office")


class Recommendation(models.TextChoices):
    RECOMMENDED = "recommended", _("Recommended")
    RESERVE = "reserve", _("Reserve")
    BELOW = "below", _("Not recommended: below the pass mark")
    NOT_RECOMMENDED = "not_recommended", _("Not recommended: beyond the target and the reserve list")

    @property
    def turn(self) -> str:
        """The colour token of the look."""
        return {"recommended": "good", "reserve": "reserve"}.get(self.value, "still")


OPEN_ASSESSMENTS = ("accepted", "draft", "unlocked")
LIVE_ASSESSMENTS = ("assigned", "accepted", "draft", "locked", "unlocked")
