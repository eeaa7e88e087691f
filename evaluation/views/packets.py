"""The district's packets: list, make, choose, freeze, check, approve, replace, and the marks as a table."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Permission
from applications.models import Round
from districts.models import Office
from evaluation import actions, packetfile
from evaluation.actions.packets import replace
from evaluation.actions.picks import pick, undo_pick
from evaluation.forms.packets import PickForm, ReasonForm
from evaluation.markstable import marks_table
from evaluation.models import Pick, Shortlist
from evaluation.queries import openings
from evaluation.queries.conflicts import conflict_verdict, conflicts_in, hidden_in
from evaluation.rules.packets import may_choose, may_replace
from evaluation.views.access import file_or_404, need, need_permission, packet_or_404, person, posted, wrong
from records.sheets import csv_response
from records.verdicts import Refused


@require_safe
def shortlists(request: HttpRequest) -> HttpResponse:
    """Every packet of the reader's districts, and what could be made now."""
    return _list(request)


def _list(request: HttpRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    if not person(request).is_staff_member or not person(request).has(Permission.SEE_FILE):
        raise PermissionDenied(_("Shortlists are read by officers of the district and of the Directorate."))
    packets = Shortlist.objects.visible_to(person(request)).select_related("office", "round", "paper", "supersedes")
    context = {
        "rows": packetfile.list_rows(packets, person(request)),
        "openings": openings(person(request)),
        "refused": refused,
    }
    return render(request, "evaluation/shortlists.html", context, status=status)


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Begin a packet."""
    office = get_object_or_404(Office, code=request.POST.get("office", "").replace("\0", ""))
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
    page, printed = request.GET.get("page"), "print" in request.GET
    context = {**packetfile.of(packet, person(request), page, printed=printed), "refused": refused}
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


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """Take a file out of its rank, pass it over, or undo that."""
    packet, file = packet_or_404(request, number), file_or_404(request, reference)
    reader, back = person(request), packetfile.back_to(packet, file, request.GET.get("page", ""))
    reason = _("Only a manager of the office chooses beside the ranks.")
    need_permission(reader, Permission.FREEZE, packet.office, reason)
    need(conflict_verdict(reader, file))
    undoing, refused = "undo" in request.POST, str(may_choose(reader, packet).reason)
    form = PickForm(None if undoing else posted(request), initial={"recommendation": request.GET.get("choice", "")})
    if request.method == "POST" and (undoing or form.is_valid()):
        try:
            if undoing:
                undo_pick(packet, file, by=reader)
            else:
                pick(packet, file, form.cleaned_data["recommendation"], form.cleaned_data["reason"], by=reader)
            return redirect(packetfile.stands_at(packet, file, reader, request.GET.get("page", "")))
        except Refused as refusal:
            refused = refusal.reason
    made = Pick.objects.filter(shortlist=packet, application=file).first()
    context = {"packet": packet, "file": file, "form": form, "made": made, "refused": refused, "back": back}
    context["row"] = packetfile.standing(packet, file, reader)
    return render(request, "evaluation/shortlist_pick.html", context, status=409 if refused else wrong(form))


@require_http_methods(["GET", "HEAD", "POST"])
def supersede(request: HttpRequest, number: str) -> HttpResponse:
    """Put a new draft in the place of a frozen or checked packet."""
    packet, reader = packet_or_404(request, number), person(request)
    reason = _("Only a manager of the office makes a shortlist in place of another.")
    need_permission(reader, Permission.FREEZE, packet.office, reason)
    labels = {
        "label": _("Why does another shortlist take its place?"),
        "missing": _("Say why another shortlist takes the place of this one."),
    }
    form, verdict = ReasonForm(posted(request), **labels), may_replace(reader, packet)
    status = 0 if verdict else 409
    if request.method == "POST" and form.is_valid():
        try:
            made = replace(packet, form.cleaned_data["reason"], by=reader)
            return redirect("shortlist", number=made.number)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
            status = 409
    context = {"packet": packet, "form": form, "verdict": verdict}
    return render(request, "evaluation/shortlist_replace.html", context, status=status or wrong(form))


@require_safe
def marks(request: HttpRequest, number: str) -> HttpResponseBase:
    """The marks as CSV: one line an evaluation, with exact fractions, so that every total can be made again."""
    packet = packet_or_404(request, number)
    reader = person(request)
    header, rows = marks_table(packet, hidden_in(reader, packet, conflicts_in(reader, packet)))
    return csv_response(f"{packet.number}-marks.csv", header, rows)
