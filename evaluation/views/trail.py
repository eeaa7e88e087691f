"""The trail of a file: as the office reads it, with its table to take away, and as the enterprise reads it."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.roles import Permission
from applications.models import Application
from evaluation import trail
from evaluation.queries import live_assessments
from evaluation.queries.conflicts import stepped_back
from evaluation.queries.contests import contest_of
from evaluation.views.access import file_or_404, person
from records import audit
from records.clock import now
from records.models import AuditEvent
from records.sheets import csv_response


def _listing(request: HttpRequest, file: Application) -> trail.Listing:
    """What of the file's trail this officer finds. Who evaluates it only, or acts for one of its enterprises, finds none."""
    reader = person(request)
    if not reader.has(Permission.SEE_FILE, file.office) or contest_of(file, reader).own:
        raise Http404
    sight = trail.sight_of(reader, file, live_assessments(file), gone=stepped_back(reader, file))
    return trail.Listing(trail.for_office(file, sight), request.GET.get("kind", ""))


@require_safe
def desk_trail(request: HttpRequest, reference: str) -> HttpResponse:
    """Every act on the file, newest first."""
    file = file_or_404(request, reference)
    page, context = _page(request, file, _listing(request, file))
    context |= {"lines": trail.office_lines(file, page.object_list), "whole": _chain(request, page.object_list)}
    context["has_a_desk"] = person(request).has(Permission.SEE_DESK)
    return render(request, "evaluation/trail.html", context)


def _page(request: HttpRequest, file: Application, listing: trail.Listing) -> tuple[Any, dict[str, Any]]:
    page = listing.page(request.GET.get("page"), whole="print" in request.GET)
    return page, {"file": file, "listing": listing, "page": page, "read_at": now(), "printed": "print" in request.GET}


def _chain(request: HttpRequest, events: Iterable[AuditEvent]) -> bool | None:
    """Whether each line shown is as it was written; None for who does not read the trail by post."""
    if not person(request).has(Permission.READ_TRAIL):
        return None
    return all(event.hash == audit.digest(event) for event in events)


@require_safe
def table(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The lines of the list, all pages, as CSV."""
    file = file_or_404(request, reference)
    listing = _listing(request, file)
    header = [_("Day"), _("Time, IST"), _("Kind"), _("What"), _("Note"), _("Who")]
    return csv_response(f"{file.reference}-trail.csv", header, _rows(file, listing))


def _rows(file: Application, listing: trail.Listing) -> Iterator[list[str]]:
    for line in trail.office_lines(file, listing.events):
        yield [line.day, line.time, line.kind, line.sentence, line.note, line.who]


@require_safe
def own_trail(request: HttpRequest, reference: str) -> HttpResponse:
    """What happened with one's own application, as far as one may know."""
    reader: Any = request.user
    files = Application.objects.visible_to(reader).filter(enterprise__members__user=reader)
    file = get_object_or_404(files.with_file(), reference=reference)
    listing = trail.Listing(trail.for_applicant(file), request.GET.get("kind", ""))
    page, context = _page(request, file, listing)
    context["lines"] = trail.own_lines(file, page.object_list, reader)
    return render(request, "evaluation/trail_own.html", context)
