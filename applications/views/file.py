"""The file as its enterprise sees it: overview, sections, submit, receipt, recall, withdraw."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications import actions, clarifications, queries, rules
from applications.actions import Stale
from applications.endings import ending_of
from applications.forms import FORMSETS, WithdrawForm
from applications.models import Application
from applications.notice import ITEMS
from applications.pages import SectionPage, changes_of, saved_words
from applications.sections import BY_KEY, SECTIONS
from applications.states import OUTCOMES
from applications.steps import STEPS
from applications.to_do import tasks_of
from records import papers
from records.verdicts import Refused


def own(request: HttpRequest, reference: str) -> Application:
    """The file, if the person may act for its enterprise; otherwise it is not there."""
    user: Any = request.user
    files = Application.objects.visible_to(user).filter(enterprise__members__user=user)
    return get_object_or_404(files.with_file(), reference=reference)


def _verdicts(user: Any, file: Application) -> dict[str, Any]:
    return {key: rules.may(user, step, file) for key, step in STEPS.items()}


@require_safe
def application(request: HttpRequest, reference: str) -> HttpResponse:
    """Where the file stands and what is to be done."""
    return _overview(request, own(request, reference))


def _overview(request: HttpRequest, file: Application, status: int = 200) -> HttpResponse:
    context = {
        "file": file,
        "tasks": queries.task_list(file) if file.state == "draft" else [],
        "todo": queries.missing_to_submit(file) if file.state == "draft" else [],
        "to_do": tasks_of(file),
        "way": queries.way(file),
        "ending": ending_of(file),
        "has_result": file.state in OUTCOMES,
        "clock": queries.clock(file),
        "question": clarifications.open_question(file),
        "questions": file.clarifications.count(),
        "may": _verdicts(request.user, file),
        "papers": papers.papers_about(file, "owner"),
        "titles": [(section.key, section.title) for section in SECTIONS],
    }
    return render(request, "applications/file.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """One section: fill it in and save it, or read it once it was sent."""
    file = own(request, reference)
    verdict = rules.may_edit(request.user, file)
    if not verdict:
        return _read_only(request, file, key, verdict.reason)
    if request.method == "POST":
        return _save(request, file, key)
    return _show(request, file, key, SectionPage(file, key))


def _read_only(request: HttpRequest, file: Application, key: str, why: Any) -> HttpResponse:
    """What was sent, and what was typed too late, so that it can be copied."""
    late = request.method == "POST"
    context = {
        "file": file,
        "section": BY_KEY[key],
        "facts": queries.section_facts(file, key),
        "why": why,
        "typed": SectionPage(file, key, request.POST).typed() if late else [],
    }
    return render(request, "applications/section_read.html", context, status=409 if late else 200)


def _save(request: HttpRequest, file: Application, key: str) -> HttpResponse:
    page = SectionPage(file, key, request.POST)
    if not page.is_valid():
        more = page.one_row_more(request.POST.get("go", "").removeprefix("row-"))
        return _show(request, file, key, more) if more else _show(request, file, key, page, status=400)
    opened = request.POST.get("version", "")
    version = int(opened) if opened.isdecimal() and len(opened) < 9 else 0
    known = None if request.POST.get("go") == "anyway" else version
    try:
        actions.save_section(file, key, page.data(), by=request.user, version=known)
    except Stale as stale:
        context = {"file": file, "title": BY_KEY[key].title, "back": request.path, "page": page, "latest": stale.latest}
        context["changes"] = changes_of(stale.latest)
        return render(request, "applications/section_stale.html", context, status=409)
    except Refused as refusal:
        page.add_error(refusal.field, refusal.reason)
        return _show(request, file, key, page, status=409)
    for todo in BY_KEY[key].missing(queries.again(file)):
        if todo.typed:
            messages.warning(request, todo.sentence)
    return _onwards(request, file, key)


def _onwards(request: HttpRequest, file: Application, key: str) -> HttpResponse:
    """Where the pressed button leads."""
    for name, _formset, _title in FORMSETS.get(key, ()):
        if request.POST.get("go") == f"row-{name}":
            return redirect(f"{request.path}#last-{name}")
    if request.POST.get("go") == "stop":
        messages.success(request, _("Saved."))
        return redirect("application", reference=file.reference)
    return redirect(_next_section(file, key))


def _next_section(file: Application, key: str) -> str:
    keys = [section.key for section in SECTIONS]
    place = keys.index(key) + 1
    return (
        f"/applications/{file.reference}/{keys[place]}/"
        if place < len(keys)
        else f"/applications/{file.reference}/submit/"
    )


def _show(request: HttpRequest, file: Application, key: str, page: SectionPage, status: int = 200) -> HttpResponse:
    revision = queries.last_revision(file, key)
    context = {
        "file": file,
        "section": BY_KEY[key],
        "number": [section.key for section in SECTIONS].index(key) + 1,
        "page": page,
        "tasks": queries.task_list(file),
        "revision": revision,
        "version": request.POST.get("version") or (revision.number if revision else 0),
        "by": saved_words(revision, request.user),
        "notice": ITEMS if key == "declaration" else [],
    }
    return render(request, "applications/section.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest, reference: str) -> HttpResponse:
    """Check your answers; hand the file in once. A second press leads to the same receipt."""
    file = own(request, reference)
    error = ""
    if request.method == "POST":
        try:
            actions.submit(file, by=request.user)
        except Refused as refusal:
            error = refusal.reason
        else:
            return redirect("application_receipt", reference=reference)
    elif file.state != "draft":
        return redirect("application", reference=reference)
    sections = [(section, queries.section_facts(file, section.key)) for section in SECTIONS]
    context = {"file": file, "sections": sections, "todo": queries.missing_to_submit(file), "error": error}
    return render(request, "applications/submit.html", context, status=409 if error else 200)


@require_safe
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """Number, time and hash at once; the PDF when the worker has made it."""
    file = own(request, reference)
    if not file.submitted_at:
        return redirect("application", reference=reference)
    paper = papers.papers_about(file, "owner").filter(kind="application.receipt").first()
    context = {"file": file, "paper": paper, "may": _verdicts(request.user, file), "to_do": tasks_of(file)}
    return render(request, "applications/receipt.html", context)


@require_POST
def recall(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the file back to change it."""
    file = own(request, reference)
    try:
        actions.recall(file, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.reason)
        return _overview(request, queries.again(file), status=409)
    messages.success(request, _("Recalled. Change what you wish and submit it again before the round closes."))
    return redirect("application", reference=reference)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the application up, with the reason."""
    file = own(request, reference)
    verdict = rules.may(request.user, STEPS["withdraw"], file)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(file, by=request.user, note=form.cleaned_data["note"])
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
            return render(
                request, "applications/withdraw.html", {"file": file, "form": form, "verdict": verdict}, status=409
            )
        messages.success(request, _("Withdrawn."))
        return redirect("application", reference=reference)
    status = 400 if form.errors else 200
    return render(
        request, "applications/withdraw.html", {"file": file, "form": form, "verdict": verdict}, status=status
    )
