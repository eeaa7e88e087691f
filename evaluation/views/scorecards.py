"""One evaluator's scorecard. Nothing of the other's is read here, so nothing of it can be shown."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from evaluation import actions
from evaluation.cards import card_of
from evaluation.forms import ScorecardForm, StepBackForm
from evaluation.models import Assessment
from evaluation.queries.answers import older_marks
from evaluation.rules import may_step_back
from evaluation.views.access import assessment_or_404, file_or_404, person, posted, wrong
from records.verdicts import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def scorecard(request: HttpRequest, reference: str) -> HttpResponse:
    """Mark a file: save a draft or lock. What was typed stays on the page whatever the answer is."""
    assessment = assessment_or_404(request, file_or_404(request, reference))
    if request.method != "POST":
        return _page(request, assessment, ScorecardForm(card_of(assessment)))
    locking = "lock" in request.POST
    form = ScorecardForm(card_of(assessment), request.POST, locking=locking)
    if not form.is_valid():
        return _page(request, assessment, form, status=400 if assessment.is_open else 409)
    try:
        _keep(request, assessment, form, locking=locking)
    except Refused as refusal:
        return _again(request, assessment, form, refusal)
    messages.success(request, _("Your marks are locked.") if locking else _("Draft saved."))
    return redirect("scorecard", reference=reference)


def _keep(request: HttpRequest, assessment: Assessment, form: ScorecardForm, *, locking: bool) -> None:
    verb = actions.lock_marks if locking else actions.save_marks
    verb(assessment, form.given, version=form.cleaned_data["version"], by=person(request))


def _again(request: HttpRequest, assessment: Assessment, form: ScorecardForm, refusal: Refused) -> HttpResponse:
    """The typed text with the reason it was not kept; a stale page gets the present version, so that saving again replaces it."""
    field = f"mark_{refusal.field}" if f"mark_{refusal.field}" in form.fields else None
    if refusal.field == "version":
        assessment.refresh_from_db(fields=["version", "state", "saved_at"])
        typed: Any = request.POST.copy()
        typed["version"] = str(assessment.version)
        form.data = typed
    form.add_error(field, refusal.reason)
    return _page(request, assessment, form, status=409)


def _page(request: HttpRequest, assessment: Assessment, form: ScorecardForm, *, status: int = 200) -> HttpResponse:
    unlocked = assessment.earlier.last() if assessment.is_open else None
    context = {"file": assessment.application, "assessment": assessment, "form": form, "card": form.card}
    context["unlocked"] = unlocked
    context["older_marks"] = older_marks(assessment.application, [line.mark for line in form.card.lines])
    template = "evaluation/scorecard.html" if assessment.is_open else "evaluation/scorecard_closed.html"
    return render(request, template, context, status=status)


@require_POST
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """Accept the assignment and declare that there is no conflict of interest."""
    assessment = assessment_or_404(request, file_or_404(request, reference))
    try:
        actions.accept_assessment(assessment, by=person(request))
    except Refused as refusal:
        assessment.refresh_from_db(fields=["state"])
        if not assessment.is_open:  # a second click on "accept" has nothing to say
            messages.error(request, refusal.reason)
    return redirect("scorecard", reference=reference)


@require_http_methods(["GET", "HEAD", "POST"])
def step_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Step back with a reason."""
    assessment = assessment_or_404(request, file_or_404(request, reference))
    verdict = may_step_back(person(request), assessment)
    form = StepBackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.step_back(assessment, form.cleaned_data["reason"], by=person(request))
        except Refused:
            verdict = may_step_back(person(request), assessment_or_404(request, assessment.application))
        else:
            messages.success(request, _("You stepped back. Another evaluator can be named."))
            return redirect("desk")
    context = {"file": assessment.application, "assessment": assessment, "form": form, "verdict": verdict}
    return render(request, "evaluation/step_back.html", context, status=wrong(form) if verdict else 409)
