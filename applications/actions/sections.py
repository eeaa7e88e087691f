"""Save a section: one numbered revision for each change, nothing for none."""

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from applications import rules
from applications.models import (
    Activity,
    Application,
    Bank,
    Consent,
    Declaration,
    EmploymentYear,
    FinancialYear,
    Growth,
    GrowthYear,
    Owner,
    Plant,
    Profile,
    Revision,
)
from records import audit
from records.acts import act, lock_one
from records.clock import now
from records.sealed import SealedCharField, key_of, mask
from records.verdicts import Refused


class Stale(Refused):
    """The section was saved elsewhere after the page was opened; `latest` is the number it has now."""

    def __init__(self, latest: Revision) -> None:
        super().__init__(_("This page was changed elsewhere after you opened it."))
        self.latest = latest


@dataclass(frozen=True)
class Store:
    """Where a section is kept: one row, and rows under names."""

    one: type[models.Model] | None = None
    rows: tuple[tuple[str, type[models.Model]], ...] = ()


STORES: dict[str, Store] = {
    "enterprise": Store(Profile, (("activities", Activity), ("plants", Plant))),
    "ownership": Store(None, (("owners", Owner),)),
    "financials": Store(None, (("financial_years", FinancialYear),)),
    "employment": Store(None, (("employment_years", EmploymentYear),)),
    "growth": Store(Growth, (("growth_years", GrowthYear),)),
    "bank": Store(Bank),
    "declaration": Store(Declaration),
}


@act
def save_section(
    file: Application, key: str, data: dict[str, Any], *, by: Any, version: int | None = None
) -> Revision | None:
    """Write a section: `data` holds the columns of its row, and lists of columns under "activities", "owners", ….

    `version` is the revision the page was opened on; another one since raises Stale, None saves anyway. No change, no revision.
    """
    held = lock_one(Application, file.pk)
    verdict = rules.may_edit(by, held)
    if not verdict:
        raise Refused(verdict.reason)
    latest = Revision.objects.filter(application=held, section=key).order_by("-number").first()
    store = STORES[key]
    _check_years(store, data)
    before = _read(held, store)
    _write(held, store, data)
    changes = _difference(before, _read(held, store))
    if not changes:
        return None
    if version is not None and latest is not None and latest.number != version:
        raise Stale(latest)
    number = (latest.number if latest else 0) + 1
    revision = Revision.objects.create(application=held, section=key, number=number, changes=changes, by=by, at=now())
    if key == "declaration" and data.get("consent"):
        _keep_consent(held, str(data["notice_version"]), by)
    audit.record("application.save", held, by=by, data={"section": key, "revision": number, "fields": sorted(changes)})
    return revision


def _check_years(store: Store, data: dict[str, Any]) -> None:
    """The page asks each year once; whoever writes beside the page is told the same."""
    for name, _model in store.rows:
        years = [fields["year"] for fields in data.get(name, []) if "year" in fields]
        if len(years) != len(set(years)):
            raise Refused(_("Each financial year is entered once."), name)


def _write(file: Application, store: Store, data: dict[str, Any]) -> None:
    if store.one is not None:
        row = store.one._default_manager.filter(application=file).first() or store.one(application=file)
        own = {field.name for field in store.one._meta.fields} - {"id", "application", "seal_id"}
        for name in own & set(data):
            setattr(row, name, data[name])
        row.save()
    for name, model in store.rows:
        if name in data:
            model._default_manager.filter(application=file).delete()
            model._default_manager.bulk_create([model(application=file, **fields) for fields in data[name]])


def _read(file: Application, store: Store) -> dict[str, Any]:
    """The section as plain text, sealed values masked: what a revision compares and keeps."""
    found: dict[str, Any] = {}
    if store.one is not None:
        row = store.one._default_manager.filter(application=file).first()
        if row is not None:
            found |= _plain(row)
    for name, model in store.rows:
        found[name] = [_plain(row) for row in model._default_manager.filter(application=file).order_by("pk")]
    return found


def _plain(row: models.Model) -> dict[str, str]:
    plain = {}
    for column in row._meta.fields:
        if column.name in {"id", "application", "seal_id"} or column.name.endswith("_key"):
            continue
        value = getattr(row, column.name)
        text = "" if value is None else str(value)
        plain[column.name] = (
            f"{mask(text)} #{_mark(row, column.name)}" if isinstance(column, SealedCharField) and text else text
        )
    return plain


def _mark(row: models.Model, name: str) -> str:
    """A short keyed mark that changes when a sealed value changes, so that the change shows without the value."""
    return key_of(str(getattr(row, name)))[:8]


def _difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if value != before.get(name) and (value or before.get(name))
    }


def _keep_consent(file: Application, version: str, by: Any) -> None:
    if not Consent.objects.filter(application=file, version=version, by=by).exists():
        Consent.objects.create(
            application=file, notice="privacy", version=version, language=by.language, by=by, at=now()
        )
