"""The Directorate's watch: the figures of the State, and the files behind each of them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.roles import Permission
from accounts.sessions import ask_factor_again, factor_is_fresh
from progress import charts, districtmap, rules, watch_list, watch_page
from progress.watch_list import FileList
from progress.watch_page import Watch
from records.clock import now, today
from records.sheets import csv_response, xlsx_response

ON_A_PAGE = 25


def _watcher(request: HttpRequest) -> Any:
    user: Any = request.user
    if not user.has(Permission.SEE_STATE):
        raise PermissionDenied(_("The watch over all districts is for the Directorate and the auditor."))
    return user


@require_safe
def watch(request: HttpRequest) -> HttpResponse:
    """Fourteen districts in figures; every figure opens its rows."""
    user = _watcher(request)
    page = Watch(user, request.GET.dict())
    context = {
        "watch": page,
        "thousand": charts.thousand(page.selected_in_all),
        "may_make": rules.may_make_reports(user),
        "view_box": districtmap.VIEW_BOX,
        "now": now(),
    }
    return render(request, "progress/watch.html", context)


@require_safe
def watch_table(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The tables of the page as one, as CSV or XLSX."""
    heads, lines = watch_page.sheet(Watch(_watcher(request), request.GET.dict()))
    answer = csv_response if ending == "csv" else xlsx_response
    return answer(f"watch-{today():%Y-%m-%d}.{ending}", heads, lines)


@require_safe
def watch_files(request: HttpRequest) -> HttpResponse:
    """The files behind a figure."""
    listing = FileList(_watcher(request), request.GET.dict())
    page = listing.page(request.GET.get("page"), ON_A_PAGE)
    context = {
        "listing": listing,
        "page": page,
        "rows": watch_list.rows_of(list(page)),
        "count": page.paginator.count + listing.unnamed_count,
    }
    return render(request, "progress/watch_files.html", context)


@require_safe
def watch_files_export(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The files of the list, all pages, as CSV or XLSX; whoever takes them away shows the second factor anew."""
    user = _watcher(request)
    if not factor_is_fresh(request):
        return ask_factor_again(request)
    listing = FileList(user, request.GET.dict())
    answer = csv_response if ending == "csv" else xlsx_response
    return answer(f"files-{today():%Y-%m-%d}.{ending}", watch_list.header(), watch_list.lines(listing))
