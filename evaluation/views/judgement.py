"""What the Committee does with a file: recuse, vote, decide, reopen; and decide many as their shortlists propose."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Permission
from accounts.sessions import ask_factor_again, factor_is_fresh
from applications.rules import OWN_CASE, is_member
from evaluation.actions import decisions as acts
from evaluation.forms.judgement import DecideForm, RecuseForm, ReopenForm, VoteForm
from evaluation.models import AgendaItem, Meeting
from evaluation.queries.judgement import Panel, panel, proposal_of, recusable
from evaluation.rules import committee as rules
from evaluation.states import Outcome
from evaluation.views.access import item_or_404, meeting_or_404, person, posted, wrong
from records.verdicts import Refused, Verdict, refuse

MOST = 200  # files at once
ADDRESS_LENGTH = 2000
CONVENOR_ONLY = gettext_lazy("Only the convenor writes the decisions of the Committee down.")


def _open_to(request: HttpRequest, item: AgendaItem, permission: Permission, otherwise: str) -> Panel:
    """The file's panel for who does this by post and has no conflict of interest; 403 with the reason for everybody else."""
    user = person(request)
    if not user.has(permission):
        raise PermissionDenied(otherwise)
    found = panel(item, user)
    if found.recused:
        raise PermissionDenied(str(OWN_CASE if is_member(user, item.application) else rules.RECUSED))
    return found


def _page(
    request: HttpRequest, template: str, item: AgendaItem, form: Any, verdict: Verdict | None, **more: Any
) -> HttpResponse:
    """The page of an act: its form, or the sentence that says why it cannot be done now, with what was typed."""
    status = more.pop("status", 0) or wrong(form)
    typed = ""
    if request.method == "POST" and not verdict:
        status, typed = 409, "\n".join(request.POST.get(name, "").strip() for name in ("reason", "remark")).strip()
    context = {"item": item, "meeting": item.meeting, "verdict": verdict, "typed": typed, **more}
    context |= {"form": form if verdict else None, "fresh": factor_is_fresh(request)}
    return render(request, template, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def recuse(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """Keep oneself out of a file, or as convenor somebody else. The page says no more of the file than its number."""
    item, user = item_or_404(request, number, reference), person(request)
    if not (user.has(Permission.VOTE) or user.has(Permission.CONVENE)):
        raise PermissionDenied(_("A member declares a conflict of interest, or the convenor writes it down for them."))
    people = recusable(item, user)
    if user not in [one for one, _post in people]:
        raise PermissionDenied(str(rules.RECUSED))
    form, verdict = RecuseForm(people, posted(request)), rules.may_recuse(user, user, item, recused=False)
    if request.method == "POST" and verdict and form.is_valid():
        try:
            acts.recuse(item, form.chosen, form.cleaned_data["reason"], by=user)
        except Refused as refusal:
            verdict = refuse(refusal.reason)
        else:
            return _recused(request, item, itself=form.chosen == user)
    return _page(request, "evaluation/committee/recuse.html", item, form, verdict, others=len(people) > 1)


def _recused(request: HttpRequest, item: AgendaItem, *, itself: bool) -> HttpResponse:
    number, reference = item.meeting.number, item.application.reference
    if not itself:
        messages.success(request, _("Recused from %(file)s.") % {"file": reference})
        return redirect("agenda_item", number=number, reference=reference)
    said = _("You are recused from %(file)s. Of this file you see its number from now on, and nothing else.")
    messages.success(request, said % {"file": reference})
    return redirect("meeting", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """Say what one holds of a file, as a member who is present."""
    item = item_or_404(request, number, reference)
    found = _open_to(request, item, Permission.VOTE, _("Only members of the Committee vote."))
    verdict, own = found.may.vote, found.own_vote
    form = VoteForm(posted(request), initial={"outcome": own.outcome, "remark": own.remark} if own else {})
    if request.method == "POST" and verdict and form.is_valid():
        try:
            acts.vote(item, **form.cleaned_data, by=person(request))
        except Refused as refusal:
            verdict = refuse(refusal.reason)
        else:
            label = Outcome(form.cleaned_data["outcome"]).label
            messages.success(request, _("Your vote is kept: %(outcome)s.") % {"outcome": label})
            return redirect("agenda_item", number=number, reference=reference)
    return _page(request, "evaluation/committee/vote.html", item, form, verdict, judgement=found)


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """Write down what the Committee decided about a file; whoever does shows a second factor of the last 15 minutes."""
    item = item_or_404(request, number, reference)
    found = _open_to(request, item, Permission.DECIDE, str(CONVENOR_ONLY))
    form, status = DecideForm(proposal_of(item), posted(request)), 0
    if request.method == "POST" and found.may.decide and form.is_valid():
        if not factor_is_fresh(request):
            return ask_factor_again(request)
        try:
            acts.decide(item, **form.cleaned_data, seen=request.POST.get("seen", ""), by=person(request))
        except Refused as refusal:  # another convenor was first, or something changed: the page as it now is
            form.add_error(None, refusal.reason)
            item, status = item_or_404(request, number, reference), 409
            found = _open_to(request, item, Permission.DECIDE, str(CONVENOR_ONLY))
        else:
            said = _("Written down: %(outcome)s. Nobody is told before the release.")
            messages.success(request, said % {"outcome": Outcome(form.cleaned_data["outcome"]).label})
            return redirect("agenda_item", number=number, reference=reference)
    more = {"judgement": found, "status": status}
    return _page(request, "evaluation/committee/decide.html", item, form, found.may.decide, **more)


@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """Take a decision up again before its release, with the reason and a second factor of the last 15 minutes."""
    item = item_or_404(request, number, reference)
    found = _open_to(request, item, Permission.DECIDE, str(CONVENOR_ONLY))
    form, verdict = ReopenForm(posted(request)), found.may.reopen
    if request.method == "POST" and verdict and form.is_valid():
        if not factor_is_fresh(request):
            return ask_factor_again(request)
        try:
            acts.reopen(item, form.cleaned_data["reason"], by=person(request))
        except Refused as refusal:
            verdict = refuse(refusal.reason)
        else:
            messages.success(request, _("The decision is taken up again. The one that stood is kept."))
            return redirect("agenda_item", number=number, reference=reference)
    return _page(request, "evaluation/committee/reopen.html", item, form, verdict, judgement=found)


# ---- Many at once ---------------------------------------------------------------------------------------------
@require_POST
def decide_as_proposed(request: HttpRequest, number: str) -> HttpResponse:
    """Decide each file ticked as its shortlist proposes, one act a file, and say what was skipped and why."""
    held = meeting_or_404(request, number)
    if not person(request).has(Permission.DECIDE):
        raise PermissionDenied(str(CONVENOR_ONLY))
    references = list(dict.fromkeys(request.POST.getlist("file")))
    if not references:
        messages.warning(request, _("No file is ticked. Tick the files first, then decide them."))
    elif len(references) > MOST:
        said = _("At most %(most)s files at once; nothing was changed. Tick fewer.")
        messages.warning(request, said % {"most": MOST})
    elif not factor_is_fresh(request):
        return ask_factor_again(request)
    else:
        _say(request, [(reference[:20], _proposed(request, held, reference)) for reference in references])
    kept = QueryDict(request.POST.get("back", "")[:ADDRESS_LENGTH]).urlencode()
    return redirect(reverse("meeting", args=[held.number]) + (f"?{kept}" if kept else ""))


def _proposed(request: HttpRequest, held: Meeting, reference: str) -> str:
    """Decide one file; why it was skipped, or nothing."""
    item = held.items.live().filter(application__reference=reference).first() if reference.isprintable() else None
    if item is None:
        return _("not on this agenda")
    try:
        acts.decide_as_proposed(item, by=person(request))
    except Refused as refusal:
        return refusal.reason
    return ""


def _say(request: HttpRequest, results: list[tuple[str, str]]) -> None:
    """The sentence above the agenda: "38 decided, 3 skipped", and the skipped ones with their reasons."""
    skipped = [result for result in results if result[1]]
    words = _("%(count)s decided") % {"count": len(results) - len(skipped)}
    if not skipped:
        messages.success(request, f"{words}.")
        return
    left = _("%(count)s skipped") % {"count": len(skipped)}
    rows = format_html_join("", '<li><span class="m-ref">{}</span>: {}</li>', skipped)
    messages.warning(request, format_html("<strong>{}, {}.</strong><ul>{}</ul>", words, left, rows))
