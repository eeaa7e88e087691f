"""What a question can open for its answer: single fields, figures of one year, whole lists."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applications.models import (
    Activity,
    Application,
    Bank,
    Declaration,
    EmploymentYear,
    FinancialYear,
    Growth,
    GrowthYear,
    Owner,
    Plant,
    Profile,
)
from applications.sections.figures import COSTS, MEANS, PERSONS
from applications.sections.parts import one

NEVER = {"id", "application", "seal_id", "true_statement", "consent", "notice_version"}  # an agreement is not corrected
ONE: dict[str, Any] = {"enterprise": Profile, "growth": Growth, "bank": Bank, "declaration": Declaration}
YEARS: dict[str, tuple[str, Any, tuple[str, ...]]] = {
    "financials": (
        "financial_years",
        FinancialYear,
        ("status", "turnover_domestic", "turnover_export", "profit", "plant_machinery"),
    ),
    "employment": ("employment_years", EmploymentYear, PERSONS),
    "growth": ("growth_years", GrowthYear, ("turnover", "exports", "jobs")),
}
LISTS: dict[str, tuple[tuple[str, Any], ...]] = {
    "enterprise": (("activities", Activity), ("plants", Plant)),
    "ownership": (("owners", Owner),),
}
AMOUNTS = {f"growth.{name}" for name in (*COSTS, *MEANS)}


@dataclass(frozen=True)
class Openable:
    """One thing with a key: "enterprise.began_on", "financials.2025-26.profit", "ownership.owners" (the whole list)."""

    section: str
    name: str
    model: Any
    year: str = ""
    rows: bool = False

    @property
    def key(self) -> str:
        """What is kept of it in `ClarificationItem.field`."""
        return ".".join(filter(None, (self.section, self.year, self.name)))

    @property
    def label(self) -> str:
        """Its words in the form, with the year where there is one."""
        if self.rows:
            return {
                "activities": _("Activities: the whole list"),
                "plants": _("Places of work: the whole list"),
                "owners": _("Owners: the whole list"),
            }[self.name]
        words = str(self.model._meta.get_field(self.name).verbose_name)
        return f"{words}, {self.year}" if self.year else words


def openable(file: Application) -> list[Openable]:
    """Everything of this file that a question can open, in the order of the form; years are those it has figures of."""
    return [*_enterprise(), *_of_years(file), *_single("bank"), *_single("declaration")]


def _enterprise() -> Iterator[Openable]:
    yield from _single("enterprise")
    for section, lists in LISTS.items():
        yield from (Openable(section, name, model, rows=True) for name, model in lists)


def _of_years(file: Application) -> Iterator[Openable]:
    for section, (rows, model, names) in YEARS.items():
        if section in ONE:
            yield from _single(section)
        for row in getattr(file, rows).all():
            yield from (Openable(section, name, model, row.year) for name in names)


def _single(section: str) -> Iterator[Openable]:
    model = ONE[section]
    for field in model._meta.fields:
        if field.name not in NEVER and not field.name.endswith("_key"):
            yield Openable(section, field.name, model)


def left_alone(file: Application, keys: Collection[str]) -> str:
    """Where a field cannot be corrected without another that stays closed: the sentence that names it, else nothing."""
    if "enterprise.pan" in keys and "enterprise.gstin" not in keys and one(file, "profile").gstin:
        return _("Open the GSTIN together with the PAN: it contains the PAN.")
    if "bank.loan_status" in keys and not {"bank.loan_outstanding", "bank.default_details"} <= set(keys):
        return _("Open “Loans outstanding” and “About the overdue loan” together with “Loans”: they depend on it.")
    if len(AMOUNTS & set(keys)) == 1:
        return _("The means of finance equal the project cost: open at least one more of these amounts.")
    return ""
