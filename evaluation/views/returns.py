"""Return one file to the appraisal, and close an appraisal again in which nothing was unlocked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Permission
from evaluation.actions.returns import close_again, return_file
from evaluation.forms.packets import ReasonForm
from evaluation.queries.returns import return_verdict
from evaluation.steps import standing_row
from evaluation.views.access import file_or_404, need_permission, person, posted, wrong
from evaluation.views.files import refused_page
from records.verdicts import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def return_to_appraisal(request: HttpRequest, reference: str) -> HttpResponse:
    """Take one file out of its packet, or back from the list, with a reason."""
    file, reader = file_or_404(request, reference), person(request)
    reason = _("Only the General Manager of the office returns a file to the appraisal.")
    need_permission(reader, Permission.RETURN, file.office, reason)
    row, verdict = standing_row(file), return_verdict(reader, file)
    labels = {"label": _("Why is the file returned?"), "missing": _("Say why the file is returned.")}
    form, status = ReasonForm(posted(request), **labels), 0 if verdict else 409
    if request.method == "POST" and form.is_valid():
        try:
            return_file(file, form.cleaned_data["reason"], by=reader)
            messages.success(request, _("The file is back in the appraisal."))
            return redirect("desk_file", reference=reference)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
            status = 409
    context = {"file": file, "form": form, "verdict": verdict, "packet": row.shortlist if row else None}
    return render(request, "evaluation/return.html", context, status=status or wrong(form))


@require_POST
def close_appraisal(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the portal close the appraisal of a file whose marks are all locked."""
    file = file_or_404(request, reference)
    reason = _("Only a manager or the General Manager of the office closes an appraisal again.")
    need_permission(person(request), Permission.ASSIGN, file.office, reason)
    try:
        close_again(file, by=person(request))
    except Refused as refusal:
        return refused_page(request, reference, refusal)
    messages.success(request, _("The appraisal is being closed."))
    return redirect("desk_file", reference=reference)
