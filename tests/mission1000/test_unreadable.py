"""Requests no form of ours sends: each gets its page, none a 500."""

import pytest
from django.test import Client

from applications import reference

ODD = {
    "another alphabet": "application/x-www-form-urlencoded; charset=utf-16",
    "an unknown one": "application/x-www-form-urlencoded; charset=martian",
    "a broken boundary": "multipart/form-data",
    "json": "application/json",
    "nothing": "",
}


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("checks", [True, False], ids=["csrf", "without"])
def test_a_form_that_cannot_be_read_gets_a_page(db: None, kind: str, checks: bool):
    reference.load()
    answer = Client(enforce_csrf_checks=checks, raise_request_exception=False).generic(
        "POST", "/check/", data=b"udyam=\xff\xfe", content_type=ODD[kind]
    )
    assert answer.status_code in {400, 403}
    assert answer["Content-Security-Policy"]
    assert "<h1" in answer.content.decode()


@pytest.mark.parametrize("address", ["/", "/healthz", "/readyz", "/verify/", "/faq/", "/districts/", "/check/"])
def test_head_is_answered_like_get(db: None, client: Client, address: str):
    assert client.head(address).status_code == client.get(address).status_code == 200


def test_an_address_that_takes_only_forms_says_so(db: None, client: Client):
    answer = client.get("/i18n/setlang/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This address takes what a page sends" in answer.content.decode()
