"""Logs say what happened and to which route, and never who or what was typed."""

import io
import json
import logging

import pytest
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpResponse
from django.urls import ResolverMatch

from mission1000 import logs

CANARIES = {
    "asha@example.test": "[e-mail]",
    "ABCPD1234E": "[pan]",
    "32ABCPD1234E1Z5": "[gstin]",
    "9847012345": "[number]",
    "+91 98470 12345": "[number]",
    "000123456789012": "[number]",
}


@pytest.fixture
def lines(monkeypatch):
    """What the request logger has written so far, as the JSON objects it wrote."""
    stream = io.StringIO()
    formatter = dict(logs.config("INFO")["formatters"]["json"])
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter.pop("()")(**formatter))
    logger = logging.getLogger("mission1000.request")
    monkeypatch.setattr(logger, "handlers", [handler])
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setattr(logger, "level", logging.INFO)
    logger.manager._clear_cache()
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(("canary", "instead"), CANARIES.items())
def test_a_canary_is_blotted_out(lines, canary, instead):
    logging.getLogger("mission1000.request").info("Typed: %s.", canary)
    (line,) = lines()
    assert line["event"] == f"Typed: {instead}."


def test_references_and_numbers_of_papers_stay_readable():
    for text in ("M1K-3-EKM-00042", "DR-EKM-202611-7GQ4KX", "job 123456", "2026-11-24T14:05:11"):
        assert logs.blot(text) == text


def test_an_error_tells_its_kind_and_place_but_not_its_text(lines):
    try:
        raise ValueError("Failing row contains (Asha Menon, 9847012345)")
    except ValueError:
        logging.getLogger("mission1000.request").exception("broke")
    (line,) = lines()
    assert line["error"] == "ValueError"
    assert any("test_logs.py" in place for place in line["where"])
    assert "Asha" not in json.dumps(line)


def test_an_error_of_the_program_tells_its_text(lines):
    try:
        raise AttributeError("'NoneType' object has no attribute 'pk'")
    except AttributeError:
        logging.getLogger("mission1000.request").exception("broke")
    assert lines()[0]["detail"] == "'NoneType' object has no attribute 'pk'"


def test_an_answer_is_one_line_with_the_route_and_without_the_address(rf, lines):
    request = rf.get("/applications/M1K-3-EKM-00042/", {"q": "Asha"})
    request.resolver_match = ResolverMatch(
        lambda _: None, (), {}, url_name="application", route="applications/<reference>/"
    )
    response = logs.RequestLog(lambda _: HttpResponse("ok"))(request)
    (line,) = lines()
    assert (line["route"], line["status"], line["method"]) == ("application", 200, "GET")
    assert line["request"] == response["X-Request-ID"]
    assert "Asha" not in json.dumps(line)
    assert "00042" not in json.dumps(line)


def test_an_unknown_address_is_not_written_down(rf, lines):
    request = rf.get("/asha-menon/")
    request.resolver_match = None
    logs.RequestLog(lambda _: HttpResponse(status=404))(request)
    (line,) = lines()
    assert (line["route"], line["status"]) == ("", 404)
    assert "menon" not in json.dumps(line)


@pytest.mark.parametrize("refusal", [Http404(), PermissionDenied(), BadRequest(), SuspiciousOperation()])
def test_a_refusal_is_no_fault_in_the_log(refusal: Exception, rf, caplog: pytest.LogCaptureFixture):
    logs.RequestLog(HttpResponse).process_exception(rf.get("/nowhere/"), refusal)
    assert caplog.records == []
