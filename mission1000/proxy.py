"""Who is really asking, behind a proxy that is named in TRUSTED_PROXY. Nobody else's word is taken."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_FORWARDED",
)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None


class RealAddress:
    """Middleware, first of all: from a trusted proxy REMOTE_ADDR becomes the address the proxy saw (the last it wrote,
    never one the visitor wrote before it); from anyone else every forwarding header is dropped.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.trusted = [ipaddress.ip_network(text) for text in settings.TRUSTED_PROXY]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        peer = _address(request.META.get("REMOTE_ADDR", ""))
        if peer is not None and any(peer in network for network in self.trusted):
            seen = _address(request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2])
            if seen is not None:
                request.META["REMOTE_ADDR"] = str(seen)
        else:
            for header in FORWARDED:
                request.META.pop(header, None)
        return self.get_response(request)
