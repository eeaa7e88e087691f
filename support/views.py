"""The scheme in plain words, from the round's own data."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.models import Sector
from support import queries


@login_not_required
@require_safe
def scheme(request: HttpRequest) -> HttpResponse:
    """What the Mission is, who can apply, what a selected enterprise gets, the round's dates, how it goes on."""
    call = queries.round_shown()
    rules = getattr(call, "rules", None)
    context = {
        "round": call,
        "caps": getattr(call, "caps", None),
        "pass_mark": f"{rules.pass_mark.normalize():f}" if rules else "",
        "sectors": queries.sectors_of(call),
        "trade": call is not None and Sector.TRADE in call.activities,
        "papers": queries.papers_of(call),
    }
    return render(request, "support/scheme.html", context)


@login_not_required
@require_safe
def scheme_papers(request: HttpRequest) -> HttpResponse:
    """The papers to keep ready, as a list to print and tick."""
    call = queries.round_shown()
    return render(request, "support/papers.html", {"round": call, "papers": queries.papers_of(call)})
