"""Documents: send, see, fetch."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications import actions, clarifications, queries, rules
from applications.forms import DocumentForm
from applications.models import Application, DocumentKind, DocumentSlot, DocumentVersion
from applications.sections import BY_KEY
from applications.states import State
from applications.to_do import tasks_of
from applications.views.file import own
from records import files
from records.verdicts import Refused


def document_rows(user: Any, file: Application, error: tuple[str, str]) -> list[dict[str, Any]]:
    """Each slot with its versions, its form where one may be sent, and the error of the last try."""
    named = clarifications.documents_named(file)
    slots = DocumentSlot.objects.filter(application=file).select_related("kind").prefetch_related("versions__file")
    rows = []
    for slot in slots:
        versions = list(slot.versions.all())
        newest = versions[0] if versions else None
        may = rules.may_send_document(user, file, newest, named=slot.kind_id in named)
        form = DocumentForm(auto_id=f"{slot.kind.key}-%s") if may else None
        rows.append(
            {
                "kind": slot.kind,
                "named": slot.kind_id in named,
                "newest": newest,
                "versions": versions,
                "form": form,
                "error": error[1] if slot.kind.key == error[0] else "",
            }
        )
    return rows


def receive(request: HttpRequest, file: Application) -> tuple[DocumentKind, str]:
    """Keep the file that was sent under its kind; the kind, and why it was not kept or nothing."""
    kind = _kind(request.POST.get("kind", ""))
    try:
        actions.receive_document(file, kind, request.FILES.get("file"), by=request.user)
    except Refused as refusal:
        return kind, refusal.reason
    said = _("Received: %(document)s.") % {"document": kind.name}
    if file.state == State.DRAFT:
        messages.success(request, said)
    else:
        say_what_is_left(request, file, said)
    return kind, ""


def say_what_is_left(request: HttpRequest, file: Application, done: str) -> None:
    """What was done, and what is still to be done for the file, or that nothing is."""
    left = tasks_of(queries.again(file))
    messages.success(request, done if left else f"{done} {_('There is nothing more for you to do now.')}")
    for task in left:
        messages.warning(request, task.sentence)


def _kind(key: str) -> DocumentKind:
    """The kind named in the form; anything else is not there."""
    found = next((kind for kind in DocumentKind.objects.all() if kind.key == key), None)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: HttpRequest, reference: str) -> HttpResponse:
    """The six groups; one file at a time."""
    file = own(request, reference)
    error = ("", "")
    if request.method == "POST":
        kind, why = receive(request, file)
        if not why:
            return redirect("application_documents", reference=reference)
        error = (kind.key, why)
    rows = document_rows(request.user, file, error)
    context = {
        "file": file,
        "section": BY_KEY["documents"],
        "rows": rows,
        "errors": [(f"{error[0]}-file", error[1])] if error[1] else [],
        "tasks": queries.task_list(file) if file.state == "draft" else [],
    }
    return render(request, "applications/documents.html", context, status=400 if error[1] else 200)


@require_safe
def document(request: HttpRequest, reference: str, pk: int) -> HttpResponseBase:
    """One file itself, as an attachment; an officer's opening of a financial paper leaves a line in the trail."""
    user: Any = request.user
    file = get_object_or_404(Application.objects.visible_to(user), reference=reference)
    version = get_object_or_404(
        DocumentVersion.objects.select_related("file", "slot__kind"), pk=pk, slot__application=file
    )
    if not rules.may_open(user, version):
        raise Http404
    financial = version.slot.kind.financial and not user.is_applicant
    return files.send(version.file, by=user, subject=file, scope=file.office.code, financial=financial)
