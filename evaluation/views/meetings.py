"""The convenor's acts with a meeting: call it, change its day, fill its agenda, open it, write down who sits."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.models import Application, Round
from evaluation.actions import meetings as acts
from evaluation.actions.agenda import issue_paper
from evaluation.forms.meetings import MeetingForm, NewMeetingForm
from evaluation.models import Meeting
from evaluation.queries.agenda import tabled_packets
from evaluation.queries.committee import hidden_from, members_of
from evaluation.rules.agenda import may_move_meeting
from evaluation.rules.committee import may_change, may_convene
from evaluation.views.access import meeting_or_404, need, person, posted, wrong
from evaluation.views.committee import meeting_page, present_form
from records.clock import now
from records.verdicts import Refused

MOST = 500  # files at once
Result = tuple[str, str]  # reference, and why it was skipped; empty: done


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Call the next meeting."""
    need(may_convene(person(request)))
    rounds = list(Round.objects.filter(opens_at__lte=now()).order_by("-number"))
    form, status = NewMeetingForm(posted(request), rounds=rounds), 0
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.call_meeting(form.call, form.held_at, form.cleaned_data["place"], by=person(request))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
            status = 409
        else:
            messages.success(request, _("The meeting is planned. Its agenda is filled from the approved shortlists."))
            return redirect("meeting", number=made.number)
    return render(request, "evaluation/committee/new.html", {"form": form}, status=status or wrong(form))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change day, hour and place while the meeting is planned."""
    held = _convenors(request, number)
    verdict = may_move_meeting(person(request), held)
    form, status = MeetingForm(posted(request), meeting=held), 0 if verdict else 409
    if request.method == "POST" and form.is_valid():
        try:
            acts.move_day(held, form.held_at, form.cleaned_data["place"], by=person(request))
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
            status = 409
        else:
            messages.success(request, _("Changed."))
            return redirect("meeting", number=number)
    context = {"form": form, "meeting": held, "verdict": verdict}
    return render(request, "evaluation/committee/edit.html", context, status=status or wrong(form))


def _convenors(request: HttpRequest, number: str) -> Meeting:
    """A meeting, for the convenor; whoever else reads it is told that the convenor does this."""
    held = meeting_or_404(request, number)
    need(may_convene(person(request)))
    return held


# ---- The agenda -----------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def fill(request: HttpRequest, number: str) -> HttpResponse:
    """Put whole approved shortlists, or single files of them, on the agenda: one act a file."""
    held = _convenors(request, number)
    verdict, wrongly = may_change(person(request), held), ""
    packets = tabled_packets(held)
    if request.method == "POST" and verdict:
        ticked = set(request.POST.getlist("packet"))
        whole = [row.application.reference for packet, rows in packets if packet.number in ticked for row in rows]
        references = list(dict.fromkeys([*whole, *request.POST.getlist("file")]))
        if references and len(references) <= MOST:
            _say(request, [(reference[:20], _put(request, held, reference)) for reference in references])
            return redirect("meeting", number=number)
        wrongly = _("Nothing is ticked. Tick a shortlist or single files, then put them on the agenda.")
        if references:
            wrongly = _("At most %(most)s files at once; nothing was changed. Tick fewer.") % {"most": MOST}
    context: dict[str, Any] = {"meeting": held, "packets": packets, "verdict": verdict, "wrong": wrongly}
    context |= {"hidden": hidden_from(person(request)), "ticked": request.POST.getlist("file")}
    return render(request, "evaluation/committee/fill.html", context, status=_status(bool(verdict), wrongly))


def _status(may: bool, wrongly: str) -> int:
    if not may:
        return 409
    return 400 if wrongly else 200


def _put(request: HttpRequest, held: Meeting, reference: str) -> str:
    """Put one file on the agenda; why it was skipped, or nothing."""
    file = Application.objects.filter(reference=reference).first() if reference.isprintable() else None
    if file is None:
        return _("not found")
    try:
        acts.put_on_agenda(held, file, by=person(request))
    except Refused as refusal:
        return refusal.reason
    return ""


def _say(request: HttpRequest, results: list[Result]) -> None:
    """The sentence above the agenda: "41 put on the agenda, 2 skipped", and the skipped ones with their reasons."""
    skipped = [result for result in results if result[1]]
    words = _("%(count)s put on the agenda") % {"count": len(results) - len(skipped)}
    if not skipped:
        messages.success(request, f"{words}.")
        return
    left = _("%(count)s skipped") % {"count": len(skipped)}
    rows = format_html_join("", '<li><span class="m-ref">{}</span>: {}</li>', skipped)
    messages.warning(request, format_html("<strong>{}, {}.</strong><ul>{}</ul>", words, left, rows))


@require_POST
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """Issue the agenda as a paper."""
    held = _convenors(request, number)
    try:
        issue_paper(held, by=person(request))
    except Refused as refusal:
        return meeting_page(request, held, refused=refusal.reason, status=409)
    messages.success(request, _("The paper of the agenda is being made."))
    return redirect("meeting", number=number)


# ---- The session ----------------------------------------------------------------------------------------------
@require_POST
def open_session(request: HttpRequest, number: str) -> HttpResponse:
    """Open the meeting with the members who are present."""
    held = _convenors(request, number)
    form = present_form(held, request.POST)
    if not form.is_valid():
        return meeting_page(request, held, opening=form, status=400)
    try:
        reason = form.cleaned_data.get("reason", "")
        acts.open_session(held, form.chosen, reason, chair=form.chairs, by=person(request))
    except Refused as refusal:
        return meeting_page(request, meeting_or_404(request, number), refused=refusal.reason, opening=form, status=409)
    messages.success(request, _("The meeting is open. Its files can be decided now."))
    return redirect("meeting", number=number)


@require_POST
def attendance(request: HttpRequest, number: str) -> HttpResponse:
    """Write down who came later (`arrives`) or left (`leaves`)."""
    held = _convenors(request, number)
    leaving = "leaves" in request.POST
    key = request.POST.get("leaves" if leaving else "arrives", "")
    people = [seat.member for seat in held.attendance.present().select_related("member")] if leaving else members_of()
    someone = next((one for one in people if str(one.pk) == key), None)
    if someone is None:
        return meeting_page(request, held, refused=_("Choose from the members of the Committee."), status=400)
    try:
        (acts.leave if leaving else acts.arrive)(held, someone, by=person(request))
    except Refused as refusal:
        return meeting_page(request, held, refused=refusal.reason, status=409)
    said = _("%(name)s left.") if leaving else _("%(name)s is present.")
    messages.success(request, said % {"name": someone.full_name})
    return redirect("meeting", number=number)
