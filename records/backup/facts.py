"""What a database says of itself, read with plain SQL: the same for the live one, a copy, and one just restored."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.backends.base.base import BaseDatabaseWrapper

from records import sealed
from records.audit import START
from records.backup.manifest import Sample
from records.models import ChainHead, Paper, StoredFile

SAMPLES = 20  # of each sealed column: the newest rows, and those made with each key
Rows = Iterator[tuple[Any, ...]]


@dataclass(frozen=True)
class Column:
    """A column with sealed texts. `context` is empty where each is bound to its row's `seal_id`."""

    table: str
    name: str
    context: str = ""


def _asked(link: BaseDatabaseWrapper, sql: str) -> Rows:
    with link.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(2000):
            yield from rows


def tables(link: BaseDatabaseWrapper) -> list[str]:
    """Every table of the database."""
    with link.cursor() as cursor:
        return sorted(link.introspection.table_names(cursor))


def left_empty(link: BaseDatabaseWrapper) -> list[str]:
    """Tables whose rows must not come back to life: sessions, rate limits, codes that were used."""
    caches = {
        str(cache["LOCATION"]) for cache in settings.CACHES.values() if str(cache["BACKEND"]).endswith("DatabaseCache")
    }
    return sorted(({Session._meta.db_table} | caches) & set(tables(link)))


def rows(link: BaseDatabaseWrapper, without: list[str]) -> dict[str, int]:
    """How many rows each table holds."""
    counted = [table for table in tables(link) if table not in without]
    return {table: next(_asked(link, f'SELECT count(*) FROM "{table}"'))[0] for table in counted}  # noqa: S608 -- names the database gave


def migrations(link: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """The migrations a database has, by app."""
    found: dict[str, list[str]] = {}
    for app, name in _asked(link, "SELECT app, name FROM django_migrations ORDER BY app, name"):
        found.setdefault(app, []).append(name)
    return found


def trail(link: BaseDatabaseWrapper) -> dict[str, Any]:
    """Number and hash of the last line of the trail."""
    sql = f"SELECT sequence, hash FROM {ChainHead._meta.db_table} WHERE id = 1"  # noqa: S608 -- our own table
    sequence, digest = next(_asked(link, sql), (0, START))
    return {"sequence": sequence, "hash": digest}


def files(link: BaseDatabaseWrapper) -> Rows:
    """Name in a backup, SHA-256, and whether it can be made again, of each file a row names."""
    stored, paper = StoredFile._meta.db_table, Paper._meta.db_table
    for path, digest in _asked(link, f"SELECT path, sha256 FROM {stored} ORDER BY id"):  # noqa: S608 -- our own table
        yield f"files/{path}", digest, False
    pdfs = f"SELECT pdf, pdf_sha256 FROM {paper} WHERE pdf <> '' ORDER BY id"  # noqa: S608 -- our own table
    for name, digest in _asked(link, pdfs):
        yield f"papers/{name}", digest, True


# ---- Sealed texts ---------------------------------------------------------------------------------------------
def columns(link: BaseDatabaseWrapper) -> list[Column]:
    """Every column with sealed texts that this database has; it may be older than the code."""
    known = [Column(table, column, context) for table, column, context in sealed.sealed_elsewhere()]
    for model in apps.get_models():
        known += [
            Column(model._meta.db_table, str(field.column))
            for field in model._meta.local_fields
            if isinstance(field, sealed.SealedCharField)
        ]
    there: dict[str, set[str]] = {}
    with link.cursor() as cursor:
        for table in {column.table for column in known} & set(tables(link)):
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')  # noqa: S608 -- names of our own tables
            there[table] = {part[0] for part in cursor.description}
    return [column for column in known if column.name in there.get(column.table, ())]


def sealed_texts(link: BaseDatabaseWrapper, column: Column, pk: int | None = None) -> Rows:
    """Row, context and text of each sealed text of a column, or of one row's, newest first."""
    bound = "''" if column.context else "seal_id"
    only = "" if pk is None else f"WHERE id = {int(pk)}"
    sql = f'SELECT id, {bound}, "{column.name}" FROM "{column.table}" {only} ORDER BY id DESC'  # noqa: S608 -- columns of models
    for key, seal_id, value in _asked(link, sql):
        context = column.context or f"{column.table}.{column.name}.{uuid.UUID(str(seal_id))}"
        for text in sealed.TEXT.findall(str(value or "")):
            yield key, context, text


def sealed_facts(link: BaseDatabaseWrapper) -> tuple[set[str], list[Sample]]:
    """The ids of all keys that some sealed text needs, and the samples that are opened after a restore."""
    needed: set[str] = set()
    samples: list[Sample] = []
    for column in columns(link):
        taken: set[int] = set()
        of_this: set[str] = set()
        for pk, _context, text in sealed_texts(link, column):
            name = text.split(".")[1]
            if (len(taken) < SAMPLES or name not in of_this) and pk not in taken:
                taken.add(pk)
                samples.append(Sample(column.table, column.name, pk, column.context))
            of_this.add(name)
        needed |= of_this
    return needed, samples


def opened(link: BaseDatabaseWrapper, sample: Sample) -> bool:
    """Whether the sealed texts of a sample are there and open."""
    column = Column(sample.table, sample.column, sample.context)
    found = 0
    for _pk, context, text in sealed_texts(link, column, sample.pk):
        try:
            sealed.open_text(context, text)
        except sealed.CannotOpen:
            return False
        found += 1
    return found > 0
