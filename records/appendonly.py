"""Tables that only grow: the database itself refuses to change, replace or take away a row.

A room marks its model with `append_only`; triggers are made anew after every migrate, since SQLite drops them when it
rebuilds a table, and `verify_audit` reports one that is missing, switched off, or no longer refuses.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection, models

M = TypeVar("M", bound=type[models.Model])
ENDINGS = {"sqlite": ("no_update", "no_delete", "no_replace"), "postgresql": ("no_change", "no_truncate")}
STANDING = {
    # The second column: whether it is on (A: always). The third: what it does, word for word; on PostgreSQL also when it is called (tgtype
    # counts row 1, before 2, delete 8, update 16, truncate 32) and that no condition or column keeps it from being called.
    "sqlite": "SELECT name, 'A', sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
    "postgresql": "SELECT tgname, tgenabled::text, "
    "CASE WHEN tgqual IS NULL AND tgattr::text = '' THEN tgtype || prosrc ELSE '' END "
    "FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid WHERE tgrelid = %s::regclass AND NOT tgisinternal",
}


@dataclass(frozen=True)
class Table:
    """One table that only grows.

    `word` begins the names of its triggers, `refusal` is what the database answers, `same` are the columns of each key
    that is unique beside `id`: a row with the same ones would replace the old row.
    """

    name: str
    word: str
    refusal: str
    same: tuple[tuple[str, ...], ...]

    @property
    def triggers(self) -> tuple[str, ...]:
        return tuple(f"{self.word}_{ending}" for ending in ENDINGS[connection.vendor])

    def drop(self) -> list[str]:
        """The statements that take its triggers away."""
        where = "" if connection.vendor == "sqlite" else f" ON {self.name}"
        return [f"DROP TRIGGER IF EXISTS {name}{where}" for name in self.triggers]

    def make(self) -> list[str]:
        """The statements that make its triggers."""
        if connection.vendor == "sqlite":
            # INSERT OR REPLACE takes the old row away without asking the DELETE trigger.
            keys = [("id",), *self.same]
            found = " OR ".join(" AND ".join(f"{column} = NEW.{column}" for column in key) for key in keys)
            same = f"WHEN EXISTS (SELECT 1 FROM {self.name} WHERE {found})"  # noqa: S608 -- names of our own tables
            return [
                f"CREATE TRIGGER {self.word}_{ending} BEFORE {event} ON {self.name} {when} "
                f"BEGIN SELECT RAISE(ABORT, '{self.refusal}'); END"
                for ending, event, when in zip(
                    ENDINGS["sqlite"], ("UPDATE", "DELETE", "INSERT"), ("", "", same), strict=True
                )
            ]
        # ALWAYS: they stand also in a session that says it only copies another server's rows.
        always = [f"ALTER TABLE {self.name} ENABLE ALWAYS TRIGGER {name}" for name in self.triggers]
        return [
            f"CREATE OR REPLACE FUNCTION {self.word}_refuse() RETURNS trigger AS $${self._body}$$ LANGUAGE plpgsql",
            f"CREATE TRIGGER {self.word}_no_change BEFORE UPDATE OR DELETE ON {self.name} "
            f"FOR EACH ROW EXECUTE FUNCTION {self.word}_refuse()",
            f"CREATE TRIGGER {self.word}_no_truncate BEFORE TRUNCATE ON {self.name} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {self.word}_refuse()",
            *always,
        ]

    @property
    def _body(self) -> str:
        return f" BEGIN RAISE EXCEPTION '{self.refusal}'; END "

    def _as_made(self) -> dict[str, str]:
        """What the database says of each of its triggers as long as nobody touched it."""
        if connection.vendor == "sqlite":
            return dict(zip(self.triggers, self.make(), strict=True))
        return dict(zip(self.triggers, (f"{kind}{self._body}" for kind in (1 + 2 + 8 + 16, 2 + 32)), strict=True))

    def fallen(self) -> dict[str, str]:
        """Its triggers that do not stand as they were made, each with what is wrong."""
        with connection.cursor() as cursor:
            cursor.execute(STANDING[connection.vendor], [self.name])
            found = {name: (on, does) for name, on, does in cursor.fetchall()}
        wrong = {}
        for name, does in self._as_made().items():
            if name not in found:
                wrong[name] = "is missing"
            elif found[name][0] != "A":
                wrong[name] = "is switched off" if found[name][0] == "D" else "is switched off in some sessions"
            elif found[name][1] != does:
                wrong[name] = "no longer refuses as it was made"
        return wrong


_tables: dict[str, Table] = {}


def append_only(word: str, refusal: str, *same: tuple[str, ...]) -> Callable[[M], M]:
    """Mark a model: its rows are written once and stay. The parts are those of `Table`."""

    def mark(model: M) -> M:
        name = model._meta.db_table
        _tables[name] = Table(name, word, refusal, same)
        return model

    return mark


def _there() -> list[Table]:
    """Those marked whose table exists: a database may be migrated back."""
    names = set(connection.introspection.table_names())
    return [table for table in _tables.values() if table.name in names]


def _run(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def install_triggers() -> None:
    """Make every marked table append-only. Run after every migrate; harmless when run again."""
    for table in _there():
        _run([*table.drop(), *table.make()])


def fallen_triggers() -> dict[str, str]:
    """Triggers of any marked table that are missing, switched off, or not as they were made: what is wrong, by name."""
    return {name: what for table in _there() for name, what in table.fallen().items()}


def missing_triggers() -> list[str]:
    """Names of triggers of any marked table that do not stand as they should."""
    return list(fallen_triggers())


@contextmanager
def triggers_off() -> Iterator[None]:
    """Take the triggers away and put them back: only for tests that empty their tables or forge a row."""
    for table in _there():
        _run(table.drop())
    try:
        yield
    finally:
        install_triggers()
