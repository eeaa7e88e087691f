"""The Committee's moves: put on the agenda, seek details, decide, reopen, release, send back."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from applications.models import Application, Clarification
from applications.states import State
from applications.steps import Reach, Step
from evaluation.models import AgendaItem, Decision, ShortlistRow
from evaluation.states import MeetingState, Outcome, ShortlistState
from records.verdicts import ALLOWED, Verdict, refuse


def agenda_item(file: Application) -> AgendaItem | None:
    """The file's place on the agenda of a meeting; None where it is on none."""
    return AgendaItem.objects.live().filter(application=file).select_related("meeting", "row__shortlist").first()


def approved_row(file: Application) -> ShortlistRow | None:
    """The file's row in an approved shortlist it was not returned from: the newest one."""
    rows = ShortlistRow.objects.filter(
        application=file, shortlist__state=ShortlistState.APPROVED, returned_at__isnull=True
    )
    return rows.select_related("shortlist").order_by("-shortlist__approved_at", "-pk").first()


def listed(file: Application) -> Verdict:
    """Guard of `put_on_agenda`: an approved shortlist holds the file, and a meeting has it on its agenda."""
    if approved_row(file) is None:
        return refuse(_("The file is in no approved shortlist."))
    return ALLOWED if agenda_item(file) else refuse(_("The file is on the agenda of no meeting."))


def in_session(file: Application) -> Verdict:
    """Guard of `seek_details`: the file is on the agenda of a meeting whose decisions are not released."""
    item = agenda_item(file)
    if item is None:
        return refuse(_("The file is on the agenda of no meeting."))
    if item.meeting.state == MeetingState.RELEASED:
        return refuse(_("The decisions of this meeting are released."))
    return ALLOWED


def written_down(file: Application) -> Verdict:
    """Guard of `decide`: the decision is written down, with its reason."""
    if Decision.objects.pending().filter(application=file).exists():
        return ALLOWED
    return refuse(_("No decision is written down for this file."))


def not_written_down(file: Application) -> Verdict:
    """Guard of `reopen`: the decision that stood is marked as reopened, and was not released."""
    if Decision.objects.live().filter(application=file).exists():
        return refuse(_("The decision about this file still stands."))
    return ALLOWED


def off_the_agenda(file: Application) -> Verdict:
    """Guard of `send_back`: the file is on no agenda any more, and its row in the shortlist is marked as returned."""
    if agenda_item(file) is not None:
        return refuse(_("The file is on the agenda of a meeting: return it from there."))
    row = approved_row(file)
    if row is None:
        return ALLOWED
    return refuse(_("The file is in shortlist %(number)s: return it from there.") % {"number": row.shortlist.number})


def question_taken_back(file: Application) -> Verdict:
    """Guard of `end_details`: no question of the Committee is open any more."""
    if Clarification.objects.open().filter(application=file).exists():
        return refuse(_("The question is still open."))
    return ALLOWED


def _decided_as(outcome: Outcome) -> Callable[[Any], Verdict]:
    def guard(file: Application) -> Verdict:
        """Guard of a release: the decision is released, and its outcome is the state the file moves to."""
        if Decision.objects.released().filter(application=file, outcome=outcome).exists():
            return ALLOWED
        return refuse(_("The Committee decided otherwise."))

    return guard


def _release(move: str, target: State, label: Any) -> Step:
    return Step(
        move=move,
        sources=frozenset({State.DECIDED}),
        target=target,
        permission=Permission.RELEASE,
        reach=Reach.STATE,
        label=label,
        guard=_decided_as(Outcome(target.value)),
        room="evaluation",
    )


COMMITTEE_STEPS: tuple[Step, ...] = (
    Step(
        move="put_on_agenda",
        sources=frozenset({State.SHORTLISTED, State.NOT_SHORTLISTED}),
        target=State.COMMITTEE,
        permission=Permission.CONVENE,
        reach=Reach.STATE,
        label=gettext_lazy("Put on the agenda"),
        guard=listed,
        room="evaluation",
    ),
    Step(
        move="seek_details",
        sources=frozenset({State.COMMITTEE}),
        target=State.COMMITTEE_DETAILS,
        permission=Permission.CONVENE,
        reach=Reach.STATE,
        label=gettext_lazy("Seek details"),
        guard=in_session,
        room="evaluation",
    ),
    Step(
        move="end_details",
        sources=frozenset({State.COMMITTEE_DETAILS}),
        target=State.COMMITTEE,
        permission=Permission.CONVENE,
        reach=Reach.STATE,
        label=gettext_lazy("Take the question back"),
        guard=question_taken_back,
        note_required=True,
        room="evaluation",
    ),
    Step(
        move="decide",
        sources=frozenset({State.COMMITTEE}),
        target=State.DECIDED,
        permission=Permission.DECIDE,
        reach=Reach.STATE,
        label=gettext_lazy("Decide"),
        guard=written_down,
        room="evaluation",
    ),
    Step(
        move="reopen",
        sources=frozenset({State.DECIDED}),
        target=State.COMMITTEE,
        permission=Permission.DECIDE,
        reach=Reach.STATE,
        label=gettext_lazy("Reopen the decision"),
        guard=not_written_down,
        note_required=True,
        room="evaluation",
    ),
    _release("select", State.SELECTED, gettext_lazy("Release: selected")),
    _release("reserve", State.RESERVE, gettext_lazy("Release: on the reserve list")),
    _release("not_select", State.NOT_SELECTED, gettext_lazy("Release: not selected")),
    Step(
        move="send_back",
        sources=frozenset({State.COMMITTEE}),
        target=State.APPRAISAL,
        permission=Permission.CONVENE,
        reach=Reach.STATE,
        label=gettext_lazy("Return to the appraisal"),
        guard=off_the_agenda,
        note_required=True,
        room="evaluation",
    ),
)
