"""The trail of a file in plain sentences, for the officer's page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluation import figures
from evaluation.rules import MOST_EVALUATIONS
from records.models import AuditEvent

SENTENCES: dict[str, Promise] = {
    "application.begin": _("Application begun"),
    "application.submit": _("Submitted"),
    "application.recall": _("Taken back by the applicant"),
    "application.withdraw": _("Withdrawn"),
    "application.take_up": _("Taken up for scrutiny"),
    "application.pass_scrutiny": _("Scrutiny ended"),
    "application.appraise": _("Appraisal closed: the evaluations are settled"),
    "application.shortlist": _("Was put on the district shortlist"),
    "application.leave_out": _("Left off the district shortlist"),
    "application.figure": _("Figure verified"),
    "application.save": _("Section saved"),
    "paper.issue": _("Paper issued"),
    "paper.retry": _("Paper asked for again"),
    "file.open": _("Financial paper opened"),
    "document.send": _("Document received"),
    "document.accept": _("Document accepted"),
    "document.reject": _("Document rejected"),
    "assessment.assign": _("Evaluator named"),
    "assessment.accept": _("Evaluation accepted, no conflict of interest declared"),
    "assessment.step_back": _("Evaluator stepped back"),
    "assessment.save": _("Scorecard saved"),
    "assessment.lock": _("Marks locked"),
}


@dataclass(frozen=True)
class Line:
    """One act: when, what in words, the note that stands with it, who."""

    at: datetime
    sentence: str
    note: str
    who: str


def lines(file: Any, most: int = 8) -> tuple[list[Line], int]:
    """The newest acts on a file and its evaluations, newest first, and how many there are in all."""
    keys = [file.trail_key, *(f"assessment:{file.reference}:{number}" for number in range(1, 2 * MOST_EVALUATIONS + 1))]
    events = AuditEvent.objects.filter(subject__in=keys).order_by("-sequence")
    names = {figure.key: figure.label for figure in figures.asked(file.round.financial_years)}
    shown = [
        Line(
            event.at,
            str(SENTENCES.get(event.verb, event.verb)),
            # the trail keeps a figure's name as it was said then; here it is said in the reader's language
            names.get(event.data.get("key", ""), event.note) if event.verb == "application.figure" else event.note,
            str(_("The portal")) if event.actor.startswith("system:") else event.actor_label,
        )
        for event in events[:most]
    ]
    return shown, events.count()
