"""Language of the person, second factor for posts, and the end of a session nobody uses."""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from records.clock import now

Answer = Callable[[HttpRequest], HttpResponse]
STAFF_IDLE = 15 * 60  # seconds
APPLICANT_IDLE = 30 * 60
OPEN_WITHOUT_FACTOR = ("/accounts/", "/i18n/", "/static/", "/healthz", "/readyz", "/demo/")


class Person:
    """After authentication: idle time, language, second factor."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if _idle_too_long(request):
            language = user.language
            logout(request)
            answer = redirect(
                f"{reverse('account_login')}?next={request.path if request.method == 'GET' else '/home/'}&ended=1"
            )
            answer.set_cookie("django_language", language, samesite="Lax")
            return answer
        if translation.get_language() != user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """A post opens nothing on a password alone: pages that need no sign-in and those of the sign-in stay open."""
        user: Any = request.user
        if not user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if request.path.startswith(OPEN_WITHOUT_FACTOR) or not user.is_staff_member:
            return None
        if passed_second_factor(request):
            return None
        if is_mfa_enabled(user):
            logout(request)
            return redirect(f"{reverse('account_login')}?next={request.path}")
        return redirect("mfa_activate_totp")


def passed_second_factor(request: HttpRequest) -> bool:
    """Whether a second factor was given in this session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request)) or bool(
        request.session.get("second_factor")
    )


def _idle_too_long(request: HttpRequest) -> bool:
    """Compare with the last request of this session; a look now counts as use."""
    moment = int(now().timestamp())
    last = request.session.get("used_at")
    user: Any = request.user
    most = STAFF_IDLE if user.is_staff_member else APPLICANT_IDLE
    if last is not None and moment - last > most:
        return True
    if last is None or moment - last >= 20:
        request.session["used_at"] = moment
    return False
