"""Who may do what in the judging. The button, the 403 page, the action and the tests ask these functions.

They are asked with what they need already in hand, so that the whole table can be tested without a database.
"""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from applications.rules import OWN_CASE, is_member
from applications.states import State
from evaluation.models import Assessment, Shortlist
from evaluation.scoring import EVALUATIONS_NEEDED
from evaluation.states import AssessmentState, ShortlistState
from records.verdicts import ALLOWED, Verdict, refuse

SUPERSEDED = gettext_lazy("Another shortlist took the place of this one.")
MOST_EVALUATIONS = 3
BLIND_IN = frozenset({State.SUBMITTED, State.SCRUTINY, State.CLARIFICATION, State.APPRAISAL, State.INELIGIBLE})
VERIFIED_IN = frozenset({State.SCRUTINY, State.APPRAISAL})  # a visit, or an answer, shows figures and papers too


# ---- Figures and documents ------------------------------------------------------------------------------------
def may_verify(user: Any, file: Any) -> Verdict:
    """Verify a figure, judge a document: an officer of the file's office, during scrutiny and appraisal."""
    if not user.has(Permission.SCRUTINISE, file.office):
        return refuse(_("Only an officer of %(office)s can do this.") % {"office": file.office.name})
    if is_member(user, file):
        return refuse(OWN_CASE)
    if file.state == State.SUBMITTED:
        return refuse(_("Take the file up first."))
    if file.state not in VERIFIED_IN:
        return refuse(_("Scrutiny and appraisal of this file are over: its figures and documents stand."))
    return ALLOWED


# ---- Evaluators -----------------------------------------------------------------------------------------------
def may_assign(user: Any, file: Any, live: Sequence[Assessment], *, settled: bool) -> Verdict:
    """Name an evaluator: a manager or the GM, during the appraisal; a third only where two do not settle it."""
    if not user.has(Permission.ASSIGN, file.office):
        return refuse(
            _("Only a manager or the General Manager of %(office)s names evaluators.") % {"office": file.office.name}
        )
    if is_member(user, file):
        return refuse(OWN_CASE)
    if file.state != State.APPRAISAL:
        return refuse(_("Evaluators are named during the appraisal."))
    if len(live) < EVALUATIONS_NEEDED:
        return ALLOWED
    if len(live) >= MOST_EVALUATIONS:
        return refuse(_("Three evaluators are named already."))
    if any(row.state != AssessmentState.LOCKED for row in live):
        return refuse(
            _("Two evaluators are named. A third can be named when both have locked and their totals do not settle it.")
        )
    return refuse(_("Two evaluations settle this file.")) if settled else ALLOWED


def may_evaluate(evaluator: Any, file: Any, *, members: Collection[int], before: Collection[int]) -> Verdict:
    """Be named as evaluator. `members` act for the enterprise, `before` were named for this file earlier (keys of people)."""
    if not evaluator.has(Permission.EVALUATE, file.office):
        return refuse(_("%(name)s holds no post that evaluates files of this office.") % {"name": evaluator.full_name})
    if evaluator.pk in {file.filed_by_id, file.nominated_by_id} or evaluator.pk in members:
        return refuse(
            _("%(name)s filed or nominated this case, or acts for the enterprise.") % {"name": evaluator.full_name}
        )
    if evaluator.pk in before:
        return refuse(_("%(name)s was named for this file already.") % {"name": evaluator.full_name})
    return ALLOWED


def leaves_a_checker(*, checkers: Collection[int], freezers: Collection[int], scored: Collection[int]) -> Verdict:
    """Whether, after a naming, somebody can still check the shortlist that another person froze (keys of people).

    `scored` are those who score a file that goes into it. Without this two officers could score what then nobody may check.
    """
    free = set(checkers) - set(scored)
    if any(set(freezers) - {checker} for checker in free):
        return ALLOWED
    return refuse(
        _(
            "Nobody would be left to check the shortlist: whoever checks it has scored none of its files. "
            "Name somebody of a taluk office, or the manager, and leave one officer free."
        )
    )


def may_accept(user: Any, assessment: Assessment) -> Verdict:
    """Accept an assignment: only the person named, and once."""
    if assessment.evaluator_id != user.pk:
        return refuse(_("This scorecard belongs to another evaluator."))
    if assessment.state != AssessmentState.ASSIGNED:
        return refuse(_("This assignment was answered already."))
    return _still_posted(user, assessment)


def _still_posted(user: Any, assessment: Assessment) -> Verdict:
    """Power follows the post: whoever was transferred since scores no more."""
    if user.has(Permission.EVALUATE, assessment.application.office):
        return ALLOWED
    return refuse(_("You no longer hold a post that evaluates files of this office."))


def may_step_back(user: Any, assessment: Assessment) -> Verdict:
    """Step back: the person named, until the marks are locked."""
    if assessment.evaluator_id != user.pk:
        return refuse(_("This scorecard belongs to another evaluator."))
    if assessment.state == AssessmentState.LOCKED:
        return refuse(_("These marks are locked."))
    if assessment.state != AssessmentState.ASSIGNED and not assessment.is_open:
        return refuse(_("This assignment was answered already."))
    return ALLOWED


def may_mark(user: Any, assessment: Assessment) -> Verdict:
    """Write marks: the person named, after accepting and before locking."""
    if assessment.evaluator_id != user.pk:
        return refuse(_("This scorecard belongs to another evaluator."))
    if assessment.state == AssessmentState.ASSIGNED:
        return refuse(_("Accept the assignment first."))
    if assessment.state == AssessmentState.LOCKED:
        return refuse(_("These marks are locked."))
    if not assessment.is_open:
        return refuse(_("You stepped back from this file."))
    if assessment.application.state != State.APPRAISAL:
        return refuse(_("This file is no longer being appraised."))
    return _still_posted(user, assessment)


def all_locked(live: Sequence[Assessment]) -> bool:
    """Whether two evaluators or more are named and every one has locked."""
    return len(live) >= EVALUATIONS_NEEDED and all(row.state == AssessmentState.LOCKED for row in live)


def marks_open(user: Any, file: Any, live: Sequence[Assessment]) -> bool:
    """Whether this reader may see the marks of the others. Blind until all are locked.

    While two totals do not settle a file, only who names the third evaluator and cannot be it sees them: the third,
    who may be the manager, stays blind. So it is too while the file waits for an answer or may be reinstated.
    """
    if not live or any(row.state != AssessmentState.LOCKED for row in live):
        return False
    if file.state not in BLIND_IN:
        return True
    names, may_score = (user.has(permission, file.office) for permission in (Permission.ASSIGN, Permission.EVALUATE))
    return len(live) >= EVALUATIONS_NEEDED and bool(names and not may_score)


# ---- The packet -----------------------------------------------------------------------------------------------
def may_make_packet(user: Any, office: Any, *, open_number: str, ready: int) -> Verdict:
    """Begin a packet: a manager of the office, none open, at least one appraised file."""
    if not user.has(Permission.FREEZE, office):
        return refuse(_("Only a manager of %(office)s makes a shortlist.") % {"office": office.name})
    if open_number:
        return refuse(_("Shortlist %(number)s is not approved yet.") % {"number": open_number})
    if not ready:
        return refuse(_("No appraised file is ready for a shortlist."))
    return ALLOWED


def may_freeze(user: Any, packet: Shortlist, *, ready: int) -> Verdict:
    """Freeze: a manager of the office; from then on ranks and marks stand."""
    if not user.has(Permission.FREEZE, packet.office):
        return refuse(_("Only a manager of %(office)s freezes a shortlist.") % {"office": packet.office.name})
    if packet.state != ShortlistState.DRAFT:
        return refuse(_("This shortlist is frozen already."))
    if not ready:
        return refuse(_("No appraised file is ready for a shortlist."))
    return ALLOWED


def may_check(user: Any, packet: Shortlist, *, scored: int, changed: Collection[str] = ()) -> Verdict:
    """Check: somebody of the office who neither froze it nor scored, or stepped back from, a file in it (`scored` counts those).

    `changed` are the references of rows that are no longer as frozen.
    """
    if not user.has(Permission.CHECK, packet.office):
        return refuse(
            _("Only an officer or manager of %(office)s checks a shortlist.") % {"office": packet.office.name}
        )
    if packet.state == ShortlistState.SUPERSEDED:
        return refuse(SUPERSEDED)
    if packet.state == ShortlistState.DRAFT:
        return refuse(_("A shortlist is checked after it is frozen."))
    if packet.state != ShortlistState.FROZEN:
        return refuse(_("This shortlist is checked already."))
    if packet.frozen_by_id == user.pk:
        return refuse(_("You cannot check this shortlist: you prepared it."))
    if scored:
        return refuse(
            _("You cannot check this shortlist: you scored files in it, or stepped back from them (%(count)s).")
            % {"count": scored}
        )
    return as_frozen(changed)


def as_frozen(changed: Collection[str]) -> Verdict:
    """Whether every row is as it was frozen, or what to do about those that are not."""
    if not changed:
        return ALLOWED
    return refuse(
        _(
            "Changed after the freeze: %(references)s. The General Manager returns the file to the appraisal, "
            "or a manager makes another shortlist in place of this one."
        )
        % {"references": ", ".join(changed)}
    )


def may_approve(user: Any, packet: Shortlist, *, changed: Collection[str] = ()) -> Verdict:
    """Approve: the General Manager of the office, who neither froze nor checked; no row changed since the freeze."""
    if not user.has(Permission.APPROVE, packet.office):
        return refuse(
            _("Only the General Manager of %(office)s approves a shortlist.") % {"office": packet.office.name}
        )
    if packet.state == ShortlistState.SUPERSEDED:
        return refuse(SUPERSEDED)
    if packet.state in {ShortlistState.DRAFT, ShortlistState.FROZEN}:
        return refuse(_("A shortlist is approved after another person has checked it."))
    if packet.state == ShortlistState.APPROVED:
        return refuse(_("This shortlist is approved already."))
    if packet.frozen_by_id == user.pk:
        return refuse(_("You cannot approve this shortlist: you prepared it."))
    if packet.checked_by_id == user.pk:
        return refuse(_("You cannot approve this shortlist: you checked it."))
    return as_frozen(changed)
