"""Ask the applicant, mark an answer as read, close a question that nobody answered."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Permission
from applications.models import Application, Clarification
from applications.rules import may
from applications.steps import STEPS
from evaluation.actions import questions as acts
from evaluation.forms.questions import AskForm, CloseForm
from evaluation.queries.conflicts import conflict_verdict
from evaluation.views.access import file_address, file_or_404, need_permission, person, posted, wrong
from evaluation.views.files import refused_page
from records.formats import day
from records.verdicts import Refused, Verdict

FIELDS = {"question": "question", "due_on": "due_on", "note": "note"}  # others stand above the form


def _may_come(request: HttpRequest, file: Application) -> None:
    why = _("Only an officer or manager of this office asks its applicants.")
    need_permission(person(request), Permission.ASK, file.office, why)


def _verdict(request: HttpRequest, move: str, file: Application) -> Verdict:
    verdict = may(person(request), STEPS[move], file)
    return conflict_verdict(person(request), file) if verdict else verdict


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Write a question, choose what opens for the answer, say by when."""
    file = file_or_404(request, reference)
    _may_come(request, file)
    form = AskForm(file, posted(request))
    refused = False
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        opened = {"fields": data["fields_opened"], "kinds": data["kinds"], "due_on": data["due_on"]}
        try:
            acts.ask(file, data["question"], by=person(request), **opened)
        except Refused as refusal:
            form.add_error(FIELDS.get(refusal.field), refusal.reason)
            refused = True
        else:
            messages.success(request, _("Sent. The applicant can answer until %(day)s.") % {"day": day(data["due_on"])})
            return redirect(f"{file_address(file)}#questions")
    context: dict[str, Any] = {"file": file, "form": form, "verdict": _verdict(request, "ask", file)}
    status = 409 if refused or not context["verdict"] else wrong(form)
    return render(request, "evaluation/ask.html", context, status=status)


@require_POST
def read(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Mark an answer as read."""
    file = file_or_404(request, reference)
    _may_come(request, file)
    question = get_object_or_404(Clarification, application=file, number=number)
    try:
        acts.mark_read(question, by=person(request))
    except Refused as refusal:
        return refused_page(request, reference, refusal)
    return redirect(f"{file_address(file)}#questions")


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close the file: its question was not answered."""
    file = file_or_404(request, reference)
    _may_come(request, file)
    form = CloseForm(posted(request))
    verdict = _verdict(request, "close_unanswered", file)
    if request.method == "POST" and form.is_valid():
        try:
            acts.close_unanswered(file, by=person(request), note=form.cleaned_data["note"])
        except Refused as refusal:
            verdict = Verdict(False, refusal.reason)
        else:
            messages.success(request, _("Closed: the question was not answered."))
            return redirect("desk_file", reference=reference)
    context = {"file": file, "form": form, "verdict": verdict}
    return render(request, "evaluation/close_unanswered.html", context, status=wrong(form) if verdict else 409)
