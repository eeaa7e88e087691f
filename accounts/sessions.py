"""How long a session lives and what it has shown: idle time, second factor, and the way back after it has ended.

A session that nobody uses ends after 15 minutes for whoever holds a
post of the Department and after 30 for everybody else; a second factor counts as fresh for 15 minutes.
"""

from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.mfa.internal.flows.trust import is_trusted_browser
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRefresh

from records.clock import now

STAFF_IDLE = 15 * 60  # seconds
APPLICANT_IDLE = 30 * 60
WARNING = 2 * 60  # seconds before the end
GRAIN = 20  # seconds: a session is written at most that often
FRESH = 15 * 60  # seconds a second factor counts for what asks for it anew


def idle_limit(user: Any) -> int:
    """Seconds without use after which this person's session ends."""
    return STAFF_IDLE if user.is_staff_member else APPLICANT_IDLE


def begin(*, request: HttpRequest, **_rest: Any) -> None:
    """A signed-in session counts from its first second."""
    request.session["used_at"] = int(now().timestamp())


def idle_too_long(request: HttpRequest) -> bool:
    """Whether the session was left alone too long; this request counts as use, unless a page asked by itself."""
    moment = int(now().timestamp())
    unused = moment - request.session.get("used_at", 0)
    if unused > idle_limit(request.user):
        return True
    asked_by_itself = request.method == "GET" and "HX-Request" in request.headers
    if unused >= GRAIN and not asked_by_itself:
        request.session["used_at"] = moment
    return False


def tab_mark(user: Any) -> str:
    """What a window remembers whose typing it keeps: says nothing about the person, and differs between two."""
    return salted_hmac("accounts.tab", str(user.pk), algorithm="sha256").hexdigest()[:16]


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether a second factor was given in this session, or this browser is trusted because of an earlier one."""
    return bool(_factor_given_at(request)) or is_trusted_browser(request, request.user)


def factor_is_fresh(request: HttpRequest) -> bool:
    """Whether a second factor was given in this very session within the last 15 minutes. Trust does not count."""
    return now().timestamp() - _factor_given_at(request) < FRESH


def _factor_given_at(request: HttpRequest) -> float:
    user: Any = request.user
    times = [record["at"] for record in get_authentication_records(request, user) if record.get("method") == "mfa"]
    return max(times, default=0.0)


def ask_factor_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks for the second factor; what was posted waits in the session and is carried out after."""
    answer: HttpResponse = suspend_request(request, reverse("mfa_reauthenticate"))
    return answer


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """To the sign-in, and from there back to the page the person was on."""
    if "HX-Request" in request.headers:
        return HttpResponseClientRefresh()  # a part of a page cannot hold the sign-in: the whole page comes again
    return redirect(f"{reverse('account_login')}?{urlencode({'next': _page_of(request), 'ended': 1})}")


def _page_of(request: HttpRequest) -> str:
    """The page that was read, or on which the form stood: an address that only takes posts cannot be opened."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    if "://" in came_from and url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    ):
        parts = urlsplit(came_from)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return str(settings.LOGIN_REDIRECT_URL)
