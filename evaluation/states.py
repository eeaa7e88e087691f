"""States of one evaluator's assessment and of a district's packet."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.states import DEAD, State


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
    SUPERSEDED = "superseded", pgettext_lazy("shortlist", "Superseded")

    @property
    def turn(self) -> str:
        """The colour token of the look."""
        return {"draft": "still", "superseded": "still", "approved": "good"}.get(self.value, "office")


class Recommendation(models.TextChoices):
    RECOMMENDED = "recommended", _("Recommended")
    RESERVE = "reserve", _("Reserve")
    BELOW = "below", _("Not recommended: below the pass mark")
    NOT_RECOMMENDED = "not_recommended", _("Not recommended: beyond the target and the reserve list")
    PASSED_OVER = "passed_over", _("Passed over, with a reason")

    @property
    def turn(self) -> str:
        """The colour token of the look."""
        return {"recommended": "good", "reserve": "reserve"}.get(self.value, "still")


class MeetingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    SESSION = "session", _("In session")
    RELEASED = "released", _("Decisions released")

    @property
    def turn(self) -> str:
        """The colour token of the look."""
        return {"planned": "still", "released": "good"}.get(self.value, "committee")


class Outcome(models.TextChoices):
    """What the State-Level Approval Committee decides about a file; the words are those of the file's state."""

    SELECTED = "selected", _("Selected")
    RESERVE = "reserve", _("On the reserve list")
    NOT_SELECTED = "not_selected", _("Not selected")

    @property
    def turn(self) -> str:
        """The colour token of the look."""
        return {"selected": "good", "reserve": "reserve"}.get(self.value, "bad")


class DecisionState(models.TextChoices):
    PENDING = "pending", _("Decided, not released")
    RELEASED = "released", pgettext_lazy("decision", "Released")
    REOPENED = "reopened", pgettext_lazy("decision", "Reopened")


class DecisionReason(models.TextChoices):
    """Why, as a code. The last three are for an outcome other than the shortlist's and need words of their own."""

    WITHIN_TARGET = "within_target", _("At or above the pass mark and within the district's target")
    ON_RESERVE = "on_reserve", _("At or above the pass mark; beyond the target, within the reserve list")
    BELOW = "below", _("Below the pass mark")
    BEYOND = "beyond", _("At or above the pass mark; beyond the target and the reserve list")
    PASSED_OVER = "passed_over", _("Passed over by the district, for the reason on its shortlist")
    OUT_OF_RANK = "out_of_rank", _("Chosen by the district beside the ranks, for the reason on its shortlist")
    DISPLACED = (
        "displaced",
        _("At or above the pass mark; the district chose another application before it, beside the ranks"),
    )
    FINDING = "finding", _("A finding after the appraisal, stated below")
    MERIT = "merit", _("A merit or a risk that the marks do not show, stated below")
    OTHER = "other", _("Another reason, stated below")

    @property
    def by_rank(self) -> bool:
        """Whether the code says what the approved shortlist gave; the others need a reason in words."""
        return self.value not in {"finding", "merit", "other"}


# What a recommendation of the approved shortlist proposes: outcome, and the code where the ranks alone decided.
PROPOSED: dict[str, tuple[Outcome, DecisionReason]] = {
    Recommendation.RECOMMENDED: (Outcome.SELECTED, DecisionReason.WITHIN_TARGET),
    Recommendation.RESERVE: (Outcome.RESERVE, DecisionReason.ON_RESERVE),
    Recommendation.BELOW: (Outcome.NOT_SELECTED, DecisionReason.BELOW),
    Recommendation.NOT_RECOMMENDED: (Outcome.NOT_SELECTED, DecisionReason.BEYOND),
    Recommendation.PASSED_OVER: (Outcome.NOT_SELECTED, DecisionReason.PASSED_OVER),
}


def proposed(recommendation: str, *, out_of_rank: bool, displaced: bool) -> tuple[Outcome, DecisionReason]:
    """What the approved shortlist proposes for a file, and why: by its rank, or by what was chosen beside the ranks."""
    outcome, code = PROPOSED[recommendation]
    if out_of_rank:
        return outcome, DecisionReason.OUT_OF_RANK
    return outcome, DecisionReason.DISPLACED if displaced else code


GONE = DEAD | {State.INELIGIBLE}  # a file in one of these goes on no shortlist
OPEN_ASSESSMENTS = ("accepted", "draft", "unlocked")
LIVE_ASSESSMENTS = ("assigned", "accepted", "draft", "locked", "unlocked")
UNFINISHED = (
    ShortlistState.DRAFT,
    ShortlistState.FROZEN,
    ShortlistState.CHECKED,
)  # an office has one such packet a round
