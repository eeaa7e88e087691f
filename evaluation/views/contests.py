"""A contested number: both files side by side, their certificates, and whose the number is."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Permission
from applications.models import Application
from applications.rules import OWN_CASE
from evaluation.actions.contests import open_certificate, settle
from evaluation.forms.contests import SettleForm
from evaluation.queries.conflicts import conflict_verdict
from evaluation.queries.contests import Contest, certificate_of, contest_of, pair_of
from evaluation.views.access import file_address, file_or_404, need, need_permission, person, posted, wrong
from records.files import send
from records.verdicts import Refused, refuse


def _file_and_contest(request: HttpRequest, reference: str) -> tuple[Application, Contest]:
    """A file and what stands against its number, for an officer of its office who acts for neither side."""
    file = file_or_404(request, reference)
    reason = _("Only an officer of this office settles a contested number.")
    need_permission(person(request), Permission.SCRUTINISE, file.office, reason)
    found = contest_of(file, person(request))
    need(refuse(OWN_CASE) if found.own else conflict_verdict(person(request), file))
    return file, found


@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: HttpRequest, reference: str) -> HttpResponse:
    """Compare and settle."""
    file, found = _file_and_contest(request, reference)
    form = SettleForm(posted(request), initial={"other": found.others[0].pk if found.others else None})
    status = 0
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        other = Application.objects.filter(pk=told["other"]).first()
        try:
            if other is None or other.pk == file.pk:
                raise Refused(_("Nothing is left to settle with that file."))
            settle(file, other, told["outcome"], told["reason"], by=person(request))
        except Refused as refusal:
            status = 409
            form.add_error(refusal.field or None, refusal.reason)
            file, found = _file_and_contest(request, reference)
        else:
            messages.success(request, _("Settled."))
            return redirect(file_address(file))
    pair = pair_of(file, found.others[0], person(request)) if found.others else None
    context = {"file": file, "contest": found, "form": form, "pair": pair, "ask": reverse("desk_ask", args=[reference])}
    return render(request, "evaluation/contest.html", context, status=status or wrong(form))


@require_safe
def certificate(request: HttpRequest, reference: str, pk: int) -> HttpResponseBase:
    """The newest Udyam certificate of a file this one is contested with, also where it lies in another district."""
    file, found = _file_and_contest(request, reference)
    other = next((one for one in (*found.others, file) if one.pk == pk and found.others), None)
    version = certificate_of(other, person(request)) if other else None
    if other is None or version is None:
        raise Http404
    open_certificate(file, other, version, by=person(request))
    return send(version.file, by=person(request), subject=file, scope=file.office.code)
