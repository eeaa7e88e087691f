"""Make the decisions of a meeting known: prepared by one person, released by another, all in one act. The letters follow by a job, one a decision."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from applications import actions as applications
from applications.models import Application
from evaluation.actions.decisions import move_decision
from evaluation.actions.meetings import move_meeting, need, signed
from evaluation.models import AgendaItem, Decision, Meeting, Release
from evaluation.queries.committee import pending_of, release_verdict
from evaluation.queries.releases import mark_of
from evaluation.rules.committee import released_by_another
from evaluation.states import DecisionState, MeetingState, Outcome
from evaluation.steps import STEPS
from records import audit, jobs
from records.acts import act, lock
from records.clock import now
from records.verdicts import Refused

MOVES = {Outcome.SELECTED: "select", Outcome.RESERVE: "reserve", Outcome.NOT_SELECTED: "not_select"}


@act
def prepare_release(meeting: Meeting, *, by: Any) -> Meeting:
    """Say that the decisions of a meeting can be released as they stand. Another convenor then releases them.

    Raises Refused while a file of the agenda is undecided, and for who has a conflict of interest with one.
    """
    held, decisions = _ready(meeting, by)
    held.prepared_at, held.prepared_by, held.prepared_mark = now(), by, mark_of(decisions)
    held.save(update_fields=["prepared_at", "prepared_by", "prepared_mark"])
    audit.record("meeting.prepare_release", held, by=by, data=_numbers(decisions))
    return held


@act
def release(meeting: Meeting, *, seen: str = "", by: Any) -> Release:
    """Release every decision of a meeting: the files move, the letters are queued. All of it, or nothing.

    Raises Refused for whoever prepared it, where nobody did, or where a decision changed since. `seen`: the decisions as
    the page that was confirmed counted them (`mark_of`); Refused where they are others now.
    """
    held, decisions = _ready(meeting, by)
    need(released_by_another(by, held, mark_of(decisions)))
    if seen and seen != mark_of(decisions):
        raise Refused(_("Decisions changed since this page was opened: look at the numbers again."))
    made = Release.objects.create(
        number=held.number.replace("SLAC", "REL"),
        meeting=held,
        released_at=now(),
        released_by=by,
        prepared_at=held.prepared_at,
        prepared_by=held.prepared_by,
        **signed("released", by),
    )
    for decision in sorted(decisions, key=lambda one: (one.rank, one.item.position)):
        move_decision(decision, DecisionState.RELEASED, release=made, place=_place(decision))
        applications.take(decision.application, STEPS[MOVES[Outcome(decision.outcome)]], by=by)
    move_meeting(held, MeetingState.RELEASED)
    audit.record("meeting.release", held, by=by, data={"release": made.number, **_numbers(decisions)})
    jobs.enqueue("evaluation.letters", held, payload={"release": made.pk}, priority=2)
    return made


def _ready(meeting: Meeting, by: Any) -> tuple[Meeting, list[Decision]]:
    """The meeting and the decisions that wait, with all of its files locked; Refused for who may not release them."""
    held = _alone(meeting)
    lock(Application, *AgendaItem.objects.live().filter(meeting=held).values_list("application", flat=True))
    decisions = list(pending_of(held))
    need(release_verdict(by, held, decided=len(decisions)))
    return held, decisions


def _numbers(decisions: Iterable[Decision]) -> dict[str, int]:
    """How many decisions, and how many of each outcome, for the trail."""
    counted = Counter(decision.outcome for decision in decisions)
    return {"decisions": counted.total(), **{outcome: counted[outcome] for outcome in Outcome.values}}


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
