"""The database into one file and back: SQLite's own online copy, or PostgreSQL's pg_dump and pg_restore."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper as SqliteDatabase

from records.backup import facts
from records.backup.places import NotDone

APT = "apt-get install postgresql-client"
# What the programs are told of the connection: through their environment, never on a command line others can read.
NAMES = {"dbname": "PGDATABASE", "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD",
         "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
         "connect_timeout": "PGCONNECT_TIMEOUT", "passfile": "PGPASSFILE", "service": "PGSERVICE"}  # fmt: skip


def shape() -> dict[str, Any]:
    """Which database this is: its kind, and for PostgreSQL the major versions of server and programs. Raises NotDone."""
    if connection.vendor == "sqlite":
        return {"vendor": "sqlite"}
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0]) // 10000
    program = min(_major("pg_dump"), _major("pg_restore"))
    if program < server:
        raise NotDone(
            f"pg_dump and pg_restore are of version {program}, older than the server ({server}): install postgresql-client-{server}."
        )
    return {"vendor": "postgresql", "server": server, "program": program}


# ---- Out ------------------------------------------------------------------------------------------------------
@contextmanager
def taken(target: Path) -> Iterator[BaseDatabaseWrapper]:
    """Write the database into `target`; gives a connection that sees exactly what went in. The portal may go on meanwhile."""
    if connection.vendor == "sqlite":
        _copy_sqlite(target)
        with closing(_opened_sqlite(target)) as copy:
            yield copy
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        without = [f"--exclude-table-data={table}" for table in facts.left_empty(connection)]
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            *without,
            "--file",
            target,
        )
        yield connection


def _copy_sqlite(target: Path) -> None:
    """One step of the online copy, so that no writer comes between; then without what must not come back to life."""
    empty = facts.left_empty(connection)
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            for table in empty:
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 -- names of our own tables
            copy.commit()
            copy.execute("PRAGMA journal_mode=DELETE")  # one file: nothing beside it
            copy.execute("VACUUM")  # what was deleted is gone from the file too
    except sqlite3.Error as error:
        raise NotDone(f"The database could not be copied: {error}.") from error


def _opened_sqlite(path: Path) -> SqliteDatabase:
    return SqliteDatabase({**connection.settings_dict, "NAME": str(path), "OPTIONS": {}}, "copy")


# ---- In -------------------------------------------------------------------------------------------------------
def refuse_other_shape(database: dict[str, Any]) -> None:
    """Raises NotDone where this portal's database cannot take the dump of that one."""
    here = shape()
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    if here["vendor"] != database["vendor"]:
        raise NotDone(
            f"The backup is of a {names.get(database['vendor'], 'foreign')} database and this portal uses {names[here['vendor']]}: "
            "set DATABASE_URL as the portal had it that was backed up."
        )
    if here["vendor"] == "postgresql" and (
        here["server"] < database["server"] or here["program"] < database["program"]
    ):
        raise NotDone(
            f"The backup is of PostgreSQL {database['server']}, written by pg_dump {database['program']}; here are server {here['server']} "
            f"and pg_restore {here['program']}: use the same or newer ones."
        )


def refuse_rows() -> None:
    """Raises NotDone unless the database is there and has no table. A SQLite file that is not there is not made."""
    path = _sqlite_file()
    if path and not path.exists():
        return
    found = _tables_of(path) if path else facts.tables(connection)
    if found:
        many = "1 table" if len(found) == 1 else f"{len(found)} tables"
        how = (
            f"move {path} and what stands beside it away"
            if path
            else "make a new, empty database and name it in DATABASE_URL"
        )
        raise NotDone(f"The database is not empty, it has {many}: {how}. Nothing was changed.")


def _tables_of(path: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as link:
            return [name for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    except sqlite3.Error as error:
        raise NotDone(f"{path} is there and cannot be read ({error}): move it away. Nothing was changed.") from error


def put_back(dump: Path) -> None:
    """Load the dump into the empty database, whole or not at all. Raises NotDone."""
    path = _sqlite_file()
    if not path:
        _run(
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--single-transaction",
            "--exit-on-error",
            "--dbname",
            _name(),
            dump,
        )
        return
    connection.close()
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    part = path.with_name(f".{path.name}.part")
    shutil.copyfile(dump, part)
    part.chmod(0o600)
    part.replace(path)


def _sqlite_file() -> Path | None:
    """The file of the SQLite database; None with PostgreSQL."""
    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None


# ---- PostgreSQL's programs ------------------------------------------------------------------------------------
def program(name: str) -> str:
    """Where a program of PostgreSQL is: Debian keeps each version's beside its server. Raises NotDone."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: _number(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise NotDone(f"The program {name} is missing on this machine. Run: {APT}")
    return found


def _number(text: str) -> float:
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else 0.0


def _major(name: str) -> int:
    said = subprocess.run([program(name), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\) (\d+)", said)
    if not found:
        raise NotDone(f"The program {name} does not say its version. Run: {APT}")
    return int(found[1])


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _environment() -> dict[str, str]:
    """What the programs see: the connection, the PG… names of our own environment, and none of our secrets."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("PG") or name in {"PATH", "HOME"}}
    wanted: Callable[[], dict[str, Any]] = connection.get_connection_params
    said = {NAMES[name]: str(value) for name, value in wanted().items() if name in NAMES and value}
    return {**kept, **said, "LC_ALL": "C.UTF-8"}


def _run(name: str, *words: Any) -> None:
    done = subprocess.run(
        [program(name), *map(str, words)],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it did not say why"]
        raise NotDone(f"{name} ended with {done.returncode}: {said[0]}")
