"""Enterprises, the beginning of an application, and its number."""

from html import unescape

import pytest
from django.test import Client

from applications import actions
from applications.models import Application, DocumentSlot, Enterprise, ReferenceCounter
from districts.models import District, Taluk
from records.verdicts import Refused
from tests.applications.conftest import ASKED, SignIn, World

QUERIES = {"/enterprises/": 4, "/applications/new/": 6}


def typed(world: World, **changes: str) -> dict[str, str]:
    return {
        "name_en": "Nila Foods",
        "name_ml": "നിള ഫുഡ്സ്",
        "udyam_number": "udyam kl 02 0012345",
        "district": str(world.district.pk),
        "taluk": str(world.taluk.pk),
    } | changes


def test_an_enterprise_is_added_and_leads_to_its_application(world: World, mine: Client) -> None:
    answer = mine.post("/enterprises/new/", typed(world))
    made = Enterprise.objects.get()
    assert answer.url == f"/applications/new/?enterprise={made.pk}"
    assert (made.name_ml, made.udyam_number, made.taluk) == ("നിള ഫുഡ്സ്", "UDYAM-KL-02-0012345", world.taluk)
    assert list(made.members.values_list("user", flat=True)) == [world.owner.pk]
    assert b"Nila Foods" in mine.get("/enterprises/").content


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"udyam_number": "UDYAM-1"}, "Enter the Udyam number as UDYAM-KL-00-0000000."),
        ({"name_en": "<b>"}, "The signs < and > cannot be used here."),
        ({"name_en": "N" * 161}, "at most 160 characters"),
        ({"taluk": "other"}, "Choose a taluk of Ernakulam."),
        ({"taluk": "99999999999999999999"}, "Choose one from the list."),
        ({"district": "²"}, "Choose one from the list."),
        ({"district": "\x00"}, "A sign in this text cannot be kept. Type it again."),
        ({"name_en": ""}, "Fill this in."),
    ],
)
def test_a_wrong_enterprise_is_sent_back(world: World, mine: Client, changes, sentence) -> None:
    elsewhere = Taluk.objects.exclude(district=world.district)[0]
    changes = {name: str(elsewhere.pk) if value == "other" else value for name, value in changes.items()}
    answer = mine.post("/enterprises/new/", typed(world, **changes))
    assert answer.status_code == 400
    assert sentence in unescape(answer.content.decode())
    assert "നിള ഫുഡ്സ്" in answer.content.decode()
    assert not Enterprise.objects.exists()


def test_the_same_udyam_number_is_added_once_by_one_person(world: World, mine: Client) -> None:
    mine.post("/enterprises/new/", typed(world))
    answer = mine.post("/enterprises/new/", typed(world, name_en="Again"))
    assert answer.status_code == 400
    assert "You have already added the enterprise with this Udyam number: Nila Foods." in answer.content.decode()
    other = typed(world) | {"by": world.rival, "district": world.district, "taluk": world.taluk}
    actions.add_enterprise(**other | {"udyam_number": "UDYAM-KL-02-0012345"})  # another person is told nothing
    assert Enterprise.objects.count() == 2


def test_beginning_gives_number_slots_and_the_name_already_said(world: World, mine: Client) -> None:
    unit = world.enterprise()
    answer = mine.post("/applications/new/", {"enterprise": str(unit.pk)})
    file = Application.objects.get()
    assert answer.url == f"/applications/{file.reference}/"
    assert file.reference == "M1K-3-EKM-00001"
    assert (file.state, file.office, file.filed_by) == ("draft", world.dic, world.owner)
    assert (file.profile.name_en, file.profile.udyam_number) == (unit.name_en, unit.udyam_number)
    assert list(DocumentSlot.objects.values_list("kind__key", flat=True)) == ASKED


def test_beginning_twice_leads_to_the_first(world: World, mine: Client) -> None:
    file = world.draft()
    answer = mine.post("/applications/new/", {"enterprise": str(file.enterprise_id)}, follow=True)
    assert answer.redirect_chain == [(f"/applications/{file.reference}/", 302)]
    said = f"This enterprise has already applied in this round. Application number: {file.reference}."
    assert said in answer.content.decode()
    with pytest.raises(Refused, match="already applied"):
        actions.begin(file.enterprise, world.round, by=world.owner)
    assert Application.objects.count() == 1


def test_numbers_run_without_gaps_in_each_district_also_over_what_was_refused(world: World) -> None:
    first = world.draft()
    with pytest.raises(Refused):
        actions.begin(first.enterprise, world.round, by=world.owner)
    actions.withdraw(first, by=world.owner, note="A slip.")
    again = actions.begin(first.enterprise, world.round, by=world.owner)
    other = world.draft(world.rival)
    there = District.objects.get(code="TSR")
    unit = actions.add_enterprise(
        by=world.rival,
        name_en="There",
        name_ml="",
        udyam_number="UDYAM-KL-13-0000001",
        district=there,
        taluk=there.taluks.get(),
    )
    elsewhere = actions.begin(unit, world.round, by=world.rival)
    assert [file.reference for file in (first, again, other, elsewhere)] == [
        "M1K-3-EKM-00001",
        "M1K-3-EKM-00002",
        "M1K-3-EKM-00003",
        "M1K-3-TSR-00001",
    ]
    assert dict(ReferenceCounter.objects.values_list("district__code", "last")) == {"EKM": 3, "TSR": 1}


@pytest.mark.parametrize("key", ["", "0", "²", "٣", "\x00", "9" * 40, "-1", "1 OR 1=1"])
def test_a_forged_enterprise_is_not_there(world: World, mine: Client, key: str) -> None:
    assert mine.post("/applications/new/", {"enterprise": key}).status_code == 404
    theirs = world.enterprise(world.rival)
    assert mine.post("/applications/new/", {"enterprise": str(theirs.pk)}).status_code == 404
    assert not Application.objects.exists()


def test_nothing_is_begun_while_no_round_is_open(world: World, mine: Client) -> None:
    unit = world.enterprise()
    world.close_the_round()
    answer = mine.post("/applications/new/", {"enterprise": str(unit.pk)})
    assert answer.status_code == 409
    assert "No round is open" in answer.content.decode()
    world.round.refresh_from_db()
    with pytest.raises(Refused, match="not open"):
        actions.begin(unit, world.round, by=world.owner)


@pytest.mark.parametrize("address", ["/enterprises/", "/enterprises/new/", "/applications/new/"])
def test_a_post_of_the_department_has_no_enterprises(world: World, sign_in: SignIn, address: str) -> None:
    answer = sign_in(world.officer).get(address)
    assert answer.status_code == 403
    assert "This page is for enterprises." in answer.content.decode()


@pytest.mark.parametrize("address", QUERIES)
def test_the_lists_take_the_same_queries_for_1_and_3_rows(
    world: World, mine: Client, address: str, django_assert_num_queries: object
) -> None:
    world.draft()
    mine.get(address)  # the session is written at the first page
    for more in (0, 2):
        for _turn in range(more):
            world.draft()
        with django_assert_num_queries(QUERIES[address]):  # type: ignore[operator]
            page = mine.get(address)
        assert page.content.decode().count("UDYAM-KL-02-") == 1 + more
