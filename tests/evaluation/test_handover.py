"""A whole desk in one act: every live file moves, open evaluations are released, what stays is said with its reason."""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from accounts.models import Posting, User
from accounts.roles import Role
from applications.models import Application, EnterpriseMember
from evaluation import actions
from evaluation.actions.giving import give
from evaluation.actions.handover import hand_over
from evaluation.models import Assessment
from evaluation.queries import evaluate_verdict
from evaluation.queries.handover import desks_of
from evaluation.rules.handover import may_hand_over, may_hold, may_receive
from records.audit import events_about
from records.clock import today
from records.models import AuditEvent
from records.verdicts import Refused
from tests.evaluation.conftest import World, person
from tests.evaluation.test_matrix import HERE, THERE, holder
from tests.evaluation.test_pages import text_of

Client = Callable[[User], Any]
WHY = "Transferred by order 214."
LIVE = ("scrutiny", "clarification", "appraisal", "appraised", "shortlisted", "not_shortlisted")


# ---- The rules, without a database --------------------------------------------------------------------------------
def test_every_cell_of_handing_over_and_receiving() -> None:
    for role, office in product(Role.values, (HERE, THERE)):
        user = holder(role, office)
        assert bool(may_hand_over(user, HERE)) == (role == Role.GM and office is HERE), (role, office.code)
        takes = role in {Role.OFFICER, Role.MANAGER} and office is HERE
        assert bool(may_receive(user, HERE, before=99)) == takes, (role, office.code)
        assert not may_receive(user, HERE, before=7)
    assert may_hold(holder(Role.OFFICER, HERE), members={8})
    assert not may_hold(holder(Role.OFFICER, HERE), members={7})


# ---- The act ------------------------------------------------------------------------------------------------------
def test_every_live_file_moves_also_those_with_the_applicant(world: World) -> None:
    files = [world.file(state) for state in LIVE]
    given = give(world.file("submitted"), world.officer, by=world.manager)
    other = world.file("scrutiny")
    Application.objects.filter(pk=other.pk).update(officer=world.manager)
    handed = hand_over(world.dic, world.officer, world.officer2, WHY, by=world.gm)
    assert sorted(handed.files) == sorted(file.reference for file in [*files, given])
    holders = dict(Application.objects.values_list("reference", "officer__full_name"))
    assert holders == {file.reference: "Officer2" for file in [*files, given]} | {other.reference: "Manager"}
    assert {file.reference: file.state for file in Application.objects.all()} == {
        file.reference: file.state for file in [*files, given, other]
    }


def test_ended_files_and_those_of_another_office_stay(world: World) -> None:
    world.file("scrutiny")
    ended = world.file("withdrawn", ended_at=world.round.opens_at)
    there = world.file("scrutiny", office=world.other_dic)
    hand_over(world.dic, world.officer, world.officer2, WHY, by=world.gm)
    for file in (ended, there):
        file.refresh_from_db()
        assert file.officer == world.officer


def test_open_evaluations_are_released_and_locked_marks_stay(world: World) -> None:
    file, locked = world.in_appraisal(), world.in_appraisal()
    mine, _other = world.named(file, world.officer2, world.evaluator)
    done = world.lock(world.named(locked, world.officer2, world.evaluator)[0], 4, 3, 4, 3, 5)
    handed = hand_over(world.dic, world.officer2, world.manager, WHY, by=world.gm)
    assert (handed.files, handed.evaluations) == ([], [file.reference])
    for row in (mine, done):
        row.refresh_from_db()
    assert (mine.state, mine.superseded_by, mine.superseded_reason) == ("superseded", world.gm, WHY)
    assert done.state == "locked"
    assert evaluate_verdict(world.manager, file)
    assert actions.assign(file, world.manager, by=world.gm).number == 3


def test_a_taluk_evaluators_work_is_released_too(world: World) -> None:
    file = world.in_appraisal()
    world.named(file)
    handed = hand_over(world.dic, world.evaluator, world.officer, WHY, by=world.gm)
    assert (handed.files, handed.evaluations) == ([], [file.reference])


def test_what_the_new_holder_may_not_have_stays_with_its_reason(world: World) -> None:
    barred, free = world.file("scrutiny"), world.file("scrutiny")
    EnterpriseMember.objects.create(enterprise=barred.enterprise, user=world.officer2)
    handed = hand_over(world.dic, world.officer, world.officer2, WHY, by=world.gm)
    assert handed.files == [free.reference]
    assert handed.skipped == [(barred.reference, "Officer2 acts for this enterprise.")]
    barred.refresh_from_db()
    assert barred.officer == world.officer


def test_somebody_no_longer_posted_there_can_be_relieved_of_everything(world: World) -> None:
    file = world.file("scrutiny")
    Posting.objects.filter(user=world.officer).update(ends=today())
    assert [(desk.person, desk.files) for desk in desks_of(world.dic)] == [(world.officer, 1)]
    assert hand_over(world.dic, world.officer, world.officer2, WHY, by=world.gm).files == [file.reference]
    assert desks_of(world.dic)[0].person == world.officer2


def test_each_file_and_the_desk_leave_a_line_in_the_trail(world: World) -> None:
    file = world.file("scrutiny")
    hand_over(world.dic, world.officer, world.officer2, WHY, by=world.gm)
    line = events_about(file).get()
    assert (line.verb, line.note, line.scope) == ("application.hand_over", WHY, "DIC-EKM")
    assert line.data == {"from": world.officer.pk, "to": world.officer2.pk}
    desk = AuditEvent.objects.get(verb="desk.hand_over")
    assert (desk.note, desk.data["files"], desk.data["evaluations"]) == (WHY, 1, 0)


@pytest.mark.parametrize("who", ["manager", "officer2", "other_gm", "directorate", "administrator"])
def test_only_the_general_manager_hands_over(world: World, who: str) -> None:
    file = world.file("scrutiny")
    with pytest.raises(Refused, match="Only the General Manager of DIC Ernakulam"):
        hand_over(world.dic, world.officer, world.officer2, WHY, by=world.people[who])
    file.refresh_from_db()
    assert file.officer == world.officer


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("officer", "holds this desk now"),
        ("stranger", "holds no post that takes up files of DIC Ernakulam"),
        ("evaluator", "holds no post that takes up files"),
        ("gm", "holds no post that takes up files"),
    ],
)
def test_only_another_officer_of_the_office_receives(world: World, to: str, sentence: str) -> None:
    world.file("scrutiny")
    with pytest.raises(Refused, match=sentence):
        hand_over(world.dic, world.officer, world.people[to], WHY, by=world.gm)


def test_a_reason_is_needed_and_an_empty_desk_is_not_handed_over(world: World) -> None:
    with pytest.raises(Refused, match="Nothing lies on this desk"):
        hand_over(world.dic, world.officer, world.officer2, WHY, by=world.gm)
    world.file("scrutiny")
    with pytest.raises(Refused, match="Write the reason"):
        hand_over(world.dic, world.officer, world.officer2, " ", by=world.gm)
    assert AuditEvent.objects.count() == 0


# ---- The pages ----------------------------------------------------------------------------------------------------
def key_of(world: World, who: User) -> str:
    return f"{world.dic.code}.{who.pk}"


def test_by_the_page(world: World, sign_in: Client) -> None:
    barred, free = world.file("scrutiny"), world.file("clarification")
    EnterpriseMember.objects.create(enterprise=barred.enterprise, user=world.officer2)
    client = sign_in(world.gm)
    assert "Hand over a desk" in text_of(client.get("/desk/"))
    page = text_of(client.get("/desk/hand-over/"))
    assert f"?desk={key_of(world, world.officer)}" in page
    before = text_of(client.get("/desk/hand-over/", {"desk": key_of(world, world.officer)}))
    for words in (barred.reference, free.reference, "With applicant", "Officer2 acts for this enterprise."):
        assert words in before
    data = {"desk": key_of(world, world.officer), "to": world.officer2.pk, "reason": WHY}
    after = text_of(client.post("/desk/hand-over/", data, follow=True))
    assert "1 file moved. 0 evaluations released." in after
    assert f"{barred.reference} stayed: Officer2 acts for this enterprise." in after
    assert "Given to Officer2 with the whole desk: Transferred by order 214." in text_of(
        client.get(f"/desk/{free.reference}/")
    )


@pytest.mark.parametrize("missing", ["to", "reason"])
def test_what_is_missing_is_said_and_the_rest_stays(world: World, sign_in: Client, missing: str) -> None:
    world.file("scrutiny")
    data = {"desk": key_of(world, world.officer), "to": str(world.officer2.pk), "reason": WHY}
    answer = sign_in(world.gm).post("/desk/hand-over/", data | {missing: ""})
    assert answer.status_code == 400
    page = text_of(answer)
    assert {"to": "Choose who takes the desk over.", "reason": "Write the reason."}[missing] in page
    assert missing == "reason" or WHY in page


@pytest.mark.parametrize("desk", ["DIC-TSR.1", "DIC-EKM.999999", "", "nonsense"])
def test_a_desk_that_is_not_there_is_a_sentence(world: World, sign_in: Client, desk: str) -> None:
    world.file("scrutiny")
    answer = sign_in(world.gm).post("/desk/hand-over/", {"desk": desk, "to": world.officer2.pk, "reason": WHY})
    assert answer.status_code == 400
    assert "Nothing was changed" in text_of(answer)
    assert AuditEvent.objects.count() == 0


def test_the_desk_of_another_district_is_not_there(world: World, sign_in: Client) -> None:
    world.file("scrutiny", office=world.other_dic)
    page = text_of(sign_in(world.gm).get("/desk/hand-over/"))
    assert "Nobody holds anything" in page
    assert sign_in(world.officer).get("/desk/hand-over/").status_code == 403


@pytest.mark.parametrize("files", [1, 3])
def test_the_preview_takes_the_same_queries_for_1_and_3_files(
    world: World, sign_in: Client, django_assert_max_num_queries: Any, files: int
) -> None:
    for _number in range(files):
        world.named(world.in_appraisal(), world.officer, world.evaluator)
    client = sign_in(world.gm)
    address = f"/desk/hand-over/?desk={key_of(world, world.officer)}"
    client.get(address)
    with django_assert_max_num_queries(18):
        page = client.get(address)
    assert len(page.context["files"]) == len(page.context["evaluations"]) == files
    assert Assessment.objects.count() == 2 * files


def test_a_general_manager_of_two_offices_hands_over_in_both(world: World, sign_in: Client) -> None:
    both = person("both", Role.GM, world.dic)
    Posting.objects.create(user=both, role=Role.GM, office=world.other_dic, starts=today(), additional_charge=True)
    world.file("scrutiny")
    world.file("scrutiny", office=world.other_dic)
    page = sign_in(both).get("/desk/hand-over/")
    assert sorted(page.context["desks"]) == sorted(f"{code}.{world.officer.pk}" for code in ("DIC-EKM", "DIC-TSR"))


def test_a_desk_that_holds_nothing_any_more_keeps_what_was_typed(world: World, sign_in: Client) -> None:
    told = {"desk": f"{world.dic.code}.{world.officer.pk}", "to": world.officer2.pk, "reason": "Order No. 214."}
    answer = sign_in(world.gm).post("/desk/hand-over/", told)
    assert answer.status_code == 400
    assert "Order No. 214." in answer.content.decode()
