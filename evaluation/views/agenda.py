"""The convenor's acts with a file of the agenda: put it off, return it, ask its applicant, take the question back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation.actions import agenda as acts
from evaluation.forms.meetings import PutOffForm
from evaluation.forms.packets import ReasonForm
from evaluation.forms.questions import AskForm
from evaluation.models import AgendaItem
from evaluation.queries.agenda import planned_beside
from evaluation.queries.committee import hidden_from
from evaluation.rules import agenda as rules
from evaluation.rules.committee import RECUSED, may_convene
from evaluation.views.access import item_or_404, need, person, posted, wrong
from records.formats import day
from records.verdicts import Refused, Verdict


def _convenors(request: HttpRequest, number: str, reference: str) -> AgendaItem:
    """A file of an agenda, for the convenor without a conflict of interest; 403 with the reason for everybody else."""
    item = item_or_404(request, number, reference)
    need(may_convene(person(request)))
    if item.application_id in hidden_from(person(request)):
        raise PermissionDenied(str(RECUSED))
    return item


@dataclass(frozen=True)
class Act:
    """One act with a file: the page that asks for it, whether it may be done now, the verb, and what is said afterwards."""

    template: str
    form: Any
    verdict: Verdict
    verb: Callable[[], Any]
    done: Callable[[], str]


def _answer(request: HttpRequest, item: AgendaItem, act: Act) -> HttpResponse:
    """Show the form, or do the act and go back to the agenda; what is refused stands at its field."""
    form, refused = act.form, False
    if request.method == "POST" and form.is_valid():
        try:
            act.verb()
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
            refused = True
        else:
            messages.success(request, act.done())
            return redirect("meeting", number=item.meeting.number)
    context = {"item": item, "meeting": item.meeting, "file": item.application, "form": form, "verdict": act.verdict}
    status = 409 if refused or not act.verdict else wrong(form)
    return render(request, act.template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def put_off(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """Put the file off to another planned meeting, with a reason."""
    item, reader = _convenors(request, number, reference), person(request)
    form = PutOffForm(planned_beside(item.meeting), posted(request))
    verdict = rules.may_put_off(reader, item, None, recused=False)
    act = Act(
        "evaluation/committee/put_off.html",
        form,
        verdict,
        lambda: acts.put_off(item, form.other, form.cleaned_data["reason"], by=reader),
        lambda: _("%(file)s is put off to %(meeting)s.") % {"file": reference, "meeting": form.other.number},
    )
    return _answer(request, item, act)


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """Return the file to the appraisal, with a reason."""
    item, reader = _convenors(request, number, reference), person(request)
    labels = {"label": _("Why is the file returned?"), "missing": _("Write why the file is returned.")}
    form = ReasonForm(posted(request), **labels)
    act = Act(
        "evaluation/committee/send_back.html",
        form,
        rules.may_send_back(reader, item, recused=False),
        lambda: acts.send_back(item, form.cleaned_data["reason"], by=reader),
        lambda: _("%(file)s is back in the appraisal.") % {"file": reference},
    )
    return _answer(request, item, act)


@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """Ask the applicant for the Committee: what is needed, what opens for it, by when. It goes out at once."""
    item, reader = _convenors(request, number, reference), person(request)
    form = AskForm(item.application, posted(request))

    def ask() -> None:
        given = form.cleaned_data
        opened = {"fields": given["fields_opened"], "kinds": given["kinds"], "due_on": given["due_on"]}
        acts.seek_details(item, given["question"], **opened, by=reader)

    act = Act(
        "evaluation/committee/details.html",
        form,
        rules.may_seek_details(reader, item, recused=False),
        ask,
        lambda: _("Sent. The applicant can answer until %(day)s.") % {"day": day(form.cleaned_data["due_on"])},
    )
    return _answer(request, item, act)


@require_http_methods(["GET", "HEAD", "POST"])
def end_details(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """Take the open question back, with a reason."""
    item, reader = _convenors(request, number, reference), person(request)
    labels = {"label": _("Why is the question taken back?"), "missing": _("Write why the question is taken back.")}
    form = ReasonForm(posted(request), **labels)
    act = Act(
        "evaluation/committee/end_details.html",
        form,
        rules.may_end_details(reader, item, recused=False),
        lambda: acts.end_details(item, form.cleaned_data["reason"], by=reader),
        lambda: _("The question is taken back. The applicant is told."),
    )
    return _answer(request, item, act)
