"""The appraisal of the whole file: who evaluates, unlock, replace, moderate. One's own scorecard is in `scorecards`."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.roles import Permission
from applications.models import Application
from evaluation import actions, rules, scoring
from evaluation.actions.balancing import assign_balanced
from evaluation.actions.moderation import moderate as moderate_file
from evaluation.actions.superseding import supersede
from evaluation.actions.unlocking import unlock as unlock_marks
from evaluation.balancepage import page as balance_page
from evaluation.forms import AssignForm
from evaluation.forms.settling import ModerateForm, ReasonForm
from evaluation.models import Assessment
from evaluation.queries import assign_verdict, candidates, live_assessments, post_labels, rules_of
from evaluation.queries.balance import lacking
from evaluation.queries.conflicts import conflict_verdict
from evaluation.queries.settling import bounds, moderate_verdict, unlock_verdict
from evaluation.rules.settling import may_supersede
from evaluation.views.access import file_address, file_or_404, need, need_permission, person, posted, wrong
from records.verdicts import Refused, Verdict


@require_http_methods(["GET", "HEAD", "POST"])
def evaluators(request: HttpRequest, reference: str) -> HttpResponse:
    """Name the evaluators of a file."""
    file = file_or_404(request, reference)
    reason = _("Only a manager or the General Manager of this office names evaluators.")
    need_permission(person(request), Permission.ASSIGN, file.office, reason)
    need(conflict_verdict(person(request), file))
    live = live_assessments(file)
    verdict, found = assign_verdict(person(request), file, live), candidates(file)
    form = AssignForm(found, 1 if live else rules.EVALUATIONS_NEEDED, posted(request))
    status = 0 if verdict else 409
    if request.method == "POST" and form.is_valid():
        try:
            actions.assign_all(file, form.cleaned_data["evaluators"], by=person(request))
            return redirect(f"{file_address(file)}#evaluation")
        except Refused as refusal:
            form.add_error(None, refusal.reason)
            status = 409
    barred = [candidate for candidate in found if not candidate.verdict]
    context = {"file": file, "form": form, "live": live, "verdict": verdict, "barred": barred}
    return render(request, "evaluation/evaluators.html", context, status=status or wrong(form))


@require_http_methods(["GET", "HEAD", "POST"])
def balanced(request: HttpRequest) -> HttpResponse:
    """Name evaluators for every file that lacks them, evenly: the proposal, and one press that names them all."""
    user = person(request)
    if not user.has(Permission.ASSIGN):
        raise PermissionDenied(_("Only a manager or the General Manager names evaluators."))
    files = lacking(user)
    chosen = set(request.POST.getlist("file"))
    skipped: list[tuple[str, str]] = []
    if request.method == "POST":
        answer = assign_balanced([file for file in files if file.reference in chosen], by=user)
        skipped = [(file.reference, result) for file, result in answer if isinstance(result, str)]
        gone = sorted(chosen - {file.reference for file in files})
        skipped += [(reference[:20], _("not found, or its evaluators are named already")) for reference in gone]
        named = len(answer) - len(skipped) + len(gone)
        if named:
            _say_named(request, named, skipped)
            return redirect("evaluators_balanced")
    status = 409 if request.method == "POST" else 200
    context = {**balance_page(files), "skipped": skipped, "nothing": status == 409 and not skipped}
    return render(request, "evaluation/evaluators_balanced.html", context, status=status)


def _say_named(request: HttpRequest, named: int, skipped: list[tuple[str, str]]) -> None:
    words = ngettext("Evaluators named for %(count)s file", "Evaluators named for %(count)s files", named)
    done = words % {"count": named}
    if not skipped:
        messages.success(request, f"{done}.")
        return
    left = _("%(count)s skipped") % {"count": len(skipped)}
    rows = format_html_join("", '<li><span class="m-ref">{}</span>: {}</li>', skipped)
    messages.warning(request, format_html("<strong>{}, {}.</strong><ul>{}</ul>", done, left, rows))


def _numbered(file: Application, number: int) -> Assessment:
    """The n-th evaluation of a file, whoever's it is."""
    found = Assessment.objects.filter(application=file, number=number).select_related("evaluator").first()
    if found is None:
        raise Http404
    found.application = file
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Open locked marks again, with a reason."""
    file = file_or_404(request, reference)
    reason = _("Only the General Manager of this office unlocks marks.")
    need_permission(person(request), Permission.UNLOCK, file.office, reason)
    need(conflict_verdict(person(request), file))
    words = {
        "title": _("Unlock the marks of evaluator %(number)s") % {"number": number},
        "lead": _(
            "The marks are kept as they are. The evaluator marks again and locks again; until then nobody sees a total "
            "of this file. A file that was appraised returns to the appraisal, and leaves its shortlist."
        ),
        "button": _("Unlock the marks"),
        "missing": _("Say why the marks are unlocked."),
        "done": _("The marks are unlocked. The evaluator locks them again."),
    }
    return _with_a_reason(request, file, number, verb=unlock_marks, rule=unlock_verdict, words=words)


@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Put another evaluator in the place of one who left or does not get to it."""
    file = file_or_404(request, reference)
    reason = _("Only a manager or the General Manager of this office replaces evaluators.")
    need_permission(person(request), Permission.ASSIGN, file.office, reason)
    need(conflict_verdict(person(request), file))
    words = {
        "title": _("Replace evaluator %(number)s") % {"number": number},
        "lead": _(
            "For an evaluator who left or does not get to it. What was marked so far is kept and counts no more; the "
            "person cannot be named for this file again. Then name another evaluator."
        ),
        "button": _("Replace the evaluator"),
        "missing": _("Say why this evaluator is replaced."),
        "done": _("The evaluator is replaced. Name another one."),
    }
    return _with_a_reason(request, file, number, verb=supersede, rule=may_supersede, words=words)


def _with_a_reason(
    request: HttpRequest,
    file: Application,
    number: int,
    *,
    verb: Callable[..., Any],
    rule: Callable[[Any, Assessment], Verdict],
    words: dict[str, str],
) -> HttpResponse:
    """The page of an act that takes a reason: the form, or the sentence that says why it cannot be done now."""
    assessment = _numbered(file, number)
    form = ReasonForm(posted(request), missing=words["missing"])
    verdict = rule(person(request), assessment)
    if request.method == "POST" and form.is_valid():
        try:
            verb(assessment, form.cleaned_data["reason"], by=person(request))
        except Refused as refusal:
            verdict = Verdict(False, refusal.reason)
        else:
            messages.success(request, words["done"])
            return redirect(f"{file_address(file)}#evaluation")
    post = post_labels([assessment.evaluator_id]).get(assessment.evaluator_id, "")
    context = {"file": file, "assessment": assessment, "post": post, "form": form, "verdict": verdict, **words}
    return render(request, "evaluation/with_reason.html", context, status=wrong(form) if verdict else 409)


@require_http_methods(["GET", "HEAD", "POST"])
def moderate(request: HttpRequest, reference: str) -> HttpResponse:
    """Settle two totals: a third evaluator beside a moderated total."""
    file = file_or_404(request, reference)
    reason = _("Only the General Manager of this office moderates totals.")
    need_permission(person(request), Permission.UNLOCK, file.office, reason)
    need(conflict_verdict(person(request), file))
    live = live_assessments(file)
    verdict = moderate_verdict(person(request), file, live)
    if not verdict:
        return _moderation_page(request, file, live, verdict, form=None, status=409)
    form = ModerateForm(*bounds(live), posted(request))
    status = 0
    if request.method == "POST" and form.is_valid():
        try:
            moderate_file(file, form.cleaned_data["total"], form.cleaned_data["reason"], by=person(request))
            messages.success(request, _("The total is settled. The appraisal is being closed."))
            return redirect(f"{file_address(file)}#evaluation")
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
            status = 409
    return _moderation_page(request, file, live, verdict, form=form, status=status or wrong(form))


def _moderation_page(
    request: HttpRequest,
    file: Application,
    live: list[Assessment],
    verdict: Verdict,
    *,
    form: ModerateForm | None,
    status: int,
) -> HttpResponse:
    """Totals only beside the form: where it may not be done, nothing of them is said."""
    asked = rules_of(file)
    posts = post_labels(row.evaluator_id for row in live)
    totals = [
        {"number": row.number, "post": posts.get(row.evaluator_id, ""), "total": scoring.rounded(row.exact)}
        for row in (live if form else [])
    ]
    typed = " ".join(request.POST.get(name, "").strip() for name in ("total", "reason")).strip()
    context = {"file": file, "form": form, "verdict": verdict, "totals": totals, "asked": asked, "typed": typed}
    return render(request, "evaluation/moderate.html", context, status=status)
