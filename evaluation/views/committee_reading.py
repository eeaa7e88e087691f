"""Papers of a file as the Committee reads them: page by page, or the original. Financial ones leave a line in the trail."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from evaluation import reading
from evaluation.agendafile import shelf_of
from evaluation.models import AgendaItem
from evaluation.queries.committee import hidden_from
from evaluation.rules.committee import RECUSED
from evaluation.views.access import item_or_404, person
from evaluation.views.reading import account, openable, page_asked, waiting
from records import pages
from records.files import send


def _item(request: HttpRequest, number: str, reference: str) -> AgendaItem:
    """A file of an agenda whose papers this person may read; 403 for who is recused from it."""
    item = item_or_404(request, number, reference)
    if item.application_id in hidden_from(person(request)):
        raise PermissionDenied(str(RECUSED))
    return item


@vary_on_headers("HX-Request")
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest, number: str, reference: str, pk: int) -> HttpResponse:
    """The paper beside what it proves. While its images are made htmx asks for the page alone; a POST tries again."""
    item = _item(request, number, reference)
    file, shelf = item.application, shelf_of(item)
    version = openable(request, file, pk)
    page = page_asked(request, version)
    if request.method == "POST":
        pages.try_again(version.file, by=person(request))
        return redirect(f"{shelf.address(version, '_read')}?page={page}")
    account(request, file, version, opened="page" not in request.GET)
    if not pages.reading(version.file, page).asked:
        pages.ask_for(version.file, first=page)
    if "HX-Request" in request.headers:
        shown = waiting(reading.paper(file, version, page, shelf))
        return render(request, "evaluation/parts/read_page.html", shown)
    context: dict[str, Any] = {**reading.of(file, version, page, person(request), shelf), "meeting": item.meeting}
    return render(request, "evaluation/committee/read.html", waiting(context))


@require_safe
def page_image(request: HttpRequest, number: str, reference: str, pk: int, page: int) -> HttpResponse:
    """The image of one page. Who has not opened the paper today opens it with this."""
    file = _item(request, number, reference).application
    version = openable(request, file, pk)
    image = pages.image_of(version.file, page)
    if image is None:
        raise Http404
    account(request, file, version, opened=False)
    return pages.send(image)


@require_safe
def document(request: HttpRequest, number: str, reference: str, pk: int) -> HttpResponseBase:
    """Download the original."""
    file = _item(request, number, reference).application
    version = openable(request, file, pk)
    financial = version.slot.kind.financial
    return send(version.file, by=person(request), subject=file, scope=file.office.code, financial=financial)
