"""One press for several files: one act a file, through the same acts and rules as the file's own page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.roles import Permission
from applications.models import Application
from evaluation import actions
from evaluation.actions.balancing import assign_balanced
from evaluation.actions.giving import give
from evaluation.queries import files_for
from evaluation.queries.giving import takers
from evaluation.views.access import person
from records.verdicts import Refused

MOST = 100  # files at once
ADDRESS_LENGTH = 2000

Result = tuple[str, str]  # reference, and why it was skipped; empty: done
Act = Callable[[list[Application]], list[Result]]
NEEDED = {"take_up": Permission.TAKE_UP, "give": Permission.ASSIGN, "balance": Permission.ASSIGN}


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Do one act with each of the files ticked, and say what was skipped and why."""
    user, wanted = person(request), request.POST.get("act", "")
    if not user.has(Permission.SEE_DESK) or (wanted in NEEDED and not user.has(NEEDED[wanted])):
        raise PermissionDenied(_("Your post does not allow this step."))
    references = list(dict.fromkeys(request.POST.getlist("file")))
    act = _act(request, user, wanted)
    if not references:
        messages.warning(request, _("No file is ticked. Tick the files first, then choose what to do with them."))
    elif len(references) > MOST:
        messages.warning(
            request, _("At most %(most)s files at once; nothing was changed. Tick fewer.") % {"most": MOST}
        )
    elif act is None:
        messages.warning(request, _("Choose the officer; nothing was changed.") if wanted else _("Choose what to do."))
    else:
        _say(request, wanted, _results(user, references, act))
    return redirect(_back(request))


def _act(request: HttpRequest, user: User, wanted: str) -> Act | None:
    """What is done with the files; None where it cannot be done with any."""
    if wanted == "take_up":
        return _one_by_one(lambda file: actions.take_up(file, by=user))
    if wanted == "balance":
        return lambda files: [
            (file.reference, answer if isinstance(answer, str) else "")
            for file, answer in assign_balanced(files, by=user)
        ]
    chosen = request.POST.get("officer", "")
    officer = next((taker.user for taker in takers(user) if str(taker.user.pk) == chosen), None)
    if wanted == "give" and officer is not None:
        return _one_by_one(lambda file: give(file, officer, by=user))
    return None


def _one_by_one(act: Callable[[Application], Any]) -> Act:
    """The act for each file by itself: what is refused for one changes nothing for the others."""

    def each(files: list[Application]) -> list[Result]:
        results = []
        for file in files:
            try:
                act(file)
                results.append((file.reference, ""))
            except Refused as refusal:
                results.append((file.reference, refusal.reason))
        return results

    return each


def _results(user: User, references: list[str], act: Act) -> list[Result]:
    """What became of each file ticked. One that is not the person's to see is not found, whoever's it is."""
    asked = [reference for reference in references if reference.isprintable()]
    rows = files_for(user).filter(reference__in=asked)
    found = {file.reference: file for file in rows.select_related("office__district", "round", "enterprise")}
    done = act([found[reference] for reference in references if reference in found])
    return [*done, *((reference[:20], _("not found")) for reference in references if reference not in found)]


def _say(request: HttpRequest, wanted: str, results: list[Result]) -> None:
    """The sentence above the list: "5 taken up, 1 skipped", and the skipped ones with their reasons."""
    skipped = [result for result in results if result[1]]
    sentences = {
        "take_up": _("%(count)s taken up"),
        "give": _("%(count)s given out"),
        "balance": _("%(count)s given to two evaluators each"),
    }
    words = sentences[wanted] % {"count": len(results) - len(skipped)}
    if not skipped:
        messages.success(request, f"{words}.")
        return
    left = _("%(count)s skipped") % {"count": len(skipped)}
    rows = format_html_join("", '<li><span class="m-ref">{}</span>: {}</li>', skipped)
    messages.warning(request, format_html("<strong>{}, {}.</strong><ul>{}</ul>", words, left, rows))


def _back(request: HttpRequest) -> str:
    """The list the files were ticked in, narrowed and ordered as it was; never another address."""
    kept = QueryDict(request.POST.get("back", "")[:ADDRESS_LENGTH], mutable=True)
    kept.pop("tick", None)
    return f"{reverse('desk')}?{kept.urlencode()}" if kept else reverse("desk")
