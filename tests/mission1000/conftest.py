"""Reference data and the demonstration's people, as the commands make them."""

from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from accounts import demo


def run(*words: str, **options: Any) -> str:
    """What a command prints."""
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def reference(db: None) -> None:
    run("load_reference")


@pytest.fixture
def people(reference: None) -> list[tuple[str, str]]:
    """Every account of the demonstration, without files."""
    return demo.people()


def password(email: str) -> tuple[Client, Any]:
    """A browser in which the password was given, and the answer to it."""
    client = Client()
    return client, client.post("/accounts/login/", {"login": email, "password": demo.PASSWORD})


def signed_in(email: str) -> Client:
    """A browser of that account, with password and code."""
    client, answer = password(email)
    if answer.url == "/accounts/2fa/authenticate/":
        client.post(answer.url, {"code": demo.code_of(email)})
    return client


def text_of(answer: Any) -> str:
    """What a page says."""
    return unescape(answer.content.decode())
