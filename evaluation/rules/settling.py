"""Who may take locked marks up again, put another evaluator in a place, or settle two totals by moderation.

Asked with what they need in hand, like the rules beside them.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Permission
from applications.rules import OWN_CASE, is_member
from applications.states import State
from evaluation.models import Assessment
from evaluation.scoring import EVALUATIONS_NEEDED
from evaluation.states import AssessmentState
from records.verdicts import ALLOWED, Verdict, refuse

# A question to the applicant, or a reinstatement, may hold a file whose evaluators are named already.
REPLACED_IN = frozenset({State.SCRUTINY, State.CLARIFICATION, State.APPRAISAL})
LEFT_THE_APPRAISAL = frozenset({State.APPRAISED, State.SHORTLISTED, State.NOT_SHORTLISTED})
UNLOCKED_IN = LEFT_THE_APPRAISAL | {State.APPRAISAL}


def may_supersede(user: Any, assessment: Assessment) -> Verdict:
    """Put another in an evaluator's place: a manager or the GM; once the marks are locked, the GM alone."""
    file = assessment.application
    if not user.has(Permission.ASSIGN, file.office):
        return refuse(
            _("Only a manager or the General Manager of %(office)s replaces evaluators.") % {"office": file.office.name}
        )
    if is_member(user, file):
        return refuse(OWN_CASE)
    if assessment.evaluator_id == user.pk:
        return refuse(_("You are this evaluator: step back, or let another person replace you."))
    if assessment.state == AssessmentState.SUPERSEDED:
        return refuse(_("This evaluator was replaced already."))
    if assessment.state == AssessmentState.RECUSED:
        return refuse(_("This evaluator stepped back already."))
    if assessment.state == AssessmentState.LOCKED and not user.has(Permission.UNLOCK, file.office):
        return refuse(_("These marks are locked: only the General Manager replaces this evaluator."))
    if file.state not in REPLACED_IN:
        return refuse(_("This file is no longer being appraised."))
    return ALLOWED


def may_unlock(user: Any, assessment: Assessment) -> Verdict:
    """Unlock marks: the General Manager of the office, until the file is before the Committee."""
    file = assessment.application
    if not user.has(Permission.UNLOCK, file.office):
        return refuse(_("Only the General Manager of %(office)s unlocks marks.") % {"office": file.office.name})
    if is_member(user, file):
        return refuse(OWN_CASE)
    if assessment.evaluator_id == user.pk:
        return refuse(_("These are your own marks: another person unlocks them."))
    if assessment.state != AssessmentState.LOCKED:
        return refuse(_("These marks are not locked."))
    if file.state not in UNLOCKED_IN:
        return refuse(_("Marks are unlocked during the appraisal, or before the file goes to the Committee."))
    return ALLOWED


def may_moderate(user: Any, file: Any, live: Sequence[Assessment], *, settled: bool) -> Verdict:
    """Settle two totals by moderation: the General Manager, who scores no file of the office; instead of a third evaluator.

    `settled` says whether the locked totals, or a moderation, settle the file already.
    """
    if not user.has(Permission.UNLOCK, file.office):
        return refuse(_("Only the General Manager of %(office)s moderates totals.") % {"office": file.office.name})
    if is_member(user, file):
        return refuse(OWN_CASE)
    if user.has(Permission.EVALUATE, file.office):
        return refuse(_("You hold a post that evaluates files of this office: another person moderates."))
    if file.state != State.APPRAISAL:
        return refuse(_("Totals are moderated during the appraisal."))
    if len(live) < EVALUATIONS_NEEDED or any(row.state != AssessmentState.LOCKED for row in live):
        return refuse(_("Totals are moderated once every evaluator of the file has locked."))
    return refuse(_("The evaluations settle this file.")) if settled else ALLOWED
