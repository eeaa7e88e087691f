"""Field visits: recorded by the officer, read by everybody who may open the file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Permission
from evaluation.actions.visits import Seen, record_visit
from evaluation.forms.visits import VisitForm
from evaluation.models import VisitPhoto
from evaluation.queries.conflicts import visit_verdict
from evaluation.views.access import file_address, file_or_404, need_permission, person, posted, wrong
from records import pages
from records.files import send
from records.verdicts import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, reference: str) -> HttpResponse:
    """Record a visit."""
    file = file_or_404(request, reference)
    reason = _("Only an officer of this office records a visit.")
    need_permission(person(request), Permission.VISIT, file.office, reason)
    form = VisitForm(file, posted(request), request.FILES or None)
    verdict = visit_verdict(person(request), file)
    status = 0 if verdict else 409
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        seen = Seen(told["visited_on"], told["people_met"], told["findings"], form.found)
        try:
            visit = record_visit(file, seen, told["photographs"], by=person(request))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
            status = status or 400
        else:
            messages.success(request, _("Visit %(number)s is recorded.") % {"number": visit.number})
            return redirect(f"{file_address(file)}#visits")
    context = {"file": file, "form": form, "verdict": verdict, "again": bool(request.FILES)}
    return render(request, "evaluation/visit_new.html", context, status=status or wrong(form))


@require_safe
def photo(request: HttpRequest, reference: str, number: int, pk: int) -> HttpResponseBase:
    """A photograph of a visit: a small picture once the worker has drawn it, the whole one with ?whole."""
    file = file_or_404(request, reference)
    photos = VisitPhoto.objects.select_related("file")
    found = get_object_or_404(photos, visit__application=file, visit__number=number, pk=pk)
    small = None if "whole" in request.GET else pages.image_of(found.file, 1)
    if small:
        return pages.send(small)
    return send(found.file, by=person(request), subject=file, inline=True)
