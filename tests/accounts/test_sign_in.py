"""Sign up, sign in, reset, change: by the real pages; and that nobody learns from them who has an account."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, identify_hasher, make_password
from django.core.cache import cache

from accounts.models import User
from tests.accounts.conftest import PASSWORD, People, Window, code_in, link_in, mails_to, text_of, verbs

NEW = {
    "full_name": "Asha Menon",
    "email": "asha@test.example",
    "language": "ml",
    "password1": "quiet-monsoon-9",
    "password2": "quiet-monsoon-9",
}
TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')


def seen(answer: Any, *addresses: str) -> tuple[int, str, str]:
    """Status, target and text of an answer, without what differs each time."""
    text = TOKENS.sub("", text_of(answer))
    for address in addresses:
        text = text.replace(address, "ADDRESS")
    return answer.status_code, getattr(answer, "url", ""), text


@pytest.mark.django_db
def test_sign_up_asks_for_the_code_of_the_mail_and_then_signs_in(window: Window):
    answer = window.post("/accounts/signup/", NEW)
    assert (answer.status_code, answer.url) == (302, "/accounts/confirm-email/")
    assert not window.signed_in
    [mail] = mails_to("asha@test.example")
    assert (mail.kind, mail.language) == ("account.email_confirmation_signup", "ml")
    answer = window.post("/accounts/confirm-email/", {"code": "WRONG1"})
    assert answer.status_code == 200
    assert not window.signed_in
    answer = window.post("/accounts/confirm-email/", {"code": code_in(mail)})
    assert (answer.status_code, answer.url) == (302, "/home/")
    user = User.objects.get()
    assert (user.full_name, user.language, user.is_active) == ("Asha Menon", "ml", True)
    assert EmailAddress.objects.get().verified
    assert verbs() == ["person.sign_up", "account.mail", "person.email", "person.sign_in"]


@pytest.mark.django_db
def test_forged_fields_at_sign_up_change_nothing(window: Window):
    forged = {"is_active": "", "is_staff": "1", "is_superuser": "1", "session_stamp": "7", "role": "administrator"}
    window.post("/accounts/signup/", NEW | forged)
    user = User.objects.get()
    assert (user.is_active, user.is_staff, user.is_superuser, user.session_stamp) == (True, False, False, 0)
    assert user.roles == set()


@pytest.mark.django_db
def test_signing_up_twice_with_an_address_that_waits_for_its_code_works(window: Window, windows: type[Window]):
    window.post("/accounts/signup/", NEW)
    at_once = windows().post("/accounts/signup/", NEW)
    assert (at_once.status_code, "Too many tries" in text_of(at_once)) == (429, True)
    cache.clear()  # ten seconds later
    answer = windows().post("/accounts/signup/", NEW)
    assert (answer.status_code, answer.url) == (302, "/accounts/confirm-email/")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": "no address"}, "Enter an e-mail address, for example"),
        ({"password2": "another-password"}, "same password"),
        ({"password1": "short", "password2": "short"}, "at least 10 characters"),
        ({"full_name": ""}, "Fill this in"),
        ({"full_name": "<script>x</script>"}, "The signs < and > cannot be used here."),
        ({"language": "fr"}, "Choose one from the list"),
    ],
)
@pytest.mark.django_db
def test_a_sign_up_that_cannot_be_read_keeps_what_was_typed(window: Window, changes: dict[str, str], sentence: str):
    answer = window.post("/accounts/signup/", NEW | changes)
    assert sentence in text_of(answer)
    assert not User.objects.exists()
    if "email" not in changes:
        assert 'value="asha@test.example"' in text_of(answer)


def test_known_and_unknown_addresses_sign_up_alike(windows: type[Window], someone: People):
    known = someone().email
    answers = []
    for address in (known, "nobody@test.example"):
        window = windows()
        first = window.post("/accounts/signup/", NEW | {"email": address})
        page = window.get(first.url)
        wrong = window.post("/accounts/confirm-email/", {"code": "WRONG1"})
        again = window.post("/accounts/confirm-email/", {"action": "resend"})
        twice = windows().post("/accounts/signup/", NEW | {"email": address})
        answers.append([seen(each, address) for each in (first, page, wrong, again, twice)])
        assert mails_to(address)
    assert answers[0] == answers[1]
    assert [mail.kind for mail in mails_to(known)] == ["account.account_already_exists"]


def test_known_and_unknown_addresses_sign_in_alike(windows: type[Window], someone: People):
    known = someone("officer").email
    answers = []
    for address in (known, "nobody@test.example"):
        window = windows()
        tries = [window.password(address, "wrong-password-1") for _ in range(7)]
        answers.append([seen(each, address) for each in tries])
    assert answers[0] == answers[1]
    assert "do not belong together" in answers[0][0][2]
    assert "Wait 15 minutes" in answers[0][6][2]


def test_known_and_unknown_addresses_ask_for_a_new_password_alike(windows: type[Window], someone: People):
    known = someone().email
    answers = []
    for address in (known, "nobody@test.example"):
        window = windows()
        first = window.post("/accounts/password/reset/", {"email": address})
        answers.append([seen(first), seen(window.get(first.url))])
        assert len(mails_to(address)) == 1
    assert answers[0] == answers[1]
    assert answers[0][0][1] == "/accounts/password/reset/done/"


def test_a_known_and_an_unknown_address_are_taken_over_alike(windows: type[Window], someone: People):
    known = someone("officer").email
    answers = []
    for name, address in (("first", known), ("second", "nobody@test.example")):
        user = someone(name=name)
        window = windows().sign_in(user)
        window.post("/accounts/reauthenticate/", {"password": PASSWORD})
        first = window.post("/accounts/email/", {"email": address, "action_add": "1"})
        answers.append([seen(first, address), seen(window.get("/accounts/confirm-email/"), address)[0]])
    assert answers[0] == answers[1]


def test_a_new_password_by_mail_ends_every_session_and_is_good_once(windows: type[Window], someone: People):
    user = someone()
    elsewhere = windows().sign_in(user)
    window = windows()
    window.post("/accounts/password/reset/", {"email": user.email})
    link = link_in(mails_to(user.email)[0])
    form = window.get(link)
    answer = window.post(form.url, {"password1": "quiet-monsoon-9", "password2": "quiet-monsoon-9"})
    assert answer.status_code == 302
    assert elsewhere.get("/accounts/self/").status_code == 302
    assert "This link no longer works" in text_of(windows().get(link))
    assert "do not belong together" in text_of(windows().password(user.email, PASSWORD))
    assert windows().password(user.email, "quiet-monsoon-9").status_code == 302
    assert "person.password_reset" in verbs()


def test_changing_the_password_ends_other_sessions_and_renews_this_one(windows: type[Window], someone: People):
    user = someone()
    elsewhere, here = windows().sign_in(user), windows().sign_in(user)
    before = here.session.session_key
    new = {"oldpassword": PASSWORD, "password1": "quiet-monsoon-9", "password2": "quiet-monsoon-9"}
    refused = here.post("/accounts/password/change/", new | {"oldpassword": "wrong-password-1"})
    assert "Type the password you use now" in text_of(refused)
    assert here.post("/accounts/password/change/", new).status_code == 302
    assert here.session.session_key != before
    assert here.get("/accounts/self/").status_code == 200
    assert elsewhere.get("/accounts/self/").url == "/accounts/login/?next=%2Faccounts%2Fself%2F&ended=1"
    assert verbs() == ["person.sign_in", "person.sign_in", "person.password"]


def test_a_new_address_counts_once_its_code_is_typed(window: Window, someone: People):
    user = someone()
    window.sign_in(user)
    asked = window.post("/accounts/email/", {"email": "new@test.example", "action_add": "1"})
    assert asked.url == "/accounts/reauthenticate/?next=%2Faccounts%2Femail%2F"
    window.post(asked.url, {"password": PASSWORD})
    user.refresh_from_db()
    assert user.email == "applicant@test.example"
    window.post("/accounts/confirm-email/", {"code": code_in(mails_to("new@test.example")[-1])})
    user.refresh_from_db()
    assert user.email == "new@test.example"
    assert "person.email" in verbs()


def test_the_session_gets_a_new_number_at_sign_in_and_dies_at_sign_out(window: Window, someone: People):
    user = someone()
    window.get("/accounts/login/?next=/check/")
    session = window.session
    session["kept"] = 1
    session.save()
    before = session.session_key
    window.sign_in(user)
    after = window.session.session_key
    assert after != before
    stolen = Window()
    stolen.cookies["sessionid"] = after
    assert stolen.get("/accounts/self/").status_code == 200
    assert window.post("/accounts/logout/").url == "/"
    assert stolen.get("/accounts/self/").status_code == 302
    assert verbs() == ["person.sign_in", "person.sign_out"]


def test_signing_out_needs_a_post(window: Window, someone: People):
    window.sign_in(someone())
    assert window.get("/accounts/logout/").status_code == 200
    assert window.signed_in


def test_the_sixth_wrong_password_is_slowed_for_the_account_even_from_elsewhere(windows: type[Window], someone: People):
    user = someone()
    for number in range(5):
        answer = windows(REMOTE_ADDR=f"10.0.0.{number}").password(user.email, "wrong-password-1")
        assert "do not belong together" in text_of(answer)
    late = windows(REMOTE_ADDR="10.0.0.99").password(user.email.upper(), PASSWORD)
    assert "Wait 15 minutes" in text_of(late)
    other = someone(name="other")
    assert windows(REMOTE_ADDR="10.0.0.1").password(other.email).status_code == 302


def test_one_address_is_slowed_over_many_accounts(windows: type[Window], someone: People):
    user = someone()
    tries = [windows(REMOTE_ADDR="10.0.0.5").password(f"a{n}@test.example", "wrong-password-1") for n in range(31)]
    assert ["Wait 15 minutes" in text_of(each) for each in tries] == [False] * 30 + [True]
    assert "Wait 15 minutes" in text_of(windows(REMOTE_ADDR="10.0.0.5").password(user.email))
    assert windows(REMOTE_ADDR="10.0.0.6").password(user.email).status_code == 302


def test_a_right_password_is_no_wrong_one(windows: type[Window], someone: People):
    user = someone()
    assert [windows().password(user.email).status_code for _ in range(8)] == [302] * 8


def test_wrong_codes_are_slowed_too(window: Window, someone: People):
    user = someone("officer")
    window.password(user.email)
    answers = [window.post("/accounts/2fa/authenticate/", {"code": "000000"}) for _ in range(5)]
    assert ["This code is not right" in text_of(each) for each in answers] == [True] * 5
    late = window.post("/accounts/2fa/authenticate/", {"code": window.code(user.email)})
    assert "Wait 15 minutes" in text_of(late)
    assert not window.signed_in


def test_the_password_is_kept_by_argon2id():
    first = settings.PASSWORD_HASHERS.index("accounts.hashers.PasswordHasher")
    assert settings.PASSWORD_HASHERS[:first] == ["django.contrib.auth.hashers.MD5PasswordHasher"]  # of the tests alone
    kept = make_password(PASSWORD, hasher="argon2")
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert identify_hasher(kept).algorithm == "argon2"


def test_a_password_kept_with_other_parameters_is_kept_anew_at_the_next_sign_in():
    kept_anew: list[str] = []
    assert check_password(PASSWORD, Argon2PasswordHasher().encode(PASSWORD, "salt" * 6), kept_anew.append, "argon2")
    assert kept_anew == [PASSWORD]
    assert check_password(PASSWORD, make_password(PASSWORD, hasher="argon2"), kept_anew.append, "argon2")
    assert kept_anew == [PASSWORD]


def test_someone_shut_out_is_told_only_with_the_right_password(windows: type[Window], someone: People):
    user = someone()
    User.objects.update(is_active=False)
    assert "do not belong together" in text_of(windows().password(user.email, "wrong-password-1"))
    answer = windows().password(user.email)
    assert answer.url == "/accounts/inactive/"
    assert "This account is closed" in text_of(windows().get(answer.url))


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "/\\evil.example"]
)
def test_sign_in_leads_to_no_other_site(window: Window, someone: People, target: str):
    user = someone()
    assert window.password(user.email, next=target).url == "/home/"


def test_sign_in_leads_back_to_the_page(window: Window, someone: People):
    assert window.password(someone().email, next="/accounts/self/").url == "/accounts/self/"


def test_the_sixth_wrong_password_is_too_many(window: Window, someone: People):
    email = someone().email
    tries = [window.post("/accounts/login/", {"login": email, "password": f"wrong-{turn}"}) for turn in range(6)]
    assert [answer.status_code for answer in tries] == [200] * 5 + [429]
    assert "Too many" in text_of(tries[-1])
