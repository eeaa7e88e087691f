"""Name evaluators for many files at once, evenly: one act a file, through the same door as by hand."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.actions.assessments import assign_all
from evaluation.models import Assessment
from evaluation.queries.balance import proposals_for
from records.verdicts import Refused

Result = list[Assessment] | str


def assign_balanced(files: Sequence[Application], *, by: Any) -> list[tuple[Application, Result]]:
    """Each file with the evaluations that were begun, or the sentence that says why it was skipped.

    The proposal is made for all of them together, so that the work is spread; each naming is asked and locked by itself.
    """
    answer: list[tuple[Application, Result]] = []
    for file, proposal in zip(files, proposals_for(files), strict=True):
        if not proposal.wanted.lacking:
            answer.append((file, _("Two evaluators are named already.")))
        elif not proposal.complete:
            answer.append((file, proposal.reason))
        else:
            answer.append((file, _named(file, [person.user for person in proposal.people], by=by)))
    return answer


def _named(file: Application, people: Sequence[Any], *, by: Any) -> Result:
    try:
        return assign_all(file, people, by=by)
    except Refused as refusal:
        return refusal.reason
