"""Forwarding headers count only when the proxy named in TRUSTED_PROXY sent them."""

import pytest

from mission1000.proxy import RealAddress


@pytest.fixture
def seen(rf, settings):
    def ask(peer: str, **headers: str) -> dict[str, str]:
        settings.TRUSTED_PROXY = ["10.0.0.0/8", "::1"]
        request = rf.get("/", REMOTE_ADDR=peer, **headers)
        RealAddress(lambda passed: passed.META)(request)
        return request.META

    return ask


def test_the_proxy_tells_the_visitors_address(seen):
    assert seen("10.1.2.3", HTTP_X_FORWARDED_FOR="203.0.113.9")["REMOTE_ADDR"] == "203.0.113.9"
    assert seen("::1", HTTP_X_FORWARDED_FOR="2001:db8::7")["REMOTE_ADDR"] == "2001:db8::7"


def test_what_the_visitor_wrote_before_the_proxy_does_not_count(seen):
    assert seen("10.1.2.3", HTTP_X_FORWARDED_FOR="127.0.0.1, 203.0.113.9")["REMOTE_ADDR"] == "203.0.113.9"


def test_a_stranger_cannot_speak_for_others(seen):
    meta = seen("203.0.113.5", HTTP_X_FORWARDED_FOR="127.0.0.1", HTTP_X_FORWARDED_PROTO="https")
    assert meta["REMOTE_ADDR"] == "203.0.113.5"
    assert "HTTP_X_FORWARDED_PROTO" not in meta


def test_nonsense_from_the_proxy_changes_nothing(seen):
    assert seen("10.1.2.3", HTTP_X_FORWARDED_FOR="unknown")["REMOTE_ADDR"] == "10.1.2.3"


def test_a_socket_without_an_address_is_a_stranger(seen):
    assert seen("", HTTP_X_FORWARDED_FOR="127.0.0.1")["REMOTE_ADDR"] == ""
