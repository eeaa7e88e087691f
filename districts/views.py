"""Find your DIC: offices, never names of people."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from districts import queries
from districts.models import District, OfficeKind


@login_not_required
@require_safe
def districts(request: HttpRequest) -> HttpResponse:
    """The 14 districts, narrowed by a name, an old spelling or a taluk."""
    words = request.GET.get("q", "")[:60]
    return render(request, "districts/list.html", {"words": words, "found": queries.find(words)})


@login_not_required
@require_safe
def district(request: HttpRequest, code: str) -> HttpResponse:
    """One district: its DIC, its taluks, the offices in it."""
    if code != code.upper():
        return redirect("district", code=code.upper())
    place = get_object_or_404(District, code=code)
    offices = list(place.offices.exclude(kind=OfficeKind.DIC))
    context = {
        "district": place,
        "dic": place.offices.get(kind=OfficeKind.DIC),
        "offices": offices,
        "taluks": place.taluks.all(),
    }
    return render(request, "districts/one.html", context)
