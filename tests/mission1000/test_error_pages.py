"""400, 403, 404, 405, 500 and the page after a lost form token: each says what to do, in the reader's language."""

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection
from django.http import HttpRequest
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from tests.mission1000.conftest import signed_in, text_of


def bad(_request: HttpRequest) -> None:
    raise BadRequest


def refused(_request: HttpRequest) -> None:
    raise PermissionDenied("You prepared <b>it</b>.")


def fails(_request: HttpRequest) -> None:
    raise ZeroDivisionError


for view in (bad, refused, fails):
    view.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path("bad/", bad), path("refused/", refused), path("fails/", fails)]


class Addresses:
    """The portal's addresses and three that go wrong."""

    def __init__(self) -> None:
        from mission1000.urls import urlpatterns as real  # noqa: PLC0415 -- the apps are loaded by now

        self.urlpatterns = [*urlpatterns, *real]


@pytest.fixture
def wrong(db):
    """A visitor of a portal with addresses that go wrong; a 500 is answered, not raised."""
    with override_settings(ROOT_URLCONF=Addresses()):
        yield Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/bad/", 400, "This request cannot be read"),
        ("/refused/", 403, "You may not do this"),
        ("/nowhere/", 404, "There is no such page"),
        ("/fails/", 500, "The portal could not do this"),
    ],
)
def test_a_wrong_turn_gets_its_page(wrong, address, status, title):
    answer = wrong.get(address)
    assert (answer.status_code, f"<h1>{title}</h1>" in text_of(answer)) == (status, True)
    assert "Traceback" not in text_of(answer)


def test_a_refusal_gives_its_reason_and_never_its_markup(wrong):
    assert "You prepared &lt;b&gt;it&lt;/b&gt;." in wrong.get("/refused/").content.decode()


def test_a_missing_page_speaks_malayalam(wrong):
    wrong.cookies["django_language"] = "ml"
    answer = wrong.get("/nowhere/")
    assert (answer.status_code, '<html lang="ml">' in text_of(answer)) == (404, True)


def test_a_missing_page_leads_a_person_home(people):
    page = text_of(signed_in("officer.ekm@demo.test").get("/nowhere/"))
    assert 'href="/home/"' in page


def test_a_form_without_its_token_is_sent_back_with_what_to_do(reference):
    answer = Client(enforce_csrf_checks=True).post("/check/", {"udyam": "yes"})
    assert answer.status_code == 403
    assert "<h1>This page was open too long</h1>" in text_of(answer)


def test_an_address_with_a_nul_is_not_found_and_the_database_is_not_asked_for_it(people):
    client = signed_in("officer.ekm@demo.test")
    for address in ("/desk/a%00/", "/desk/shortlists/a%00/", "/reports/a%00/", "/verify/a%00/"):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 404, address
        assert not [query["sql"] for query in asked if "\0" in query["sql"]]  # PostgreSQL refuses it
