"""The file on an officer's desk: claimed and verified, and what comes next. Papers are in `reading`, evaluators in `appraisal`."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Permission
from applications.models import Application
from applications.queries import claimed
from applications.sections import SECTIONS_OF_ONE_ROW
from evaluation import actions, casefile, figures
from evaluation.forms import FigureForm
from evaluation.models import VerifiedFigure
from evaluation.queries import newest_verified, value_of
from evaluation.queries.conflicts import verify_verdict
from evaluation.steps import STEPS
from evaluation.views.access import file_or_404, need_permission, person, posted, way_back, wrong
from records.verdicts import Refused


@require_safe
def desk_file(request: HttpRequest, reference: str) -> HttpResponse:
    """One file as the office sees it."""
    return _page(request, file_or_404(request, reference, *SECTIONS_OF_ONE_ROW))


def _page(request: HttpRequest, file: Application, *, refused: str = "", status: int = 200) -> HttpResponse:
    reader = person(request)
    context = {**casefile.of(file, reader), "refused": refused, "has_a_desk": reader.has(Permission.SEE_DESK)}
    return render(request, "evaluation/file.html", context, status=status)


def refused_page(request: HttpRequest, reference: str, refusal: Refused) -> HttpResponse:
    """The page as it now is, with the sentence that says why nothing was changed."""
    file = file_or_404(request, reference, *SECTIONS_OF_ONE_ROW)
    return _page(request, file, refused=refusal.reason, status=409)


@require_POST
def take_up(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the file up."""
    file = file_or_404(request, reference)
    need_permission(
        person(request),
        STEPS["take_up"].permission,
        file.office,
        _("Only an officer of this office takes up its files."),
    )
    try:
        actions.take_up(file, by=person(request))
    except Refused as refusal:
        return refused_page(request, reference, refusal)
    messages.success(request, _("You took this file up."))
    return redirect("desk_file", reference=reference)


@require_POST
def pass_scrutiny(request: HttpRequest, reference: str) -> HttpResponse:
    """End the scrutiny."""
    file = file_or_404(request, reference)
    permission = STEPS["pass_scrutiny"].permission
    need_permission(
        person(request), permission, file.office, _("Only an officer of this office ends the scrutiny of its files.")
    )
    try:
        actions.pass_scrutiny(file, by=person(request))
    except Refused as refusal:
        return refused_page(request, reference, refusal)
    messages.success(request, _("Scrutiny has ended. Evaluators can now be named."))
    return redirect("desk_file", reference=reference)


@require_http_methods(["GET", "HEAD", "POST"])
def figure(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Verify one figure."""
    file = file_or_404(request, reference)
    asked = {row.key: row for row in figures.asked(file.round.financial_years)}
    if key not in asked:
        raise Http404
    reason = _("Only an officer of this office verifies its figures.")
    need_permission(person(request), Permission.SCRUTINISE, file.office, reason)
    stated, before = claimed(file).get(key), newest_verified(file).get(key)
    same_as = stated if "same" in request.POST else None
    form = FigureForm(asked[key], posted(request), same_as=same_as, initial=_initial(before))
    verdict = verify_verdict(person(request), file)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            actions.verify_figure(file, key, found["value"], found["source"], by=person(request))
            return redirect(f"{way_back(request, file)}#figures")
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
    shown = {"claimed_shown": figures.shown(asked[key], stated), "before_shown": _shown(asked[key], before)}
    shown["back"] = way_back(request, file)
    context = {"file": file, "figure": asked[key], "before": before, "form": form, "verdict": verdict, **shown}
    return render(request, "evaluation/figure.html", context, status=wrong(form) if verdict else 409)


def _shown(figure: figures.Figure, row: VerifiedFigure | None) -> str:
    return figures.shown(figure, value_of(row)) if row else ""


def _initial(before: Any) -> dict[str, Any]:
    return {"value": value_of(before), "source": before.source} if before else {}
