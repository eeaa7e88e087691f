"""The funnel: the states of a file in the stages that pages and reports count, and how ages are put into buckets."""

from django.utils.translation import gettext as _

from applications.states import State

# Funnel in the order files go; drafts are counted, never named.
FUNNEL: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("draft", (State.NOMINATED, State.DRAFT)),
    ("received", (State.SUBMITTED,)),
    ("scrutiny", (State.SCRUTINY,)),
    ("clarification", (State.CLARIFICATION, State.COMMITTEE_DETAILS)),
    ("appraisal", (State.APPRAISAL,)),
    ("appraised", (State.APPRAISED,)),
    ("shortlisted", (State.SHORTLISTED,)),
    ("not_shortlisted", (State.NOT_SHORTLISTED,)),
    ("committee", (State.COMMITTEE, State.DECIDED)),
    ("selected", (State.SELECTED,)),
    ("reserve", (State.RESERVE,)),
    ("not_selected", (State.NOT_SELECTED,)),
    ("ineligible", (State.INELIGIBLE,)),
    ("closed", (State.WITHDRAWN, State.LAPSED)),
)
STAGE = {state: key for key, states in FUNNEL for state in states}
DECISIONS = ("selected", "reserve", "not_selected", "ineligible")  # what a file can end in: states and stages
AGES = ((0, 5), (6, 10), (11, 20), (21, None))  # working days in the present state
WITH_THE_DIC = (State.SUBMITTED, State.SCRUTINY, State.APPRAISAL, State.APPRAISED)


def funnel_labels() -> dict[str, str]:
    """The words of the funnel, in the reader's language."""
    return {
        "draft": _("Being filled in"),
        "received": _("Received at DIC"),
        "scrutiny": _("Under scrutiny"),
        "clarification": _("With applicant"),
        "appraisal": _("Field visit and appraisal"),
        "appraised": _("Appraised"),
        "shortlisted": _("On the district shortlist"),
        "not_shortlisted": _("Not on the shortlist"),
        "committee": _("Before the State-Level Approval Committee"),
        "selected": _("Selected"),
        "reserve": _("On the reserve list"),
        "not_selected": _("Not selected"),
        "ineligible": _("Ineligible"),
        "closed": _("Withdrawn or lapsed"),
    }


def age_heads() -> list[str]:
    """The age buckets in figures, where "working days" is said above them."""
    return [f"{low}–{high}" if high is not None else _("over %(low)s") % {"low": low - 1} for low, high in AGES]


def age_labels() -> list[str]:
    """The words of the age buckets."""
    return [
        _("%(low)s to %(high)s working days") % {"low": low, "high": high}
        if high is not None
        else _("over %(low)s working days") % {"low": low - 1}
        for low, high in AGES
    ]
