"""What the Committee's acts refuse before anything is written, the guards of its moves, and its reading of papers."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from applications.clarifications import default_due
from applications.models import Application, Round
from applications.states import State
from evaluation.actions import agenda, decisions, meetings
from evaluation.actions.letters import try_again
from evaluation.models import Meeting, Shortlist
from evaluation.states import DecisionReason, MeetingState, Outcome
from evaluation.steps import STEPS
from records.clock import now
from records.models import AuditEvent, Job
from records.verdicts import Refused
from tests.evaluation.conftest import World
from tests.evaluation.sitting import Sitting, sit
from tests.evaluation.test_reading import opened, paged, version_of

Client = Callable[[User], Any]


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sit(world)


def lines() -> int:
    return AuditEvent.objects.count()


def refused(words: str, act: Callable[..., Any], *given: Any, **more: Any) -> None:
    """The act says these words and writes nothing."""
    before = lines()
    with pytest.raises(Refused, match=words):
        act(*given, **more)
    assert lines() == before


# ---- Reasons --------------------------------------------------------------------------------------------------
def test_without_a_reason_nothing_about_a_file_is_changed(sitting: Sitting) -> None:
    file = sitting.file()
    sitting.in_session(file)
    other = sitting.meeting()
    item, by = sitting.item(file), {"by": sitting.convenor}
    refused("Write why the file is put off", agenda.put_off, item, other, " ", **by)
    refused("Write why the file is returned", agenda.send_back, item, " ", **by)
    refused("Write what the conflict of interest is", decisions.recuse, item, sitting.member, "\n", **by)
    refused("Choose what you hold of the file", decisions.vote, item, "perhaps", by=sitting.member)
    decisions.decide(item, Outcome.SELECTED, DecisionReason.WITHIN_TARGET, **by)
    refused("Write why the decision is taken up again", decisions.reopen, sitting.item(file), "", **by)
    assert Application.objects.get(pk=file.pk).state == State.DECIDED


def test_a_question_is_taken_back_with_a_reason(sitting: Sitting) -> None:
    file = sitting.file()
    sitting.in_session(file)
    asked = {"fields": ["bank.licences"], "kinds": [], "due_on": default_due(file), "by": sitting.convenor}
    agenda.seek_details(sitting.item(file), "Which licence?", **asked)
    refused("Write why the question is taken back", agenda.end_details, sitting.item(file), " ", by=sitting.convenor)
    assert Application.objects.get(pk=file.pk).state == State.COMMITTEE_DETAILS


# ---- The meeting ----------------------------------------------------------------------------------------------
def test_a_meeting_needs_a_day_to_come_and_a_place(sitting: Sitting) -> None:
    call, by = sitting.world.round, {"by": sitting.convenor}
    refused("Choose today or a later day", meetings.call_meeting, call, now() - timedelta(days=2), "Here", **by)
    refused("Write where the meeting is held", meetings.call_meeting, call, now(), " ", **by)
    planned = sitting.meeting()
    refused("Write where the meeting is held", meetings.move_day, planned, now(), "", **by)
    moved = meetings.move_day(planned, now() + timedelta(days=9), " Kochi ", **by)
    assert moved.place == "Kochi"
    assert AuditEvent.objects.get(verb="meeting.change").data["before"]["place"] == planned.place


def test_only_a_file_of_an_approved_shortlist_of_the_round_is_put_on_an_agenda_once(sitting: Sitting) -> None:
    by = {"by": sitting.convenor}
    meeting, file = sitting.meeting(), sitting.file()
    refused("in no approved shortlist", meetings.put_on_agenda, meeting, sitting.world.file("appraised"), **by)
    other = Round.objects.create(
        number=4, opens_at=now(), closes_at=now() + timedelta(days=9), cut_off=sitting.world.round.cut_off
    )
    elsewhere = meetings.call_meeting(other, now() + timedelta(days=3), "Here", **by)
    refused("about files of another round", meetings.put_on_agenda, elsewhere, file, **by)
    meetings.put_on_agenda(meeting, file, **by)
    refused(f"on the agenda of {meeting.number} already", meetings.put_on_agenda, sitting.meeting(), file, **by)
    refused("Nothing is on the agenda yet", agenda.issue_paper, elsewhere, **by)


def test_who_is_present_is_a_member_and_is_there_once(sitting: Sitting) -> None:
    by, officer = {"by": sitting.convenor}, sitting.world.officer
    file = sitting.file()
    planned = sitting.meeting(file)
    refused("(?i)member", meetings.open_session, planned, [officer], "Earlier.", **by)
    held = meetings.open_session(planned, [sitting.member], "Earlier.", **by)
    refused("(?i)member", meetings.arrive, held, officer, **by)
    refused("present already", meetings.arrive, held, sitting.member, **by)
    refused("not written down as present", meetings.leave, held, sitting.member2, **by)
    meetings.leave(held, sitting.member, **by)
    assert meetings.arrive(held, sitting.member, **by).left_at is None
    assert held.attendance.count() == 1


# ---- Guards ---------------------------------------------------------------------------------------------------
def guard(step: str, file: Application) -> str:
    verdict = STEPS[step].guard(file)
    assert bool(verdict) is (not str(verdict.reason))
    return str(verdict.reason)


def test_the_guards_name_what_is_not_there(sitting: Sitting) -> None:
    loose, file = sitting.world.file("shortlisted"), sitting.file()
    assert guard("put_on_agenda", loose) == "The file is in no approved shortlist."
    assert guard("put_on_agenda", file) == guard("seek_details", file) == "The file is on the agenda of no meeting."
    assert guard("decide", file) == "No decision is written down for this file."
    assert guard("select", file) == "The Committee decided otherwise."
    assert guard("send_back", loose) == guard("reopen", loose) == guard("end_details", loose) == ""
    assert guard("send_back", file) == f"The file is in shortlist {sitting.packet.number}: return it from there."
    assert guard("find_ineligible", file) == "No officer has proposed to find this file ineligible."
    assert guard("shortlist", file) == "The file is in no checked shortlist."
    Shortlist.objects.update(state="checked", approved_at=None, approved_by=None, approved_post="")
    assert guard("leave_out", file) == "The checked shortlist says otherwise."
    assert guard("shortlist", file) == ""


def test_the_guards_name_what_still_stands(sitting: Sitting) -> None:
    file = sitting.file()
    meeting = sitting.in_session(file)
    assert guard("seek_details", file) == guard("put_on_agenda", file) == ""
    assert guard("send_back", file) == "The file is on the agenda of a meeting: return it from there."
    asked = {"fields": ["bank.licences"], "kinds": [], "due_on": default_due(file), "by": sitting.convenor}
    agenda.seek_details(sitting.item(file), "Which licence?", **asked)
    assert guard("end_details", file) == "The question is still open."
    agenda.end_details(sitting.item(file), "Found it.", by=sitting.convenor)
    decisions.decide(sitting.item(file), Outcome.SELECTED, DecisionReason.WITHIN_TARGET, by=sitting.convenor)
    assert guard("reopen", file) == "The decision about this file still stands."
    Meeting.objects.filter(pk=meeting.pk).update(state=MeetingState.RELEASED)
    assert guard("seek_details", file) == "The decisions of this meeting are released."


# ---- Letters and papers ---------------------------------------------------------------------------------------
def test_only_who_releases_has_letters_tried_again(sitting: Sitting) -> None:
    refused(".", try_again, None, by=sitting.member)
    assert not Job.objects.exists()


@pytest.fixture
def shelf(sitting: Sitting, settings: Any, tmp_path: Path) -> tuple[Any, str]:
    """A financial paper of three pages of a file before the Committee, and its address there."""
    settings.MEDIA_ROOT = tmp_path
    file = sitting.file()
    meeting = sitting.in_session(file)
    version = paged(version_of(file), 3, tmp_path)
    (tmp_path / version.file.path).write_bytes(b"%PDF-original")
    return version, f"/committee/{meeting.number}/{file.reference}/documents/{version.pk}/"


def test_the_committee_reads_a_paper_page_by_page_and_it_is_accounted_for(
    sitting: Sitting, shelf: tuple[Any, str], sign_in: Client
) -> None:
    version, at = shelf
    client = sign_in(sitting.member)
    page = client.get(f"{at}read/")
    assert page.status_code == 200
    assert f'src="{at}pages/1/"' in page.content.decode()
    assert opened(version) == 1
    piece = client.get(f"{at}read/?page=2", headers={"HX-Request": "true"}).content.decode()
    assert f'src="{at}pages/2/"' in piece
    assert "<html" not in piece
    image = client.get(f"{at}pages/3/")
    assert (image.status_code, image.headers["Content-Type"]) == (200, "image/webp")
    assert client.get(f"{at}pages/4/").status_code == 404
    assert opened(version) == 1  # once a day


def test_the_committee_takes_the_original_and_has_pages_made_anew(
    sitting: Sitting, shelf: tuple[Any, str], sign_in: Client
) -> None:
    version, at = shelf
    client = sign_in(sitting.member)
    whole = client.get(at)
    assert b"".join(whole.streaming_content) == b"%PDF-original"
    assert opened(version) == 1
    assert client.post(f"{at}read/?page=2").headers["Location"] == f"{at}read/?page=2"


def test_who_is_recused_reads_no_paper_of_the_file(sitting: Sitting, shelf: tuple[Any, str], sign_in: Client) -> None:
    version, at = shelf
    item = sitting.item(version.slot.application)
    decisions.recuse(item, sitting.member, "A cousin.", by=sitting.convenor)
    client = sign_in(sitting.member)
    assert [client.get(at + rest).status_code for rest in ("", "read/", "pages/1/")] == [403] * 3
    assert opened(version) == 0
