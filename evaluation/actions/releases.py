"""Make the decisions of a meeting known, all in one act. The letters follow by a job, one a decision."""

from typing import Any

from django.db.models import Max

from applications import actions as applications
from applications.models import Application
from evaluation.actions.decisions import move_decision
from evaluation.actions.meetings import move_meeting, need, signed
from evaluation.models import AgendaItem, Decision, Meeting, Release
from evaluation.queries.committee import pending_of, release_verdict
from evaluation.states import DecisionState, MeetingState, Outcome
from evaluation.steps import STEPS
from records import audit, jobs
from records.acts import act, lock
from records.clock import now

MOVES = {Outcome.SELECTED: "select", Outcome.RESERVE: "reserve", Outcome.NOT_SELECTED: "not_select"}


@act
def release(meeting: Meeting, *, by: Any) -> Release:
    """Release every decision of a meeting: the files move, the letters are queued. All of it, or nothing.

    Raises Refused while a file of the agenda is undecided, and for who has a conflict of interest with one.
    """
    held = _alone(meeting)
    lock(Application, *AgendaItem.objects.live().filter(meeting=held).values_list("application", flat=True))
    decisions = list(pending_of(held))
    need(release_verdict(by, held, decided=len(decisions)))
    made = Release.objects.create(
        number=held.number.replace("SLAC", "REL"),
        meeting=held,
        released_at=now(),
        released_by=by,
        **signed("released", by),
    )
    for decision in sorted(decisions, key=lambda one: (one.rank, one.item.position)):
        move_decision(decision, DecisionState.RELEASED, release=made, place=_place(decision))
        applications.take(decision.application, STEPS[MOVES[Outcome(decision.outcome)]], by=by)
    move_meeting(held, MeetingState.RELEASED)
    audit.record("meeting.release", held, by=by, data={"release": made.number, "decisions": len(decisions)})
    jobs.enqueue("evaluation.letters", held, payload={"release": made.pk}, priority=2)
    return made


def _alone(meeting: Meeting) -> Meeting:
    """The meeting, locked with every other of its round: they share the reserve lists of the districts."""
    keys = Meeting.objects.filter(round=meeting.round_id).values_list("pk", flat=True)
    return {row.pk: row for row in lock(Meeting, *keys)}[meeting.pk]


def _place(decision: Decision) -> int | None:
    """The next place on the reserve list of the round and of the office that shortlisted the file; None for other outcomes.

    Called in rank order. A transferred file has the number of the district it came from, and no place there.
    """
    if decision.outcome != Outcome.RESERVE:
        return None
    packet = decision.item.row.shortlist
    of_the_list = {"item__row__shortlist__round": packet.round_id, "item__row__shortlist__office": packet.office_id}
    before = Decision.objects.filter(**of_the_list)
    return (before.aggregate(last=Max("place"))["last"] or 0) + 1
