"""Propose to find a file ineligible, answer the proposal, reinstate the file."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Permission
from applications.models import Application
from applications.rules import may
from evaluation.actions import ineligible as acts
from evaluation.forms.ineligible import AnswerForm, ProposalForm, ReinstateForm
from evaluation.queries.ineligible import finding_of, offered, officers_for, propose_verdict, shown, waiting_proposal
from evaluation.rules.ineligible import may_answer, may_confirm, rules_for
from evaluation.steps import STEPS
from evaluation.views.access import file_or_404, need_permission, person, posted, wrong
from records.verdicts import Refused

PROPOSERS = Permission.SCRUTINISE
ANSWERERS = Permission.FIND_INELIGIBLE


@require_http_methods(["GET", "HEAD", "POST"])
def ineligible(request: HttpRequest, reference: str) -> HttpResponse:
    """The proposal that waits, or the form to make one."""
    file = file_or_404(request, reference)
    user = person(request)
    able = user.has(PROPOSERS, file.office) or (request.method != "POST" and user.has(ANSWERERS, file.office))
    if not able:
        raise PermissionDenied(
            _("Only officers and managers of this office propose this; its General Manager answers.")
        )
    form = ProposalForm(rules_for(file.round.rules_version), posted(request))
    if request.method != "POST" or not form.is_valid():
        return _page(request, file, form=form, status=wrong(form))
    try:
        acts.propose(file, form.cleaned_data["rule"], form.cleaned_data["reason"], by=user)
    except Refused as refusal:
        form.add_error(refusal.field or None, refusal.reason)
        return _page(request, file, form=form, status=409)
    messages.success(request, _("Proposed. The General Manager answers."))
    return redirect("desk_file", reference=reference)


@require_POST
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Confirm the proposal, or send it back."""
    file = file_or_404(request, reference)
    why = _("Only the General Manager of this office answers these proposals.")
    need_permission(person(request), ANSWERERS, file.office, why)
    form = AnswerForm(request.POST)
    confirms = request.POST.get("go") != "back"
    if not form.is_valid():
        return _page(request, file, answer_form=form, status=wrong(form))
    try:
        (acts.confirm if confirms else acts.send_back)(file, form.cleaned_data["reason"], by=person(request))
    except Refused as refusal:
        form.add_error(refusal.field or None, refusal.reason)
        return _page(request, file_or_404(request, reference), answer_form=form, status=409)
    done = _("The file is ineligible. The enterprise is told by e-mail.") if confirms else _("Sent back to the office.")
    messages.success(request, done)
    return redirect("desk_file", reference=reference)


def _page(
    request: HttpRequest, file: Application, *, form: Any = None, answer_form: Any = None, status: int = 200
) -> HttpResponse:
    user, proposal = person(request), waiting_proposal(file)
    context = {
        "file": file,
        "form": form or ProposalForm(rules_for(file.round.rules_version)),
        "answer_form": answer_form or AnswerForm(initial={"reason": offered(proposal)}),
        "proposal": shown(proposal),
        "finding": shown(finding_of(file)),
        "answers": user.has(ANSWERERS, file.office),
        "may_propose": propose_verdict(user, file, waiting=proposal is not None),
        "may_answer": may_answer(user, file, proposal),
        "may_confirm": may_confirm(user, file, proposal),
    }
    return render(request, "evaluation/ineligible.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def reinstate(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the finding back, with the reason and the officer who goes on."""
    file = file_or_404(request, reference)
    why = _("Only the General Manager of this office reinstates its files.")
    need_permission(person(request), ANSWERERS, file.office, why)
    verdict, officers = may(person(request), STEPS["reinstate"], file), officers_for(file)
    form = ReinstateForm(officers, posted(request))
    status = 0 if verdict or request.method != "POST" else 409
    if request.method == "POST" and form.is_valid():
        try:
            acts.reinstate(file, form.chosen, form.cleaned_data["reason"], by=person(request))
        except Refused as refusal:
            form.add_error("reason" if refusal.field == "note" else refusal.field or None, refusal.reason)
            status = 409
        else:
            messages.success(request, _("Reinstated. The file is under scrutiny again."))
            return redirect("desk_file", reference=reference)
    context = {"file": file, "form": form, "verdict": verdict, "officers": officers, "finding": shown(finding_of(file))}
    return render(request, "evaluation/reinstate.html", context, status=status or wrong(form))
