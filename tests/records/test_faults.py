"""A fault of the machine is told from a fault of the program by what the system and the databases' libraries really raise."""

import errno
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from records.faults import Fault, fault_of


def of_database(work: Callable[[], object]) -> OperationalError:
    """What Django raises where a database's library raised what `work` raises."""
    error = OperationalError("as Django says it")
    try:
        work()
    except (sqlite3.Error, psycopg2.Error) as cause:
        error.__cause__ = cause
    assert error.__cause__ is not None
    return error


def opened(path: Path, more: str = "") -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode=rwc{more}", uri=True, timeout=0, isolation_level=None)


@pytest.fixture
def place(tmp_path) -> Path:
    path = tmp_path / "one.sqlite3"
    with opened(path) as link:
        link.execute("CREATE TABLE note (text)")
    return path


def test_a_disk_that_is_full_is_one_whoever_met_it(place):
    assert fault_of(OSError(errno.ENOSPC, "No space left on device")) is Fault.DISK_FULL
    assert fault_of(OSError(errno.EDQUOT, "Disk quota exceeded")) is Fault.DISK_FULL
    link = opened(place)
    link.execute("PRAGMA max_page_count = 2")
    full = of_database(lambda: link.execute("INSERT INTO note VALUES (?)", ["x" * 100_000]))
    assert fault_of(full) is Fault.DISK_FULL


def test_a_sqlite_file_that_is_busy_cannot_be_opened_or_only_be_read_is_away(place, tmp_path):
    writer = opened(place)
    writer.execute("BEGIN IMMEDIATE")
    for work in (
        lambda: opened(place).execute("BEGIN IMMEDIATE"),
        lambda: opened(tmp_path / "no" / "folder").execute("SELECT 1"),
        lambda: opened(place, "&immutable=1").execute("INSERT INTO note VALUES ('x')"),
    ):
        assert fault_of(of_database(work)) is Fault.DATABASE_AWAY


def test_a_postgresql_that_is_not_there_is_away(closed_port):
    refused = of_database(lambda: psycopg2.connect(host="127.0.0.1", port=closed_port, connect_timeout=5))
    assert fault_of(refused) is Fault.DATABASE_AWAY
    assert fault_of(InterfaceError("connection already closed")) is Fault.DATABASE_AWAY


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("code", "fault"),
    [("53100", Fault.DISK_FULL), ("57P01", Fault.DATABASE_AWAY), ("08006", Fault.DATABASE_AWAY),
     ("53300", Fault.DATABASE_AWAY), ("40P01", None), ("55P03", None)],
)  # fmt: skip
def test_postgresql_says_by_its_code_what_it_is(db, code, fault):
    with pytest.raises(DatabaseError) as raised, connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '{code}'; END $$")
    assert raised.value.__cause__.pgcode == code
    assert fault_of(raised.value) is fault


def test_what_a_program_did_wrong_is_no_fault_of_the_machine(place):
    wrong = of_database(lambda: opened(place).execute("SELECT * FROM nothing"))
    assert [fault_of(error) for error in (wrong, ValueError("x"), OSError(errno.ENOENT, "no file"))] == [None] * 3


def test_no_room_counts_before_what_it_brought_about():
    away, full = InterfaceError("gone"), OSError(errno.ENOSPC, "No space left on device")
    away.__context__ = ValueError("on the way")
    away.__context__.__cause__ = full
    assert fault_of(away) is Fault.DISK_FULL


def test_errors_that_name_each_other_in_a_ring_are_looked_at_once():
    first, second = ValueError("one"), ValueError("two")
    first.__cause__, second.__cause__ = second, first
    assert fault_of(first) is None
