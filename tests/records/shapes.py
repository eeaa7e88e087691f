"""A portal's processes as they run outside the tests: its environment, its database, its workers, killed and started."""

import atexit
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2

from tests.architecture.tree import ROOT
from tests.measured import measured

QUEUES = "letters,reports,mail,scans,exports"
# A worker that has started also queues what is done again and again; here it is what people ask for that counts.
ASKED = "WHERE name NOT LIKE 'applications.remind%' AND name NOT LIKE 'progress.%' AND name <> 'records.sweep'"
MAKE_TABLES = """
import django
from django.core.management import call_command
django.setup()
call_command("migrate", verbosity=0)
call_command("createcachetable")
"""  # in one process: a start of Django takes a second of work


class Shape:
    """A portal's environment and database, seen from outside."""

    def __init__(self, env: dict[str, str], connect: Callable[[], Any], *, has_tables: bool = False) -> None:
        self.env, self.connect = env, connect
        if not has_tables:
            self.said("-c", MAKE_TABLES)

    def said(self, *words: str) -> str:
        done = subprocess.run([sys.executable, *words], cwd=ROOT, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def outside(self, *words: str) -> int:
        return int(self.said("-m", "tests.records.outside", *words))

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        link = self.connect()
        try:
            cursor = link.cursor()
            cursor.execute(sql)
            rows = cursor.fetchall() if cursor.description else []
            link.commit()
        finally:
            link.close()
        return rows

    def wait(self, sql: str, expected: list[tuple[Any, ...]], seconds: float, log: Path) -> None:
        until = time.monotonic() + seconds
        while (found := self.ask(sql)) != expected:
            assert time.monotonic() < until, f"{found}\n{log.read_text()}"
            time.sleep(0.1)

    @contextmanager
    def running(self, *words: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
        """A process in a group of its own; what is left of it is ended with the block."""
        with log.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, *words], cwd=ROOT, env=self.env, stdout=out, stderr=out, start_new_session=True
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(30)

    def celery(self, log: Path, *more: str):
        words = ["-m", "celery", "-A", "mission1000", "worker", "-Q", QUEUES, *(more or ("--pool", "solo"))]
        return self.running(*words, "--include", "tests.records.outside", log=log)


def surroundings(data: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(data),
        "DJANGO_SETTINGS_MODULE": "mission1000.settings",
        "PYTHONUNBUFFERED": "1",
        **measured(),
        **more,
    }


_tables: list[str] = []  # the name of a database that has the tables and no rows: every other is a copy of it


_small: list[Path] = []  # a data folder whose database has the tables and no rows: every other is a copy of it
SQLITE = "mission1000.sqlite3"


def tables_in(data: Path) -> None:
    """A SQLite database with the tables, in an empty data folder; they are made once a run."""
    if not _small:
        first = Path(tempfile.mkdtemp(prefix="mission1000-tables-"))
        atexit.register(shutil.rmtree, first, ignore_errors=True)
        small_shape(first, has_tables=False)
        _small.append(first)
    shutil.copyfile(_small[0] / SQLITE, data / SQLITE)


def small_shape(data: Path, *, has_tables: bool = True, **more: str) -> Shape:
    """One machine: SQLite, no broker, the worker inside the web process."""
    if has_tables:
        tables_in(data)
    env = surroundings(data, EMBED="True", **more)
    return Shape(env, lambda: sqlite3.connect(data / SQLITE, timeout=20), has_tables=has_tables)


def _address(name: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def _tell_server(sql: str) -> None:
    server = psycopg2.connect(os.environ["DATABASE_URL"])
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            cursor.execute(sql)
    finally:
        server.close()


def _own_database(data: Path) -> str:
    """A database of its own on the server of this run; its tables are made once a run."""
    if not _tables:
        first = f"workers_{secrets.token_hex(4)}"
        _tell_server(f"CREATE DATABASE {first}")
        Shape(surroundings(data, DATABASE_URL=_address(first)), lambda: psycopg2.connect(_address(first)))
        _tables.append(first)
        atexit.register(_tell_server, f"DROP DATABASE {first} WITH (FORCE)")
    name = f"workers_{secrets.token_hex(4)}"
    _tell_server(f"CREATE DATABASE {name} TEMPLATE {_tables[0]}")
    return name


@contextmanager
def on_servers(data: Path, redis: str = "", **more: str) -> Iterator[Shape]:
    """PostgreSQL of this run with a database of its own, and a Redis: this run's, or the one at `redis`."""
    name = _own_database(data)
    redis = redis or urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path="/6"))
    env = surroundings(data, DATABASE_URL=_address(name), REDIS_URL=redis, **more)
    try:
        yield Shape(env, lambda: psycopg2.connect(_address(name)), has_tables=True)
    finally:
        _tell_server(f"DROP DATABASE {name} WITH (FORCE)")
