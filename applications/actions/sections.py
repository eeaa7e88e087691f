"""Save a section: one numbered revision for each change, nothing for none."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
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
    revision = write_section(held, key, data, by=by, version=version)
    if revision and key == "declaration" and data.get("consent"):
        _keep_consent(held, str(data["notice_version"]), by)
    return revision


@act
def save_sections(file: Application, told: Mapping[str, dict[str, Any]], *, by: Any) -> list[Revision]:
    """Write several sections, whatever they were before: all of them or none."""
    held = lock_one(Application, file.pk)
    verdict = rules.may_edit(by, held)
    if not verdict:
        raise Refused(verdict.reason)
    latest = {row.section: row for row in Revision.objects.filter(application=held).order_by("number")}
    made = [
        _write_section(held, key, data, latest.get(key), by=by, version=None, scope="") for key, data in told.items()
    ]
    consent = told.get("declaration", {})
    if consent.get("consent"):
        _keep_consent(held, str(consent["notice_version"]), by)
    return [revision for revision in made if revision is not None]


def write_section(
    held: Application, key: str, data: dict[str, Any], *, by: Any, version: int | None, scope: str = ""
) -> Revision | None:
    """Write, compare, number and note a change of a section of a file that is locked. Who may is asked by the act."""
    latest = Revision.objects.filter(application=held, section=key).order_by("-number").first()
    return _write_section(held, key, data, latest, by=by, version=version, scope=scope)


def _write_section(
    held: Application,
    key: str,
    data: dict[str, Any],
    latest: Revision | None,
    *,
    by: Any,
    version: int | None,
    scope: str,
) -> Revision | None:
    store = STORES[key]
    _check_years(store, data)
    row, lists = _read(held, store)
    before = _as_plain(row, lists)
    row = _filled(row, held, store, data)
    sent = {name: [_new(model, held, fields) for fields in data[name]] for name, model in store.rows if name in data}
    changes = _difference(before, _as_plain(row, {**lists, **sent}))
    if not changes:
        return None
    if version is not None and latest is not None and latest.number != version:
        raise Stale(latest)
    if row is not None and (row.pk is None or set(changes) - set(lists)):
        row.save()
    for name, model in store.rows:
        if name in sent and name in changes:
            _replace(model, lists[name], sent[name])
    number = (latest.number if latest else 0) + 1
    revision = Revision.objects.create(application=held, section=key, number=number, changes=changes, by=by, at=now())
    facts = {"section": key, "revision": number, "fields": sorted(changes)}
    audit.record("application.save", held, by=by, scope=scope, data=facts)
    return revision


def _check_years(store: Store, data: dict[str, Any]) -> None:
    """The page asks each year once; whoever writes beside the page is told the same."""
    for name, _model in store.rows:
        years = [fields["year"] for fields in data.get(name, []) if "year" in fields]
        if len(years) != len(set(years)):
            raise Refused(_("Each financial year is entered once."), name)


def _read(file: Application, store: Store) -> tuple[models.Model | None, dict[str, list[models.Model]]]:
    """A section as it is kept: its row, where there is one, and its lists of rows."""
    row = store.one._default_manager.filter(application=file).first() if store.one else None
    return row, {
        name: list(model._default_manager.filter(application=file).order_by("pk")) for name, model in store.rows
    }


def _filled(row: models.Model | None, file: Application, store: Store, data: dict[str, Any]) -> models.Model | None:
    """The section's own row with what was sent, not yet saved; None for a section of lists alone."""
    if store.one is None:
        return None
    row = row or store.one(application=file)
    own = {field.name for field in store.one._meta.fields} - {"id", "application", "seal_id"}
    for name in own & set(data):
        setattr(row, name, _as_kept(row, name, data[name]))
    return row


def _new(model: type[models.Model], file: Application, fields: dict[str, Any]) -> models.Model:
    row = model(application=file)
    for name, value in fields.items():
        setattr(row, name, _as_kept(row, name, value))
    return row


def _as_kept(row: models.Model, name: str, value: Any) -> Any:
    """A value as it will be read again: 60 of a share is 60.00."""
    column: Any = row._meta.get_field(name)
    found = column.to_python(value)
    if isinstance(column, models.DecimalField) and found is not None:
        return found.quantize(Decimal(1).scaleb(-column.decimal_places))
    return found


def _replace(model: type[models.Model], before: list[models.Model], after: list[models.Model]) -> None:
    if before:
        model._default_manager.filter(pk__in=[row.pk for row in before]).delete()
    model._default_manager.bulk_create(after)


def read_plain(file: Application, key: str) -> dict[str, Any]:
    """The section as plain text, sealed values masked: what a revision compares and keeps."""
    return _as_plain(*_read(file, STORES[key]))


def _as_plain(row: models.Model | None, lists: dict[str, list[models.Model]]) -> dict[str, Any]:
    found: dict[str, Any] = dict(_plain(row)) if row is not None else {}
    return found | {name: [_plain(one) for one in rows] for name, rows in lists.items()}


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
