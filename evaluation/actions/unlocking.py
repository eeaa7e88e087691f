"""Unlock marks with a reason: the locked ones are kept whole, the same evaluator marks and locks again."""

from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.actions.assessments import move_assessment
from evaluation.actions.returns import return_file
from evaluation.actions.superseding import end_moderation
from evaluation.models import Assessment, EarlierMarks
from evaluation.queries.settling import unlock_verdict
from evaluation.rules.settling import LEFT_THE_APPRAISAL
from evaluation.states import AssessmentState
from records import audit
from records.acts import act, lock_one
from records.clock import now
from records.verdicts import Refused, Verdict


def _need(verdict: Verdict) -> None:
    if not verdict:
        raise Refused(verdict.reason)


@act
def unlock(assessment: Assessment, reason: str, *, by: Any) -> Assessment:
    """Open locked marks again. A file that left the appraisal returns to it first; all totals are blind again.

    A packet that holds the file is locked first, then the file, then the evaluation: as everywhere, so that nobody waits
    in a circle, and nobody closes the appraisal meanwhile.
    """
    reason = reason.strip()
    _need(unlock_verdict(by, Assessment.objects.get(pk=assessment.pk)))
    if not reason:
        raise Refused(_("Say why the marks are unlocked."), field="reason")
    file = Application.objects.get(pk=assessment.application_id)
    if file.state in LEFT_THE_APPRAISAL:
        return_file(file, reason, by=by)
    file = lock_one(Application, file.pk)
    held = lock_one(Assessment, assessment.pk)
    _need(unlock_verdict(by, held))
    if file.state in LEFT_THE_APPRAISAL:
        raise Refused(_("The appraisal of this file was closed a moment ago. Look at it, then unlock the marks."))
    end_moderation(file)
    keep_marks(held, reason, by=by)
    move_assessment(held, AssessmentState.UNLOCKED, locked_at=None, total=None, total_exact="")
    audit.record("assessment.unlock", held, by=by, note=reason, scope=file.office.code)
    return held


def keep_marks(held: Assessment, reason: str, *, by: Any) -> EarlierMarks:
    """The marks as they were locked, whole, with who unlocked them and why."""
    return EarlierMarks.objects.create(
        assessment=held,
        number=held.earlier.count() + 1,
        locked_at=held.locked_at or now(),
        total_exact=held.total_exact,
        marks=[mark.facts for mark in held.marks.select_related("criterion")],
        unlocked_by=by,
        unlocked_at=now(),
        reason=reason,
    )
