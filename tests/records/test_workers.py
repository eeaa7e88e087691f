"""Real workers in processes of their own: embedded, Celery on Redis, and one that is killed in the middle of a PDF."""

import hashlib
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from tests.architecture.tree import ROOT

QUEUES = "letters,reports,mail,scans,exports"


class Shape:
    """A portal's environment and database, seen from outside."""

    def __init__(self, env: dict[str, str], connect: Callable[[], Any]) -> None:
        self.env, self.connect = env, connect
        self.said("manage.py", "migrate", "-v0")
        self.said("manage.py", "createcachetable")

    def said(self, *words: str) -> str:
        done = subprocess.run([sys.executable, *words], cwd=ROOT, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def outside(self, verb: str) -> int:
        return int(self.said("-m", "tests.records.outside", verb))

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

    def celery(self, log: Path):
        words = ["-m", "celery", "-A", "mission1000", "worker", "--pool", "solo", "-Q", QUEUES]
        return self.running(*words, "--include", "tests.records.outside", log=log)


def surroundings(data: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(data),
        "DJANGO_SETTINGS_MODULE": "mission1000.settings",
        "PYTHONUNBUFFERED": "1",
        **more,
    }


@pytest.fixture
def small(tmp_path) -> Shape:
    """One machine: SQLite, no broker, the worker inside the web process."""
    return Shape(
        surroundings(tmp_path, EMBED="True"), lambda: sqlite3.connect(tmp_path / "mission1000.sqlite3", timeout=20)
    )


@pytest.fixture
def large(tmp_path) -> Iterator[Shape]:
    """PostgreSQL and Redis of this run, with a database of its own."""
    url, name = os.environ["DATABASE_URL"], f"workers_{secrets.token_hex(4)}"
    server = psycopg2.connect(url)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    own = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    redis = urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path="/6"))
    yield Shape(surroundings(tmp_path, DATABASE_URL=own, REDIS_URL=redis), lambda: psycopg2.connect(own))
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


JOBS = "SELECT state, attempts FROM records_job ORDER BY id"
WAITED = "SELECT (julianday(started_at) - julianday(created_at)) * 86400 FROM records_job"


@pytest.mark.browser  # a live portal, like the browser's: once is enough
def test_a_job_that_another_process_wrote_starts_within_three_seconds(small, tmp_path):
    log = tmp_path / "log"
    serve = "import mission1000.wsgi, time; time.sleep(120)"
    with small.running("-c", serve, log=log):
        small.wait("SELECT name FROM records_workerbeat", [("embedded",)], 60, log)
        small.outside("mail")
        small.wait(JOBS, [("ready", 1)], 30, log)
    ((waited,),) = small.ask(WAITED)
    assert waited <= 3
    (file,) = (tmp_path / "mail").iterdir()
    assert b"Subject: Title" in file.read_bytes()


@pytest.mark.postgres
def test_a_celery_worker_on_redis_is_nudged_and_does_the_job(large, tmp_path):
    log = tmp_path / "log"
    with large.celery(log):
        large.wait("SELECT name FROM records_workerbeat", [("celery",)], 60, log)
        large.outside("mail")
        large.wait(JOBS, [("ready", 1)], 30, log)
    assert large.ask("SELECT state, sent_at IS NULL FROM records_message") == [("ready", False)]


@pytest.mark.prints
@pytest.mark.postgres
def test_a_worker_killed_in_the_middle_of_a_pdf_leaves_one_whole_paper(large, tmp_path):
    log = tmp_path / "log"
    papers = tmp_path / "papers"
    large.outside("long")
    with large.celery(log) as worker:
        large.outside("sweep")
        large.wait(JOBS, [("running", 1)], 60, log)
        large.wait("SELECT state FROM records_paper", [("running",)], 20, log)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert (large.ask(JOBS), papers.exists()) == ([("running", 1)], False)
    large.ask("UPDATE records_job SET heartbeat_at = heartbeat_at - interval '61 seconds'")
    with large.celery(log):
        large.outside("sweep")
        large.wait(JOBS, [("ready", 2)], 110, log)
    ((state, pdf, digest),) = large.ask("SELECT state, pdf, pdf_sha256 FROM records_paper")
    (file,) = papers.iterdir()
    assert (state, file.name, hashlib.sha256(file.read_bytes()).hexdigest()) == ("ready", pdf, digest)
    assert subprocess.run(["qpdf", "--check", file], capture_output=True).returncode == 0
