"""No page of a post opens on a password alone; what the second factor is, and when it is asked anew."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.internal.flows import trust
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from accounts.demo import seed_of
from accounts.models import User
from accounts.roles import STAFF_ROLES, Role
from records.clock import moved_to, now
from records.models import AuditEvent
from tests.accounts.conftest import PASSWORD, Offices, People, Window, text_of, verbs

PEOPLE = "/staff/"
LATER = {"new": {"full_name": "Biju Antony", "email": "biju@test.example", "language": "en"}}


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_no_page_of_a_post_opens_on_a_password_alone(window: Window, someone: People, role: str):
    user = someone(role, factor=False)
    window.sign_in(user)
    for page in ("/staff/", "/desk/shortlists/", "/enterprises/", "/admin/", "/papers/X/"):
        assert window.get(page).url == "/accounts/2fa/totp/activate/", page


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_a_password_is_followed_by_the_code(window: Window, someone: People, role: str):
    user = someone(role)
    assert window.password(user.email).url == "/accounts/2fa/authenticate/"
    assert not window.signed_in
    assert window.get("/enterprises/").url == "/accounts/login/?next=/enterprises/"
    answer = window.post("/accounts/2fa/authenticate/", {"code": window.code(user.email)})
    assert answer.url == "/home/"
    assert window.signed_in


@pytest.mark.parametrize("role", ["", Role.FACILITATOR, Role.AGENCY])
def test_who_holds_no_post_of_the_department_signs_in_with_the_password(window: Window, someone: People, role: str):
    window.sign_in(someone(role))
    assert window.get("/accounts/self/").status_code == 200
    assert window.get("/enterprises/").status_code in {200, 403}


def test_a_session_with_a_password_alone_ends_where_the_app_is_set_up(client: Client, someone: People):
    client.force_login(someone("officer"))
    answer = client.get("/desk/shortlists/?page=2")
    assert answer.url == "/accounts/login/?next=%2Fdesk%2Fshortlists%2F%3Fpage%3D2&ended=1"
    assert "_auth_user_id" not in client.session


def activate(window: Window, email: str) -> Any:
    """Set the app up from the page, with the key it shows."""
    window.post("/accounts/reauthenticate/?next=/accounts/2fa/totp/activate/", {"password": PASSWORD})
    page = window.get("/accounts/2fa/totp/activate/")
    assert page.status_code == 200
    session = window.session
    assert session["mfa.totp.secret"] in text_of(page)
    session["mfa.totp.secret"] = seed_of(email)
    session.save()
    return page


@pytest.mark.django_db(transaction=True)
def test_the_app_is_set_up_from_the_page_and_opens_the_post_at_once(window: Window, someone: People):
    user = someone("administrator", factor=False)
    window.sign_in(user)
    page = activate(window, user.email)
    assert 'src="/accounts/2fa/totp/qr.svg"' in text_of(page)
    assert "data:" not in text_of(page)
    picture = window.get("/accounts/2fa/totp/qr.svg")
    assert b'xmlns="http://www.w3.org/2000/svg"' in picture.content  # without it a browser shows no picture
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/svg+xml")
    assert picture.content.startswith(b"<svg")
    assert "no-store" in picture.headers["Cache-Control"]
    wrong = window.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "This code is not right" in text_of(wrong)
    answer = window.post("/accounts/2fa/totp/activate/", {"code": window.code(user.email)})
    assert answer.url == "/accounts/2fa/recovery-codes/"
    assert "10 of 10 codes are left" in text_of(window.get(answer.url))
    assert window.get(PEOPLE).status_code == 200
    assert verbs() == ["person.sign_in", "person.factor_added", "person.factor_added"]


def test_the_seed_and_the_codes_are_sealed_in_the_database(someone: People):
    user = someone("officer")
    [app, recovery] = Authenticator.objects.filter(user=user).order_by("type").reverse()
    assert seed_of(user.email) not in str(app.data)
    assert set(app.data) == {"secret"}
    unsealed = recovery.wrap().get_unused_codes()
    assert len(unsealed) == 10
    assert [code for code in unsealed if code in str(recovery.data)] == []
    assert get_adapter().decrypt(recovery.data["seed"]) not in str(recovery.data)


def test_a_recovery_code_works_once(windows: type[Window], someone: People):
    user = someone("officer")
    code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[0]
    first, second = windows(), windows()
    for window in (first, second):
        window.password(user.email)
        window.post("/accounts/2fa/authenticate/", {"code": code})
    assert (first.signed_in, second.signed_in) == (True, False)


def test_a_code_of_the_app_works_once(windows: type[Window], someone: People):
    user = someone("officer")
    first, second = windows(), windows()
    code = first.code(user.email)
    for window in (first, second):
        window.password(user.email)
        window.post("/accounts/2fa/authenticate/", {"code": code})
    assert (first.signed_in, second.signed_in) == (True, False)


@pytest.mark.parametrize("again", ["{}{}", "{} {}", "{}-{}"])
def test_a_code_is_taken_once_as_long_as_it_is_good(windows: type[Window], someone: People, again: str):
    """The library keeps a used code for half a minute; it is good for longer, and with spaces in it."""
    user = someone("officer")
    first, second = windows(), windows()
    code = first.code(user.email)
    first.password(user.email)
    first.post("/accounts/2fa/authenticate/", {"code": code})
    cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={code}")
    second.password(user.email)
    answer = second.post("/accounts/2fa/authenticate/", {"code": again.format(code[:3], code[3:])})
    assert (first.signed_in, second.signed_in) == (True, False)
    assert "This code is not right, or it is used up." in text_of(answer)


def test_a_trusted_browser_asks_for_the_password_alone_for_eight_hours(window: Window, someone: People, monkeypatch):
    user = someone("officer")
    window.sign_in(user, trust="on")
    cookie = window.cookies["mfa_trusted"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (8 * 3600, True, "Lax")
    window.post("/accounts/logout/")
    assert window.password(user.email).url == "/home/"
    assert window.get("/desk/shortlists/").status_code == 200
    later = trust.time.time() + 8 * 3600 + 1
    monkeypatch.setattr(trust, "time", type("Clock", (), {"time": staticmethod(lambda: later)}))
    assert window.get("/desk/shortlists/").url.startswith("/accounts/login/")
    assert window.password(user.email).url == "/accounts/2fa/authenticate/"


def test_trust_is_not_given_unasked_nor_to_somebody_else(window: Window, someone: People):
    officer, manager = someone("officer"), someone("manager")
    window.sign_in(officer)
    assert "mfa_trusted" not in window.cookies
    window.post("/accounts/logout/")
    window.sign_in(officer, trust="on")
    window.post("/accounts/logout/")
    assert window.password(manager.email).url == "/accounts/2fa/authenticate/"


def test_trust_ends_with_the_password_it_was_given_for(window: Window, someone: People):
    user = someone("officer")
    window.sign_in(user, trust="on")
    window.post("/accounts/logout/")
    user.set_password("quiet-monsoon-9")
    user.save()
    assert window.password(user.email, "quiet-monsoon-9").url == "/accounts/2fa/authenticate/"


def test_a_forged_trust_cookie_opens_nothing(window: Window, someone: People):
    user = someone("officer")
    window.cookies["mfa_trusted"] = "W1siYWJjIiwgOTk5OTk5OTk5OV1d:forged"
    assert window.password(user.email).url == "/accounts/2fa/authenticate/"


def test_user_administration_asks_a_trusted_browser_for_the_code_and_then_does_it(window: Window, someone: People):
    user = someone("administrator")
    window.sign_in(user, trust="on")
    window.post("/accounts/logout/")
    window.password(user.email)
    assert window.get("/staff/add/").status_code == 200
    asked = window.post("/staff/add/", LATER["new"])
    assert asked.url == "/accounts/2fa/reauthenticate/?next=%2Fstaff%2Fadd%2F"
    assert not User.objects.filter(email="biju@test.example").exists()
    done = window.post(asked.url, {"code": window.code(user.email)})
    made = User.objects.get(email="biju@test.example")
    assert done.url == f"/staff/{made.pk}/"
    assert AuditEvent.objects.get(verb="person.add").actor == f"user:{user.pk}"


def test_a_code_is_asked_anew_after_fifteen_minutes(window: Window, someone: People):
    window.sign_in(someone("administrator"))
    with moved_to(now() + timedelta(minutes=14)):
        assert window.get("/staff/add/").status_code == 200
    with moved_to(now() + timedelta(minutes=16)):
        asked = window.post("/staff/add/", LATER["new"])
    assert asked.url == "/accounts/2fa/reauthenticate/?next=%2Fstaff%2Fadd%2F"


def test_what_cannot_be_read_after_the_code_keeps_what_was_typed_and_posts_to_its_own_page(
    window: Window, someone: People
):
    user = someone("administrator")
    window.sign_in(user, trust="on")
    window.post("/accounts/logout/")
    window.password(user.email)
    asked = window.post("/staff/add/", LATER["new"] | {"email": "no address"})
    answer = window.post(asked.url, {"code": window.code(user.email)})
    assert answer.status_code == 400
    assert 'value="Biju Antony"' in text_of(answer)
    assert '<form method="post" action="/staff/add/"' in text_of(answer)


@pytest.mark.parametrize("place", ["/staff/add/", "/staff/{user}/", "/staff/posting/{posting}/relieve/"])
def test_every_post_of_user_administration_asks_for_a_fresh_code(window: Window, someone: People, place: str):
    user, other = someone("administrator"), someone("officer")
    window.sign_in(user, trust="on")
    window.post("/accounts/logout/")
    window.password(user.email)
    where = place.format(user=other.pk, posting=other.postings.get().pk)
    assert window.post(where, {}).url.startswith("/accounts/2fa/reauthenticate/")


def test_taking_the_app_away_shuts_the_post_until_a_new_one_is_set_up(
    window: Window, someone: People, django_capture_on_commit_callbacks
):
    user = someone("officer")
    window.sign_in(user)
    window.post("/accounts/reauthenticate/", {"password": PASSWORD})
    with django_capture_on_commit_callbacks(execute=True):
        window.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(user=user).exists()
    assert verbs().count("person.factor_removed") == 2
    window.post("/accounts/logout/")
    window.sign_in(user)
    assert window.get("/desk/shortlists/").url == "/accounts/2fa/totp/activate/"


def test_the_list_of_recovery_codes_asks_for_the_password_again(window: Window, someone: People):
    window.sign_in(someone("officer"))
    for page in ("/accounts/2fa/recovery-codes/", "/accounts/2fa/recovery-codes/download/"):
        assert window.get(page).url.startswith("/accounts/reauthenticate/?next=")


def test_the_qr_code_is_for_those_who_are_signed_in(window: Window, offices: Offices):
    assert window.get("/accounts/2fa/totp/qr.svg").url == "/accounts/login/?next=/accounts/2fa/totp/qr.svg"
