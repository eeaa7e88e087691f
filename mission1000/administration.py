"""Django's administration, narrowed: reference data of our rooms, opened by the portal's own sign-in."""

from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.i18n import JavaScriptCatalog

ROOMS = {"support", "evaluation", "applications", "districts"}


class ScriptTexts(JavaScriptCatalog):
    """The texts of the administration's scripts, with our Malayalam before Django's."""

    packages = ["django.contrib.admin"]

    def get_paths(self, packages: list[str]) -> list[Any]:
        """The later folder wins."""
        return [*super().get_paths(packages), *settings.LOCALE_PATHS[1:]]


class PortalSite(AdminSite):
    """What packages register (accounts of the sign-in library, seeds of second factors, groups) is left out."""

    site_header = gettext_lazy("Mission 1000: reference data")
    site_title = gettext_lazy("Mission 1000")
    index_title = gettext_lazy("Reference data")
    site_url = "/"

    def register(self, model_or_iterable: Any, admin_class: type[ModelAdmin] | None = None, **options: Any) -> None:
        """Only what our own rooms list."""
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model for model in models if model._meta.app_label in ROOMS]
        super().register(ours, admin_class, **options)

    @method_decorator(never_cache)
    @login_not_required
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No password is typed here: a visitor is sent to the portal's sign-in, everybody else is told why not."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied(_("This page is for administrators."))
        wanted = request.GET.get("next", "")
        safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
        there = wanted if safe else reverse("admin:index")
        if request.user.is_authenticated:
            return redirect(there)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': there})}")

    def i18n_javascript(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Its calendars and lists speak the reader's language."""
        return ScriptTexts().get(request)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """The portal's own page signs out."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """The portal's own page asks for the old password and ends the other sessions."""
        return redirect("account_change_password")
