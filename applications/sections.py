"""The declared form: eight sections, what each still lacks, and how each reads. Wizard, to-do list, officer's page and PDF walk this list."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application, DocumentKind, DocumentSlot, Profile
from applications.states import DocumentState
from records.formats import day, indian, rupees
from records.sealed import mask


@dataclass(frozen=True)
class Todo:
    """One thing that is missing: where, which field, and the sentence that says what to do."""

    section: str
    field: str
    sentence: str


@dataclass(frozen=True)
class Table:
    """Rows of a section, as they are read."""

    heading: str
    columns: list[str]
    rows: list[list[str]]


@dataclass
class Facts:
    """A section as it is read: single facts, then tables."""

    pairs: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """One page of the form."""

    key: str
    title: Any
    intro: Any
    missing: Callable[[Application], list[Todo]]
    facts: Callable[[Application], Facts]


def _one(file: Application, name: str) -> Any:
    """The section's row, or an empty one where nothing was saved yet."""
    related = file._meta.get_field(name).related_model
    return getattr(file, name, None) or related(application=file)


def _asked(row: Any, section: str, names: tuple[str, ...]) -> list[Todo]:
    """A sentence for each field of `names` that is empty."""
    found = []
    for name in names:
        if getattr(row, name) in ("", None):
            label = row._meta.get_field(name).verbose_name
            found.append(Todo(section, name, _("Fill in: %(field)s.") % {"field": label}))
    return found


def _pair(row: Any, name: str, value: str = "") -> tuple[str, str]:
    show = getattr(row, f"get_{name}_display", None)
    text = value or (str(show()) if show else str(getattr(row, name) or ""))
    return str(row._meta.get_field(name).verbose_name), text


def _head(model: Any, *names: str) -> list[str]:
    return [str(model._meta.get_field(name).verbose_name) for name in names]


def _yes_no(value: bool | None) -> str:
    return "" if value is None else _("Yes") if value else _("No")


# ---- Enterprise -------------------------------------------------------------------------------------------

PROFILE_ASKED = (
    "name_en",
    "udyam_number",
    "udyam_date",
    "pan",
    "constitution",
    "sector",
    "main_products",
    "began_on",
    "address",
    "pin",
    "contact_person",
    "mobile",
    "email",
)


def _profile_missing(file: Application) -> list[Todo]:
    found = _asked(_one(file, "profile"), "enterprise", PROFILE_ASKED)
    if not list(file.activities.all()):
        found.append(Todo("enterprise", "activities", _("Add at least one NIC code from the Udyam certificate.")))
    if not list(file.plants.all()):
        found.append(Todo("enterprise", "plants", _("Add at least one place of work.")))
    return found


def _profile_facts(file: Application) -> Facts:
    row: Profile = _one(file, "profile")
    plain = (
        "name_en",
        "name_ml",
        "udyam_number",
        "constitution",
        "sector",
        "main_products",
        "address",
        "pin",
        "contact_person",
        "email",
    )
    pairs = [_pair(row, name) for name in plain]
    pairs[3:3] = [
        _pair(row, "udyam_date", day(row.udyam_date)),
        _pair(row, "pan", mask(row.pan)),
        _pair(row, "gstin", mask(row.gstin)),
        _pair(row, "began_on", day(row.began_on)),
    ]
    pairs.append(_pair(row, "mobile", mask(row.mobile)))
    activities = [[a.nic_code, a.description] for a in file.activities.all()]
    plants = [[p.name, p.address, p.pin] for p in file.plants.all()]
    return Facts(
        [(label, value) for label, value in pairs if value],
        [
            Table(_("Activities"), [_("NIC code"), _("Activity")], activities),
            Table(_("Places of work"), [_("Name of the unit"), _("Address"), _("PIN code")], plants),
        ],
    )


# ---- Ownership --------------------------------------------------------------------------------------------


def _owners_missing(file: Application) -> list[Todo]:
    owners = list(file.owners.all())
    if not owners:
        return [Todo("ownership", "owners", _("Add every owner with the share held."))]
    if sum((owner.share for owner in owners), Decimal(0)) != 100:
        return [Todo("ownership", "owners", _("The shares must add up to 100 per cent."))]
    return []


def _owners_facts(file: Application) -> Facts:
    rows = [
        [o.name, f"{o.share.normalize():f} %", str(o.get_gender_display()), str(o.get_social_category_display())]
        for o in file.owners.all()
    ]
    columns = [_("Name of the owner"), _("Share"), _("Gender"), _("Social category")]
    return Facts(tables=[Table(_("Owners"), columns, rows)])


# ---- Financials, employment -------------------------------------------------------------------------------


def _years_missing(rows: Any, file: Application, section: str, sentence: str) -> list[Todo]:
    """One sentence for each financial year of the round without its row."""
    there = {row.year for row in rows}
    return [
        Todo(section, f"year-{year}", sentence % {"year": year})
        for year in file.round.financial_years
        if year not in there
    ]


def _financials_missing(file: Application) -> list[Todo]:
    return _years_missing(
        file.financial_years.all(),
        file,
        "financials",
        _("Enter the figures for %(year)s. Where there was none, write 0."),
    )


def _financials_facts(file: Application) -> Facts:
    rows = [
        [
            y.year,
            str(y.get_status_display()),
            rupees(y.turnover_domestic),
            rupees(y.turnover_export),
            rupees(y.profit),
            rupees(y.plant_machinery),
        ]
        for y in file.financial_years.all()
    ]
    columns = [
        _("Financial year"),
        _("Kind of statement"),
        _("Domestic turnover"),
        _("Export turnover"),
        _("Net profit"),
        _("Net plant and machinery"),
    ]
    return Facts(tables=[Table(_("Financials"), columns, rows)])


def _employment_missing(file: Application) -> list[Todo]:
    return _years_missing(
        file.employment_years.all(),
        file,
        "employment",
        _("Enter the persons employed in %(year)s. Where there was none, write 0."),
    )


PERSONS = ("women_permanent", "men_permanent", "other_permanent", "women_contract", "men_contract", "other_contract")


def _employment_facts(file: Application) -> Facts:
    years = list(file.employment_years.all())
    rows = [[y.year, *(indian(getattr(y, name)) for name in PERSONS), indian(y.total)] for y in years]
    model = file._meta.get_field("employment_years").related_model
    return Facts(
        tables=[Table(_("Persons employed"), [_("Financial year"), *_head(model, *PERSONS), _("Total")], rows)]
    )


# ---- Growth plan ------------------------------------------------------------------------------------------

COSTS = ("cost_land_building", "cost_machinery", "cost_other", "cost_working_capital")
MEANS = ("means_own", "means_loan", "means_other")


def years_ahead(file: Application) -> list[str]:
    """The four financial years after the last one asked for."""
    first = int(file.round.latest_year[:4]) + 1
    return [f"{year}-{(year + 1) % 100:02d}" for year in range(first, first + 4)]


def _growth_missing(file: Application) -> list[Todo]:
    row = _one(file, "growth")
    found = _asked(row, "growth", ("plan", "markets", *COSTS, *MEANS, "new_jobs"))
    if not found and row.cost != row.means:
        sentence = _("The means of finance (%(means)s) must equal the project cost (%(cost)s).")
        found.append(Todo("growth", "means_own", sentence % {"means": rupees(row.means), "cost": rupees(row.cost)}))
    there = {year.year for year in file.growth_years.all()}
    for year in years_ahead(file):
        if year not in there:
            found.append(Todo("growth", f"year-{year}", _("Enter what you expect for %(year)s.") % {"year": year}))
    return found


def _growth_facts(file: Application) -> Facts:
    row = _one(file, "growth")
    pairs = [_pair(row, name) for name in ("plan", "markets", "technology")]
    pairs += [_pair(row, name, rupees(getattr(row, name))) for name in (*COSTS, *MEANS)]
    pairs += [(_("Project cost"), rupees(row.cost) if row.pk else ""), _pair(row, "new_jobs")]
    rows = [[y.year, rupees(y.turnover), rupees(y.exports), indian(y.jobs)] for y in file.growth_years.all()]
    columns = [_("Financial year"), _("Target turnover"), _("of which exports"), _("Persons employed")]
    return Facts([(label, value) for label, value in pairs if value], [Table(_("The next four years"), columns, rows)])


# ---- Bank, documents, declaration -------------------------------------------------------------------------


def _bank_missing(file: Application) -> list[Todo]:
    row = _one(file, "bank")
    asked = ["bank_name", "account_number", "ifsc", "loan_status", "in_insolvency", "gst_returns_filed", "other_subsidy"]
    if row.loan_status and row.loan_status != "none":
        asked.append("loan_outstanding")
    if row.loan_status == "overdue":
        asked.append("default_details")
    return _asked(row, "bank", tuple(asked))


def _bank_facts(file: Application) -> Facts:
    row = _one(file, "bank")
    pairs = [
        _pair(row, "bank_name"),
        _pair(row, "account_number", mask(row.account_number)),
        _pair(row, "ifsc"),
        _pair(row, "loan_status"),
        _pair(row, "loan_outstanding", rupees(row.loan_outstanding)),
        _pair(row, "default_details"),
        _pair(row, "in_insolvency", _yes_no(row.in_insolvency)),
        _pair(row, "gst_returns_filed", _yes_no(row.gst_returns_filed)),
        _pair(row, "other_subsidy", _yes_no(row.other_subsidy)),
        _pair(row, "licences"),
        _pair(row, "epf_esi"),
    ]
    return Facts([(label, value) for label, value in pairs if value and value != "None"])


def newest_versions(file: Application) -> dict[str, Any]:
    """The version that counts of each kind, by the kind's key."""
    slots = DocumentSlot.objects.filter(application=file).select_related("kind").prefetch_related("versions__file")
    return {slot.kind.key: slot.versions.all()[0] for slot in slots if slot.versions.all()}


def _documents_missing(file: Application) -> list[Todo]:
    there = newest_versions(file)
    bad = {DocumentState.REJECTED, DocumentState.INFECTED}
    kinds = DocumentKind.objects.filter(key__in=file.round.required_documents)
    return [
        Todo("documents", kind.key, _("Send the document: %(document)s.") % {"document": kind.name})
        for kind in kinds
        if kind.key not in there or there[kind.key].state in bad
    ]


def _documents_facts(file: Application) -> Facts:
    rows = [
        [version.slot.kind.name, version.file.name, version.file.sha256[:16], str(version.get_state_display())]
        for version in newest_versions(file).values()
    ]
    return Facts(tables=[Table(_("Documents"), [_("Document"), _("File"), _("SHA-256, first 16"), _("Status")], rows)])


def _declaration_missing(file: Application) -> list[Todo]:
    row = _one(file, "declaration")
    found = _asked(row, "declaration", ("signatory", "designation", "place"))
    if not row.true_statement:
        found.append(Todo("declaration", "true_statement", _("Declare that what you have stated is true.")))
    if not row.consent:
        found.append(Todo("declaration", "consent", _("Agree to the use of your details as the notice says.")))
    return found


def _declaration_facts(file: Application) -> Facts:
    row = _one(file, "declaration")
    pairs = [_pair(row, name) for name in ("signatory", "designation", "place")]
    if row.true_statement and row.consent:
        pairs.append((_("Declared and agreed"), _("Yes")))
    return Facts([(label, value) for label, value in pairs if value])


SECTIONS: list[Section] = [
    Section(
        "enterprise",
        gettext_lazy("Enterprise and Udyam"),
        gettext_lazy("As the Udyam certificate says it. An officer compares each line with the certificate."),
        _profile_missing,
        _profile_facts,
    ),
    Section(
        "ownership",
        gettext_lazy("Ownership"),
        gettext_lazy("Every owner, partner or shareholder with the share held. The shares add up to 100 per cent."),
        _owners_missing,
        _owners_facts,
    ),
    Section(
        "financials",
        gettext_lazy("Financials"),
        gettext_lazy(
            "Copy the figures from your statements, all sales included. An officer will compare them with the papers you upload."
        ),
        _financials_missing,
        _financials_facts,
    ),
    Section(
        "employment",
        gettext_lazy("Employment"),
        gettext_lazy("Persons employed on 31 March of each year. Write 0 where there was none."),
        _employment_missing,
        _employment_facts,
    ),
    Section(
        "growth",
        gettext_lazy("Growth plan"),
        gettext_lazy("What you will expand, what it costs, where the money comes from, and what you expect of it."),
        _growth_missing,
        _growth_facts,
    ),
    Section(
        "bank",
        gettext_lazy("Bank and compliance"),
        gettext_lazy("The account any support would be paid into, your loans, and the returns and licences you hold."),
        _bank_missing,
        _bank_facts,
    ),
    Section(
        "documents",
        gettext_lazy("Documents"),
        gettext_lazy("Six groups of papers. Each is a PDF, a JPEG or a PNG of at most 10 MB."),
        _documents_missing,
        _documents_facts,
    ),
    Section(
        "declaration",
        gettext_lazy("Declaration"),
        gettext_lazy("Who signs for the enterprise, and what is agreed to."),
        _declaration_missing,
        _declaration_facts,
    ),
]
BY_KEY = {section.key: section for section in SECTIONS}


def missing(file: Application) -> list[Todo]:
    """The one to-do list before the file can be submitted: page, button and guard share it."""
    return [todo for section in SECTIONS for todo in section.missing(file)]
