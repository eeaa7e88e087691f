"""Several files in one press: one act each, the same rules as the page, and what was skipped with its reason."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from applications.models import Application, EnterpriseMember, Transition
from evaluation import trail
from evaluation.actions.giving import give
from evaluation.models import Assessment
from evaluation.queries.giving import takers
from evaluation.views import bulk
from records.models import AuditEvent
from records.verdicts import Refused
from tests.evaluation.conftest import World

SignIn = Callable[[Any], Any]


def press(client: Any, act: str, *files: Any, **more: Any) -> str:
    """Press a button of the bulk bar; the page it leads to."""
    data = {"act": act, "file": [getattr(file, "reference", file) for file in files], **more}
    answer = client.post("/desk/bulk/", data)
    assert answer.status_code == 302
    return " ".join(client.get(answer["Location"]).content.decode().split())


def skipped(page: str) -> dict[str, str]:
    """What the page says was skipped, with the reasons."""
    return dict(re.findall(r'<li><span class="m-ref">([^<]*)</span>: ([^<]*)</li>', page))


def states(*files: Application) -> list[str]:
    return [Application.objects.get(pk=file.pk).state for file in files]


# ---- Take up --------------------------------------------------------------------------------------------------
def test_the_ticked_are_taken_up_and_the_rest_is_named_with_its_reason(world: World, sign_in: SignIn) -> None:
    first, second, taken, left = world.file(), world.file(), world.file("scrutiny"), world.file()
    page = press(sign_in(world.officer2), "take_up", first, second, taken)
    assert "<strong>2 taken up, 1 skipped.</strong>" in page
    assert re.match(r"DIC officer, DIC Ernakulam took this file up on ", skipped(page)[taken.reference])
    assert states(first, second, taken, left) == ["scrutiny", "scrutiny", "scrutiny", "submitted"]
    assert {file.officer for file in Application.objects.filter(pk__in=[first.pk, second.pk])} == {world.officer2}
    # one act a file: its own move and its own line in the trail
    assert Transition.objects.filter(move="take_up", by=world.officer2).count() == 2
    assert AuditEvent.objects.filter(verb="application.take_up").count() == 2


def test_all_done_says_so_without_a_list(world: World, sign_in: SignIn) -> None:
    page = press(sign_in(world.manager), "take_up", world.file())
    assert "1 taken up." in page
    assert skipped(page) == {}


def test_another_districts_file_is_not_found_and_not_touched(world: World, sign_in: SignIn) -> None:
    own, theirs = world.file(), world.file(office=world.other_dic)
    page = press(sign_in(world.officer), "take_up", own, theirs, "M1K-3-EKM-99999")
    assert skipped(page) == {theirs.reference: "not found", "M1K-3-EKM-99999": "not found"}
    assert states(own, theirs) == ["scrutiny", "submitted"]
    assert theirs.enterprise.name_en not in page


def test_a_member_of_the_enterprise_is_skipped_as_on_the_page(world: World, sign_in: SignIn) -> None:
    file = world.file()
    EnterpriseMember.objects.create(enterprise=file.enterprise, user=world.officer)
    page = press(sign_in(world.officer), "take_up", file)
    assert skipped(page) == {file.reference: "You act for this enterprise: another officer does this."}
    assert states(file) == ["submitted"]


def test_nothing_ticked_too_many_and_no_act_change_nothing(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, client = [world.file(), world.file()], sign_in(world.manager)
    assert "No file is ticked." in press(client, "take_up")
    assert "Choose what to do." in press(client, "", files[0])
    assert "Choose the officer; nothing was changed." in press(client, "give", files[0])
    assert "Choose the officer; nothing was changed." in press(client, "give", files[0], officer="x")
    assert "Choose the officer; nothing was changed." in press(client, "give", files[0], officer=world.stranger.pk)
    monkeypatch.setattr(bulk, "MOST", 1)
    assert "At most 1 files at once; nothing was changed." in press(client, "take_up", *files)
    assert states(*files) == ["submitted", "submitted"]


@pytest.mark.parametrize(
    ("who", "act"),
    [("evaluator", "take_up"), ("gm", "take_up"), ("officer", "give"), ("officer", "balance"), ("evaluator", "give"),
     ("directorate", "take_up"), ("auditor", "give"), ("owner", "take_up")],
)  # fmt: skip
def test_whose_post_does_not_know_the_act_is_refused(world: World, sign_in: SignIn, who: str, act: str) -> None:
    file = world.file()
    answer = sign_in(world.people[who]).post("/desk/bulk/", {"act": act, "file": [file.reference]})
    assert answer.status_code == 403
    assert states(file) == ["submitted"]


@pytest.mark.parametrize("odd", ["\x00", "", "💥", "a" * 5000, "<b>x</b>", "%", "../"])
def test_odd_references_are_not_found(world: World, sign_in: SignIn, odd: str) -> None:
    page = press(sign_in(world.officer), "take_up", odd, odd + "2")
    assert "0 taken up, 2 skipped." in page
    assert "<b>x</b>" not in page


@pytest.mark.parametrize(
    ("back", "where"),
    [
        ("tab=new&size=small&page=2", "/desk/?tab=new&size=small&page=2"),
        ("tab=new&tick=page", "/desk/?tab=new"),
        ("", "/desk/"),
        ("//evil.example/", "/desk/?%2F%2Fevil.example%2F="),
        ("\r\nLocation: x", "/desk/?%0D%0ALocation%3A+x="),
    ],
)
def test_it_leads_back_to_the_list_as_it_was(world: World, sign_in: SignIn, back: str, where: str) -> None:
    answer = sign_in(world.officer).post("/desk/bulk/", {"act": "take_up", "file": ["x"], "back": back})
    assert answer["Location"] == where


# ---- Give -----------------------------------------------------------------------------------------------------
def test_a_manager_gives_files_to_an_officer(world: World, sign_in: SignIn) -> None:
    new, begun, over = world.file(), world.file("scrutiny"), world.file("withdrawn", ended_at=world.file().submitted_at)
    page = press(sign_in(world.manager), "give", new, begun, over, officer=world.officer2.pk)
    assert "2 given out, 1 skipped." in page
    assert skipped(page) == {over.reference: "This cannot be done now. The file is: Withdrawn."}
    assert states(new, begun) == ["submitted", "scrutiny"]
    assert {file.officer for file in Application.objects.filter(pk__in=[new.pk, begun.pk])} == {world.officer2}
    sign_in(world.officer2).post(f"/desk/{new.reference}/take-up/")
    assert states(new) == ["scrutiny"]


def test_the_trail_names_who_gave_the_file_to_whom(world: World) -> None:
    file = give(world.file(), world.officer2, by=world.gm)
    shown, _in_all = trail.lines(file)
    assert (shown[0].sentence, shown[0].note) == ("Given to an officer", "Officer2")
    assert AuditEvent.objects.get(verb="application.give").data == {"from": None, "to": world.officer2.pk}


@pytest.mark.parametrize(
    ("by", "to", "state", "reason"),
    [
        ("officer", "officer2", "submitted", "Only a manager or the General Manager of DIC Ernakulam gives"),
        ("other_manager", "officer2", "submitted", "Only a manager or the General Manager of DIC Ernakulam gives"),
        ("manager", "stranger", "submitted", "Stranger holds no post that takes up files of DIC Ernakulam."),
        ("manager", "evaluator", "submitted", "Evaluator holds no post that takes up files of DIC Ernakulam."),
        ("manager", "gm", "scrutiny", "Gm holds no post that takes up files of DIC Ernakulam."),
        ("gm", "officer", "scrutiny", "Officer holds this file already."),
        ("gm", "officer2", "draft", "This cannot be done now. The file is: Draft."),
    ],
)
def test_giving_is_refused_with_its_reason(world: World, by: str, to: str, state: str, reason: str) -> None:
    file = world.file(state)
    with pytest.raises(Refused, match=reason):
        give(file, world.people[to], by=world.people[by])
    file.refresh_from_db()
    assert file.officer_id != world.people[to].pk or to == "officer"


@pytest.mark.parametrize("role", ["giver", "taker"])
def test_nobody_who_acts_for_the_enterprise_gives_or_gets_its_file(world: World, role: str) -> None:
    file = world.file()
    who = world.manager if role == "giver" else world.officer2
    EnterpriseMember.objects.create(enterprise=file.enterprise, user=who)
    with pytest.raises(Refused, match=r"[Aa]cts? for this enterprise"):
        give(file, world.officer2, by=world.manager)


def test_the_officers_to_choose_from_are_those_of_the_own_office(world: World) -> None:
    names = {taker.user for taker in takers(world.manager)}
    assert names == {world.officer, world.officer2, world.manager, world.manager2}
    assert takers(world.officer) == []


# ---- Two evaluators each --------------------------------------------------------------------------------------
def test_evaluators_are_named_evenly_and_what_cannot_be_is_skipped(world: World, sign_in: SignIn) -> None:
    ready, early, theirs = world.in_appraisal(), world.file("scrutiny"), world.file("appraisal", office=world.other_dic)
    page = press(sign_in(world.manager), "balance", ready, early, theirs)
    assert "1 given to two evaluators each, 2 skipped." in page
    assert set(skipped(page)) == {early.reference, theirs.reference}
    assert skipped(page)[theirs.reference] == "not found"
    assert Assessment.objects.filter(application=ready).count() == 2
    assert Assessment.objects.count() == 2
    again = press(sign_in(world.gm), "balance", ready)
    assert skipped(again) == {ready.reference: "Two evaluators are named already."}


# ---- The page -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "buttons"),
    [
        ("officer", ["take_up"]),
        ("manager", ["take_up", "give", "balance"]),
        ("gm", ["give", "balance"]),
        ("evaluator", []),
    ],
)
def test_the_bar_has_the_acts_of_the_post_and_ticks_the_page_without_a_script(
    world: World, sign_in: SignIn, who: str, buttons: list[str]
) -> None:
    world.named(world.in_appraisal())
    client = sign_in(world.people[who])
    page = client.get("/desk/?tab=all").content.decode()
    assert re.findall(r'name="act" value="(\w+)"', page) == buttons
    ticks = client.get("/desk/?tab=all&tick=page").content.decode().count(" checked>")
    assert ticks == (1 if buttons else 0)
    assert page.count(" checked>") == 0
