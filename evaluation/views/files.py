"""The file on an officer's desk: claimed and verified, documents, evaluators, and what comes next."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Permission
from applications.models import Application, DocumentVersion
from applications.queries import claimed
from applications.rules import may_open
from evaluation import actions, casefile, figures, rules
from evaluation.forms import AssignForm, FigureForm, RejectForm
from evaluation.models import VerifiedFigure
from evaluation.queries import assign_verdict, candidates, live_assessments, newest_verified, value_of
from evaluation.steps import STEPS
from evaluation.views.access import file_or_404, need_permission, person, posted, wrong
from records.files import send
from records.verdicts import Refused


@require_safe
def desk_file(request: HttpRequest, reference: str) -> HttpResponse:
    """One file as the office sees it."""
    return _page(request, file_or_404(request, reference))


def _page(request: HttpRequest, file: Application, *, refused: str = "", status: int = 200) -> HttpResponse:
    reader = person(request)
    context = {**casefile.of(file, reader), "refused": refused, "has_a_desk": reader.has(Permission.SEE_DESK)}
    return render(request, "evaluation/file.html", context, status=status)


def _refused(request: HttpRequest, reference: str, refusal: Refused) -> HttpResponse:
    """The page as it now is, with the sentence that says why nothing was changed."""
    return _page(request, file_or_404(request, reference), refused=refusal.reason, status=409)


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
        return _refused(request, reference, refusal)
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
        return _refused(request, reference, refusal)
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
    verdict = rules.may_verify(person(request), file)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            actions.verify_figure(file, key, found["value"], found["source"], by=person(request))
            return redirect(f"{file_address(file)}#figures")
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
    shown = {"claimed_shown": figures.shown(asked[key], stated), "before_shown": _shown(asked[key], before)}
    context = {"file": file, "figure": asked[key], "before": before, "form": form, "verdict": verdict, **shown}
    return render(request, "evaluation/figure.html", context, status=wrong(form) if verdict else 409)


def _shown(figure: figures.Figure, row: VerifiedFigure | None) -> str:
    return figures.shown(figure, value_of(row)) if row else ""


def _initial(before: Any) -> dict[str, Any]:
    return {"value": value_of(before), "source": before.source} if before else {}


def file_address(file: Application) -> str:
    """Where the file's page is."""
    return f"/desk/{file.reference}/"


def _version(file: Application, pk: int) -> DocumentVersion:
    return get_object_or_404(
        DocumentVersion.objects.select_related("slot__kind", "file"), slot__application=file, pk=pk
    )


@require_safe
def document(request: HttpRequest, reference: str, pk: int) -> HttpResponseBase:
    """Open a document. A financial one leaves a line in the trail."""
    file = file_or_404(request, reference)
    version = _version(file, pk)
    if not may_open(person(request), version):
        raise Http404
    financial = version.slot.kind.financial
    return send(version.file, by=person(request), subject=file, scope=file.office.code, financial=financial)


@require_POST
def accept_document(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Accept a document."""
    file = file_or_404(request, reference)
    need_permission(
        person(request), Permission.SCRUTINISE, file.office, _("Only an officer of this office judges its documents.")
    )
    try:
        actions.judge_document(_version(file, pk), accept=True, by=person(request))
    except Refused as refusal:
        return _refused(request, reference, refusal)
    return redirect(f"{file_address(file)}#documents")


@require_http_methods(["GET", "HEAD", "POST"])
def reject_document(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Reject a document with its coded reason."""
    file = file_or_404(request, reference)
    need_permission(
        person(request), Permission.SCRUTINISE, file.office, _("Only an officer of this office judges its documents.")
    )
    version = _version(file, pk)
    form = RejectForm(posted(request))
    status = 0
    if request.method == "POST" and form.is_valid():
        reason, note = form.cleaned_data["reason"], form.cleaned_data["note"]
        try:
            actions.judge_document(version, accept=False, reason=reason, note=note, by=person(request))
            return redirect(f"{file_address(file)}#documents")
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
            status = 409
    return render(
        request,
        "evaluation/reject.html",
        {"file": file, "version": version, "form": form},
        status=status or wrong(form),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def evaluators(request: HttpRequest, reference: str) -> HttpResponse:
    """Name the evaluators of a file."""
    file = file_or_404(request, reference)
    need_permission(
        person(request),
        Permission.ASSIGN,
        file.office,
        _("Only a manager or the General Manager of this office names evaluators."),
    )
    live = live_assessments(file)
    verdict, found = assign_verdict(person(request), file, live), candidates(file)
    form = AssignForm(found, 1 if live else rules.EVALUATIONS_NEEDED, posted(request))
    status = 0 if verdict else 409
    if request.method == "POST" and form.is_valid():
        try:
            actions.assign_all(file, form.cleaned_data["evaluators"], by=person(request))
            return redirect(f"{file_address(file)}#evaluation")
        except Refused as refusal:
            form.add_error(None, refusal.reason)
            status = 409
    barred = [candidate for candidate in found if not candidate.verdict]
    context = {"file": file, "form": form, "live": live, "verdict": verdict, "barred": barred}
    return render(request, "evaluation/evaluators.html", context, status=status or wrong(form))
