"""The first page, and the home of each role."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.roles import Permission
from applications.models import DocumentKind
from applications.queries import open_round
from districts.models import District
from evaluation.queries import desk_for, openings
from progress import charts, desk, homes, mine, queries
from records.clock import today

ON_A_DESK = 25
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


@require_safe
def desk_list(request: HttpRequest) -> HttpResponse:
    """What waits on the desk, oldest first."""
    user: Any = request.user
    if not user.has(Permission.SEE_DESK):
        raise PermissionDenied(_("The desk is for officers, managers, General Managers and evaluators."))
    files = desk_for(user)
    tabs = {tab.key: tab for tab in desk.tabs(files)}
    asked = request.GET.get("state", "all")
    tab = tabs.get(asked, tabs["all"])
    paginator = Paginator(files.filter(state__in=desk.TABS[tab.key]), ON_A_DESK)
    paginator.count = tab.count
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "tabs": tabs.values(),
        "tab": tab,
        "unknown": asked not in tabs,
        "page": page,
        "lines": desk.lines(list(page)),
        "waiting": desk.waiting(user),
        "openings": [opening for opening in openings(user) if opening.verdict],
        "beside": desk.beside(user),
        "today": today(),
    }
    return render(request, "progress/desk.html", context)
