"""Figures of districts, and the reports made of them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import Permission
from districts.models import District
from progress import actions, documents, queries, rules, runs, table
from progress.forms import LookForm, MonthForm, ReportForm, RunForm
from records import jobs
from records.clock import today
from records.sheets import csv_response, xlsx_response
from records.verdicts import Refused

ON_A_PAGE = 20


def reader(request: HttpRequest) -> Any:
    """Whoever reads figures; anybody else is told who does."""
    user: Any = request.user
    if not user.has(Permission.SEE_REPORTS):
        raise PermissionDenied(_("Reports are read by officers of the district and of the Directorate."))
    return user


@require_safe
def district_progress(request: HttpRequest, code: str) -> HttpResponse:
    """A district's month: the figures a report of it would freeze now."""
    if code != code.upper():
        return redirect("district_progress", code=code.upper())
    district = get_object_or_404(District, code=code)
    verdict = rules.may_see_district(request.user, district)
    if not verdict:
        raise PermissionDenied(str(verdict.reason))
    form = MonthForm({"month": request.GET.get("month") or queries.this_month()})
    month = (form.is_valid() and form.cleaned_data["month"]) or queries.this_month()
    context = {
        "district": district,
        "form": form,
        "month": month,
        "may_make": rules.may_make_report(request.user, district),
        "made": queries.reports_about(queries.reports_for(request.user), district=code, month=month)[:5],
        "may_write": rules.may_write_narrative(request.user, district),
        **documents.month_context(district, month),
    }
    return render(request, "progress/district.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def reports(request: HttpRequest) -> HttpResponse:
    """Every district within reach in figures, the reports made, and the form that makes one."""
    user = reader(request)
    if request.method != "POST":
        return reports_page(request)
    places, may_make = queries.places_of(user), rules.may_make_reports(user)
    if not may_make:
        raise PermissionDenied(str(may_make.reason))
    form = ReportForm(request.POST, places=places)
    if form.is_valid():
        wanted = form.cleaned_data
        district = next(place for place in places if place.code == wanted["district"])
        try:
            paper = actions.make_report(district, wanted["month"], by=user, language=wanted["language"])
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
        else:
            messages.success(request, _("The report is frozen and numbered. Its PDF is being made."))
            return redirect("report", number=paper.number)
    return reports_page(request, form=form, status=400)


def reports_page(
    request: HttpRequest,
    *,
    form: ReportForm | None = None,
    run_form: RunForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, with the form that was sent back where one was."""
    user: Any = request.user
    places = queries.places_of(user)
    sees_runs = user.has(Permission.SEE_STATE)
    context = {
        **_looked_at(request, places),
        "form": form or _make_form(request, places),
        "may_make": rules.may_make_reports(user),
        "may_run": rules.may_make_all_reports(user),
        "run_form": run_form or RunForm(initial={"month": runs.last_month(today())}),
        "runs": [(run, runs.state_of(run)) for run in runs.shown()] if sees_runs else [],
        "sees_runs": sees_runs,
        "worker_alive": jobs.worker_alive(),
        "refused": refused,
    }
    if context["look"].errors:
        status = max(status, 400)
    return render(request, "progress/reports.html", context, status=status)


def _make_form(request: HttpRequest, places: list[District]) -> ReportForm:
    known = {place.code for place in places}
    asked = request.GET.get("district", "")
    first = {"district": asked if asked in known else "", "month": request.GET.get("month", "")[:20]}
    return ReportForm(initial={"month": queries.this_month()} | {k: v for k, v in first.items() if v}, places=places)


def _looked_at(request: HttpRequest, places: list[District]) -> dict[str, Any]:
    """The table of a month and the list of reports, as the address asks; what it asks wrongly is left out and said."""
    look = LookForm(request.GET, places=places)
    look.is_valid()
    chosen = {name: look.cleaned_data.get(name, "") for name in ("district", "month", "language", "standing")}
    month = chosen["month"]
    rows, total = queries.state_table(month or queries.this_month(), places)
    made = queries.reports_about(queries.reports_for(request.user), **chosen)
    return {
        "look": look,
        "month": month or queries.this_month(),
        "header": table.header(),
        "rows": [(row.district, table.cells(row)) for row in rows],
        "sum": table.cells(total) if len(rows) > 1 else None,
        "sum_label": table.sum_label(rows),
        "figures": total.figures,
        "page": Paginator(made, ON_A_PAGE).get_page(request.GET.get("page")),
        "narrowed": any(chosen.values()),
    }


@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The table shown, as CSV or XLSX. A month that is none is answered with its sentence on the page."""
    places = queries.places_of(reader(request))
    look = LookForm(request.GET, places=places)
    if not look.is_valid() and "month" in look.errors:
        return reports(request)
    month = look.cleaned_data.get("month") or queries.this_month()
    rows, total = queries.state_table(month, places)
    answer = csv_response if ending == "csv" else xlsx_response
    return answer(f"districts-{month}.{ending}", table.header(), table.lines(rows, total))


@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """One report as a page: the frozen figures, and how far its PDF is."""
    paper = get_object_or_404(queries.reports_for(request.user), number=number)
    context = {**documents.report_context(paper.snapshot), "paper": paper, "worker_alive": jobs.worker_alive()}
    return render(request, "progress/report.html", context)
