"""Put another evaluator in the place of one who left or does not get to it. Marks given so far stay with the old row."""

from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.actions.assessments import move_assessment
from evaluation.models import Assessment, Moderation
from evaluation.rules.settling import may_supersede
from evaluation.states import AssessmentState
from records import audit
from records.acts import act, lock_one
from records.clock import now
from records.verdicts import Refused


@act
def supersede(assessment: Assessment, reason: str, *, by: Any) -> Assessment:
    """End one evaluation with a reason; another evaluator can then be named, this one not again for the file.

    Locked marks too, by the General Manager: they are kept, count no more, and a moderation that rested on them ends.
    """
    file = lock_one(Application, assessment.application_id)
    held = lock_one(Assessment, assessment.pk)
    verdict = may_supersede(by, held)
    if not verdict:
        raise Refused(verdict.reason)
    if not reason.strip():
        raise Refused(_("Say why this evaluator is replaced."), field="reason")
    if held.state == AssessmentState.LOCKED:
        end_moderation(file)
    move_assessment(
        held,
        AssessmentState.SUPERSEDED,
        superseded_by=by,
        superseded_at=now(),
        superseded_reason=reason.strip(),
    )
    audit.record("assessment.supersede", held, by=by, note=reason.strip(), scope=file.office.code)
    return held


def end_moderation(file: Application) -> None:
    """A moderation rests on the two totals it was made for: it counts no more once one of them is taken up again."""
    Moderation.objects.filter(application=file, ended_at=None).update(ended_at=now())
