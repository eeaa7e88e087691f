"""Transfer one file to the DIC of another district."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.rules import may
from evaluation.actions.transfer import transfer as transfer_file
from evaluation.forms.transfer import TransferForm
from evaluation.queries.transfer import other_centres
from evaluation.steps import STEPS
from evaluation.views.access import file_or_404, need_permission, person, posted, wrong
from records.verdicts import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose the DIC and say why; afterwards the file is not there any more."""
    file = file_or_404(request, reference)
    step = STEPS["transfer"]
    reason = _("Only the General Manager of this office transfers its files.")
    need_permission(person(request), step.permission, file.office, reason)
    form = TransferForm(other_centres(file), posted(request))
    verdict = may(person(request), step, file)
    status = 0 if verdict or request.method != "POST" else 409
    if request.method == "POST" and form.is_valid():
        to, why = form.cleaned_data["office"], form.cleaned_data["reason"]
        try:
            transfer_file(file, to, why, by=person(request))
        except Refused as refusal:
            form.add_error("reason" if refusal.field == "note" else refusal.field or None, refusal.reason)
            status = 409
        else:
            messages.success(
                request, _("%(reference)s is now with %(office)s.") % {"reference": reference, "office": to.name}
            )
            return redirect("desk")
    context = {"file": file, "form": form, "verdict": verdict}
    return render(request, "evaluation/transfer.html", context, status=status or wrong(form))
