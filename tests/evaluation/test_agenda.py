"""A meeting is called, its agenda filled, opened; files are put off, returned, and asked about for the Committee."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actions as applications
from applications.clarifications import default_due
from applications.models import Application, AskedBy, Clarification, DocumentKind
from applications.states import State
from evaluation import actions
from evaluation.actions import agenda, decisions, meetings
from evaluation.actions.returns import return_file
from evaluation.models import Meeting, Vote
from evaluation.states import DecisionReason, MeetingState, Outcome, Recommendation
from records.clock import today
from records.models import AuditEvent, Message
from records.verdicts import Refused
from tests.applications.test_documents import pdf
from tests.evaluation.conftest import World
from tests.evaluation.sitting import Sitting, sit


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sit(world)


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:3000]
    return " ".join(answer.content.decode().split())


def state_of(file: Application) -> str:
    file.refresh_from_db()
    return str(file.state)


def test_from_the_call_to_the_session(sitting: Sitting, sign_in: Any) -> None:
    files = [sitting.file(), sitting.file(), sitting.file("44.00", Recommendation.BELOW)]
    client, day = sign_in(sitting.convenor), f"{today() + timedelta(days=4):%d-%m-%Y}"
    typed = {"round": "3", "day": day, "hour": "11.30", "place": "Vikas Bhavan"}
    for wrong, said in (
        ({"day": f"{today() - timedelta(days=1):%d-%m-%Y}"}, "Choose today or a later day."),
        ({"day": "31-12-9999"}, "Choose a day within a year."),
        ({"hour": "25:00"}, "Enter the hour as HH:MM"),
        ({"place": " "}, "Write where the meeting is held."),
        ({"round": "9" * 30}, "Choose the round from the list."),
    ):
        page = text_of(client.post("/committee/new/", typed | wrong), 400)
        assert said in page
        assert 'value="11.30"' in page or "hour" in wrong
    assert not Meeting.objects.exists()
    at, again = (client.post("/committee/new/", typed).headers["Location"] for _press in ("one", "two"))
    assert at == again == "/committee/SLAC-3-01/"
    assert "Nothing is ticked" in text_of(client.post(f"{at}agenda/", {}), 400)
    sent = {"packet": ["SL-3-EKM-01"], "file": ["M1K-3-EKM-99999", files[0].reference]}
    page = text_of(client.post(f"{at}agenda/", sent, follow=True))
    assert "3 put on the agenda, 1 skipped." in page
    assert "M1K-3-EKM-99999</span>: not found" in page
    assert "Annexure: not shortlisted" in page
    assert "No shortlist waits" in text_of(client.get(f"{at}agenda/"))
    assert "Choose at least one member" in text_of(client.post(f"{at}open/", {}), 400)
    page = text_of(client.post(f"{at}open/", {"present": [sitting.convenor.pk]}), 400)
    assert "Choose from the members of the Committee." in page
    twice = {"present": [sitting.member.pk] * 2, "chair": sitting.member.pk, "reason": "The hall was free earlier."}
    assert "The meeting is open." in text_of(client.post(f"{at}open/", twice, follow=True))
    assert "in session already" in text_of(client.post(f"{at}open/", {**twice, "reason": "Earlier."}), 409)
    assert "its day, hour and place stand" in text_of(client.post(f"{at}edit/", typed), 409)
    assert "Only the convenor" in text_of(sign_in(sitting.member).post(f"{at}open/", {}), 403)


def test_who_came_later_and_who_left(sitting: Sitting, sign_in: Any) -> None:
    file = sitting.file()
    meeting = sitting.meeting(file)
    meetings.open_session(meeting, [sitting.member], "Earlier.", by=sitting.convenor)
    client, at = sign_in(sitting.convenor), f"/committee/{meeting.number}/"
    come = {"arrives": sitting.member2.pk}
    assert "Member2 is present." in text_of(client.post(f"{at}attendance/", come, follow=True))
    assert "present already" in text_of(client.post(f"{at}attendance/", come), 409)
    item = sitting.item(file)
    decisions.vote(item, Outcome.SELECTED, by=sitting.member)
    page = text_of(client.post(f"{at}attendance/", {"leaves": sitting.member.pk}, follow=True))
    assert "Member1 left." in page
    assert Vote.objects.count() == 1
    with pytest.raises(Refused, match="not among those present"):
        decisions.vote(item, Outcome.RESERVE, by=sitting.member)
    assert "Choose from the members" in text_of(client.post(f"{at}attendance/", {"arrives": "x"}), 400)
    meetings.arrive(meeting, sitting.member, by=sitting.convenor)
    decisions.vote(item, Outcome.RESERVE, by=sitting.member)


def test_a_file_is_put_off_to_another_meeting(sitting: Sitting, sign_in: Any) -> None:
    file, other_file = sitting.file(), sitting.file()
    first, second = sitting.in_session(file, other_file), sitting.meeting()
    client, at = sign_in(sitting.convenor), f"/committee/{first.number}/{file.reference}/put-off/"
    assert second.number in text_of(client.get(at))
    for wrong, said in (
        ({"meeting": second.number, "reason": ""}, "Write why the file is put off."),
        ({"meeting": first.number, "reason": "Later."}, "Choose a planned meeting from the list."),
    ):
        assert said in text_of(client.post(at, wrong), 400)
    page = text_of(client.post(at, {"meeting": second.number, "reason": "The bank is asked."}, follow=True))
    assert f"{file.reference} is put off to {second.number}." in page
    assert "The bank is asked." in page
    assert sitting.item(file).meeting == second
    assert state_of(file) == State.COMMITTEE
    page = text_of(client.get(f"/committee/{first.number}/{file.reference}/"))
    assert f"Now on the agenda of {second.number}" in page
    assert AuditEvent.objects.filter(verb="meeting.put_off").count() == 2
    decisions.decide(sitting.item(other_file), Outcome.SELECTED, DecisionReason.WITHIN_TARGET, by=sitting.convenor)
    with pytest.raises(Refused, match="Reopen the decision first"):
        agenda.put_off(sitting.item(other_file), second, "Later.", by=sitting.convenor)
    with pytest.raises(Refused, match="Reopen the decision first"):
        agenda.send_back(sitting.item(other_file), "Later.", by=sitting.convenor)


def test_a_returned_file_leaves_agenda_and_shortlist(sitting: Sitting, world: World, sign_in: Any) -> None:
    files = [world.appraised(), world.appraised()]
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    actions.freeze(packet, by=world.manager)
    actions.check(packet, by=world.officer)
    packet = actions.approve(packet, by=world.gm)
    meeting = sitting.meeting(*files)
    client = sign_in(sitting.convenor)
    at = f"/committee/{meeting.number}/{files[0].reference}/return/"
    assert "Write why the file is returned." in text_of(client.post(at, {"reason": ""}), 400)
    assert "is back in the appraisal" in text_of(client.post(at, {"reason": "The plan grew."}, follow=True))
    return_file(files[1], "The loan is doubted.", by=world.gm)
    assert {state_of(file) for file in files} == {State.APPRAISAL}
    assert not meeting.items.live().exists()
    assert packet.rows.filter(returned_at=None).count() == 0
    paper = packet.paper
    packet.refresh_from_db()
    assert packet.paper != paper
    assert AuditEvent.objects.filter(verb="meeting.send_back").count() == 2
    assert meeting.state == MeetingState.PLANNED


def test_details_sought_go_to_the_applicant_at_once_and_come_back(sitting: Sitting, sign_in: Any) -> None:
    file, world = sitting.file(), sitting.world
    meeting = sitting.in_session(file)
    client, at = sign_in(sitting.convenor), f"/committee/{meeting.number}/{file.reference}/"
    due = f"{default_due(file):%d-%m-%Y}"
    assert "Choose at least one field" in text_of(
        client.post(f"{at}details/", {"question": "Which oils?", "due_on": due}), 400
    )
    asked = {"question": "Which oils?", "kinds": [DocumentKind.objects.get(key="udyam").pk], "due_on": due}
    assert "Sent. The applicant can answer" in text_of(client.post(f"{at}details/", asked, follow=True))
    assert state_of(file) == State.COMMITTEE_DETAILS
    assert "A question is with the applicant already." in text_of(client.post(f"{at}details/", asked), 409)
    assert "The State-Level Approval Committee needs details" in Message.objects.latest("pk").body
    assert "The Committee needs details" in text_of(sign_in(world.owner).get(f"/applications/{file.reference}/"))
    desk = text_of(sign_in(world.officer).get(f"/desk/{file.reference}/"))
    assert "close-unanswered" not in desk
    held, upload = Application.objects.get(pk=file.pk), SimpleUploadedFile("new.pdf", pdf(), "application/pdf")
    applications.receive_document(held, DocumentKind.objects.get(key="udyam"), upload, by=world.owner)
    applications.answer(held, "Pepper oil only.", by=world.owner)
    assert state_of(file) == State.COMMITTEE
    page = text_of(sign_in(sitting.member).get(at))
    assert "Pepper oil only." in page
    assert "new.pdf" in page
    assert "/read/" not in text_of(sign_in(world.officer).get(f"/desk/{file.reference}/")).split('id="questions"')[1]
    question = Clarification.objects.get()
    assert question.asked_for == AskedBy.COMMITTEE
    with pytest.raises(Refused, match="The Committee asked this"):
        applications.mark_read(question, by=world.officer)


def test_a_question_is_taken_back_with_a_reason(sitting: Sitting, sign_in: Any) -> None:
    file = sitting.file()
    meeting = sitting.in_session(file)
    asked = {"fields": ["enterprise.main_products"], "kinds": [], "due_on": default_due(file)}
    agenda.seek_details(sitting.item(file), "Which oils?", **asked, by=sitting.convenor)
    client, at = sign_in(sitting.convenor), f"/committee/{meeting.number}/{file.reference}/details/end/"
    assert "Write why the question is taken back." in text_of(client.post(at, {"reason": " "}), 400)
    assert "The applicant is told." in text_of(client.post(at, {"reason": "The DIC sent it."}, follow=True))
    assert state_of(file) == State.COMMITTEE
    assert Clarification.objects.get().closed_note == "The DIC sent it."
    assert "You need not answer question 1" in Message.objects.latest("pk").body
    assert "No question of the Committee is open." in text_of(client.post(at, {"reason": "Again."}), 409)
    decisions.recuse(sitting.item(file), sitting.convenor, "My cousin's firm.", by=sitting.convenor)
    page = text_of(client.get(at), 403)
    assert "You are recused from this file" in page
    assert file.enterprise.name_en not in page
