"""Unused sessions end, with a warning; the page and what was typed on it are found again; relief ends a session at once."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client

from accounts import actions
from accounts.sessions import APPLICANT_IDLE, STAFF_IDLE, WARNING, tab_mark
from records.clock import moved_to, now
from tests.accounts.conftest import People, Window, text_of

SELF = "/accounts/self/"


@pytest.mark.parametrize(("role", "minutes"), [("officer", 15), ("administrator", 15), ("", 30), ("agency", 30)])
def test_an_unused_session_ends(window: Window, someone: People, role: str, minutes: int):
    window.sign_in(someone(role))
    start = now()
    with moved_to(start + timedelta(minutes=minutes, seconds=-30)):
        assert window.get(SELF).status_code == 200
    with moved_to(start + timedelta(minutes=2 * minutes - 1)):
        assert window.get(SELF).status_code == 200
    with moved_to(start + timedelta(minutes=3 * minutes, seconds=30)):
        answer = window.get(SELF + "?part=2")
    assert answer.url == "/accounts/login/?next=%2Faccounts%2Fself%2F%3Fpart%3D2&ended=1"
    assert not window.signed_in
    assert "Your session has ended" in text_of(window.get(answer.url))


def test_the_sign_in_after_the_end_speaks_the_language_of_the_person(window: Window, someone: People):
    user = someone()
    window.sign_in(user)
    actions.choose_language(user, "ml", by=user)
    with moved_to(now() + timedelta(hours=1)):
        answer = window.get(SELF)
    assert (window.cookies["django_language"].value, window.cookies["django_language"]["samesite"]) == ("ml", "Lax")
    assert '<html lang="ml">' in text_of(window.get(answer.url))


def test_what_was_posted_too_late_changes_nothing_and_leads_back_to_its_page(window: Window, someone: People):
    user, other = someone("administrator"), someone("officer")
    window.sign_in(user)
    posting = other.postings.get()
    with moved_to(now() + timedelta(minutes=16)):
        answer = window.post(
            f"/staff/posting/{posting.pk}/relieve/",
            {"note": "Transferred"},
            headers={"referer": f"http://testserver/staff/posting/{posting.pk}/relieve/?from=list"},
        )
    assert answer.url == f"/accounts/login/?next=%2Fstaff%2Fposting%2F{posting.pk}%2Frelieve%2F%3Ffrom%3Dlist&ended=1"
    posting.refresh_from_db()
    assert posting.ends is None


@pytest.mark.parametrize("referer", ["", "https://evil.example/x/", "http://testserver:81/x/", "nonsense"])
def test_a_late_post_from_nowhere_leads_home(client: Client, someone: People, referer: str):
    answer = client.post("/accounts/stay/", headers={"referer": referer})
    assert answer.url == "/accounts/login/?next=%2Fhome%2F&ended=1"


def test_a_visitor_who_never_signed_in_is_not_told_of_a_session(window: Window, someone: People):
    answer = window.get("/enterprises/")
    assert answer.url == "/accounts/login/?next=/enterprises/"
    assert "Your session has ended" not in text_of(window.get(answer.url))


def test_a_part_of_a_page_asks_for_the_whole_page(window: Window, someone: People):
    window.sign_in(someone())
    with moved_to(now() + timedelta(hours=1)):
        answer = window.get(SELF, headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"], answer.content) == (200, "true", b"")


def test_a_page_that_asks_by_itself_keeps_no_session(window: Window, someone: People):
    window.sign_in(someone())
    start = now()
    for minutes in (10, 20, 29):
        with moved_to(start + timedelta(minutes=minutes)):
            assert window.get(SELF, headers={"hx-request": "true"}).status_code == 200
    with moved_to(start + timedelta(minutes=31)):
        assert window.get(SELF).status_code == 302


def test_staying_keeps_the_session_and_is_a_post(window: Window, someone: People):
    window.sign_in(someone())
    start = now()
    assert window.get("/accounts/stay/").status_code == 405
    with moved_to(start + timedelta(minutes=29)):
        answer = window.post("/accounts/stay/")
        assert (answer.status_code, answer.content) == (204, b"")
    with moved_to(start + timedelta(minutes=58)):
        assert window.get(SELF).status_code == 200


@pytest.mark.parametrize(("role", "idle"), [("officer", STAFF_IDLE), ("", APPLICANT_IDLE)])
def test_the_page_carries_the_seconds_to_the_warning_and_to_the_end(
    window: Window, someone: People, role: str, idle: int
):
    user = someone(role)
    window.sign_in(user)
    [(warns, ends, mark)] = re.findall(
        r'data-warns="(\d+)" data-ends="(\d+)" data-mark="(\w+)"', text_of(window.get(SELF))
    )
    assert int(ends) - int(warns) == WARNING == 120
    assert idle - 30 < int(ends) < idle
    assert mark == tab_mark(user)
    assert "js/idle.js" not in text_of(Window().get("/accounts/login/"))


def test_two_people_have_two_marks(someone: People):
    assert tab_mark(someone(name="one")) != tab_mark(someone(name="two"))


def test_relief_ends_every_session_at_once(windows: type[Window], someone: People):
    chief, officer = someone("administrator"), someone("officer")
    first, second = windows().sign_in(officer), windows().sign_in(officer)
    assert [each.get("/desk/shortlists/").status_code for each in (first, second)] == [200, 200]
    actions.relieve(officer.postings.get(), by=chief, note="Transferred")
    for each in (first, second):
        assert each.get("/desk/shortlists/").url == "/accounts/login/?next=%2Fdesk%2Fshortlists%2F&ended=1"
        assert not each.signed_in
    again = windows().sign_in(officer)
    assert again.get("/desk/shortlists/").status_code == 403


def test_the_limits_on_passwords_survive_a_restart(windows: type[Window], someone: People):
    """What a new process has is the database (or Redis) and nothing else: everything kept in this one is thrown away."""
    user = someone()
    for _ in range(5):
        windows().password(user.email, "wrong-password-1")
    assert settings.CACHES["default"]["BACKEND"].rsplit(".", 1)[1] == "DatabaseCache"
    before = caches["default"]
    del caches["default"]
    assert caches["default"] is not before
    assert "Wait 15 minutes" in text_of(windows().password(user.email))


def test_the_scripts_of_the_session_never_keep_what_is_secret():
    keep = Path(settings.BASE_DIR / "static/js/keep.js").read_text()
    assert '["hidden", "password", "file", "submit", "button", "reset"]' in keep
    assert "/(^|-)(pan|gstin|account_number|mobile|q)$/" in keep
    for script in ("keep.js", "idle.js"):
        text = Path(settings.BASE_DIR / "static/js" / script).read_text()
        assert [word for word in ("innerHTML", "eval(", "localStorage", "document.write") if word in text] == []


@pytest.mark.parametrize("address", ["/my/", "/accounts/self/", "/nowhere/"])
def test_nobody_keeps_what_a_signed_in_person_read(window: Window, someone: People, address: str):
    window.sign_in(someone(""))
    assert window.get(address)["Cache-Control"] == "private, no-store"
