"""Meetings of the demonstration's Committee, each at the point a page is for, and files at every point of an agenda."""

from datetime import timedelta
from typing import Any

from accounts.models import User
from applications.models import Application, DocumentVersion
from evaluation.actions import agenda, decisions
from evaluation.models import Meeting
from evaluation.states import DecisionReason, Outcome, Recommendation
from records.clock import today
from tests.evaluation.conftest import World
from tests.evaluation.sitting import Sitting, approved_packet

SERIAL = 91  # of the shortlist: above those the demonstration makes
REASON = "Its new line runs since June; the marks do not show it yet."


def sitting_of(here: World) -> Sitting:
    """The demonstration's Committee beside a district."""
    convenor, convenor2, member, member2 = (
        User.objects.get(email=f"{name}@demo.test") for name in ("convenor", "convenor2", "member1", "member2")
    )
    return Sitting(here, convenor, convenor2, member, member2, approved_packet(here, SERIAL))


def in_session(seat: Sitting) -> tuple[Meeting, dict[str, Application]]:
    """Open: a file voted on, one decided out of rank after it was taken up again, one asked about, one a member is kept out of."""
    files = {name: seat.file() for name in ("tabled", "decided", "sought", "recused")}
    files["below"] = seat.file("41.00", Recommendation.BELOW)
    held, convenor = seat.in_session(*files.values()), seat.convenor
    item = {name: seat.item(file) for name, file in files.items()}
    decisions.vote(item["tabled"], Outcome.RESERVE, "The exports are small.", by=seat.member2)
    decisions.decide_as_proposed(item["decided"], by=convenor)
    decisions.reopen(item["decided"], "The answer is read once more.", by=convenor)
    decisions.decide(item["decided"], Outcome.RESERVE, DecisionReason.MERIT, REASON, by=convenor)
    opened = {"fields": ["enterprise.main_products"], "kinds": [], "due_on": today() + timedelta(days=20)}
    agenda.seek_details(item["sought"], "Which products does the new line make?", **opened, by=convenor)
    decisions.recuse(item["recused"], seat.member, "My brother is a partner.", by=seat.member)
    return held, files


def released(seat: Sitting) -> tuple[Meeting, dict[str, Application]]:
    """Over: one file of each outcome."""
    files = {
        "selected": seat.file(),
        "on_reserve": seat.file("66.00", Recommendation.RESERVE),
        "not_selected": seat.file("41.00", Recommendation.BELOW),
    }
    held = seat.in_session(*files.values())
    for file in files.values():
        decisions.decide_as_proposed(seat.item(file), by=seat.convenor)
    seat.release(held)
    return held, files


def make(here: World) -> dict[str, Any]:
    """Make them; their numbers, and who works with them."""
    seat = sitting_of(here)
    planned = seat.meeting(seat.file())
    seat.file()  # on no agenda yet
    over, told = released(seat)
    session, files = in_session(seat)
    paper = DocumentVersion.objects.filter(slot__application=files["tabled"]).order_by("pk")[0]
    return {
        "planned": planned.number,
        "session": session.number,
        "over": over.number,
        "agenda_paper": paper.pk,
        **{name: file.reference for name, file in {**files, **told}.items()},
        "people": {
            "convenor": seat.convenor.email,
            "member": seat.member.email,
            "applicant": here.owner.email,
            "directorate": "directorate@demo.test",
        },
    }
