"""The page of a month that the General Manager of the district writes."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from districts.models import District
from progress import actions, narratives, queries, rules
from progress.forms import MonthForm, NarrativeForm
from records.verdicts import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def district_narrative(request: HttpRequest, code: str) -> HttpResponse:
    """Read what is written of a month and its versions; the General Manager writes a new one."""
    district = get_object_or_404(District, code=code.upper())
    _need(rules.may_see_district(request.user, district))
    asked = MonthForm({"month": request.GET.get("month") or queries.this_month()})
    month = (asked.is_valid() and asked.cleaned_data["month"]) or queries.this_month()
    if request.method != "POST":
        return _page(request, district, month, asked)
    _need(rules.may_write_narrative(request.user, district))
    form = NarrativeForm(request.POST)
    if asked.errors or not form.is_valid():
        return _page(request, district, month, asked, form=form, status=400)
    typed = form.cleaned_data
    try:
        made = actions.write_narrative(district, month, typed["text"], seen=typed["seen"], by=request.user)
    except Refused as refusal:
        form = _sent_back(request, district, month, refusal)
        return _page(request, district, month, asked, form=form, status=409)
    said = _("Kept as version %(version)s. A report made from now on prints it.")
    messages.success(request, said % {"version": made.version})
    return redirect(f"{reverse('district_narrative', args=[district.code])}?month={month}")


def _need(verdict: Any) -> None:
    if not verdict:
        raise PermissionDenied(str(verdict.reason))


def _sent_back(request: HttpRequest, district: District, month: str, refusal: Refused) -> NarrativeForm:
    """The form with what was typed; sent again, it follows the version that stands on the page now."""
    newest = narratives.newest(district, month)
    data = request.POST.copy()
    data["seen"] = str(newest.version if newest else 0)
    form = NarrativeForm(data)
    form.is_valid()
    form.add_error(refusal.field or None, refusal.reason)
    return form


def _page(
    request: HttpRequest,
    district: District,
    month: str,
    asked: MonthForm,
    *,
    form: NarrativeForm | None = None,
    status: int = 0,
) -> HttpResponse:
    may_write = rules.may_write_narrative(request.user, district)
    versions = list(narratives.versions(district, month))
    if form is None and may_write:
        newest = versions[0] if versions else None
        form = NarrativeForm(initial={"text": newest.text, "seen": newest.version} if newest else {"seen": 0})
    context = {
        "district": district,
        "month": month,
        "month_form": asked,
        "form": form,
        "may_write": may_write,
        "changed": status == 409,
        "versions": [(one, narratives.paragraphs(one.text)) for one in versions],
    }
    return render(request, "progress/narrative.html", context, status=status or (400 if asked.errors else 200))
