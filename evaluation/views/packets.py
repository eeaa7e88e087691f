"""The district's packets: list, make, freeze, check, approve, and the marks as a table."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import Permission
from applications.models import Round
from districts.models import Office
from evaluation import actions, packetfile
from evaluation.models import Shortlist
from evaluation.queries import openings
from evaluation.views.access import need_permission, packet_or_404, person
from records.sheets import csv_response
from records.verdicts import Refused


@require_safe
def shortlists(request: HttpRequest) -> HttpResponse:
    """Every packet of the reader's districts, and what could be made now."""
    return _list(request)


def _list(request: HttpRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    if not person(request).is_staff_member or not person(request).has(Permission.SEE_FILE):
        raise PermissionDenied(_("Shortlists are read by officers of the district and of the Directorate."))
    packets = Shortlist.objects.visible_to(person(request)).select_related("office", "round", "paper")
    context = {"rows": packetfile.list_rows(packets), "openings": openings(person(request)), "refused": refused}
    return render(request, "evaluation/shortlists.html", context, status=status)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Begin a packet."""
    office = get_object_or_404(Office, code=request.POST.get("office", ""))
    number = request.POST.get("round", "")
    call = get_object_or_404(Round, number=int(number) if number.isdecimal() and len(number) < 5 else -1)
    need_permission(person(request), Permission.FREEZE, office, _("Only a manager of the office makes a shortlist."))
    try:
        packet = actions.make_packet(office, call, by=person(request))
    except Refused as refusal:
        return _list(request, refused=refusal.reason, status=409)
    return redirect("shortlist", number=packet.number)


@require_safe
def shortlist(request: HttpRequest, number: str) -> HttpResponse:
    """One packet: its ranking, its signatures, its paper, and what comes next."""
    return _page(request, packet_or_404(request, number))


def _page(request: HttpRequest, packet: Shortlist, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = {**packetfile.of(packet, person(request)), "refused": refused}
    return render(request, "evaluation/shortlist.html", context, status=status)


def _act(
    request: HttpRequest, number: str, permission: Permission, verb: Callable[..., Any], *, may_not: str, done: str
) -> HttpResponse:
    packet = packet_or_404(request, number)
    need_permission(person(request), permission, packet.office, may_not)
    try:
        verb(packet, by=person(request))
    except Refused as refusal:
        return _page(request, packet_or_404(request, number), refused=refusal.reason, status=409)
    messages.success(request, done)
    return redirect("shortlist", number=number)


@require_POST
def freeze(request: HttpRequest, number: str) -> HttpResponse:
    """Freeze ranks and marks."""
    return _act(
        request,
        number,
        Permission.FREEZE,
        actions.freeze,
        may_not=_("Only a manager of the office freezes a shortlist."),
        done=_("The shortlist is frozen. Another person checks it now."),
    )


@require_POST
def check(request: HttpRequest, number: str) -> HttpResponse:
    """Check a frozen packet."""
    return _act(
        request,
        number,
        Permission.CHECK,
        actions.check,
        may_not=_("Only an officer or manager of the office checks a shortlist."),
        done=_("The shortlist is checked. The General Manager approves it now."),
    )


@require_POST
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve a checked packet and issue its paper."""
    return _act(
        request,
        number,
        Permission.APPROVE,
        actions.approve,
        may_not=_("Only the General Manager of the office approves a shortlist."),
        done=_("The shortlist is approved. Its paper is being made."),
    )


@require_safe
def marks(request: HttpRequest, number: str) -> HttpResponseBase:
    """The marks as CSV: one line an evaluation, with exact fractions, so that every total can be made again."""
    packet = packet_or_404(request, number)
    header, rows = packetfile.marks_table(packet)
    return csv_response(f"{packet.number}-marks.csv", header, rows)
