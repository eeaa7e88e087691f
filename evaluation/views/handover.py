"""Hand a whole desk over: whose desks hold what, what would move, and the one act."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from districts.models import Office
from evaluation.actions.handover import Handed
from evaluation.actions.handover import hand_over as hand_over_desk
from evaluation.forms.handover import HandOverForm
from evaluation.queries.handover import (
    Desk,
    desks_of,
    files_held,
    officers_of,
    offices_of,
    open_evaluations,
    would_stay,
)
from evaluation.views.access import person, posted, wrong
from records.verdicts import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """The desks of the office; one of them with what would move; the act."""
    offices = offices_of(person(request))
    if not offices:
        raise PermissionDenied(_("Only the General Manager of a District Industries Centre hands desks over."))
    desks = {f"{office.code}.{desk.person.pk}": (office, desk) for office in offices for desk in desks_of(office)}
    key = (request.POST if request.method == "POST" else request.GET).get("desk", "")
    if key not in desks:
        return _list(request, desks, unknown=bool(key) or request.method == "POST")
    office, desk = desks[key]
    officers = [one for one in officers_of(office) if one.user.pk != desk.person.pk]
    form = HandOverForm(officers, posted(request), initial={"desk": key})
    status = 0
    if request.method == "POST" and form.is_valid():
        try:
            _say(
                request,
                hand_over_desk(office, desk.person, form.receiver, form.cleaned_data["reason"], by=person(request)),
            )
            return redirect("desk_hand_over")
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
            status = 409
    context = {"form": form, "officers": officers, **_preview(office, desk, officers)}
    return render(request, "evaluation/hand_over_one.html", context, status=status or wrong(form))


def _list(request: HttpRequest, desks: dict[str, tuple[Office, Desk]], *, unknown: bool) -> HttpResponse:
    """Everybody who holds something; `unknown`: a desk was asked for that is not among them."""
    status = 400 if request.method == "POST" else 200
    context = {"desks": desks, "unknown": unknown, "typed": request.POST.get("reason", "").strip()}
    return render(request, "evaluation/hand_over.html", context, status=status)


def _preview(office: Office, desk: Desk, officers: list[Any]) -> dict[str, Any]:
    files, evaluations = list(files_held(office, desk.person)), list(open_evaluations(office, desk.person))
    stays = would_stay(files, officers)
    return {"office": office, "desk": desk, "files": files, "evaluations": evaluations, "stays": stays}


def _say(request: HttpRequest, handed: Handed) -> None:
    """What moved, what was released, what stayed and why."""
    moved = ngettext("%(count)s file moved.", "%(count)s files moved.", len(handed.files)) % {
        "count": len(handed.files)
    }
    released = ngettext(
        "%(count)s evaluation released.", "%(count)s evaluations released.", len(handed.evaluations)
    ) % {"count": len(handed.evaluations)}
    messages.success(request, f"{moved} {released}")
    for reference, why in handed.skipped:
        messages.warning(request, _("%(reference)s stayed: %(why)s") % {"reference": reference, "why": why})
