"""Papers on an officer's desk: read page by page beside what they prove, accepted, rejected, or downloaded."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.roles import Permission
from applications.models import Application, DocumentVersion
from applications.rules import may_open
from evaluation import actions, reading
from evaluation.forms import RejectForm
from evaluation.views.access import file_address, file_or_404, need_permission, person, posted, wrong
from evaluation.views.files import refused_page
from records import audit, jobs, pages
from records.files import send
from records.verdicts import Refused


def _version(file: Application, pk: int) -> DocumentVersion:
    return get_object_or_404(
        DocumentVersion.objects.select_related("slot__kind", "file"), slot__application=file, pk=pk
    )


def openable(request: HttpRequest, file: Application, pk: int) -> DocumentVersion:
    """A document of the file that may be opened: what is not scanned, or infected, is not there."""
    version = _version(file, pk)
    if not may_open(person(request), version):
        raise Http404
    return version


def page_asked(request: HttpRequest, version: DocumentVersion) -> int:
    """The page asked for in the address; the first where none is. What the paper does not have is not there."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 6 and 1 <= int(asked) <= version.file.pages):
        raise Http404
    return int(asked)


def account(request: HttpRequest, file: Application, version: DocumentVersion, *, opened: bool) -> None:
    """Write an opening of a financial paper into the trail; turning its pages is part of it, coming back tomorrow is not."""
    reader = person(request)
    if version.slot.kind.financial and (opened or not reading.has_opened_today(reader, file, version)):
        note = reading.trail_note(version)
        audit.record_read("file.open", file, by=reader, note=note, scope=file.office.code)


# ---- Reading --------------------------------------------------------------------------------------------------
@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """The paper beside what it proves. While its images are made htmx asks for the page alone; a POST tries again."""
    file = file_or_404(request, reference)
    version = openable(request, file, pk)
    number = page_asked(request, version)
    if request.method == "POST":
        pages.try_again(version.file, by=person(request))
        return redirect(f"{_address(file, version)}?page={number}")
    account(request, file, version, opened="page" not in request.GET)
    if not pages.reading(version.file, number).asked:
        pages.ask_for(version.file, first=number)
    if "HX-Request" in request.headers:
        return render(request, "evaluation/parts/read_page.html", waiting(reading.paper(file, version, number)))
    return _page(request, file, version, number)


def waiting(context: dict[str, Any]) -> dict[str, Any]:
    """The context of a page that may still be drawn: whether a worker answers."""
    return {**context, "worker_alive": jobs.worker_alive()}


def _page(
    request: HttpRequest,
    file: Application,
    version: DocumentVersion,
    number: int,
    *,
    form: RejectForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {**reading.of(file, version, number, person(request)), "form": form or RejectForm(), "refused": refused}
    context["has_a_desk"] = person(request).has(Permission.SEE_DESK)
    return render(request, "evaluation/read.html", waiting(context), status=status)


def _address(file: Application, version: DocumentVersion) -> str:
    return reverse("desk_document_read", args=[file.reference, version.pk])


@require_safe
def page_image(request: HttpRequest, reference: str, pk: int, number: int) -> HttpResponse:
    """The image of one page. Who has not opened the paper today opens it with this."""
    file = file_or_404(request, reference)
    version = openable(request, file, pk)
    image = pages.image_of(version.file, number)
    if image is None:
        raise Http404
    account(request, file, version, opened=False)
    return pages.send(image)


@require_safe
def document(request: HttpRequest, reference: str, pk: int) -> HttpResponseBase:
    """Download the original. A financial one leaves a line in the trail."""
    file = file_or_404(request, reference)
    version = openable(request, file, pk)
    financial = version.slot.kind.financial
    return send(version.file, by=person(request), subject=file, scope=file.office.code, financial=financial)


# ---- Judging --------------------------------------------------------------------------------------------------
@require_POST
def accept_document(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Accept a document."""
    file = file_or_404(request, reference)
    need_permission(
        person(request), Permission.SCRUTINISE, file.office, _("Only an officer of this office judges its documents.")
    )
    version = _version(file, pk)
    try:
        actions.judge_document(version, accept=True, by=person(request))
    except Refused as refusal:
        if not _beside_the_paper(request):
            return refused_page(request, reference, refusal)
        file, version = file_or_404(request, reference), openable(request, file, pk)
        return _page(request, file, version, page_asked(request, version), refused=refusal.reason, status=409)
    return _judged(request, file, version, _("Accepted: %(document)s."))


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
        given = form.cleaned_data
        try:
            actions.judge_document(
                version, accept=False, reason=given["reason"], note=given["note"], by=person(request)
            )
            return _judged(request, file, version, _("Rejected: %(document)s."))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
            status = 409
    if _beside_the_paper(request) and form.is_bound:
        file, version = file_or_404(request, reference), openable(request, file, pk)
        return _page(request, file, version, page_asked(request, version), form=form, status=status or wrong(form))
    context = {"file": file, "version": version, "form": form}
    return render(request, "evaluation/reject.html", context, status=status or wrong(form))


def _beside_the_paper(request: HttpRequest) -> bool:
    """Whether somebody judged it on the page where they read it, rather than on the file's page."""
    return "page" in request.GET


def _judged(request: HttpRequest, file: Application, version: DocumentVersion, said: str) -> HttpResponse:
    """On to the next document to read, or back to the file where it was judged there."""
    if not _beside_the_paper(request):
        return redirect(f"{file_address(file)}#documents")
    messages.success(request, said % {"document": version.slot.kind.name})
    following = reading.next_to_read(file, version)
    if following is None:
        messages.info(request, _("Every document of this file that was sent has been judged."))
        return redirect(f"{_address(file, version)}?page={page_asked(request, version)}")
    return redirect(_address(file, following))
