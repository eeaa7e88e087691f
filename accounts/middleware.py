"""Sign-in for every page that does not say otherwise, the person's language, the second factor, the end of unused sessions."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_cache_control

from accounts.sessions import idle_too_long, passed_second_factor, sign_in_again

Answer = Callable[[HttpRequest], HttpResponse]
OPEN_WITHOUT_FACTOR = ("/accounts/", "/i18n/", "/static/", "/healthz", "/readyz", "/demo/")


class SignInRequired(LoginRequiredMiddleware):
    """Django's own rule, with the way back to the page on which a form stood."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> Any:
        ended = settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty()
        if request.method in {"GET", "HEAD"} and not ended:
            return super().handle_no_permission(request, view_func)
        return sign_in_again(request)


class Person:
    """After authentication: idle time, language, second factor; what a signed-in person reads is kept by nobody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if idle_too_long(request):
            return _ended(request, user.language)
        if translation.get_language() != user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        answer = self.get_response(request)
        # After the sign-out nothing of it comes back by the browser's Back, or from a proxy on the way.
        patch_cache_control(answer, private=True, no_store=True)
        return answer

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
            return _ended(request, user.language)
        return redirect("mfa_activate_totp")

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        """Too many tries is 429 on every page; the sign-in library says it in the sentence alone."""
        if request.method == "POST" and response.status_code == 200 and request.path.startswith("/accounts/"):
            forms = [form for form in (response.context_data or {}).values() if isinstance(form, BaseForm)]
            if any(_tried_too_often(form) for form in forms):
                response.status_code = 429
        return response


def _tried_too_often(form: BaseForm) -> bool:
    found = form.errors.as_data().values() if form.is_bound else ()
    return any(str(error.code).startswith("too_many") for errors in found for error in errors)


def _ended(request: HttpRequest, language: str) -> HttpResponse:
    """End the session and ask for a new sign-in, in the language the person reads."""
    answer = sign_in_again(request)
    logout(request)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return answer
