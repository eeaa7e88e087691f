"""Where a file stands: one word for the office, one for the applicant. Internal words are never shown outside."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """The label of a choice is the office's; `applicant_label` is what the applicant reads."""

    NOMINATED = "nominated", _("Nominated, awaiting consent")
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Received at DIC")
    SCRUTINY = "scrutiny", _("Under scrutiny")
    CLARIFICATION = "clarification", _("With applicant")
    APPRAISAL = "appraisal", _("Field visit and appraisal")
    APPRAISED = "appraised", _("Appraised")
    SHORTLISTED = "shortlisted", _("On the district shortlist")
    NOT_SHORTLISTED = "not_shortlisted", _("Not on the shortlist")
    COMMITTEE = "committee", _("On the SLAC agenda")
    COMMITTEE_DETAILS = "committee_details", _("SLAC sought details")
    DECIDED = "decided", _("Decided, not released")
    SELECTED = "selected", _("Selected")
    RESERVE = "reserve", _("On the reserve list")
    NOT_SELECTED = "not_selected", _("Not selected")
    INELIGIBLE = "ineligible", _("Ineligible")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")

    @property
    def applicant_label(self) -> Promise:
        """The words shown outside the office."""
        return APPLICANT_LABELS[self]

    @property
    def turn(self) -> str:
        """Whose turn it is, as the colour token of the look: still, office, yours, committee, good, reserve, bad."""
        return TURNS[self]

    @property
    def clock(self) -> str:
        """runs, paused, ends, or none."""
        return CLOCKS.get(self, "none")


APPLICANT_LABELS: dict[str, Promise] = {
    State.NOMINATED: _("You have been nominated: accept to begin"),
    State.DRAFT: _("Not yet submitted"),
    State.SUBMITTED: _("Received by your DIC"),
    State.SCRUTINY: _("Being checked by your DIC"),
    State.CLARIFICATION: _("Your DIC needs details from you"),
    State.APPRAISAL: _("Being appraised"),
    State.APPRAISED: _("Being appraised"),
    State.SHORTLISTED: _("With the Directorate"),
    State.NOT_SHORTLISTED: _("With the Directorate"),
    State.COMMITTEE: _("Before the State-Level Approval Committee"),
    State.COMMITTEE_DETAILS: _("The Committee needs details from you"),
    State.DECIDED: _("Before the State-Level Approval Committee"),
    State.SELECTED: _("Selected"),
    State.RESERVE: _("On the reserve list"),
    State.NOT_SELECTED: _("Not selected"),
    State.INELIGIBLE: _("Not eligible"),
    State.WITHDRAWN: _("Withdrawn"),
    State.LAPSED: _("Closed: not completed in time"),
}

TURNS: dict[str, str] = {
    State.NOMINATED: "yours",
    State.DRAFT: "still",
    State.SUBMITTED: "office",
    State.SCRUTINY: "office",
    State.CLARIFICATION: "yours",
    State.APPRAISAL: "office",
    State.APPRAISED: "office",
    State.SHORTLISTED: "committee",
    State.NOT_SHORTLISTED: "committee",
    State.COMMITTEE: "committee",
    State.COMMITTEE_DETAILS: "yours",
    State.DECIDED: "committee",
    State.SELECTED: "good",
    State.RESERVE: "reserve",
    State.NOT_SELECTED: "bad",
    State.INELIGIBLE: "bad",
    State.WITHDRAWN: "still",
    State.LAPSED: "still",
}

CLOCKS: dict[str, str] = {
    State.SUBMITTED: "runs",
    State.SCRUTINY: "runs",
    State.CLARIFICATION: "paused",
    State.APPRAISAL: "runs",
    State.APPRAISED: "runs",
    State.SHORTLISTED: "runs",
    State.NOT_SHORTLISTED: "runs",
    State.COMMITTEE: "runs",
    State.COMMITTEE_DETAILS: "paused",
    State.DECIDED: "runs",
    State.SELECTED: "ends",
    State.RESERVE: "ends",
    State.NOT_SELECTED: "ends",
    State.INELIGIBLE: "ends",
    State.WITHDRAWN: "ends",
    State.LAPSED: "ends",
}

BEFORE_SUBMIT = frozenset({State.NOMINATED, State.DRAFT})
ENDED = frozenset(state for state, clock in CLOCKS.items() if clock == "ends")
# A live file is one that still may lead to a decision in its round, or has led to one.
DEAD = frozenset({State.WITHDRAWN, State.LAPSED})
# What the State-Level Approval Committee decided, once it is released.
OUTCOMES = frozenset({State.SELECTED, State.RESERVE, State.NOT_SELECTED})
UNDECIDED = frozenset(
    {
        State.NOMINATED,
        State.DRAFT,
        State.SUBMITTED,
        State.SCRUTINY,
        State.CLARIFICATION,
        State.APPRAISAL,
        State.APPRAISED,
        State.SHORTLISTED,
        State.NOT_SHORTLISTED,
        State.COMMITTEE,
        State.COMMITTEE_DETAILS,
    }
)


class DocumentState(models.TextChoices):
    """One version of a document."""

    AWAITING_SCAN = "awaiting_scan", _("Awaiting scan")
    INFECTED = "infected", _("Infected")
    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    REPLACED = "replaced", _("Replaced")

    @property
    def turn(self) -> str:
        return {"received": "office", "accepted": "good", "rejected": "bad", "infected": "bad"}.get(self.value, "still")
