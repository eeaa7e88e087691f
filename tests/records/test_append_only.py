"""Every table that only grows has its triggers; one that is gone, switched off or made harmless is reported and made again."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from records import appendonly
from records.appendonly import Table
from tests.conftest import on_postgres

TABLES = sorted(appendonly._tables.values(), key=lambda table: table.name)
GONE, OFF, WEAK = "is missing", "is switched off", "no longer refuses as it was made"
# {name}, {table}, {word} and {refusal} are the trigger's; what is said of it; whether both triggers of the table fall.
SQLITE = {
    "dropped": ("DROP TRIGGER {name}", GONE),
    "does nothing": (
        "DROP TRIGGER {name}; CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT '{refusal}'; END",
        WEAK,
    ),
    "is never asked": (
        "DROP TRIGGER {name}; CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN 0 "
        "BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
        WEAK,
    ),
    "of another table": (
        "DROP TRIGGER {name}; CREATE TRIGGER {name} BEFORE UPDATE ON django_session "
        "BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
        GONE,
    ),
}
POSTGRES = {
    "dropped": ("DROP TRIGGER {name} ON {table}", GONE),
    "switched off": ("ALTER TABLE {table} DISABLE TRIGGER {name}", OFF),
    "off where a session copies": ("ALTER TABLE {table} ENABLE TRIGGER {name}", f"{OFF} in some sessions"),
    "does nothing": (
        "CREATE OR REPLACE FUNCTION {word}_refuse() RETURNS trigger AS "
        "$$ BEGIN RETURN NEW; /* RAISE EXCEPTION '{refusal}'; */ END $$ LANGUAGE plpgsql",
        WEAK,
    ),
    "is never asked": (
        "DROP TRIGGER {name} ON {table}; CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW WHEN (false) EXECUTE FUNCTION {word}_refuse(); ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
        WEAK,
    ),
    "of one column": (
        "DROP TRIGGER {name} ON {table}; CREATE TRIGGER {name} BEFORE UPDATE OF id OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION {word}_refuse(); ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
        WEAK,
    ),
}
WAYS = POSTGRES if on_postgres() else SQLITE


def statements(text: str) -> list[str]:
    """SQLite takes one at a time; a trigger's own body stays whole."""
    return [part.strip() for part in text.replace("; CREATE", ";;CREATE").replace("; ALTER", ";;ALTER").split(";;")]


def verified() -> str:
    """What the command prints, and how it ends where it does not end well."""
    out = StringIO()
    try:
        call_command("verify_audit", stdout=out)
    except CommandError as ended:
        return f"{out.getvalue()}{ended}"
    return out.getvalue()


def test_the_trail_the_note_sheet_visits_settlements_and_narratives_only_grow() -> None:
    assert [table.word for table in TABLES] == [
        "settlement",
        "office_note",
        "visit",
        "visit_photo",
        "narrative",
        "trail",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.word)
def test_a_harmless_trigger_is_reported(table: Table, way: str) -> None:
    template, what = WAYS[way]
    name = table.triggers[0]
    text = template.format(name=name, table=table.name, word=table.word, refusal=table.refusal)
    with connection.cursor() as cursor:
        for statement in statements(text):
            cursor.execute(statement)
    said = verified().splitlines()
    assert said[0] == f"trigger {name} {what}"
    assert said[-1].startswith("The trail is not whole: ")


@pytest.mark.django_db(transaction=True)
def test_migrate_makes_every_trigger_again() -> None:
    names = [name for table in TABLES for name in table.triggers]
    appendonly._run([statement for table in TABLES for statement in table.drop()])
    said = verified().splitlines()
    assert sorted(said[:-1]) == sorted(f"trigger {name} is missing" for name in names)
    call_command("migrate", verbosity=0)
    assert verified() == "The trail is whole: 0 events, triggers stand, anchors agree.\n"
