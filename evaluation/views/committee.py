"""The Committee's home, a meeting with its agenda, the agenda to take away, and one file of it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.roles import Permission
from accounts.sessions import ask_factor_again, factor_is_fresh
from applications.models import Application
from evaluation import agenda, agendafile
from evaluation.agenda import Agenda
from evaluation.forms.meetings import PresentForm
from evaluation.models import Meeting
from evaluation.queries import agenda as queries
from evaluation.queries.committee import days_until, hidden_from, meetings_ahead, members_of
from evaluation.queries.judgement import my_recusals
from evaluation.rules.committee import may_change
from evaluation.states import MeetingState
from evaluation.trail import meetings as trail
from evaluation.views.access import item_or_404, meeting_or_404, person
from records import jobs, papers
from records.clock import now
from records.sheets import csv_response, xlsx_response

PAST, LINES = 10, 50  # meetings, lines of a trail on a page


@require_safe
def committee(request: HttpRequest) -> HttpResponse:
    """The next meeting, those ahead and past, and for the convenor the shortlists that wait for an agenda."""
    reader = person(request)
    if not reader.is_staff_member or not reader.has(Permission.SEE_COMMITTEE):
        raise PermissionDenied(_("Meetings are read by the Committee, the Directorate and the auditor."))
    ahead = list(queries.with_counts(meetings_ahead(reader)))
    first = ahead[0] if ahead else None
    past = queries.with_counts(Meeting.objects.visible_to(reader).filter(state=MeetingState.RELEASED))
    convenes = reader.has(Permission.CONVENE)
    context = {
        "next": first,
        "days_left": days_until(first) if first else 0,
        "counts": queries.counts_of(first, reader) if first else None,
        "ahead": ahead[1:],
        "page": Paginator(past.order_by("-held_at", "-pk"), PAST).get_page(request.GET.get("page")),
        "convenes": convenes,
        "recusable": convenes or reader.has(Permission.VOTE),
        "my_recusals": my_recusals(reader),
        "waiting": list(queries.waiting_packets()) if convenes else [],
        "planned": next((one for one in ahead if one.state == MeetingState.PLANNED), None),
    }
    return render(request, "evaluation/committee/home.html", context)


@require_safe
def meeting(request: HttpRequest, number: str) -> HttpResponse:
    """One meeting: when and where, who sits, what stands on its agenda."""
    return meeting_page(request, meeting_or_404(request, number))


def meeting_page(
    request: HttpRequest, held: Meeting, *, refused: str = "", opening: PresentForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a meeting, with the sentence that says why nothing was changed."""
    context = {**shown(held, person(request), request.GET.dict()), "refused": refused}
    if context["may_change"] and held.state == MeetingState.PLANNED:
        context["opening"] = opening or present_form(held)
    return render(request, "evaluation/committee/meeting.html", context, status=status)


def shown(held: Meeting, reader: User, asked: dict[str, str]) -> dict[str, Any]:
    """Everything the page of a meeting shows to this reader."""
    hidden, listing = hidden_from(reader), Agenda(held, reader, asked)
    seats = queries.attendance_of(held)
    here = {seat.attendance.member_id for seat in seats if seat.attendance.left_at is None}
    keeps = bool(may_change(reader, held)) and held.state == MeetingState.SESSION
    return {
        "meeting": held,
        "agenda": listing,
        "days_left": days_until(held),
        "attendance": seats,
        "absent": [one for one in members_of() if one.pk not in here] if keeps else [],
        "first": listing.first_undecided,
        "convenes": reader.has(Permission.CONVENE),
        **_paper(held, reader),
        "ended": [item for item in queries.ended_items(held) if item.application_id not in hidden],
        "may_change": may_change(reader, held),
        "decides": reader.has(Permission.DECIDE) and held.state == MeetingState.SESSION,
        "read_at": now(),
    }


def _paper(held: Meeting, reader: User) -> dict[str, Any]:
    """The newest paper of the agenda, where this reader may read it, and whether a worker answers while it is made."""
    found = queries.papers_of(held).first()
    if found is None or not papers.may_see(reader, found):
        return {"paper": None}
    return {"paper": found, "worker_alive": jobs.worker_alive() if found.state in {"queued", "running"} else True}


@require_safe
def meeting_trail(request: HttpRequest, number: str) -> HttpResponse:
    """Every act in a meeting, newest first; of a file hidden from the reader none."""
    held = meeting_or_404(request, number)
    hidden = Application.objects.filter(pk__in=hidden_from(person(request))).values_list("reference", flat=True)
    events = trail.events_of(held, list(hidden))
    page = Paginator(events, LINES).get_page(request.GET.get("page"))
    context = {"meeting": held, "page": page, "lines": trail.meeting_lines(page.object_list), "read_at": now()}
    return render(request, "evaluation/committee/trail.html", context)


def present_form(held: Meeting, data: Any = None) -> PresentForm:
    """The members who may be written down as present when a meeting is opened."""
    return PresentForm(queries.with_posts(members_of()), data, meeting=held)


@require_safe
def agenda_table(request: HttpRequest, number: str, ending: str) -> HttpResponseBase:
    """The agenda as it is shown, as CSV or XLSX; whoever takes it away shows the second factor anew."""
    held = meeting_or_404(request, number)
    if not factor_is_fresh(request):
        return ask_factor_again(request)
    listing = Agenda(held, person(request), request.GET.dict())
    answer = csv_response if ending == "csv" else xlsx_response
    return answer(f"{held.number}-agenda.{ending}", agenda.header(), agenda.lines(listing))


@require_safe
def agenda_item(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """One file of the agenda as the Committee reads it."""
    return item_page(request, number, reference)


def item_page(
    request: HttpRequest, number: str, reference: str, *, refused: str = "", status: int = 200
) -> HttpResponse:
    """The page of a file as it now is, with the sentence that says why nothing was changed."""
    item = item_or_404(request, number, reference)
    context = {**agendafile.of(item, person(request)), "refused": refused}
    return render(request, "evaluation/committee/item.html", context, status=status)
