"""What every answer carries, whatever goes wrong, and what a request may not carry."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import path

from mission1000.urls import urlpatterns as real
from tests.architecture.test_access import POLICY
from tests.architecture.tree import files, name
from tests.mission1000.test_settings import SAFE, load

pytestmark = pytest.mark.django_db

PRODUCTION = """
import django, os
os.environ["DJANGO_SETTINGS_MODULE"] = "mission1000.settings"
django.setup()
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
answer = SecurityMiddleware(lambda request: HttpResponse())
ask = RequestFactory(headers={"host": "portal.example"})
print(answer(ask.get("/check/", secure=True)).headers["Strict-Transport-Security"])
plain = answer(ask.get("/check/"))
print(plain.status_code, plain.headers["Location"])
print(settings.MFA_TRUST_COOKIE_NAME, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_SECURE)
"""


def broken(_request: Any) -> None:
    raise ZeroDivisionError


broken.login_required = False
urlpatterns = [*real, path("broken/", broken)]


@pytest.fixture
def clients() -> dict[str, Client]:
    return {"plain": Client(raise_request_exception=False), "strict": Client(enforce_csrf_checks=True)}


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("who", "method", "where", "headers", "status"),
    [
        ("plain", "get", "/faq/", {}, 200),
        ("plain", "get", "/nowhere/", {}, 404),
        ("plain", "get", "/desk/", {}, 302),
        ("plain", "post", "/faq/", {}, 405),
        ("plain", "get", "/broken/", {}, 500),
        ("plain", "get", "/faq/", {"host": "evil.example"}, 400),
        ("strict", "post", "/check/", {}, 403),
        ("plain", "get", "/healthz", {}, 200),
        ("plain", "get", "/admin/", {}, 302),
        ("plain", "get", "/static/mark.svg", {}, 404),  # files are collected only for a running portal
    ],
)
def test_every_answer_is_strict(
    clients: dict[str, Client], who: str, method: str, where: str, headers: dict[str, str], status: int
):
    answer = getattr(clients[who], method)(where, headers=headers)
    assert answer.status_code == status
    assert sorted(answer.headers["Content-Security-Policy"].split("; ")) == sorted(POLICY.split("; "))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer.headers
    assert "Server" not in answer.headers


def test_no_policy_allows_what_is_written_into_a_page():
    assert [word for word in ("unsafe", "data:", "http", "*", "nonce", "blob:") if word in POLICY] == []


def test_production_speaks_https_only():
    done = load(SAFE, PRODUCTION)
    assert done.stdout.splitlines() == [
        "max-age=31536000; includeSubDomains; preload",
        "301 https://portal.example/check/",
        "__Host-trusted True True",
    ], done.stderr


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "evil.example:80"]
)
def test_a_foreign_host_is_not_answered(client: Client, host: str):
    assert client.get("/accounts/password/reset/", headers={"host": host}).status_code == 400


def test_a_forwarded_host_is_not_believed(client: Client):
    headers = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example", "x-original-host": "evil.example"}
    answer = client.get("/desk/", headers=headers)
    assert answer.headers["Location"] == "/accounts/login/?next=/desk/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "https:evil.example", "/\\evil.example", "javascript:x"]
)
@pytest.mark.parametrize("where", ["/accounts/logout/", "/i18n/setlang/", "/admin/login/"])
def test_no_next_leads_to_another_site(client: Client, where: str, target: str):
    data = {"next": target, "language": "ml"}
    answer = client.get(where, data) if where == "/admin/login/" else client.post(where, data)
    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]
    assert answer.headers["Location"].startswith("/")
    assert "javascript" not in answer.headers["Location"]


def test_no_style_sheet_asks_for_what_the_policy_refuses():
    """A picture written into a sheet, or of another origin, is refused by the content policy, and the browser complains."""
    sheets = list(files(".css", under="static"))
    assert len(sheets) >= 4
    refused = re.compile(r"""url\(\s*["']?\s*(data:|https?:|//)""", re.IGNORECASE)
    assert [name(sheet) for sheet in sheets if refused.search(sheet.read_text())] == []
