"""Transfer to another DIC: the file leaves with everything, its number stays, the enterprise is told where it is."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from applications.actions import recall
from applications.models import Application, EnterpriseMember, Round
from applications.queries import again, way
from districts.models import Office
from evaluation import actions
from evaluation.actions.ineligible import confirm, propose, reinstate
from evaluation.actions.notes import write_note
from evaluation.actions.transfer import transfer
from evaluation.queries import desk_for, files_for
from records.audit import events_about
from records.clock import now
from records.models import Message
from records.verdicts import Refused
from tests.evaluation.conftest import World
from tests.evaluation.test_pages import text_of

Client = Callable[[User], Any]
WHY = "The unit lies in Thrissur."


@pytest.mark.parametrize("state", ["submitted", "scrutiny"])
def test_the_file_begins_anew_in_the_other_office(world: World, state: str) -> None:
    file = world.file(state)
    moved = transfer(file, world.other_dic, WHY, by=world.gm)
    assert (moved.state, moved.office, moved.officer, moved.taken_up_at) == ("submitted", world.other_dic, None, None)
    assert (moved.reference, moved.district) == (file.reference, world.district)
    assert moved.due_on is not None
    step = moved.transitions.get()
    assert (step.move, step.source, step.target, step.note) == ("transfer", state, "submitted", WHY)
    taken = actions.take_up(moved, by=world.stranger)
    assert (taken.state, taken.officer) == ("scrutiny", world.stranger)


def test_the_trail_names_both_offices_and_stays_with_the_file(world: World) -> None:
    file = world.file()
    actions.take_up(file, by=world.officer)
    transfer(file, world.other_dic, WHY, by=world.gm)
    events = [(event.verb, event.scope, event.note) for event in events_about(file)]
    assert events == [
        ("application.take_up", "DIC-EKM", ""),
        ("application.transfer", "DIC-TSR", WHY),
        ("application.hand_on", "DIC-EKM", "DIC-EKM → DIC-TSR"),
    ]


def test_the_sending_office_sees_it_no_more_and_the_receiving_one_under_new(world: World) -> None:
    file = world.file("scrutiny")
    transfer(file, world.other_dic, WHY, by=world.gm)
    for who, sees in {"officer": False, "gm": False, "stranger": True, "other_gm": True}.items():
        assert files_for(world.people[who]).filter(pk=file.pk).exists() is sees, who
        assert desk_for(world.people[who]).filter(pk=file.pk).exists() is sees, who


@pytest.mark.parametrize("state", ["clarification", "withdrawn", "draft", "ineligible"])
def test_only_a_file_received_or_under_scrutiny_is_transferred(world: World, state: str) -> None:
    ended = {"ended_at": world.round.opens_at} if state in {"withdrawn", "ineligible"} else {}
    file = world.file(state, **ended)
    with pytest.raises(Refused, match="This cannot be done now"):
        transfer(file, world.other_dic, WHY, by=world.gm)


@pytest.mark.parametrize("who", ["officer", "manager", "other_gm", "directorate", "owner"])
def test_only_the_general_manager_of_its_office_transfers(world: World, who: str) -> None:
    file = world.file("scrutiny")
    with pytest.raises(Refused):
        transfer(file, world.other_dic, WHY, by=world.people[who])
    assert again(file).office == world.dic


def test_nobody_transfers_the_file_of_their_own_enterprise(world: World) -> None:
    file = world.file()
    EnterpriseMember.objects.create(enterprise=file.enterprise, user=world.gm)
    with pytest.raises(Refused, match="You act for this enterprise"):
        transfer(file, world.other_dic, WHY, by=world.gm)


@pytest.mark.parametrize("code", ["DIC-EKM", "TIO-TSR-1"])
def test_it_goes_to_the_dic_of_another_district_only(world: World, code: str) -> None:
    with pytest.raises(Refused, match="Choose the DIC of another district"):
        transfer(world.file(), Office.objects.get(code=code), WHY, by=world.gm)


def test_without_a_reason_nothing_moves(world: World) -> None:
    file = world.file()
    with pytest.raises(Refused, match="Write the reason"):
        transfer(file, world.other_dic, "  ", by=world.gm)
    assert again(file).office == world.dic
    assert Message.objects.count() == 0


def test_a_proposal_that_waits_is_answered_first(world: World) -> None:
    file = world.file("scrutiny")
    propose(file, "not_found", "Nobody was there.", by=world.officer)
    with pytest.raises(Refused, match="proposed to find this file ineligible: answer that first"):
        transfer(file, world.other_dic, WHY, by=world.gm)


def test_evaluations_of_the_sending_district_count_no_more(world: World) -> None:
    file = world.in_appraisal()
    first, _second = world.named(file)
    world.lock(first, 4, 3, 4, 3, 5)
    propose(file, "not_found", "Nobody was there.", by=world.officer)
    confirm(file, "Nobody was there.", by=world.gm)
    reinstate(file, world.officer, "It was found.", by=world.gm)
    transfer(file, world.other_dic, WHY, by=world.gm)
    assert {row.state for row in file.assessments.all()} == {"superseded"}
    first.refresh_from_db()
    assert (first.superseded_reason, first.marks.count()) == (WHY, 6)


def test_the_enterprise_is_told_which_office_and_not_why(world: World) -> None:
    file = world.file("scrutiny")
    User.objects.filter(pk=world.owner.pk).update(language="ml")
    Office.objects.filter(pk=world.other_dic.pk).update(name_ml="തൃശൂർ ജില്ലാ വ്യവസായ കേന്ദ്രം")
    transfer(file, Office.objects.get(pk=world.other_dic.pk), WHY, by=world.gm)
    mail = Message.objects.get()
    assert (mail.to_user, mail.language, mail.kind) == (world.owner, "ml", "application.transferred")
    assert "തൃശൂർ ജില്ലാ വ്യവസായ കേന്ദ്രം" in mail.title
    assert file.reference in mail.title
    assert WHY not in mail.body


# ---- The pages ----------------------------------------------------------------------------------------------------
def test_by_the_page(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    write_note(file, "The lease names Thrissur.", by=world.officer)
    client, address = sign_in(world.gm), f"/desk/{file.reference}/transfer/"
    assert "Transfer to another DIC" in text_of(client.get(f"/desk/{file.reference}/"))
    page = text_of(client.get(address))
    assert "DIC Thrissur" in page
    assert "DIC Ernakulam</option>" not in page
    answer = client.post(address, {"office": world.other_dic.pk, "reason": WHY}, follow=True)
    assert f"{file.reference} is now with DIC Thrissur." in text_of(answer)
    assert client.get(f"/desk/{file.reference}/").status_code == 404
    theirs = sign_in(world.stranger)
    assert "Transferred to another DIC: The unit lies in Thrissur." in text_of(theirs.get(f"/desk/{file.reference}/"))
    assert "The lease names Thrissur." in text_of(theirs.get(f"/desk/{file.reference}/notes/"))


@pytest.mark.parametrize(("typed", "sentence"), [("reason", "Choose the DIC"), ("office", "Write the reason.")])
def test_what_is_missing_is_said(world: World, sign_in: Client, typed: str, sentence: str) -> None:
    file = world.file()
    data = {typed: {"reason": WHY, "office": world.other_dic.pk}[typed]}
    answer = sign_in(world.gm).post(f"/desk/{file.reference}/transfer/", data)
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert typed == "office" or WHY in text_of(answer)


def test_a_stale_page_says_why_and_keeps_what_was_typed(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    propose(file, "not_found", "Nobody was there.", by=world.officer)
    data = {"office": world.other_dic.pk, "reason": WHY}
    answer = sign_in(world.gm).post(f"/desk/{file.reference}/transfer/", data)
    assert answer.status_code == 409
    assert "answer that first" in text_of(answer)
    assert WHY in text_of(answer)


def test_the_applicant_reads_the_new_office(world: World, sign_in: Client) -> None:
    file = world.file("submitted")
    actions.take_up(file, by=world.officer)
    transfer(file, world.other_dic, WHY, by=world.gm)
    page = text_of(sign_in(world.owner).get(f"/applications/{file.reference}/"))
    assert '<a href="/districts/TSR/">DIC Thrissur</a>' in page
    assert "The file is with DIC Thrissur." in page
    assert WHY not in page


def test_a_file_that_was_taken_up_is_not_recalled_after_a_transfer(world: World) -> None:
    """Figures were verified on what it states: the enterprise does not write it anew beside them."""
    fresh, seen = world.file("submitted"), world.file("submitted")
    actions.take_up(seen, by=world.officer)
    moved = [transfer(file, world.other_dic, "The unit lies there.", by=world.gm) for file in (fresh, seen)]
    Round.objects.update(closes_at=now() + timedelta(days=9))
    assert recall(again(moved[0]), by=world.owner).state == "draft"
    with pytest.raises(Refused, match="cannot be recalled any more"):
        recall(again(moved[1]), by=world.owner)


def test_the_way_tells_the_first_day_and_no_step_of_the_other_office(world: World) -> None:
    file = world.file("draft")
    Application.objects.filter(pk=file.pk).update(state="submitted", submitted_at=file.begun_at)
    sent = file.transitions.create(move="submit", source="draft", target="submitted", at=file.begun_at)
    actions.take_up(file, by=world.officer)
    titles = [(stage.kind, stage.title) for stage in way(again(file))]
    assert titles[:2] == [("done", "You applied"), ("done", "DIC Ernakulam took it up")]
    transfer(file, world.other_dic, WHY, by=world.gm)
    stages = way(again(file))
    assert [(stage.kind, stage.title) for stage in stages[:3]] == [
        ("done", "You applied"),
        ("now", "Received by your DIC"),
        ("next", "DIC Thrissur took it up"),
    ]
    assert stages[0].at == sent.at
