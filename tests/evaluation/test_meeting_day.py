"""The day a meeting was held is the day it was opened: papers cite that one, and another than the planned one has its reason."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from evaluation import agendapaper, letters
from evaluation.actions import agenda, decisions, meetings
from evaluation.models import Meeting
from records import papers
from records.audit import events_about
from records.clock import INDIA, moved_to, now, today
from records.formats import day
from records.verdicts import Refused
from tests.evaluation.conftest import World
from tests.evaluation.sitting import Sitting, sit
from tests.evaluation.test_agenda import text_of

WHY = "The Secretary is away on the planned day."


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sit(world)


@pytest.mark.parametrize("days", [-2, -1, 1, 2], ids="{:+}".format)
def test_on_another_day_than_planned_it_opens_with_a_reason_only(sitting: Sitting, sign_in: Any, days: int) -> None:
    """`days`: from the planned day to the one it is opened on; at ten at night in India, the day before in UTC's mind."""
    file = sitting.file()
    planned = datetime.combine(today() + timedelta(days=7), datetime.min.time(), tzinfo=INDIA).replace(hour=11)
    meeting = meetings.call_meeting(sitting.world.round, planned, "Here", by=sitting.convenor)
    meetings.put_on_agenda(meeting, file, by=sitting.convenor)
    at = f"/committee/{meeting.number}/"
    with moved_to(planned.replace(hour=1) + timedelta(days=days)):
        with pytest.raises(Refused, match="Write why it is held on") as refused:
            meetings.open_session(meeting, [sitting.member], " ", by=sitting.convenor)
        assert refused.value.field == "reason"
        client = sign_in(sitting.convenor)
        assert "It is planned for" in text_of(client.get(at))
        sent = {"present": [sitting.member.pk, sitting.member2.pk], "chair": sitting.member.pk, "reason": ""}
        assert "Write why it is held on" in text_of(client.post(f"{at}open/", sent), 400)
        assert Meeting.objects.get().state == "planned"
        page = text_of(client.post(f"{at}open/", {**sent, "reason": WHY}, follow=True))
        held = Meeting.objects.get()
        assert (held.held_on, held.moved_reason) == (planned.date() + timedelta(days=days), WHY)
        assert f"held on {day(held.held_on)}" in page
        assert WHY in page
        (opened,) = [event for event in events_about(held) if event.verb == "meeting.open"]
        assert (opened.note, opened.data["held_on"]) == (WHY, held.held_on.isoformat())
        assert f"Meeting opened and held on {day(held.held_on)}" in text_of(client.get(f"{at}trail/"))
        decision = decisions.decide_as_proposed(sitting.item(file), by=sitting.convenor)
        assert letters.letter_of(decision).met_on == day(held.held_on)
        paper = " ".join(papers.html_of(agenda.issue_paper(held, by=sitting.convenor)).split())
        assert f"<dd>{day(held.held_on)}</dd>" in paper
        assert WHY in paper


def test_on_its_day_no_reason_is_asked_and_none_kept(sitting: Sitting, sign_in: Any) -> None:
    file = sitting.file()
    meeting = meetings.call_meeting(sitting.world.round, now(), "Here", by=sitting.convenor)
    meetings.put_on_agenda(meeting, file, by=sitting.convenor)
    client, at = sign_in(sitting.convenor), f"/committee/{meeting.number}/"
    assert "Why is it held today?" not in text_of(client.get(at))
    client.post(f"{at}open/", {"present": [sitting.member.pk], "chair": sitting.member.pk, "reason": "Forged."})
    held = Meeting.objects.get()
    assert (held.state, held.held_on, held.moved_reason) == ("session", today(), "")


def test_an_agenda_before_the_meeting_says_the_planned_day_and_one_of_before_has_no_other(sitting: Sitting) -> None:
    meeting = sitting.meeting(sitting.file())
    snapshot = agenda.issue_paper(meeting, by=sitting.convenor).snapshot
    assert (snapshot["held_on"], snapshot["moved_reason"]) == ("", "")
    old = {name: value for name, value in snapshot.items() if name not in {"held_on", "moved_reason"}}
    assert agendapaper.context(old)["held_on"] == ""
    assert date.fromisoformat(f"{meeting.planned_on}") == today() + timedelta(days=3)
