"""What the Committee does with a file: recusals, votes, the decision, its reopening before the release."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from applications import actions as applications
from applications.models import Application
from applications.queries import is_held
from evaluation.actions.meetings import need, signed
from evaluation.models import AgendaItem, CommitteeRecusal, Decision, ShortlistRow, Vote
from evaluation.queries.committee import pass_mark_of
from evaluation.queries.judgement import changed_since, standing_decision, standing_said
from evaluation.queries.quorum import backing_of
from evaluation.rules import committee as rules
from evaluation.rules.quorum import departures_said
from evaluation.states import DecisionState
from evaluation.steps import STEPS
from records import audit
from records.acts import act, lock_one
from records.clock import now
from records.verdicts import Refused


def _held(item: AgendaItem) -> AgendaItem:
    """The item read anew with its file locked: nobody votes, decides, returns or releases it meanwhile."""
    file = lock_one(Application, item.application_id)
    held = AgendaItem.objects.select_related("meeting", "row__shortlist").get(pk=item.pk)
    held.application = file
    return held


def _recused(user: Any, item: AgendaItem) -> bool:
    return CommitteeRecusal.objects.filter(application=item.application_id, member=user).exists()


@act
def recuse(item: AgendaItem, member: User, reason: str, *, by: Any) -> CommitteeRecusal:
    """Keep a member, or the convenor, out of a file, with the reason; a vote they cast on it is taken out."""
    held = _held(item)
    conflict = _recused(by, held)
    need(rules.may_recuse(by, member, held, recused=_recused(member, held), conflict=conflict))
    if not reason.strip():
        raise Refused(_("Write what the conflict of interest is."), "reason")
    cast, _rows = Vote.objects.filter(item=held, member=member).delete()
    row = CommitteeRecusal.objects.create(
        application=held.application, member=member, reason=reason.strip(), recorded_by=by, at=now()
    )
    facts = {"reference": held.application.reference, "member": member.pk, "vote_taken_out": bool(cast)}
    audit.record("meeting.recuse", held.meeting, by=by, note=reason.strip(), data=facts)
    return row


@act
def vote(item: AgendaItem, outcome: str, remark: str = "", *, by: Any) -> Vote:
    """What one member holds of a file; a later vote of the same member takes the place of the earlier one."""
    held = _held(item)
    present = held.meeting.attendance.present().filter(member=by).exists()
    need(rules.may_vote(by, held, present=present, recused=_recused(by, held)))
    if outcome not in dict(Vote._meta.get_field("outcome").choices or ()):
        raise Refused(_("Choose what you hold of the file."), "outcome")
    row, _made = Vote.objects.update_or_create(
        item=held, member=by, defaults={"outcome": outcome, "remark": remark.strip(), "at": now()}
    )
    facts = {"reference": held.application.reference, "outcome": outcome}
    audit.record("meeting.vote", held.meeting, by=by, note=remark.strip(), data=facts)
    return row


@act
def decide(item: AgendaItem, outcome: str, code: str, reason: str = "", *, seen: str = "", by: Any) -> Decision:
    """Write down what the Committee decided about a file. It waits for the release of the meeting; nobody is told.

    The trail of the file says that it is decided, the trail of the meeting what was decided. `seen`: how decisions and
    votes stood when the form was opened (`judgement.mark_of`); Refused where that changed.
    """
    held = _held(item)
    standing = standing_said(standing_decision(held))
    need(rules.may_decide(by, held, recused=_recused(by, held), standing=standing))
    if changed := changed_since(held, seen):
        raise Refused(changed)
    need(rules.may_stand(outcome, contested=is_held(held.application)))
    row, pass_mark, backing = held.row, pass_mark_of(held), backing_of(held)
    quorate, against = backing.quorum.met, backing.against_votes(outcome)
    departure = departures_said(quorate=quorate, against_votes=against)
    _need_reasons(row, outcome, code, reason, pass_mark=pass_mark, departure=departure)
    proposed, _usual = row.proposal
    decision = Decision.objects.create(
        item=held,
        application=held.application,
        outcome=outcome,
        proposed=proposed,
        out_of_rank=outcome != proposed,
        code=code,
        reason=reason.strip(),
        total=row.total,
        rank=row.rank,
        pass_mark=pass_mark,
        quorate=quorate,
        against_votes=against,
        decided_at=now(),
        decided_by=by,
        **signed("decided", by),
    )
    applications.take(held.application, STEPS["decide"], by=by, data={"meeting": held.meeting.number})
    facts: dict[str, Any] = {"reference": held.application.reference, "outcome": outcome, "code": code}
    facts |= {"quorate": quorate, "against_votes": against, "votes": dict(backing.votes)}
    audit.record("meeting.decide", held.meeting, by=by, note=reason.strip(), data=facts)
    return decision


def _need_reasons(
    row: ShortlistRow, outcome: str, code: str, reason: str, *, pass_mark: Decimal, departure: str
) -> None:
    """Refused, with the field it is about, where the outcome lacks the code or the words it needs."""
    verdict, field = rules.decision_verdict(
        outcome,
        code,
        reason,
        proposal=row.proposal,
        total=row.total,
        pass_mark=pass_mark,
        departure=departure,
    )
    if not verdict:
        raise Refused(verdict.reason, field)


@act
def decide_as_proposed(item: AgendaItem, *, by: Any) -> Decision:
    """Decide a file as its shortlist proposes. One that a member voted otherwise on is decided by itself, not with many."""
    held = _held(item)
    need(rules.may_decide(by, held, recused=_recused(by, held), standing=standing_said(standing_decision(held))))
    outcome, code = held.row.proposal
    if held.votes.exclude(outcome=outcome).exists():
        raise Refused(_("A vote differs from what the ranking proposes: decide this file on its own page."))
    found = backing_of(held).quorum
    if not found.met:
        raise Refused(_("%(quorum)s Decide it on its own page, with the reason.") % {"quorum": found.sentence})
    return decide(held, outcome, code, by=by)


@act
def reopen(item: AgendaItem, reason: str, *, by: Any) -> AgendaItem:
    """Take a decision up again before its release, with the reason. The decision that stood is kept."""
    held = _held(item)
    need(rules.may_reopen(by, held, recused=_recused(by, held)))
    if not reason.strip():
        raise Refused(_("Write why the decision is taken up again."), "reason")
    decision = Decision.objects.pending().get(application=held.application)
    _end(decision, reason.strip(), by=by)
    applications.take(held.application, STEPS["reopen"], by=by, note=reason)
    facts = {"reference": held.application.reference, "outcome": decision.outcome}
    audit.record("meeting.reopen", held.meeting, by=by, note=reason.strip(), data=facts)
    return held


def _end(decision: Decision, reason: str, *, by: Any) -> None:
    move_decision(decision, DecisionState.REOPENED, ended_at=now(), ended_by=by, ended_reason=reason)


def move_decision(decision: Decision, state: DecisionState, **changes: Any) -> None:
    """The one place that assigns a decision's state."""
    decision.state = state
    for name, value in changes.items():
        setattr(decision, name, value)
    decision.save(update_fields=["state", *changes])
