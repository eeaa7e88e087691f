"""A number stated in two files of a round: who is held, what is settled, when a contest is over, and who is told: nobody."""

import re
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from accounts.models import User
from applications import actions, queries
from applications.actions.contests import look_again, settle
from applications.models import Application, EnterpriseMember, Outcome, Profile, Settlement
from applications.states import State
from evaluation.actions import take_up
from records import jobs
from records.acts import system
from records.models import AuditEvent, Job, Message
from records.verdicts import Refused
from tests.applications.conftest import SignIn, World, applicant

NUMBER = "UDYAM-KL-02-0777777"
PORTAL = system("contests")
WHY = "The certificate names this enterprise."


def pair(world: World, *, taken_up: bool = True) -> tuple[Application, Application]:
    """Two files with the same Udyam number; the later one is held, and taken up."""
    first, second = world.submitted(udyam_number=NUMBER), world.submitted(world.rival, udyam_number=NUMBER)
    if taken_up:
        second = take_up(second, by=world.officer)
    return first, second


def same_pan(world: World, name: str = "third") -> Application:
    """Another file with the PAN of the first file of the round, and a Udyam number of its own; held and taken up."""
    first = Application.objects.order_by("pk")[0]
    third = world.complete(applicant(name))
    profile = world.told(third, "enterprise") | {"pan": first.profile.pan, "gstin": ""}
    actions.save_section(third, "enterprise", profile, by=third.filed_by)
    return take_up(actions.submit(third, by=third.filed_by), by=world.officer)


def anew(*files: Application) -> list[Application]:
    return [Application.objects.get(pk=file.pk) for file in files]


def held(*files: Application) -> list[bool]:
    return [file.contested for file in anew(*files)]


def work() -> None:
    """What the worker does with the jobs of contests."""
    for job in Job.objects.filter(name="applications.contests", state="queued").order_by("pk"):
        jobs.run(job.pk)


# ---- Who is held ----------------------------------------------------------------------------------------------
def test_a_draft_blocks_nobody(world: World) -> None:
    world.complete(udyam_number=NUMBER)
    second = world.submitted(world.rival, udyam_number=NUMBER)
    assert not second.contested
    assert queries.soft_flags(second) == []


def test_the_later_is_held_and_the_earlier_counts_a_flag(world: World) -> None:
    first, second = pair(world, taken_up=False)
    assert held(first, second) == [False, True]
    assert (queries.is_held(first), queries.is_held(second)) == (False, True)
    work()
    assert [file.traits.flags for file in anew(first, second)] == [1, 1]
    assert held(first, second) == [False, True]


def pages(client: Client, file: Application) -> dict[str, str]:
    """What its owner reads, without what differs between any two files."""
    found = {}
    addresses = [
        "/my/",
        *(f"/applications/{file.reference}/{page}" for page in ("", "receipt/", "enterprise/", "documents/")),
    ]
    for address in addresses:
        text = client.get(address).content.decode()
        text = re.sub(r"M1K-3-EKM-\d{5}", "M1K", text.replace(file.enterprise.name_en, "Unit"))
        text = re.sub(r"name=\"csrfmiddlewaretoken\" value=\"\w+\"", "", text)
        found[re.sub(r"M1K-3-EKM-\d{5}", "M1K", address)] = text
    return found


def test_the_pages_and_mails_of_both_are_those_of_any_file(world: World, sign_in: SignIn) -> None:
    """The page of one file is read three times: with nobody beside it, held because of another, and holding another."""
    mine = world.submitted(world.rival, udyam_number=NUMBER)
    client = sign_in(world.rival)
    mails = Message.objects.count()
    alone = pages(client, mine)
    other = world.submitted(udyam_number=NUMBER)
    work()
    assert pages(client, mine) == alone
    theirs = pages(sign_in(world.owner), other)
    Application.objects.filter(pk=other.pk).update(contested=False, udyam_number="")
    Application.objects.filter(pk=mine.pk).update(contested=True)
    assert pages(client, mine) == alone
    assert pages(sign_in(world.owner), other) == theirs
    sent = [
        (row.kind, mine.reference in row.body or mine.enterprise.name_en in row.body)
        for row in Message.objects.all()[mails:]
    ]
    assert [kind for kind, _mentions in sent] == ["application.received"]
    assert Message.objects.filter(kind="application.received").count() == 2


# ---- Settling -------------------------------------------------------------------------------------------------
def test_this_one_goes_on_and_the_other_is_held_in_its_turn(world: World) -> None:
    first, second = pair(world)
    said = settle(second, first, Outcome.THIS, WHY, by=world.officer)
    assert (said.application, said.other, said.by) == (second, first, world.officer)
    assert held(first, second) == [True, False]
    assert [queries.is_held(file) for file in anew(first, second)] == [True, False]
    assert [len(queries.contenders(file)) for file in anew(first, second)] == [1, 0]
    assert [file.traits.flags for file in anew(first, second)] == [1, 0]
    verbs = AuditEvent.objects.filter(subject=first.trail_key).values_list("verb", flat=True)
    assert {"application.hold", "application.settle"} <= set(verbs)
    work()
    assert held(first, second) == [True, False]


def test_two_offices_may_each_find_for_theirs_and_the_last_word_counts(world: World) -> None:
    first, second = pair(world)
    settle(second, first, Outcome.THIS, WHY, by=world.officer)
    first = take_up(first, by=world.officer)
    settle(first, second, Outcome.THIS, "The certificate of the other is forged.", by=world.officer)
    assert held(first, second) == [False, True]


def test_the_others_number_leaves_this_one_held(world: World) -> None:
    first, second = pair(world)
    settle(second, first, Outcome.OTHER, WHY, by=world.officer)
    assert held(first, second) == [False, True]
    assert queries.contenders(first) == []
    assert [file.traits.flags for file in anew(first, second)] == [0, 1]


def test_two_enterprises_may_share_a_pan_and_never_a_udyam_number(world: World) -> None:
    first, second = pair(world)
    with pytest.raises(Refused, match="cannot be different enterprises") as refused:
        settle(second, first, Outcome.DIFFERENT, WHY, by=world.officer)
    assert refused.value.field == "outcome"
    third = same_pan(world)
    assert third.contested
    settle(third, first, Outcome.DIFFERENT, "Two units of one owner.", by=world.officer)
    assert held(first, second, third) == [False, True, False]
    assert queries.contenders(third) == []
    assert queries.contenders(first) == [second]


def test_of_three_each_pair_is_settled(world: World) -> None:
    first, second = pair(world)
    third = take_up(world.submitted(applicant("third"), udyam_number=NUMBER), by=world.officer)
    settle(third, first, Outcome.THIS, WHY, by=world.officer)
    assert held(first, second, third) == [True, True, True]
    settle(third, second, Outcome.THIS, WHY, by=world.officer)
    assert held(first, second, third) == [True, True, False]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("appraised", "ask the General Manager of DIC Ernakulam to return it there, then settle this."),
        ("shortlisted", "ask the General Manager of DIC Ernakulam to return it there, then settle this."),
        ("committee_details", "Write to the Directorate"),
    ],
)
def test_the_other_can_be_held_until_it_is_appraised(world: World, state: str, sentence: str) -> None:
    first, second = pair(world)
    first = take_up(first, by=world.officer)
    Application.objects.filter(pk=first.pk).update(state=state, returns_to="committee")
    with pytest.raises(Refused, match=re.escape(sentence)) as refused:
        settle(second, first, Outcome.THIS, WHY, by=world.officer)
    assert f"{first.reference} is: {State(state).label}." in refused.value.reason
    assert held(first, second) == [False, True]
    assert not Settlement.objects.exists()


def test_what_is_wrong_changes_nothing(world: World) -> None:
    first, second = pair(world, taken_up=False)
    by = {"by": world.officer}
    with pytest.raises(Refused, match="Take the file up first"):
        settle(second, first, Outcome.THIS, WHY, **by)
    take_up(second, by=world.officer)
    for outcome, reason, field in (("", WHY, "outcome"), ("both", WHY, "outcome"), (Outcome.THIS, " ", "reason")):
        with pytest.raises(Refused) as refused:
            settle(second, first, outcome, reason, **by)
        assert refused.value.field == field
    with pytest.raises(Refused, match="Only an officer of DIC Ernakulam"):
        settle(second, first, Outcome.THIS, WHY, by=world.stranger)
    with pytest.raises(Refused, match="no longer stands"):
        settle(second, world.submitted(applicant("passerby")), Outcome.THIS, WHY, **by)
    take_up(first, by=world.officer)
    with pytest.raises(Refused, match="no longer stands"):
        settle(first, second, Outcome.THIS, WHY, **by)
    assert held(first, second) == [False, True]
    assert not Settlement.objects.exists()


@pytest.mark.parametrize("of", [0, 1])
def test_whoever_acts_for_either_settles_nothing(world: World, of: int) -> None:
    files = pair(world)
    EnterpriseMember.objects.create(enterprise=files[of].enterprise, user=world.officer)
    with pytest.raises(Refused, match="You act for this enterprise"):
        settle(files[1], files[0], Outcome.THIS, WHY, by=world.officer)


def test_the_second_is_told_who_settled_it(world: World) -> None:
    first, second = pair(world)
    settle(second, first, Outcome.THIS, WHY, by=world.officer)
    Application.objects.filter(pk=first.pk).update(contested=True)
    Application.objects.filter(pk=second.pk).update(contested=True)
    with pytest.raises(
        Refused, match=r"DIC officer, DIC Ernakulam settled this on .*: The number belongs to this application\."
    ):
        settle(second, first, Outcome.OTHER, WHY, by=world.officer)


def test_a_settlement_is_never_changed(world: World) -> None:
    first, second = pair(world)
    settle(second, first, Outcome.THIS, WHY, by=world.officer)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Settlement.objects.update(reason="Another")


# ---- Over by itself -------------------------------------------------------------------------------------------
def leave(world: World, first: Application, how: str) -> None:
    if how == "recall":
        actions.recall(first, by=world.owner)
    elif how == "withdraw":
        actions.withdraw(first, by=world.owner, note="Sold.")
    else:
        Application.objects.filter(pk=first.pk).update(state=how, ended_at=first.since)


@pytest.mark.parametrize("how", ["recall", "withdraw", "ineligible", "lapsed"])
def test_when_the_other_is_out_nothing_holds_the_file(world: World, how: str) -> None:
    first, second = pair(world)
    leave(world, first, how)
    second = anew(second)[0]
    assert not queries.is_held(second)
    work()
    look_again(second, by=PORTAL)
    assert not look_again(second, by=PORTAL)
    second = anew(second)[0]
    assert (second.contested, second.traits.flags) == (False, 0)
    assert AuditEvent.objects.filter(verb="application.free", subject=second.trail_key).count() == 1


@pytest.mark.parametrize("how", ["recall", "withdraw"])
def test_a_move_that_leaves_asks_the_worker_by_itself(world: World, how: str) -> None:
    first, second = pair(world)
    leave(world, first, how)
    work()
    assert held(second) == [False]


def test_while_another_still_stands_the_file_stays_held(world: World) -> None:
    first, second = pair(world)
    third = world.submitted(applicant("third"), udyam_number=NUMBER)
    actions.withdraw(first, by=world.owner, note="Sold.")
    work()
    assert held(second, third) == [True, True]


def test_a_file_out_of_the_round_is_held_should_it_come_back(world: World) -> None:
    first, second = pair(world)
    leave(world, first, "ineligible")
    look_again(second, by=PORTAL)
    assert held(first, second) == [True, False]  # the constraint knows one uncontested file a number
    Application.objects.filter(pk=first.pk).update(state="submitted", ended_at=None)
    assert queries.is_held(anew(first)[0])


def test_a_file_with_the_number_of_one_that_is_out_goes_on(world: World) -> None:
    first = world.submitted(udyam_number=NUMBER)
    leave(world, first, "ineligible")
    second = world.submitted(world.rival, udyam_number=NUMBER)
    work()
    assert held(first, second) == [True, False]


def test_while_an_answer_is_written_the_number_that_was_sent_counts(world: World) -> None:
    first, second = pair(world)
    Profile.objects.filter(application=first).update(udyam_number="UDYAM-KL-02-0888888")
    assert queries.is_held(anew(second)[0])
    assert not look_again(second, by=PORTAL)


def test_a_file_that_nothing_holds_asks_no_worker(world: World) -> None:
    world.submitted()
    actions.withdraw(world.submitted(world.rival), by=world.rival, note="Sold.")
    assert not Job.objects.filter(name="applications.contests").exists()


def test_the_questions_take_two_queries_however_many_stand(world: World, django_assert_max_num_queries: Any) -> None:
    first, _second = pair(world)
    for number in range(2):
        with django_assert_max_num_queries(3):
            queries.contenders(Application.objects.select_related("profile", "round").get(pk=first.pk))
        people: User = applicant(f"more{number}")
        world.submitted(people, udyam_number=NUMBER)
