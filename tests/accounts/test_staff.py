"""The administrator's page: find, add, post, relieve."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import actions
from accounts.models import Posting, User
from accounts.roles import Permission, Role
from records.clock import moved_to, now, today
from records.models import AuditEvent
from records.verdicts import Refused
from tests.accounts.conftest import Offices, People, Window, link_in, mails_to, text_of, verbs

POST = {"role": "officer", "office": "", "title": "Manager (Credit)", "starts": "01-04-2026", "note": "GO 12"}


@pytest.fixture
def chief(window: Window, someone: People) -> User:
    """An administrator, signed in with the code a moment ago."""
    user = someone("administrator", name="chief")
    window.sign_in(user)
    return user


def names(answer: Any) -> list[str]:
    return [person.full_name for person in answer.context["page"]]


@pytest.mark.parametrize("role", [*sorted(set(Role) - {Role.APPLICANT, Role.ADMINISTRATOR}), ""])
def test_user_administration_is_for_administrators(window: Window, someone: People, role: str):
    user, other = someone(role), someone("officer", name="other")
    window.sign_in(user)
    posting = other.postings.get()
    for page in ("/staff/", "/staff/add/", f"/staff/{other.pk}/", f"/staff/posting/{posting.pk}/relieve/"):
        answer = window.get(page)
        assert (answer.status_code, "This page is for administrators." in text_of(answer)) == (403, True)
    before = AuditEvent.objects.count()
    for page in ("/staff/add/", f"/staff/{other.pk}/", f"/staff/posting/{posting.pk}/relieve/"):
        assert window.post(page, {"note": "x", "full_name": "x", "email": "x@test.example"}).status_code == 403
    assert (AuditEvent.objects.count(), User.objects.count()) == (before, 2)


def test_a_person_is_added_sets_a_password_by_mail_and_has_no_power(window: Window, windows: type[Window], chief: User):
    form = {"full_name": "Biju Antony", "email": "Biju@Test.example", "language": "ml", "is_active": "", "role": "gm"}
    answer = window.post("/staff/add/", form)
    made = User.objects.get(email="biju@test.example")
    assert (answer.status_code, answer.url) == (302, f"/staff/{made.pk}/")
    assert (made.is_active, made.roles, made.language, made.has_usable_password()) == (True, set(), "ml", False)
    event = AuditEvent.objects.get(verb="person.add")
    assert (event.actor, event.subject) == (f"user:{chief.pk}", f"accounts.user:{made.pk}")
    theirs = windows()
    theirs.post("/accounts/password/reset/", {"email": made.email})
    link = theirs.get(link_in(mails_to(made.email)[0])).url
    theirs.post(link, {"password1": "quiet-monsoon-9", "password2": "quiet-monsoon-9"})
    assert theirs.password(made.email, "quiet-monsoon-9").url == "/home/"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "no address"}, "Enter an e-mail address, for example name@example.com."),
        ({"email": "chief@test.example"}, "Post that person instead."),
        ({"full_name": ""}, "Fill this in."),
        ({"full_name": "x" * 121}, "at most 120 characters"),
        ({"full_name": "<script>x</script>"}, "The signs < and > cannot be used here."),
        ({"language": "fr"}, "Choose one from the list."),
    ],
)
def test_a_person_who_cannot_be_added(window: Window, chief: User, changes: dict[str, str], sentence: str):
    form = {"full_name": "Biju Antony", "email": "biju@test.example", "language": "ml"} | changes
    answer = window.post("/staff/add/", form)
    assert (answer.status_code, sentence in text_of(answer)) == (400, True)
    typed = [form[key] for key in ("full_name", "email") if form[key]]
    assert [word for word in typed if f'value="{word}"' not in text_of(answer)] == []
    assert User.objects.count() == 1


def test_a_person_is_posted_with_additional_charge(window: Window, chief: User, someone: People, offices: Offices):
    person = someone()
    answer = window.post(
        f"/staff/{person.pk}/", POST | {"office": offices["DIC-EKM"].pk, "additional": "on", "made_by": "9"}
    )
    assert answer.url == f"/staff/{person.pk}/"
    held = Posting.objects.get(user=person)
    assert (held.role, held.office, held.starts, held.ends) == ("officer", offices["DIC-EKM"], date(2026, 4, 1), None)
    assert (held.additional_charge, held.made_by, held.note) == (True, chief, "GO 12")
    assert "Manager (Credit), DIC Ernakulam (additional charge)" in text_of(window.get("/staff/"))
    event = AuditEvent.objects.get(verb="person.post")
    assert (event.scope, event.note, event.data) == ("DIC-EKM", "GO 12", {"role": "officer"})
    assert person.has(Permission.TAKE_UP, offices["DIC-EKM"])
    assert not person.has(Permission.TAKE_UP, offices["DIC-TSR"])


@pytest.mark.parametrize(
    ("role", "office", "sentence"),
    [
        ("officer", "DIRECTORATE", "This post belongs to: District Industries Centre."),
        ("officer", "TIO-EKM", "This post belongs to: District Industries Centre."),
        ("evaluator", "DIC-EKM", "This post belongs to: Taluk Industries Office."),
        ("directorate", "DIC-EKM", "This post belongs to: Directorate of Industries and Commerce."),
        ("facilitator", "DIC-EKM", "This post belongs to no office."),
        ("gm", "", "Choose the office."),
        ("applicant", "", "Choose one from the list."),
        ("king", "", "Choose one from the list."),
    ],
)
def test_a_post_in_the_wrong_office_is_refused(
    window: Window, chief: User, someone: People, offices: Offices, role: str, office: str, sentence: str
):
    person = someone()
    form = POST | {"role": role, "office": offices[office].pk if office else ""}
    answer = window.post(f"/staff/{person.pk}/", form)
    assert (answer.status_code, sentence in text_of(answer)) == (400, True)
    assert 'value="Manager (Credit)"' in text_of(answer)
    assert (Posting.objects.filter(user=person).count(), verbs().count("person.post")) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"starts": "31-02-2026"}, "Enter the date as DD-MM-YYYY."),
        ({"starts": ""}, "Fill this in."),
        ({"title": "x" * 81}, "at most 80 characters"),
        ({"title": "<b>Manager</b>"}, "The signs < and > cannot be used here."),
        ({"note": "GO 12, 2341 2341 2346"}, "An Aadhaar number stands in this text."),
        ({"office": "999"}, "Choose one from the list."),
        ({"office": "DROP TABLE"}, "Choose one from the list."),
    ],
)
def test_a_post_that_cannot_be_read(
    window: Window, chief: User, someone: People, changes: dict[str, str], sentence: str
):
    person = someone()
    answer = window.post(f"/staff/{person.pk}/", POST | changes)
    assert (answer.status_code, sentence in text_of(answer)) == (400, True)
    assert not Posting.objects.filter(user=person).exists()


def test_the_same_post_twice_is_refused_and_another_district_is_not(
    window: Window, chief: User, someone: People, offices: Offices
):
    person = someone("officer")
    again = window.post(f"/staff/{person.pk}/", POST | {"office": offices["DIC-EKM"].pk})
    assert "This person already holds this post." in text_of(again)
    window.post(f"/staff/{person.pk}/", POST | {"office": offices["DIC-TSR"].pk, "additional": "on"})
    assert sorted(post.office.code for post in person.postings.all()) == ["DIC-EKM", "DIC-TSR"]


def test_a_post_of_the_future_gives_no_power_before_its_day(chief: User, someone: People, offices: Offices):
    person = someone()
    office = offices["DIC-EKM"]
    actions.post(person, by=chief, role="gm", office=office, starts=today() + timedelta(days=3))

    def power() -> tuple[bool, bool]:
        fresh = User.objects.get(pk=person.pk)
        return fresh.has(Permission.APPROVE, office), fresh.is_staff_member

    assert power() == (False, False)
    with moved_to(now() + timedelta(days=3)):
        assert power() == (True, True)


def test_a_relieved_person_loses_the_pages_at_once(window: Window, windows: type[Window], chief: User, someone: People):
    officer = someone("officer")
    theirs = windows().sign_in(officer)
    posting = officer.postings.get()
    empty = window.post(f"/staff/posting/{posting.pk}/relieve/", {"note": ""})
    assert (empty.status_code, theirs.get("/desk/shortlists/").status_code) == (400, 200)
    answer = window.post(f"/staff/posting/{posting.pk}/relieve/", {"note": "Transferred", "ends": "2030-01-01"})
    assert answer.url == f"/staff/{officer.pk}/"
    assert theirs.get("/desk/shortlists/").status_code == 302
    posting.refresh_from_db()
    assert (posting.ends, posting.note) == (today(), "")
    event = AuditEvent.objects.get(verb="person.relieve")
    assert (event.note, event.scope, event.actor) == ("Transferred", "DIC-EKM", f"user:{chief.pk}")
    page = text_of(window.get(f"/staff/{officer.pk}/"))
    assert f"From 01-01-2024 to {today():%d-%m-%Y}" in page
    late = window.post(f"/staff/posting/{posting.pk}/relieve/", {"note": "Again"})
    assert (late.status_code, "already" in text_of(late), "Again" in text_of(late)) == (400, True, True)
    assert verbs().count("person.relieve") == 1


def test_nobody_relieves_or_posts_themselves(window: Window, chief: User, offices: Offices):
    posting = chief.postings.get()
    answer = window.post(f"/staff/posting/{posting.pk}/relieve/", {"note": "Enough"})
    assert (answer.status_code, "You cannot relieve yourself." in text_of(answer)) == (400, True)
    answer = window.post(f"/staff/{chief.pk}/", POST | {"role": "gm", "office": offices["DIC-EKM"].pk})
    assert (answer.status_code, "You cannot post yourself." in text_of(answer)) == (400, True)
    assert list(chief.postings.values_list("role", "ends")) == [("administrator", None)]


def test_a_relieved_person_can_be_posted_again(chief: User, someone: People, offices: Offices):
    officer = someone("officer")
    actions.relieve(officer.postings.get(), by=chief, note="Transferred")
    actions.post(officer, by=chief, role="officer", office=offices["DIC-EKM"], starts=today())
    assert User.objects.get(pk=officer.pk).roles == {"officer"}


def test_only_administrators_add_post_and_relieve(someone: People, offices: Offices):
    by, person = someone("directorate"), someone("officer")
    office = offices["DIC-EKM"]
    for act in (
        lambda: actions.add_person(by=by, email="x@test.example", full_name="X", language="en"),
        lambda: actions.post(person, by=by, role="gm", office=office, starts=today()),
        lambda: actions.relieve(person.postings.get(), by=by, note="x"),
    ):
        with pytest.raises(Refused, match="Your post does not allow this step"):
            act()
    assert verbs() == []


def test_pages_of_nobody_are_not_there(window: Window, chief: User):
    for page in ("/staff/99999/", "/staff/posting/99999/relieve/"):
        assert (window.get(page).status_code, window.post(page, {"note": "x"}).status_code) == (404, 404)


@pytest.fixture
def crowd(chief: User, someone: People, offices: Offices) -> None:
    someone("officer", "DIC-EKM", name="asha")
    someone("officer", "DIC-TSR", name="biju")
    relieved = someone("officer", "DIC-EKM", name="chitra")
    actions.relieve(relieved.postings.get(), by=chief, note="Transferred")
    future = someone(name="deepa")
    actions.post(future, by=chief, role="gm", office=offices["DIC-EKM"], starts=today() + timedelta(days=9))
    someone(name="elias")


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("role=officer", ["Asha Nair", "Biju Nair"]),
        ("role=officer&office=DIC-EKM", ["Asha Nair"]),
        ("role=gm&office=DIC-EKM", []),
        ("office=DIC-TSR", ["Biju Nair"]),
        ("role=applicant", ["Chitra Nair", "Deepa Nair", "Elias Nair"]),
        ("role=applicant&office=DIC-EKM", []),
        ("q=biju", ["Biju Nair"]),
        ("q=ELIAS%40test", ["Elias Nair"]),
        ("q=%25", []),
        ("sort=newest&q=a%20nair", ["Deepa Nair", "Chitra Nair", "Asha Nair"]),
        ("sort=oldest&role=officer", ["Asha Nair", "Biju Nair"]),
        ("password=x&is_active=0&q=asha", ["Asha Nair"]),
    ],
)
def test_the_list_is_narrowed_and_ordered_from_the_address(window: Window, query: str, found: list[str]):
    answer = window.get(f"/staff/?{query}")
    assert (answer.status_code, names(answer)) == (200, found)
    said = "1 person" if len(found) == 1 else f"{len(found)} people"
    assert said in text_of(answer)
    assert ("Nobody matches" in text_of(answer)) is (not found)


@pytest.mark.parametrize("query", ["role=king", "office=DIC-NONE", "sort=password", "sort=-password", "q=" + "x" * 81])
def test_what_is_not_on_the_list_of_filters_is_refused(window: Window, chief: User, query: str):
    answer = window.get(f"/staff/?{query}")
    assert (answer.status_code, names(answer)) == (400, [])
    assert 'class="m-errors' in text_of(answer) or "is-invalid" in text_of(answer)


def test_the_page_is_in_the_address_and_keeps_the_filter(window: Window, chief: User):
    User.objects.bulk_create(User(email=f"p{n:02}@test.example", full_name=f"Person {n:02}") for n in range(60))
    first = window.get("/staff/?q=person")
    assert (len(names(first)), names(first)[0]) == (50, "Person 00")
    assert 'href="?q=person&page=2"' in text_of(first)
    second = window.get("/staff/?q=person&page=2")
    assert names(second) == [f"Person {n}" for n in range(50, 60)]
    assert names(window.get("/staff/?q=person&page=999")) == names(second)
    assert names(window.get("/staff/?q=person&page=x")) == names(first)


@pytest.mark.parametrize("place", ["/staff/", "/staff/{person}/"])
def test_the_list_asks_the_database_as_often_for_three_as_for_one(
    window: Window, chief: User, someone: People, offices: Offices, place: str
):
    person = someone("officer", name="first")
    where = place.format(person=person.pk)
    window.get(where)
    with CaptureQueriesContext(connection) as one:
        window.get(where)
    for number in range(2):
        someone("officer", "DIC-TSR", name=f"more{number}")
    actions.post(person, by=chief, role="officer", office=offices["DIC-TSR"], starts=today())
    actions.post(person, by=chief, role="gm", office=offices["DIC-TSR"], starts=today())
    with CaptureQueriesContext(connection) as three:
        window.get(where)
    assert len(three) == len(one) <= 12


def test_relieving_twice_and_without_a_reason_is_refused(chief: User, someone: People):
    posting = someone("officer").postings.get()
    with pytest.raises(Refused, match=r"Write the reason\."):
        actions.relieve(posting, by=chief, note="  ")
    actions.relieve(posting, by=chief, note="Transferred")
    with pytest.raises(Refused, match="was relieved on"):
        actions.relieve(posting, by=chief, note="Again")
    assert verbs().count("person.relieve") == 1


@pytest.mark.parametrize("role", ["facilitator", "agency"])
def test_who_belongs_to_no_office_is_posted_without_one(chief: User, someone: People, offices: Offices, role: str):
    made = actions.post(someone(), by=chief, role=role, office=None, starts=today())
    assert (made.office, str(made)) == (None, str(Role(role).label))
    assert not made.reaches(offices["DIC-EKM"])
