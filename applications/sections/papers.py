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
    fields = [
        "bank_name",
        "account_number",
        "ifsc",
        "loan_status",
        "in_insolvency",
        "gst_returns_filed",
        "other_subsidy",
    ]
    if row.loan_status and row.loan_status != "none":
        fields.append("loan_outstanding")
    if row.loan_status == "overdue":
        fields.append("default_details")
    return asked(row, "bank", tuple(fields))


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
    return _newest(slots_of(file))


def _newest(slots: list[DocumentSlot]) -> dict[str, Any]:
    return {slot.kind.key: slot.versions.all()[0] for slot in slots if slot.versions.all()}


def slots_of(file: Application) -> list[DocumentSlot]:
    """Kinds with their versions; a page with many files has read them for all of them at once."""
    if "slots" in getattr(file, "_prefetched_objects_cache", {}):
        return list(file.slots.all())
    found = DocumentSlot.objects.filter(application=file)
    return list(found.select_related("kind").prefetch_related("versions__file"))


def documents_missing(file: Application) -> list[Todo]:
    slots = slots_of(file)
    there = _newest(slots)
    bad = {DocumentState.REJECTED, DocumentState.INFECTED}
    return [
        Todo("documents", kind.key, _("Send the document: %(document)s.") % {"document": kind.name})
        for kind in _kinds_asked(file, slots)
        if kind.key not in there or there[kind.key].state in bad
    ]


def _kinds_asked(file: Application, slots: list[DocumentSlot]) -> list[DocumentKind]:
    """What the round asks for; the database is asked only where the file has no slot for a kind."""
    keys = set(file.round.required_documents)
    kinds = [slot.kind for slot in slots if slot.kind.key in keys]
    return kinds if len(kinds) == len(keys) else list(DocumentKind.objects.filter(key__in=keys))


def documents_facts(file: Application) -> Facts:
    rows = [
        [version.slot.kind.name, version.file.name, version.file.sha256[:16]]
        for version in newest_versions(file).values()
    ]
    return Facts(tables=[Table(_("Documents"), [_("Document"), _("File"), _("SHA-256, first 16")], rows)])


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
