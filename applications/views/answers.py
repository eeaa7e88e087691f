"""The question that is open, and the answer to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import actions, clarifications, queries, rules
from applications.actions import Stale
from applications.answers import AnswerPage, question_rows
from applications.models import Application, Clarification
from applications.pages import changes_of
from applications.sections import BY_KEY
from applications.steps import not_sent
from applications.views.documents import document_rows, receive, say_what_is_left
from applications.views.file import own
from records.verdicts import Refused

NO_ERROR = ("", "")


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Read a question, change what it opened, send the papers it names, send the answer."""
    file = own(request, reference)
    question = clarifications.open_question(file)
    if question is None:
        return _late(request, file) if request.method == "POST" else _read(request, file)
    if request.method != "POST":
        return _show(request, AnswerPage(file, question))
    if "kind" in request.POST:
        kind, why = receive(request, file)
        if not why:
            return redirect(f"{request.path}#{kind.key}")
        return _show(request, AnswerPage(file, question), 400, (kind.key, why))
    return _keep(request, file, question)


def _keep(request: HttpRequest, file: Application, question: Clarification) -> HttpResponse:
    """Save what was typed; send it where that was pressed. What was typed stays on the page whatever the answer is."""
    go = request.POST.get("go", "")
    page = AnswerPage(file, question, request.POST, sending=go == "send")
    if not page.is_valid():
        more = page.one_row_more(go.removeprefix("row-"))
        return _show(request, page, 200 if more else 400, version=request.POST.get("version", "0"))
    text = page.text.cleaned_data["answer"]
    try:
        actions.save_answer_fields(file, page.values(), by=request.user, version=_version(request), text=text)
        if go == "send":
            actions.answer(file, text, by=request.user)
    except Stale as stale:
        return _stale(request, page, stale)
    except Refused as refusal:
        page.add_error(refusal.field, refusal.reason)
        return _show(request, page, 409)
    return _onwards(request, file, question)


def _version(request: HttpRequest) -> int | None:
    """The save the page was made from; None where somebody chose to keep what they typed."""
    opened = request.POST.get("version", "")
    if request.POST.get("go") == "anyway":
        return None
    return int(opened) if opened.isascii() and opened.isdecimal() and len(opened) < 12 else 0


def _onwards(request: HttpRequest, file: Application, question: Clarification) -> HttpResponse:
    go = request.POST.get("go", "")
    if go == "send":
        say_what_is_left(request, file, _("Your answer was sent."))
        return redirect("application", reference=file.reference)
    messages.success(request, _("Saved. Your answer is not sent yet."))
    held = queries.again(file)
    for key in sorted(clarifications.sections_opened(question)):
        for todo in BY_KEY[key].missing(held):
            if todo.typed:
                messages.warning(request, todo.sentence)
    return redirect(f"{request.path}#last-{go.removeprefix('row-')}" if go.startswith("row-") else request.path)


def _show(
    request: HttpRequest,
    page: AnswerPage,
    status: int = 200,
    error: tuple[str, str] = NO_ERROR,
    version: str = "",
) -> HttpResponse:
    file = page.file
    context: dict[str, Any] = {
        "file": file,
        "question": page.question,
        "page": page,
        "clock": queries.clock(file),
        "documents": [row for row in document_rows(request.user, file, error) if row["named"]],
        "document_errors": [(f"{error[0]}-file", error[1])] if error[1] else [],
        "unsent": not_sent(file, page.question),
        "version": version or page.version(),
        "earlier": [row for row in question_rows(file) if row.question.pk != page.question.pk],
    }
    return render(request, "applications/answer.html", context, status=status)


def _stale(request: HttpRequest, page: AnswerPage, stale: Stale) -> HttpResponse:
    context = {
        "file": page.file,
        "title": _("Question %(number)s") % {"number": page.question.number},
        "back": request.path,
        "page": page,
        "latest": stale.latest,
        "changes": changes_of(stale.latest),
    }
    return render(request, "applications/section_stale.html", context, status=409)


def _late(request: HttpRequest, file: Application) -> HttpResponse:
    """Nothing is open any more: an answer sent twice is harmless, anything else is said, with what was typed."""
    if request.POST.get("go") == "send":
        try:
            actions.answer(file, request.POST.get("answer", ""), by=request.user)
        except Refused as refusal:
            return _read(request, file, refusal.reason)
        return redirect("application", reference=file.reference)
    return _read(request, file, rules.may_answer(request.user, file).reason)


def _read(request: HttpRequest, file: Application, refused: Any = "") -> HttpResponse:
    """The questions of a file none of which is open; where something was refused, what was typed for the last one."""
    last = file.clarifications.prefetch_related("items__kind").order_by("number").last()
    typed = AnswerPage(file, last, request.POST).typed() if refused and last else []
    context = {"file": file, "earlier": question_rows(file), "refused": refused, "typed": typed}
    return render(request, "applications/questions.html", context, status=409 if refused else 200)
