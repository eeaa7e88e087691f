"""The sections of figures: three years of financials and employment, the growth plan."""

from typing import Any

from django.utils.translation import gettext as _

from applications.classification import Size, classify, limits_of
from applications.models import Application, FinancialYear
from applications.sections.parts import Facts, Table, Todo, asked, head, one, pair
from records.formats import indian, rupees, rupees_short


def _years_missing(rows: Any, file: Application, section: str, sentence: str) -> list[Todo]:
    """One sentence for each financial year of the round without its row."""
    there = {row.year for row in rows}
    return [
        Todo(section, f"year-{year}", sentence % {"year": year})
        for year in file.round.financial_years
        if year not in there
    ]


def financials_missing(file: Application) -> list[Todo]:
    return _years_missing(
        file.financial_years.all(),
        file,
        "financials",
        _("Enter the figures for %(year)s. Where there was none, write 0."),
    )


def financials_facts(file: Application) -> Facts:
    years = list(file.financial_years.all())
    rows = [
        [
            y.year,
            str(y.get_status_display()),
            rupees(y.turnover_domestic),
            rupees(y.turnover_export),
            rupees(y.profit),
            rupees(y.plant_machinery),
        ]
        for y in years
    ]
    columns = [
        _("Financial year"),
        _("Kind of statement"),
        _("Domestic turnover"),
        _("Export turnover"),
        _("Net profit"),
        _("Net plant and machinery"),
    ]
    return Facts(tables=[Table(_("Financials"), columns, rows), _classes(years)])


def _classes(years: list[FinancialYear]) -> Table:
    """Micro, small or medium in each year by what is stated, with the limits in force then: new ones from 1 April 2025."""
    names = {Size.MICRO: _("Micro"), Size.SMALL: _("Small"), Size.MEDIUM: _("Medium"), Size.LARGE: _("Large")}
    rows = []
    for y in years:
        size = classify(y.plant_machinery, y.turnover_domestic, y.year)
        most = limits_of(size, y.year)
        rows.append([y.year, names[size], *(rupees_short(amount) if amount else "–" for amount in most)])
    columns = [
        _("Financial year"),
        _("Size of the enterprise"),
        _("Limit of plant and machinery"),
        _("Limit of turnover without exports"),
    ]
    return Table(_("Size by year, by the limits of that year"), columns, rows)


def employment_missing(file: Application) -> list[Todo]:
    return _years_missing(
        file.employment_years.all(),
        file,
        "employment",
        _("Enter the persons employed in %(year)s. Where there was none, write 0."),
    )


PERSONS = ("women_permanent", "men_permanent", "other_permanent", "women_contract", "men_contract", "other_contract")


def employment_facts(file: Application) -> Facts:
    years = list(file.employment_years.all())
    rows = [[y.year, *(indian(getattr(y, name)) for name in PERSONS), indian(y.total)] for y in years]
    model = file._meta.get_field("employment_years").related_model
    return Facts(tables=[Table(_("Persons employed"), [_("Financial year"), *head(model, *PERSONS), _("Total")], rows)])


COSTS = ("cost_land_building", "cost_machinery", "cost_other", "cost_working_capital")
MEANS = ("means_own", "means_loan", "means_other")


def years_ahead(file: Application) -> list[str]:
    """The four financial years after the last one asked for."""
    first = int(file.round.latest_year[:4]) + 1
    return [f"{year}-{(year + 1) % 100:02d}" for year in range(first, first + 4)]


def growth_missing(file: Application) -> list[Todo]:
    row = one(file, "growth")
    found = asked(row, "growth", ("plan", "markets", *COSTS, *MEANS, "new_jobs"))
    if not found and row.cost != row.means:
        sentence = _("The means of finance (%(means)s) must equal the project cost (%(cost)s).")
        found.append(
            Todo("growth", "means_own", sentence % {"means": rupees(row.means), "cost": rupees(row.cost)}, typed=True)
        )
    there = {year.year for year in file.growth_years.all()}
    for year in years_ahead(file):
        if year not in there:
            found.append(Todo("growth", f"year-{year}", _("Enter what you expect for %(year)s.") % {"year": year}))
    return found


def growth_facts(file: Application) -> Facts:
    row = one(file, "growth")
    pairs = [pair(row, name) for name in ("plan", "markets", "technology")]
    pairs += [pair(row, name, rupees(getattr(row, name))) for name in (*COSTS, *MEANS)]
    pairs += [(_("Project cost"), rupees(row.cost) if row.pk else ""), pair(row, "new_jobs")]
    rows = [[y.year, rupees(y.turnover), rupees(y.exports), indian(y.jobs)] for y in file.growth_years.all()]
    columns = [_("Financial year"), _("Target turnover"), _("of which exports"), _("Persons employed")]
    return Facts([(label, value) for label, value in pairs if value], [Table(_("The next four years"), columns, rows)])
