"""What the access matrix walks through of the Committee: a meeting in two districts, before each row as it has to be, what is sent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from accounts.models import User
from accounts.roles import Role
from applications.clarifications import default_due
from districts.models import Office
from evaluation.actions.agenda import seek_details
from evaluation.actions.decisions import decide_as_proposed
from evaluation.actions.meetings import open_session
from evaluation.actions.releases import prepare_release, release
from records.clock import today
from tests.evaluation.conftest import person
from tests.evaluation.sitting import Sitting, approved_packet


def call_a_meeting(place: Any, people: dict[str, Any]) -> None:
    """A planned meeting in a place, with one file of an approved shortlist on its agenda and another that waits."""
    convenor, member = people["convenor"], people["member"]
    sitting = Sitting(place.world, convenor, convenor, member, member, approved_packet(place.world, serial=9))
    place.tabled, place.waiting = sitting.file(), sitting.file()
    place.meeting = sitting.meeting(place.tabled)


def another(name: str, role: Role) -> User:
    """A second person of a post in the Committee, beside the one of the matrix."""
    there = User.objects.filter(email=f"{name}@test.example").first()
    return there or person(name, role, Office.objects.get(code="DIRECTORATE"))


def open_the_session(access: Any) -> None:
    """The meetings in session, the member present."""
    for place in (access.here, access.there):
        member, other = access.people["member"], another("member-two", Role.MEMBER)
        open_session(place.meeting, [member, other], "Earlier.", chair=member, by=access.people["convenor"])


def decide_the_file(access: Any) -> None:
    open_the_session(access)
    for place in (access.here, access.there):
        decide_as_proposed(place.meeting.items.get(), by=access.people["convenor"])


def release_the_meeting(access: Any) -> None:
    decide_the_file(access)
    for place in (access.here, access.there):
        prepare_release(place.meeting, by=access.people["convenor"])
        release(place.meeting, by=another("convenor-two", Role.CONVENOR))


def seek(access: Any) -> None:
    """A question of the Committee with the applicant of each file on an agenda."""
    fields, due = ["enterprise.main_products"], default_due(access.here.tabled)
    for place in (access.here, access.there):
        item = place.meeting.items.get()
        seek_details(item, "Which?", fields=fields, kinds=[], due_on=due, by=access.people["convenor"])


BEFORE: dict[str, Callable[[Any], None]] = {
    "agenda_end_details": seek,
    "meeting_attendance": open_the_session,
    "committee_vote": open_the_session,
    "committee_decide": open_the_session,
    "committee_decide_many": open_the_session,
    "committee_reopen": decide_the_file,
    "meeting_release": decide_the_file,
    "meeting_letter": decide_the_file,
    "meeting_letters": release_the_meeting,
}


def posted(access: Any, place: Any, name: str) -> dict[str, dict[str, Any]]:
    """What is sent about a meeting and a file of its agenda."""
    held = {"day": f"{today() + timedelta(days=9):%d-%m-%Y}", "hour": "11:00", "place": "Vikas Bhavan"}
    member, due = access.people["member"].pk, f"{default_due(access.here.tabled):%d-%m-%Y}"
    return {
        "meeting_new": {"round": "3", **held},
        "meeting_edit": held,
        "agenda_fill": {"file": [access.here.waiting.reference]},
        "meeting_open": {"present": [member], "chair": member, "reason": "Earlier."},
        "meeting_attendance": {"leaves": member},
        "agenda_details": {"question": "Why?", "fields_opened": ["enterprise.main_products"], "due_on": due},
        "agenda_end_details": {"reason": "It was found."},
        "agenda_put_off": {"meeting": access.there.meeting.number, "reason": "The bank is asked."},
        "agenda_send_back": {"reason": "Look at the plan again."},
        "committee_recuse": {"member": access.people["member"].pk, "reason": "My brother's firm."},
        "committee_vote": {"outcome": "selected"},
        "committee_decide": {"outcome": "selected", "code": "within_target"},
        "committee_reopen": {"reason": "A loan came to light."},
        "meeting_release": {"prepare": "1"},
        "committee_decide_many": {"file": [place.tabled.reference]} if name == "committee_decide_many" else {},
    }
