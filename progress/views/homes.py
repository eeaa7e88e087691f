"""The first page, and the home of each role; the desk has a module of its own."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.models import DocumentKind
from applications.queries import open_round
from districts.models import District
from progress import charts, homes, mine, queries
from records.clock import today

ENTERPRISES = 20


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the scheme is, whether a round is open, and the two ways in."""
    call = open_round()
    context = {
        "call": call,
        "days_left": queries.days_left(call) if call else 0,
        "coming": None if call else queries.next_round(),
        "thousand": charts.thousand(queries.selected_so_far()),
        "today": today(),
        "kinds": DocumentKind.objects.filter(asked_at_start=True),
        "districts": District.objects.all(),
    }
    return render(request, "progress/home.html", context)


@require_safe
def home_go(request: HttpRequest) -> HttpResponse:
    """Send each role to its home; a role without one reads what it can do today."""
    name = homes.home_of(request.user)
    if name:
        return redirect(name)
    return render(request, "progress/home_later.html", {"posts": homes.today_and_later(request.user)})


@require_safe
def my(request: HttpRequest) -> HttpResponse:
    """The applicant's enterprises and files, and the one thing to do next."""
    user: Any = request.user
    if not user.is_applicant:
        raise PermissionDenied(_("This page is for applicants. Your post has a home of its own."))
    page = Paginator(mine.enterprises_of(user), ENTERPRISES).get_page(request.GET.get("page"))
    return render(request, "progress/my.html", {"page": page, "home": mine.home_of(list(page))})
