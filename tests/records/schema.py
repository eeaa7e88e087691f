"""What a database has of our tables, as lines that can be compared: columns, keys, constraints, indexes, triggers."""

import re

from django.db import connection

from tests.architecture.tree import ROOMS

# Tables of our models: not those of packages, nor the cache's, which a command of its own makes.
OURS = re.compile(rf"\b(?!records_cache)({'|'.join(ROOMS)})_")

POSTGRES = (
    "SELECT format('column %s.%s %s null=%s default=%s identity=%s', table_name, column_name, udt_name "
    "|| coalesce(character_maximum_length::text, '') || coalesce(numeric_precision::text, '') "
    "|| coalesce(numeric_scale::text, ''), is_nullable, column_default, is_identity) "
    "FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) "
    "FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT format('trigger %s %s', tgenabled, pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal",
)
SQLITE = ("SELECT type || ' ' || name || ' ' || sql FROM sqlite_master WHERE sql IS NOT NULL",)


def schema() -> set[str]:
    """The lines of the database this process is connected to, the same whatever order the columns were made in."""
    found = set()
    with connection.cursor() as cursor:
        for statement in POSTGRES if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)
            for (line,) in cursor.fetchall():
                found |= _parts(line) if line.startswith("table ") else {line}
    return {line for line in found if OURS.search(line)}


def _parts(table: str) -> set[str]:
    """A table of SQLite by its columns and constraints: each on a line of its own, with the table's name."""
    name = table.split(" ")[1]
    parts, depth, start = [], 0, table.index("(") + 1
    for place, sign in enumerate(table[start:], start):
        depth += (sign == "(") - (sign == ")")
        if (sign == "," and depth == 0) or depth < 0:
            parts.append(table[start:place].strip())
            start = place + 1
    return {f"{name}: {part}" for part in parts}
