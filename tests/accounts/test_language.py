"""The language is in the cookie and with the person, never in the address."""

import pytest

from records.models import AuditEvent
from tests.accounts.conftest import People, Window, text_of, verbs


@pytest.mark.django_db
def test_a_visitor_reads_in_the_language_chosen(window: Window):
    answer = window.post("/i18n/setlang/", {"language": "ml", "next": "/accounts/login/"})
    assert (answer.status_code, answer.url) == (302, "/accounts/login/")
    assert window.cookies["django_language"].value == "ml"
    assert '<html lang="ml">' in text_of(window.get("/accounts/login/"))


def test_the_choice_stays_with_the_person_on_every_machine(windows: type[Window], someone: People):
    user = someone()
    windows().sign_in(user).post("/i18n/setlang/", {"language": "ml", "next": "/accounts/self/"})
    user.refresh_from_db()
    assert user.language == "ml"
    assert '<html lang="ml">' in text_of(windows().sign_in(user).get("/accounts/self/"))
    assert AuditEvent.objects.get(verb="person.language").data == {"new": "ml"}


def test_choosing_the_same_again_writes_nothing(window: Window, someone: People):
    window.sign_in(someone()).post("/i18n/setlang/", {"language": "en"})
    assert verbs() == ["person.sign_in"]


@pytest.mark.parametrize("language", ["", "fr", "xx'", "en-us"])
def test_an_unknown_language_changes_nothing(window: Window, someone: People, language: str):
    user = someone()
    window.sign_in(user)
    assert window.post("/i18n/setlang/", {"language": language, "next": "/accounts/self/"}).status_code == 400
    user.refresh_from_db()
    assert user.language == "en"
    assert "django_language" not in window.cookies


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_switch_leads_to_no_other_site(window: Window, target: str):
    answer = window.post("/i18n/setlang/", {"language": "ml", "next": target}, headers={"referer": target})
    assert answer.url == "/"


@pytest.mark.django_db
def test_the_switch_is_a_post(window: Window):
    assert window.get("/i18n/setlang/").status_code == 405


def test_nothing_in_the_address_chooses_a_language(window: Window, someone: People):
    window.sign_in(someone())
    assert '<html lang="en">' in text_of(window.get("/accounts/self/?language=ml"))
    assert window.get("/ml/accounts/self/").status_code == 404
