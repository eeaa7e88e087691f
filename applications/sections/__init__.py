"""The declared form: eight sections, what each still lacks, and how each reads. Wizard, to-do list, officer's page and PDF walk this list."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext_lazy

from applications.models import Application, DocumentSlot
from applications.sections.enterprise import owners_facts, owners_missing, profile_facts, profile_missing
from applications.sections.figures import (
    employment_facts,
    employment_missing,
    financials_facts,
    financials_missing,
    growth_facts,
    growth_missing,
    years_ahead,
)
from applications.sections.openable import Openable, left_alone, openable
from applications.sections.papers import (
    bank_facts,
    bank_missing,
    declaration_facts,
    declaration_missing,
    documents_facts,
    documents_missing,
    newest_versions,
    slots_of,
)
from applications.sections.parts import Facts, Section, Table, Todo

__all__ = [
    "BY_KEY",
    "SECTIONS",
    "SECTIONS_OF_ONE_ROW",
    "Facts",
    "Openable",
    "Section",
    "Table",
    "Todo",
    "left_alone",
    "missing",
    "newest_versions",
    "openable",
    "read_once",
    "slots_of",
    "years_ahead",
]

SECTIONS: list[Section] = [
    Section(
        "enterprise",
        gettext_lazy("Enterprise and Udyam"),
        gettext_lazy("As the Udyam certificate says it. An officer compares each line with the certificate."),
        profile_missing,
        profile_facts,
    ),
    Section(
        "ownership",
        gettext_lazy("Ownership"),
        gettext_lazy("Every owner, partner or shareholder with the share held. The shares add up to 100 per cent."),
        owners_missing,
        owners_facts,
    ),
    Section(
        "financials",
        gettext_lazy("Financials"),
        gettext_lazy(
            "Copy the figures from your statements, all sales included. An officer will compare them with the papers you upload."
        ),
        financials_missing,
        financials_facts,
    ),
    Section(
        "employment",
        gettext_lazy("Employment"),
        gettext_lazy("Persons employed on 31 March of each year. Write 0 where there was none."),
        employment_missing,
        employment_facts,
    ),
    Section(
        "growth",
        gettext_lazy("Growth plan"),
        gettext_lazy("What you will expand, what it costs, where the money comes from, and what you expect of it."),
        growth_missing,
        growth_facts,
    ),
    Section(
        "bank",
        gettext_lazy("Bank and compliance"),
        gettext_lazy("The account any support would be paid into, your loans, and the returns and licences you hold."),
        bank_missing,
        bank_facts,
    ),
    Section(
        "documents",
        gettext_lazy("Documents"),
        gettext_lazy("Six groups of papers. Each is a PDF, a JPEG or a PNG of at most 10 MB."),
        documents_missing,
        documents_facts,
    ),
    Section(
        "declaration",
        gettext_lazy("Declaration"),
        gettext_lazy("Who signs for the enterprise, and what is agreed to."),
        declaration_missing,
        declaration_facts,
    ),
]
BY_KEY = {section.key: section for section in SECTIONS}


def missing(file: Application) -> list[Todo]:
    """The one to-do list before the file can be submitted: page, button and guard share it."""
    return [todo for section in SECTIONS for todo in section.missing(file)]


SECTIONS_OF_ONE_ROW = ("profile", "bank", "growth", "declaration")
LISTS = ("activities", "plants", "owners", "financial_years", "employment_years", "growth_years")


@contextmanager
def read_once(file: Application) -> Iterator[None]:
    """Let everything that is asked of the sections inside read them once; afterwards they are read anew.

    For an act that has locked the file, and for a page that asks the sections several things.
    """
    slots = DocumentSlot.objects.select_related("kind").prefetch_related("versions__file")
    prefetch_related_objects([file], *LISTS, Prefetch("slots", slots))
    try:
        yield
    finally:
        for name in (*LISTS, "slots"):
            file._prefetched_objects_cache.pop(name, None)  # type: ignore[attr-defined] # Django's own name for it
