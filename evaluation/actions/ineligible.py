"""Find a file ineligible: proposed by an officer, confirmed or sent back by the General Manager, reinstated with a reason."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from applications import actions as applications
from applications.models import Application
from applications.states import State
from evaluation import notices
from evaluation.actions.superseding import supersede
from evaluation.models import Assessment, Ineligibility
from evaluation.queries.handover import OPEN
from evaluation.queries.ineligible import finding_of, officers_for, propose_verdict, waiting_proposal
from evaluation.rules.ineligible import may_answer, may_confirm, rules_for, words_of
from evaluation.steps import STEPS
from records import audit, jobs
from records.acts import act, lock_one
from records.clock import now
from records.verdicts import Refused, Verdict


def _written(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Write the reason."), "reason")
    return reason.strip()


@act
def propose(file: Application, rule: str, reason: str, *, by: Any) -> Ineligibility:
    """Propose to find a file ineligible, by one of the round's rules or of the office's, with the reason in this case."""
    held = lock_one(Application, file.pk)
    verdict = propose_verdict(by, held, waiting=waiting_proposal(held) is not None)
    if not verdict:
        raise Refused(verdict.reason)
    version = held.round.rules_version
    if rule not in rules_for(version):
        raise Refused(_("Choose one of the rules."), "rule")
    proposal = Ineligibility.objects.create(
        application=held, rule=rule, rules_version=version, reason=_written(reason), proposed_by=by, proposed_at=now()
    )
    audit.record(
        "application.propose_ineligible", held, by=by, note=proposal.reason, scope=held.office.code, data={"rule": rule}
    )
    return proposal


@act
def confirm(file: Application, reason: str, *, by: Any) -> Application:
    """Confirm the proposal. `reason` is what the enterprise reads; open evaluations of the file end, locked marks stay."""
    held = lock_one(Application, file.pk)
    proposal = _waiting(held, may_confirm, by=by)
    why = _written(reason)
    for assessment in Assessment.objects.filter(application=held, state__in=OPEN).order_by("pk"):
        supersede(assessment, why, by=by)
    moved = applications.take(held, STEPS["find_ineligible"], by=by, note=why)
    answered = _answer(proposal, confirmed=True, answer=why, by=by)
    notices.found_ineligible(moved, words_of(answered.rule), why)
    return moved


@act
def send_back(file: Application, reason: str, *, by: Any) -> Ineligibility:
    """Send the proposal back to the office with a reason; the file stays where it is and the enterprise hears nothing."""
    held = lock_one(Application, file.pk)
    proposal = _waiting(held, may_answer, by=by)
    why = _written(reason)
    if why == proposal.reason:  # the page offers the officer's own words, for a confirmation
        raise Refused(_("Write why you send it back: these are the officer's words."), "reason")
    answered = _answer(proposal, confirmed=False, answer=why, by=by)
    audit.record(
        "application.keep_eligible",
        held,
        by=by,
        note=answered.answer,
        scope=held.office.code,
        data={"rule": answered.rule},
    )
    if held.state == State.APPRAISAL:  # the evaluations may be settled, and waited for this answer
        jobs.enqueue("evaluation.appraise", held, payload={"application": held.pk}, priority=1)
    return answered


def _waiting(file: Application, rule: Callable[[Any, Any, Any], Verdict], *, by: Any) -> Ineligibility:
    """The proposal that waits, where the rule lets this person answer it. The file's lock is held: nobody else does."""
    proposal = waiting_proposal(file)
    verdict = rule(by, file, proposal)
    if proposal is None or not verdict:
        raise Refused(verdict.reason)
    return proposal


def _answer(proposal: Ineligibility, *, confirmed: bool, answer: str, by: Any) -> Ineligibility:
    proposal.confirmed, proposal.answer = confirmed, answer
    proposal.answered_by, proposal.answered_at = by, now()
    proposal.save(update_fields=["confirmed", "answer", "answered_by", "answered_at"])
    return proposal


@act
def reinstate(file: Application, officer: User, reason: str, *, by: Any) -> Application:
    """Take a finding back: the file goes to scrutiny and to an officer of the office, who looks after it from now on."""
    held = lock_one(Application, file.pk)
    found = finding_of(held)
    if officer.pk not in {one.user.pk for one in officers_for(held)}:
        raise Refused(_("Choose an officer of this office who does not act for the enterprise."), "officer")
    changes = {"officer": officer, "taken_up_at": held.taken_up_at or now()}
    moved = applications.take(held, STEPS["reinstate"], by=by, note=reason, changes=changes)
    if found is not None:
        found.reinstated_by, found.reinstated_at, found.reinstated_reason = by, moved.since, reason.strip()
        found.save(update_fields=["reinstated_by", "reinstated_at", "reinstated_reason"])
    notices.reinstated(moved)
    return moved
