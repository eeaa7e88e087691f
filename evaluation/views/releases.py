"""The release of a meeting's decisions: look, preview the letters, release, watch the letters being made."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Permission
from accounts.sessions import ask_factor_again, factor_is_fresh
from evaluation import letters, releasepage
from evaluation.actions.letters import try_again
from evaluation.actions.releases import prepare_release, release
from evaluation.models import Meeting, Release
from evaluation.queries.committee import hidden_from
from evaluation.rules.committee import NOT_YOURS
from evaluation.states import DecisionState
from evaluation.views.access import meeting_or_404, person
from records.verdicts import Refused


def _meeting(request: HttpRequest, number: str) -> Meeting:
    """A meeting this person reads; 403 with a sentence for who reads it and does not release."""
    held = meeting_or_404(request, number)
    if not person(request).has(Permission.RELEASE):
        raise PermissionDenied(str(NOT_YOURS))
    return held


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_release(request: HttpRequest, number: str) -> HttpResponse:
    """What would be released; a POST prepares it (`prepare`), or releases it all (`release`, with what was counted)."""
    held = _meeting(request, number)
    if request.method != "POST":
        return _page(request, held)
    shown = releasepage.of(held, person(request), None)
    releasing = "release" in request.POST
    if not releasing and "prepare" not in request.POST:
        return _page(request, held, refused=_("Choose what to do: prepare the release, or release."), status=400)
    verdict = shown["verdict"] and (shown["other"] if releasing else shown["verdict"])
    if not verdict:
        return _page(request, held, refused=str(verdict.reason), status=409)
    if not factor_is_fresh(request):
        return ask_factor_again(request)
    try:
        if releasing:
            release(held, seen=request.POST["release"], by=person(request))
        else:
            prepare_release(held, by=person(request))
    except Refused as refusal:
        return _page(request, meeting_or_404(request, number), refused=refusal.reason, status=409)
    return redirect("meeting_release", number=number)


def _page(request: HttpRequest, held: Meeting, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = {**releasepage.of(held, person(request), request.GET.get("page")), "refused": refused}
    context["fresh"] = factor_is_fresh(request)
    return render(request, "evaluation/committee/release.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_letters(request: HttpRequest, number: str) -> HttpResponse:
    """How far the letters are, as a piece of the page; a POST tries again what failed."""
    held = _meeting(request, number)
    made = Release.objects.filter(meeting=held).select_related("meeting").first()
    if made is None:
        raise Http404
    if request.method != "POST":
        return render(request, "evaluation/committee/parts/letters.html", releasepage.letters_of(made))
    try_again(made, by=person(request))
    return redirect("meeting_release", number=number)


@require_safe
def meeting_letter(request: HttpRequest, number: str, reference: str) -> HttpResponse:
    """The letter about one file as the paper will be, in both languages; once it is issued, the paper itself."""
    held = _meeting(request, number)
    decision = (
        releasepage.decisions_of(held)
        .exclude(application__in=hidden_from(person(request)))
        .select_related("item__meeting", "item__row__shortlist", "release", "letter")
        .select_related("application__office", "application__filed_by")
        .filter(application__reference=reference)
        .first()
    )
    if decision is None or (decision.state == DecisionState.RELEASED and decision.letter is None):
        raise Http404
    if decision.letter is not None:
        return redirect("paper", number=decision.letter.number)
    asked = request.GET.get("language", "")
    own = decision.application.filed_by.language
    return HttpResponse(letters.preview(decision, asked if asked in letters.LANGUAGES else own))
