"""Who may do what in the State-Level Approval Committee. Asked with what is needed in hand, like the rules of the desk."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from applications.rules import OWN_CASE, is_member
from applications.states import State
from evaluation.models import AgendaItem, Meeting
from evaluation.states import DecisionReason, MeetingState, Outcome
from records.formats import day as day_words
from records.verdicts import ALLOWED, Verdict, refuse

RECUSED = gettext_lazy("You are recused from this file: another person does this.")
NOT_YOURS = gettext_lazy("Only the convenor releases decisions.")
HELD = gettext_lazy(
    "Held: the Udyam number or PAN stands in another application of the round too. Return the file to the appraisal: "
    "its DIC settles there whose it is."
)
RELEASED = gettext_lazy("The decisions of this meeting are released: nothing in it changes any more.")


def may_convene(user: Any) -> Verdict:
    """Call meetings, and keep their agenda and attendance: the convenor."""
    if user.has(Permission.CONVENE):
        return ALLOWED
    return refuse(_("Only the convenor of the Committee does this."))


def may_change(user: Any, meeting: Meeting) -> Verdict:
    """Change the agenda or the attendance of a meeting: the convenor, until its decisions are released."""
    verdict = may_convene(user)
    if not verdict:
        return verdict
    return refuse(RELEASED) if meeting.state == MeetingState.RELEASED else ALLOWED


def may_open(user: Any, meeting: Meeting, *, items: int, members: int) -> Verdict:
    """Open a planned meeting: with files on its agenda and at least one member present. Its quorum is to be confirmed."""
    verdict = may_change(user, meeting)
    if not verdict:
        return verdict
    if meeting.state != MeetingState.PLANNED:
        return refuse(_("This meeting is in session already."))
    if not items:
        return refuse(_("Nothing is on the agenda yet."))
    return ALLOWED if members else refuse(_("Choose at least one member who is present."))


def day_verdict(meeting: Meeting, day: date, reason: str) -> Verdict:
    """Whether a meeting can be opened on this day: on the planned one, or on another with the reason."""
    if day == meeting.planned_on or reason.strip():
        return ALLOWED
    return refuse(
        _("The meeting is planned for %(planned)s. Write why it is held on %(day)s: it is printed.")
        % {"planned": day_words(meeting.planned_on), "day": day_words(day)}
    )


def may_vote(user: Any, item: AgendaItem, *, present: bool, recused: bool) -> Verdict:
    """Say what one holds of a file: a member who sits in the meeting and is not recused, until the file is decided."""
    if not user.has(Permission.VOTE):
        return refuse(_("Only members of the Committee vote."))
    for verdict in (_without_conflict(user, item, recused=recused), _on_the_table(item)):
        if not verdict:
            return verdict
    return ALLOWED if present else refuse(_("You are not among those present in this meeting."))


def may_recuse(user: Any, member: Any, item: AgendaItem, *, recused: bool, conflict: bool = False) -> Verdict:
    """Recuse a member, or the convenor, from a file: they themselves, or the convenor for them, until it is decided.

    `recused`: the member is already. `conflict`: whoever writes it down for another is recused themselves.
    """
    if not (user.has(Permission.CONVENE) or (user == member and user.has(Permission.VOTE))):
        return refuse(_("A member declares a conflict of interest, or the convenor writes it down for them."))
    if user != member and not (free := _without_conflict(user, item, recused=conflict)):
        return free
    if not (member.has(Permission.VOTE) or member.has(Permission.CONVENE)):
        return refuse(_("Only members and the convenor are recused."))
    if recused:
        return refuse(_("This person is recused from this file already."))
    if item.meeting.state == MeetingState.RELEASED or item.ended_at is not None:
        return refuse(_("This file is on the agenda of this meeting no more."))
    return ALLOWED if item.application.state in UNDECIDED else refuse(_("This file is decided."))


def may_decide(user: Any, item: AgendaItem, *, recused: bool, standing: str = "") -> Verdict:
    """Write a decision down: the convenor without a conflict, in session, while no question to the applicant is open.

    `standing`: who decided what already, as a sentence; whoever comes second is told.
    """
    if not user.has(Permission.DECIDE):
        return refuse(_("Only the convenor writes the decisions of the Committee down."))
    verdict = _without_conflict(user, item, recused=recused)
    return _on_the_table(item, standing=standing) if verdict else verdict


def may_stand(outcome: str, *, contested: bool) -> Verdict:
    """Whether a file can get this outcome. `contested`: another file of the round stands against it with the same number."""
    if contested and outcome != Outcome.NOT_SELECTED:
        return refuse(HELD)
    return ALLOWED


def may_reopen(user: Any, item: AgendaItem, *, recused: bool) -> Verdict:
    """Reopen a decision: the convenor without a conflict, until it is released."""
    if not user.has(Permission.DECIDE):
        return refuse(_("Only the convenor writes the decisions of the Committee down."))
    verdict = _without_conflict(user, item, recused=recused)
    if not verdict:
        return verdict
    if item.meeting.state == MeetingState.RELEASED:
        return refuse(RELEASED)
    return ALLOWED if item.application.state == State.DECIDED else refuse(_("This file is not decided."))


def may_release(
    user: Any, meeting: Meeting, *, decided: int, undecided: Sequence[str], conflict: bool = False
) -> Verdict:
    """Prepare the release of a meeting, or do it: a convenor without a conflict, once every file of its agenda is decided.

    `released_by_another` says who of them does which.

    `undecided`: references of the files still on its agenda without a decision. `conflict`: recused from one of its
    files, or acting for its enterprise; which one is not said.
    """
    if not user.has(Permission.RELEASE):
        return refuse(NOT_YOURS)
    if meeting.state == MeetingState.RELEASED:
        return refuse(RELEASED)
    if conflict:
        return refuse(_("You are recused from a file of this meeting: another convenor releases it."))
    if undecided:
        return refuse(
            _("Not decided yet: %(files)s. Decide them, put them off, or return them.") % {"files": _some(undecided)}
        )
    return ALLOWED if decided else refuse(_("No decision of this meeting waits for its release."))


def released_by_another(user: Any, meeting: Meeting, mark: str) -> Verdict:
    """Whether this person does a release: prepared by another, for just the decisions that stand now (`mark`)."""
    if meeting.prepared_by_id is None:
        return refuse(_("The release is not prepared yet: one convenor prepares it, another releases."))
    if meeting.prepared_mark != mark:
        return refuse(_("Decisions changed since the release was prepared: it is prepared anew."))
    if meeting.prepared_by_id == user.pk:
        return refuse(_("You prepared this release: another convenor looks at it and releases."))
    return ALLOWED


def decision_verdict(
    outcome: str,
    code: str,
    reason: str,
    *,
    proposal: tuple[Outcome, DecisionReason],
    total: Decimal,
    pass_mark: Decimal,
    departure: str = "",
) -> tuple[Verdict, str]:
    """Whether a decision can be written so, and the field that is wrong.

    The outcome the approved shortlist proposes carries its own code; any other is out of rank, and says why in words that
    are printed. So does one without a quorum or against the votes; `departure` is the sentence that says which.
    """
    if outcome not in Outcome.values:
        return refuse(_("Choose what the Committee decided.")), "outcome"
    if outcome != Outcome.NOT_SELECTED and total < pass_mark:
        mark = f"{pass_mark.normalize():f}"
        return refuse(
            _("This file is below the pass mark %(mark)s: it cannot be selected.") % {"mark": mark}
        ), "outcome"
    if code not in DecisionReason.values:
        return refuse(_("Choose the reason of the decision.")), "code"
    proposed, usual = proposal
    if outcome == proposed:
        if code != usual:
            return refuse(_("This reason belongs to a decision out of rank.")), "code"
        if departure and not reason.strip():
            return refuse(_("%(departure)s Write why: it is printed.") % {"departure": departure}), "reason"
        return ALLOWED, ""
    if DecisionReason(code).by_rank:
        return refuse(_("The ranking gives another outcome: choose why the Committee decided out of rank.")), "code"
    if not reason.strip():
        return refuse(_("Write why the Committee decided out of rank: it is printed.")), "reason"
    return ALLOWED, ""


UNDECIDED = frozenset({State.COMMITTEE, State.COMMITTEE_DETAILS})
NAMED = 5  # files named in a sentence; the others are counted


def _without_conflict(user: Any, item: AgendaItem, *, recused: bool) -> Verdict:
    if recused:
        return refuse(RECUSED)
    return refuse(OWN_CASE) if is_member(user, item.application) else ALLOWED


def _on_the_table(item: AgendaItem, *, standing: str = "") -> Verdict:
    """Whether a file can be voted on and decided now."""
    if item.meeting.state == MeetingState.RELEASED:
        return refuse(RELEASED)
    if item.ended_at is not None:
        return refuse(_("This file is on the agenda of this meeting no more."))
    if item.meeting.state == MeetingState.PLANNED:
        return refuse(_("The meeting has not begun: open it first."))
    if item.application.state == State.COMMITTEE_DETAILS:
        return refuse(_("The applicant was asked for details: the file is decided after the answer."))
    if item.application.state == State.DECIDED:
        return refuse(standing or _("This file is decided. Reopen the decision to change it."))
    if item.application.state != State.COMMITTEE:
        return refuse(_("This cannot be done now. The file is: %(state)s.") % {"state": item.application.current.label})
    return ALLOWED


def _some(references: Sequence[str]) -> str:
    named = ", ".join(references[:NAMED])
    more = len(references) - NAMED
    return named if more <= 0 else _("%(files)s and %(count)s more") % {"files": named, "count": more}
