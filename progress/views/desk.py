"""The desk: the list, what is searched on it, the next file, the list to take away. Acts are in the room below."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Permission
from applications.models import Application
from evaluation.queries.giving import takers
from progress import desk, desk_table, search
from progress.desk_row import row_of
from progress.filters import DeskFilter
from progress.listing import Listing
from records.clock import today
from records.sheets import csv_response, xlsx_response

ON_A_DESK = 25
LONGEST = 200  # characters of one value in an address
LAST_LIST = "desk_list"  # in the session: the list opened last, for "next file" on a file's page


def _listing(request: HttpRequest) -> Listing:
    user: Any = request.user
    if not user.has(Permission.SEE_DESK):
        raise PermissionDenied(_("The desk is for officers, managers, General Managers and evaluators."))
    return Listing(user, request.GET.dict())


def _address(query: str) -> str:
    return f"{reverse('desk')}?{query}" if query else reverse("desk")


@require_safe
def desk_list(request: HttpRequest) -> HttpResponse:
    """The files of the desk, the least time left first. A PAN or mobile number in the address is taken out of it."""
    listing = _listing(request)
    if listing.renamed:
        return redirect(_address(listing.query()))
    page = listing.page(desk.rows(listing.user), request.GET.get("page"), ON_A_DESK)
    if request.session.get(LAST_LIST) != listing.query():
        request.session[LAST_LIST] = listing.query()
    context = {
        "listing": listing,
        "page": page,
        "tiles": desk.tiles(listing),
        "waiting": desk.waiting(listing.user),
        "openings": desk.openings(listing),
        "hands_over": listing.user.has(Permission.TRANSFER),
        "today": today(),
        **_table(listing, list(page), ticked=request.GET.get("tick") == "page"),
    }
    return render(request, "progress/desk.html", context)


def _table(listing: Listing, files: list[Application], *, ticked: bool) -> dict[str, Any]:
    """The rows of a page, and what can be done with several of them."""
    user = listing.user
    acts = user.has(Permission.TAKE_UP) or user.has(Permission.ASSIGN)
    lines = desk.lines(files, user)
    return {
        "rows": [row_of(line, boxes=acts, ticked=ticked, officer=listing.officer) for line in lines],
        "ticked": ticked,
        "acts": acts,
        "takers": takers(user),
        "may_take_up": user.has(Permission.TAKE_UP),
        "may_assign": user.has(Permission.ASSIGN),
    }


@require_POST
def desk_search(request: HttpRequest) -> HttpResponse:
    """Turn what was chosen and typed into the address of a list; a PAN or mobile number goes into none."""
    _listing(request)
    kept = {name: request.POST.get(name, "").strip()[:LONGEST] for name in ("tab", *DeskFilter.base_filters)}
    typed = kept["q"]
    if "@" in typed:
        messages.warning(
            request,
            _("Files are not found by e-mail address. Type a reference, name, Udyam number, PAN or mobile number."),
        )
        typed = kept["q"] = ""
    if key := search.key_in(typed):
        kept["q"], kept["key"] = "", key
    elif typed:
        kept["key"] = ""
    if typed and typed != request.POST.get("was", ""):
        kept["tab"] = "all"  # something new is looked for among all files
    asked = QueryDict(mutable=True)
    asked.update({name: value for name, value in kept.items() if value and (name, value) != ("sort", "clock")})
    return redirect(_address(asked.urlencode()))


@require_safe
def desk_next(request: HttpRequest) -> HttpResponse:
    """The file after the one given in the list given; the first of it where that one is no longer in the list."""
    listing = _listing(request)
    references, after = listing.references, request.GET.get("after", "")
    place = references.index(after) + 1 if after in references else 0
    if place < len(references):
        return redirect("desk_file", reference=references[place])
    messages.info(
        request, _("That was the last file of this list.") if references else _("No file is left in this list.")
    )
    return redirect(_address(listing.query()))


@require_safe
def desk_export(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The files of the list, all pages, as CSV or XLSX."""
    listing = _listing(request)
    answer = csv_response if ending == "csv" else xlsx_response
    return answer(
        f"desk-{today():%Y-%m-%d}.{ending}", desk_table.header(officer=listing.officer), desk_table.rows(listing)
    )
