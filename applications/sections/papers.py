"""The last three sections: bank and compliance, documents, declaration."""

from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, DocumentKind, DocumentSlot
from applications.sections.parts import Facts, Table, Todo, asked, one, pair, yes_no
from applications.states import DocumentState
from records.formats import rupees
from records.sealed import mask


def bank_missing(file: Application) -> list[Todo]:
    row = one(file, "bank")
    asked = [
        "bank_name",
        "account_number",
        "ifsc",
        "loan_status",
        "in_insolvency",
        "gst_returns_filed",
        "other_subsidy",
    ]
    if row.loan_status and row.loan_status != "none":
        asked.append("loan_outstanding")
    if row.loan_status == "overdue":
        asked.append("default_details")
    return asked(row, "bank", tuple(asked))


def bank_facts(file: Application) -> Facts:
    row = one(file, "bank")
    pairs = [
        pair(row, "bank_name"),
        pair(row, "account_number", mask(row.account_number)),
        pair(row, "ifsc"),
        pair(row, "loan_status"),
        pair(row, "loan_outstanding", rupees(row.loan_outstanding)),
        pair(row, "default_details"),
        pair(row, "in_insolvency", yes_no(row.in_insolvency)),
        pair(row, "gst_returns_filed", yes_no(row.gst_returns_filed)),
        pair(row, "other_subsidy", yes_no(row.other_subsidy)),
        pair(row, "licences"),
        pair(row, "epf_esi"),
    ]
    return Facts([(label, value) for label, value in pairs if value and value != "None"])


def newest_versions(file: Application) -> dict[str, Any]:
    """The version that counts of each kind, by the kind's key."""
    slots = DocumentSlot.objects.filter(application=file).select_related("kind").prefetch_related("versions__file")
    return {slot.kind.key: slot.versions.all()[0] for slot in slots if slot.versions.all()}


def documents_missing(file: Application) -> list[Todo]:
    there = newest_versions(file)
    bad = {DocumentState.REJECTED, DocumentState.INFECTED}
    kinds = DocumentKind.objects.filter(key__in=file.round.required_documents)
    return [
        Todo("documents", kind.key, _("Send the document: %(document)s.") % {"document": kind.name})
        for kind in kinds
        if kind.key not in there or there[kind.key].state in bad
    ]


def documents_facts(file: Application) -> Facts:
    rows = [
        [version.slot.kind.name, version.file.name, version.file.sha256[:16], str(version.get_state_display())]
        for version in newest_versions(file).values()
    ]
    return Facts(tables=[Table(_("Documents"), [_("Document"), _("File"), _("SHA-256, first 16"), _("Status")], rows)])


def declaration_missing(file: Application) -> list[Todo]:
    row = one(file, "declaration")
    found = asked(row, "declaration", ("signatory", "designation", "place"))
    if not row.true_statement:
        found.append(Todo("declaration", "true_statement", _("Declare that what you have stated is true.")))
    if not row.consent:
        found.append(Todo("declaration", "consent", _("Agree to the use of your details as the notice says.")))
    return found


def declaration_facts(file: Application) -> Facts:
    row = one(file, "declaration")
    pairs = [pair(row, name) for name in ("signatory", "designation", "place")]
    if row.true_statement and row.consent:
        pairs.append((_("Declared and agreed"), _("Yes")))
    return Facts([(label, value) for label, value in pairs if value])
