"""Meetings of the Committee: called, given an agenda from approved shortlists, opened, attended."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Permission
from applications import actions as applications
from applications.models import Application, Round
from applications.states import State
from evaluation.models import AgendaItem, Attendance, Meeting, ShortlistRow
from evaluation.queries import post_labels
from evaluation.rules import committee as rules
from evaluation.rules.agenda import may_move_meeting, may_seat
from evaluation.states import MeetingState
from evaluation.steps import STEPS
from evaluation.steps.committee import approved_row
from records import audit
from records.acts import act, lock_one
from records.clock import ist, now, today
from records.verdicts import Refused, Verdict

SECOND_CLICK = timedelta(seconds=30)
ONLY_MEMBERS = gettext_lazy("Only members of the Committee are written down as present.")


def need(verdict: Verdict) -> None:
    """Raise Refused with the sentence of a verdict that is none."""
    if not verdict:
        raise Refused(verdict.reason)


def signed(step: str, by: Any) -> dict[str, str]:
    """The post somebody acts in, in both languages, for the columns `<step>_post` and `<step>_post_ml`."""
    posts = {}
    for language, column in (("en", f"{step}_post"), ("ml", f"{step}_post_ml")):
        with translation.override(language):
            posts[column] = post_labels([by.pk]).get(by.pk, "")[:200]
    return posts


def move_meeting(meeting: Meeting, state: MeetingState, **changes: Any) -> None:
    """The one place that assigns a meeting's state."""
    meeting.state = state
    for name, value in changes.items():
        setattr(meeting, name, value)
    meeting.save(update_fields=["state", *changes])


@act
def call_meeting(call: Round, held_at: datetime, place: str, *, by: Any) -> Meeting:
    """Plan the next meeting about files of a round. Its members see it from now on. A second click gives the same one."""
    lock_one(Round, call.pk)
    need(rules.may_convene(by))
    _check(held_at, place)
    same = Meeting.objects.filter(round=call, held_at=held_at, place=place.strip(), called_by=by)
    if clicked := same.filter(state=MeetingState.PLANNED, called_at__gte=now() - SECOND_CLICK).first():
        return clicked
    serial = (Meeting.objects.filter(round=call).aggregate(last=Max("serial"))["last"] or 0) + 1
    meeting = Meeting.objects.create(
        number=f"SLAC-{call.number}-{serial:02}",
        round=call,
        serial=serial,
        held_at=held_at,
        place=place.strip(),
        called_by=by,
        called_at=now(),
    )
    audit.record("meeting.call", meeting, by=by)
    return meeting


def _check(held_at: datetime, place: str) -> None:
    if ist(held_at).date() < today():
        raise Refused(_("Choose today or a later day."), "day")
    if not place.strip():
        raise Refused(_("Write where the meeting is held."), "place")


@act
def move_day(meeting: Meeting, held_at: datetime, place: str, *, by: Any) -> Meeting:
    """Change the day, hour and place of a planned meeting; what stood there is kept in its trail."""
    held = lock_one(Meeting, meeting.pk)
    need(may_move_meeting(by, held))
    _check(held_at, place)
    before = {"held_at": held.held_at.isoformat(), "place": held.place}
    held.held_at, held.place = held_at, place.strip()
    held.save(update_fields=["held_at", "place"])
    audit.record("meeting.change", held, by=by, data={"before": before})
    return held


@act
def put_on_agenda(meeting: Meeting, file: Application, *, by: Any) -> AgendaItem:
    """Put one file of an approved shortlist on the agenda; one that is not shortlisted stands in the annexure."""
    held = lock_one(Meeting, meeting.pk)
    need(rules.may_change(by, held))
    case = lock_one(Application, file.pk)
    row = approved_row(case)
    if row is None:
        raise Refused(_("The file is in no approved shortlist."))
    if case.round_id != held.round_id:
        raise Refused(_("This meeting is about files of another round."))
    before = AgendaItem.objects.live().filter(application=case).select_related("meeting").first()
    if before is not None:
        raise Refused(_("The file is on the agenda of %(meeting)s already.") % {"meeting": before.meeting.number})
    item = add_item(held, case, row, annexure=case.state == State.NOT_SHORTLISTED, by=by)
    applications.take(case, STEPS["put_on_agenda"], by=by, data={"meeting": held.number})
    audit.record("meeting.add", held, by=by, data={"reference": case.reference})
    return item


def add_item(meeting: Meeting, file: Application, row: ShortlistRow, *, annexure: bool, by: Any) -> AgendaItem:
    """Write a file down at the end of an agenda. Inside an act that has locked the meeting and the file."""
    last = meeting.items.aggregate(last=Max("position"))["last"] or 0
    return AgendaItem.objects.create(
        meeting=meeting,
        application=file,
        row=row,
        position=last + 1,
        annexure=annexure,
        added_by=by,
        added_at=now(),
    )


def end_item(item: AgendaItem, reason: str, *, by: Any) -> None:
    """Take a file off an agenda, with the reason; its place there is kept. Inside an act that has locked both."""
    item.ended_at, item.ended_by, item.ended_reason = now(), by, reason.strip()
    item.save(update_fields=["ended_at", "ended_by", "ended_reason"])


@act
def open_session(
    meeting: Meeting, present: Iterable[User], reason: str = "", *, chair: User | None = None, by: Any
) -> Meeting:
    """Open a meeting with the members who are present; from now on its files are decided.

    The day is written down as the one it was held on, whatever was planned; another than the planned one needs a reason.
    `chair`: who of those present chairs; without one no file has a quorum where the round's rules ask for it.
    """
    held = lock_one(Meeting, meeting.pk)
    people = list({person.pk: person for person in present}.values())  # a name sent twice sits once
    need(rules.may_open(by, held, items=held.items.live().count(), members=len(people)))
    if any(not person.has(Permission.VOTE) for person in people):
        raise Refused(ONLY_MEMBERS, "present")
    if chair is not None and chair.pk not in {person.pk for person in people}:
        raise Refused(_("Who chairs is one of the members present."), "chair")
    if not (verdict := rules.day_verdict(held, today(), reason)):
        raise Refused(verdict.reason, "reason")
    moved = reason.strip() if today() != held.planned_on else ""
    opened = {"opened_at": now(), "opened_by": by, "held_on": today(), "moved_reason": moved, "chair": chair}
    move_meeting(held, MeetingState.SESSION, **opened)
    for person in people:
        seat(held, person, by=by)
    facts: dict[str, Any] = {"present": len(people), "held_on": today().isoformat()}
    facts |= {"planned": held.planned_on.isoformat(), "chair": chair.pk if chair else None}
    audit.record("meeting.open", held, by=by, note=moved, data=facts)
    return held


def seat(meeting: Meeting, person: User, *, by: Any) -> Attendance:
    """Write one member down as present, in the post held today. Inside an act."""
    return Attendance.objects.create(
        meeting=meeting, member=person, recorded_by=by, recorded_at=now(), **signed("member", person)
    )


@act
def arrive(meeting: Meeting, person: User, *, by: Any) -> Attendance:
    """Write down a member who came after the opening, or came back."""
    held = lock_one(Meeting, meeting.pk)
    need(may_seat(by, held))
    if not person.has(Permission.VOTE):
        raise Refused(ONLY_MEMBERS, "member")
    before = held.attendance.filter(member=person).first()
    if before is not None and before.left_at is None:
        raise Refused(_("This member is written down as present already."), "member")
    if before is None:
        before = seat(held, person, by=by)
    else:
        before.left_at = None
        before.save(update_fields=["left_at"])
    audit.record("meeting.arrive", held, by=by, data={"member": person.pk})
    return before


@act
def leave(meeting: Meeting, person: User, *, by: Any) -> Attendance:
    """Write down that a member left before the end. What they voted stays; they vote no more."""
    held = lock_one(Meeting, meeting.pk)
    need(may_seat(by, held))
    found = held.attendance.present().filter(member=person).first()
    if found is None:
        raise Refused(_("This member is not written down as present."), "member")
    found.left_at = now()
    found.save(update_fields=["left_at"])
    audit.record("meeting.leave", held, by=by, data={"member": person.pk})
    return found
