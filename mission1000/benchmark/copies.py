"""Copies of a pattern's rows: by the database itself where they are as the pattern, else row by row."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction

from accounts.models import User
from applications.models import Round
from mission1000.benchmark.tables import COPIED, Patterns

BATCH = 1000
Change = Callable[[dict[str, Any], int], None]  # of a copied row, in place; with its generation


def by_the_database(patterns: Patterns, model: type[models.Model], generations: int) -> int:
    """INSERT … SELECT: every row of the pattern once a generation, keys shifted. How many."""
    quote = connection.ops.quote_name
    fields = model._meta.concrete_fields
    table, columns = quote(model._meta.db_table), ", ".join(quote(field.column or "") for field in fields)
    chosen, params = patterns.rows(model).order_by().values("pk").query.sql_with_params()
    values = ", ".join(_shifted_column(patterns, field) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) "  # noqa: S608 -- names of our own tables, and numbers
            f"WITH RECURSIVE g(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM g WHERE k < {int(generations)}) "
            f"SELECT {values} FROM {table} t CROSS JOIN g WHERE t.id IN ({chosen})",
            params,
        )
        return int(cursor.rowcount)


def _shifted_column(patterns: Patterns, field: Any) -> str:
    column, target = f"t.{connection.ops.quote_name(field.column)}", field.related_model
    shifted = f"{column} + g.k * {patterns.stride}"
    if target is Round:
        cases = " ".join(f"WHEN {old} THEN {new}" for old, new in patterns.rounds.items())
        return f"CASE {column} {cases} END"
    if target is User:
        owners = ", ".join(str(key) for key in sorted(patterns.owners))
        return f"CASE WHEN {column} IN ({owners}) THEN {shifted} ELSE {column} END"
    return shifted if field.primary_key or target in COPIED else column


def shifted(patterns: Patterns, row: models.Model, generation: int) -> dict[str, Any]:
    """The columns of a copied row, sealed ones opened, keys shifted."""
    found: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if value is not None and _moves(patterns, field, value):
            value += generation * patterns.stride
        found[field.attname] = patterns.rounds[value] if field.related_model is Round and value else value
    return found


def _moves(patterns: Patterns, field: Any, value: Any) -> bool:
    if field.related_model is User:
        return value in patterns.owners
    return bool(field.primary_key or field.related_model in COPIED)


def row_by_row(patterns: Patterns, model: type[models.Model], generations: Iterable[int], change: Change) -> int:
    """Every row of the pattern once a generation, changed as its copy needs it. How many."""
    rows, made = list(patterns.rows(model)), 0
    with transaction.atomic():
        for generation in generations:
            copies = []
            for row in rows:
                values = shifted(patterns, row, generation)
                change(values, generation)
                copies.append(model(**values))
            made += len(model._default_manager.bulk_create(copies, batch_size=BATCH))
    return made


def settle(tables: Iterable[type[models.Model]]) -> None:
    """Let the database go on counting behind the copied keys, and know how much there is now."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)
        cursor.execute("ANALYZE")
