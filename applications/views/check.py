"""The public check: eight questions, three colours."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import actions, queries
from applications.eligibility_texts import WORDS, reason
from applications.forms import CheckForm
from records import limits

MOST_AN_HOUR = 300  # checks from one address: an office's whole staff may share one


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask and answer; what was asked and answered is kept with the round, without a name."""
    latest = queries.open_round() or queries.latest_round()
    form = CheckForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "round": latest}
    if latest is None:
        return render(request, "applications/check.html", context)
    if request.method == "POST" and form.is_valid():
        if not limits.hit(f"check:{request.META.get('REMOTE_ADDR', '')}", limit=MOST_AN_HOUR, seconds=3600):
            form.add_error(None, _("Too many checks came from here. Try again in an hour."))
            return render(request, "applications/check.html", context, status=429)
        outcome = actions.check(latest, form.inputs())
        rows = [
            {
                "title": WORDS[key].title,
                "colour": colour.value,
                "reason": reason(key, colour.value),
                "change": WORDS[key].change,
            }
            for key, colour in outcome.rules
        ]
        rows.sort(key=lambda row: {"red": 0, "yellow": 1, "green": 2}[row["colour"]])
        return render(request, "applications/check_result.html", {**context, "outcome": outcome, "rows": rows})
    return render(request, "applications/check.html", context, status=400 if form.errors else 200)
