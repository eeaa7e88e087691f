"""The reports of all districts in one run: started, watched, started again where it failed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Permission
from progress import actions, rules, runs
from progress.forms import RunForm
from progress.views.reports import reader, reports_page
from records import jobs
from records.verdicts import Refused


@require_POST
def reports_run(request: HttpRequest) -> HttpResponse:
    """Begin the run of a month."""
    user = reader(request)
    verdict = rules.may_make_all_reports(user)
    if not verdict:
        raise PermissionDenied(str(verdict.reason))
    form = RunForm(request.POST)
    if not form.is_valid():
        return reports_page(request, run_form=form, status=400)
    try:
        run = actions.start_run(form.cleaned_data["month"], by=user)
    except Refused as refusal:
        form.add_error(refusal.field or None, refusal.reason)
        return reports_page(request, run_form=form, status=409)
    said = _("%(count)s reports of %(month)s are being made. You may leave this page.")
    messages.success(request, said % {"count": run.total, "month": run.month})
    return redirect("reports")


@require_http_methods(["GET", "HEAD", "POST"])
def reports_run_one(request: HttpRequest, key: int) -> HttpResponse:
    """How far a run is, as a piece of the page; a POST lets one that failed go on."""
    user = reader(request)
    run = runs.with_papers().filter(pk=key).first() if user.has(Permission.SEE_STATE) else None
    if run is None:
        raise Http404
    verdict = rules.may_make_all_reports(user)
    if request.method != "POST":
        context = {"run": run, "state": runs.state_of(run), "may_run": verdict, "worker_alive": jobs.worker_alive()}
        return render(request, "progress/parts/report_run.html", context)
    if not verdict:
        raise PermissionDenied(str(verdict.reason))
    try:
        actions.try_again(run, by=user)
    except Refused as refusal:
        return reports_page(request, refused=refusal.reason, status=409)
    return redirect("reports")
