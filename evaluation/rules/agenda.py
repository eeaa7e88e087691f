"""Who keeps a meeting and its agenda: the day and place, who sits, what is put off, returned, or asked of an applicant."""

from typing import Any

from django.utils.translation import gettext as _

from applications.rules import OWN_CASE, is_member
from applications.states import State
from evaluation.models import AgendaItem, Meeting
from evaluation.rules.committee import RECUSED, may_change
from evaluation.states import MeetingState
from records.verdicts import ALLOWED, Verdict, refuse


def may_move_meeting(user: Any, meeting: Meeting) -> Verdict:
    """Change the day, hour or place of a meeting: the convenor, until it is opened."""
    verdict = may_change(user, meeting)
    if not verdict:
        return verdict
    if meeting.state == MeetingState.PLANNED:
        return ALLOWED
    return refuse(_("This meeting has been opened: its day, hour and place stand."))


def may_seat(user: Any, meeting: Meeting) -> Verdict:
    """Write down who came later or left: the convenor, in session."""
    verdict = may_change(user, meeting)
    if not verdict:
        return verdict
    if meeting.state == MeetingState.SESSION:
        return ALLOWED
    return refuse(_("The meeting has not begun: who is present is written down when it is opened."))


def may_put_off(user: Any, item: AgendaItem, other: Meeting | None, *, recused: bool) -> Verdict:
    """Put a file off to another planned meeting about the same round: the convenor, until the file is decided.

    `other` None: before a meeting is chosen.
    """
    verdict = _keeps(user, item, recused=recused)
    if not verdict:
        return verdict
    if item.application.state not in {State.COMMITTEE, State.COMMITTEE_DETAILS}:
        return refuse(_not_on_the_table(item))
    if other is None:
        return ALLOWED
    if other.pk == item.meeting_id:
        return refuse(_("The file is on the agenda of this meeting already: choose another one."))
    if other.state != MeetingState.PLANNED:
        return refuse(_("A file is put off to a planned meeting only."))
    if other.round_id != item.meeting.round_id:
        return refuse(_("That meeting is about files of another round."))
    return ALLOWED


def may_send_back(user: Any, item: AgendaItem, *, recused: bool) -> Verdict:
    """Return a file to the appraisal: the convenor, while it is undecided and no question to the applicant is open."""
    verdict = _keeps(user, item, recused=recused)
    if not verdict:
        return verdict
    if item.application.state == State.COMMITTEE_DETAILS:
        return refuse(_("The applicant was asked for details: take the question back first."))
    return ALLOWED if item.application.state == State.COMMITTEE else refuse(_not_on_the_table(item))


def may_seek_details(user: Any, item: AgendaItem, *, recused: bool) -> Verdict:
    """Ask the applicant for the Committee: the convenor, while the file is undecided. It goes out at once."""
    verdict = _keeps(user, item, recused=recused)
    if not verdict:
        return verdict
    if item.application.state == State.COMMITTEE_DETAILS:
        return refuse(_("A question is with the applicant already."))
    return ALLOWED if item.application.state == State.COMMITTEE else refuse(_not_on_the_table(item))


def may_end_details(user: Any, item: AgendaItem, *, recused: bool) -> Verdict:
    """Take the open question back: the convenor, until it is answered."""
    verdict = _keeps(user, item, recused=recused)
    if not verdict:
        return verdict
    if item.application.state == State.COMMITTEE_DETAILS:
        return ALLOWED
    return refuse(_("No question of the Committee is open."))


def _keeps(user: Any, item: AgendaItem, *, recused: bool) -> Verdict:
    """Whether this person keeps the agenda this file stands on, without a conflict of interest."""
    verdict = may_change(user, item.meeting)
    if not verdict:
        return verdict
    if recused:
        return refuse(RECUSED)
    if is_member(user, item.application):
        return refuse(OWN_CASE)
    return ALLOWED if item.ended_at is None else refuse(_("This file is on the agenda of this meeting no more."))


def _not_on_the_table(item: AgendaItem) -> str:
    if item.application.state == State.DECIDED:
        return _("This file is decided. Reopen the decision first.")
    return _("This cannot be done now. The file is: %(state)s.") % {"state": item.application.current.label}
