"""A trivial page: what any page costs that asks for a sign-in, reads one index and renders fifty rows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.models import Application

ROWS = 50


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Fifty files by key, one query."""
    return render(request, "mission1000/parts/reference.html", {"files": Application.objects.order_by("pk")[:ROWS]})
