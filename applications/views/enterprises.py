"""Enterprises, and the beginning of an application."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Permission
from applications import actions, queries
from applications.forms import EnterpriseForm
from applications.models import Application, Enterprise, Round
from records.verdicts import Refused


def _applicant(request: HttpRequest) -> Any:
    user: Any = request.user
    if not user.has(Permission.OWN_FILE):
        raise PermissionDenied(_("This page is for enterprises. You are signed in with a post of the Department."))
    return user


@require_safe
def enterprises(request: HttpRequest) -> HttpResponse:
    """The enterprises one may act for."""
    user = _applicant(request)
    found = Enterprise.objects.visible_to(user).select_related("district", "taluk")
    return render(request, "applications/enterprises.html", {"enterprises": found})


@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_new(request: HttpRequest) -> HttpResponse:
    """Name an enterprise."""
    user = _applicant(request)
    form = EnterpriseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            enterprise = actions.add_enterprise(by=user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
        else:
            return redirect(f"/applications/new/?enterprise={enterprise.pk}")
    return render(request, "applications/enterprise_new.html", {"form": form}, status=400 if form.errors else 200)


def _begin(request: HttpRequest, user: Any, current: Round) -> tuple[Application | None, str]:
    """The file begun, or the one that is there already; else the sentence that says why not."""
    key = request.POST.get("enterprise", "")
    wanted = int(key) if key.isdecimal() and len(key) < 18 else 0
    enterprise = get_object_or_404(Enterprise.objects.visible_to(user), pk=wanted)
    try:
        return actions.begin(enterprise, current, by=user), ""
    except Refused as refusal:
        there = Application.objects.live().filter(enterprise=enterprise, round=current).first()
        if there is not None:
            messages.info(request, refusal.reason)
        return there, refusal.reason


@require_http_methods(["GET", "HEAD", "POST"])
def application_new(request: HttpRequest) -> HttpResponse:
    """Begin an application for one of one's enterprises in the open round."""
    user = _applicant(request)
    current = queries.open_round()
    error = ""
    if request.method == "POST":
        if current is None:
            error = _("This round is not open for applications.")
        else:
            file, error = _begin(request, user, current)
            if file is not None:
                return redirect("application", reference=file.reference)
    context = {"rows": _rows(user, current), "round": current, "error": error}
    return render(request, "applications/application_new.html", context, status=409 if error else 200)


def _rows(user: Any, current: Round | None) -> list[dict[str, Any]]:
    """One's enterprises, each with its live application of the round where there is one."""
    live = {file.enterprise_id: file for file in Application.objects.live().visible_to(user).filter(round=current)}
    found = Enterprise.objects.visible_to(user).select_related("district")
    return [{"enterprise": enterprise, "live": live.get(enterprise.pk)} for enterprise in found]
