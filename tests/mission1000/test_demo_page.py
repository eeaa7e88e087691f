"""`/demo/` and `demo_code`: on this machine only, and the codes really open the door."""

import pytest
from django.core.management import CommandError
from django.urls import reverse

from accounts.demo import PASSWORD, code_of
from accounts.models import User
from records import outbox
from records.acts import act
from tests.mission1000.conftest import password, run, text_of


@act
def write_mails(count: int, *, by) -> None:
    for number in range(count):
        outbox.send_text(None, "officer.ekm@demo.test", kind="test", title=f"Mail {number}", body=f"Text {number}")


def test_the_page_shows_accounts_posts_and_codes(people, client):
    page = text_of(client.get("/demo/"))
    assert PASSWORD in page
    assert "officer.ekm@demo.test" in page
    assert "Industries Extension Officer, DIC Ernakulam" in page
    assert code_of("officer.ekm@demo.test") in page or code_of("officer.ekm@demo.test") in text_of(client.get("/demo/"))


def test_whom_a_tester_needs_first_comes_first(people, client):
    User.objects.create(email="owner7@demo.test", full_name="Geetha Sivadas")
    page = client.get("/demo/").context
    first = [account.email for account in page["first"]]
    assert first[0] == "applicant@demo.test"
    assert first[1:7] == [
        f"{name}.ekm@demo.test" for name in ("officer", "officer2", "taluk", "manager", "gm", "handholder")
    ]
    assert {account.email.split(".")[1].split("@")[0] for account in page["others"]}.isdisjoint({"ekm", "demo"})
    assert len(page["others"]) == 13 * 6
    assert [account.email for account in page["owners"]] == ["owner7@demo.test"]


def test_the_page_takes_the_same_queries_whatever_it_shows(people, client, django_assert_num_queries):
    for extra in (1, 2):
        write_mails(extra, by=User.objects.get(email="admin@demo.test"))
        with django_assert_num_queries(4):
            client.get("/demo/")


def test_mails_are_shown_newest_first_a_page_at_a_time(people, client):
    write_mails(21, by=User.objects.get(email="admin@demo.test"))
    first, second = text_of(client.get("/demo/")), text_of(client.get("/demo/?page=2"))
    assert first.index("Mail 20") < first.index("Mail 19")
    assert "Text 20" in first
    assert "Mail 0<" not in first
    assert "Mail 0<" in second
    assert client.get("/demo/?page=nonsense").status_code == 200


@pytest.mark.parametrize("address", ["10.0.0.7", "192.0.2.1", "2001:db8::1", "not an address", ""])
def test_from_another_machine_there_is_no_such_page(people, client, address):
    assert client.get("/demo/", REMOTE_ADDR=address).status_code == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.53", "::1"])
def test_from_this_machine_there_is(people, client, address):
    assert client.get("/demo/", REMOTE_ADDR=address).status_code == 200


def test_where_the_demonstration_is_not_allowed_there_is_no_such_page(people, client, settings):
    settings.DEMO_ALLOWED = False
    assert client.get("/demo/").status_code == 404


def test_before_it_is_made_the_page_says_how(db, client):
    assert "manage.py demo" in text_of(client.get("/demo/"))


def test_the_code_is_the_last_word_and_signs_in(people):
    window, answer = password("gm.tsr@demo.test")
    code = run("demo_code", "gm.tsr@demo.test").split()[-1]
    assert len(code) == 6
    answer = window.post(answer.url, {"code": code})
    assert answer.status_code == 302
    assert "_auth_user_id" in window.session
    assert window.get(reverse("account_self")).status_code == 200


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("nobody@demo.test", "is no account of the demonstration"),
        ("somebody@elsewhere.example", "is no account of the demonstration"),
        ("applicant@demo.test", "no code is asked"),
    ],
)
def test_other_accounts_get_a_sentence(people, email, words):
    User.objects.create(email="somebody@elsewhere.example", full_name="Somebody")
    with pytest.raises(CommandError, match=words) as refused:
        run("demo_code", email)
    assert refused.value.returncode == 1
