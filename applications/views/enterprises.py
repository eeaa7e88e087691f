"""Enterprises, and the beginning of an application."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.roles import Permission
from applications import actions, queries
from applications.forms import EnterpriseForm
from applications.models import Application, Enterprise
from records.verdicts import Refused


def _applicant(request: HttpRequest) -> Any:
    user: Any = request.user
    if not user.has(Permission.OWN_FILE):
        raise PermissionDenied(_("This page is for enterprises. You are signed in with a post of the Department."))
    return user


@require_GET
def enterprises(request: HttpRequest) -> HttpResponse:
    """The enterprises one may act for."""
    user = _applicant(request)
    found = Enterprise.objects.visible_to(user).select_related("district", "taluk")
    return render(request, "applications/enterprises.html", {"enterprises": found})


@require_http_methods(["GET", "POST"])
def enterprise_new(request: HttpRequest) -> HttpResponse:
    """Name an enterprise."""
    user = _applicant(request)
    form = EnterpriseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            enterprise = actions.add_enterprise(by=user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
        else:
            return redirect(f"/applications/new/?enterprise={enterprise.pk}")
    return render(request, "applications/enterprise_new.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def application_new(request: HttpRequest) -> HttpResponse:
    """Begin an application for one of one's enterprises in the open round."""
    user = _applicant(request)
    current = queries.open_round()
    error = ""
    if request.method == "POST" and current is not None:
        key = request.POST.get("enterprise", "")
        enterprise = get_object_or_404(
            Enterprise.objects.visible_to(user), pk=int(key) if key.isdigit() and len(key) < 18 else 0
        )
        there = Application.objects.live().filter(enterprise=enterprise, round=current).first()
        if there is not None:
            messages.info(
                request,
                _("This enterprise has already applied in this round. Application number: %(reference)s.")
                % {"reference": there.reference},
            )
            return redirect("application", reference=there.reference)
        try:
            file = actions.begin(enterprise, current, by=user)
        except Refused as refusal:
            error = refusal.reason
        else:
            return redirect("application", reference=file.reference)
    rows = []
    for enterprise in Enterprise.objects.visible_to(user).select_related("district").prefetch_related("applications"):
        live = [
            a
            for a in enterprise.applications.all()
            if current and a.round_id == current.pk and a.state not in {"withdrawn", "lapsed"}
        ]
        rows.append({"enterprise": enterprise, "live": live[0] if live else None})
    context = {"rows": rows, "round": current, "error": error, "chosen": request.GET.get("enterprise", "")}
    return render(request, "applications/application_new.html", context, status=409 if error else 200)
