"""The portal as it stands in production, on loopback: PRODUCTION=True behind a proxy, gunicorn with its own file,
PostgreSQL, Redis, Celery workers, beat, and a mail server that takes what it is sent.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from aiosmtpd.controller import Controller

from tests import static_files
from tests.architecture.tree import ROOT
from tests.drills.size import FULL
from tests.measured import measured

HOST = "portal.example"
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable")
call_command("load_reference")
"""
WORKER = ("celery", "-A", "mission1000", "worker")
# docker-compose.yml gives each queue a worker of its own; here those with little to do share one.
WORKERS = (
    {
        "letters": (*WORKER, "-Q", "letters", "-c", "1", "-n", "letters@here"),
        "mail": (*WORKER, "-Q", "mail,reports,scans,exports", "-c", "2", "-n", "mail@here"),
        "beat": ("celery", "-A", "mission1000", "beat"),
    }
    if FULL
    else {"all": (*WORKER, "-Q", "letters,mail,reports,scans,exports", "-c", "1", "-B")}
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _yield_to_others(session: int, nice: int) -> None:
    """Where the kernel shares the machine out among sessions, `nice` counts inside one only: say it of the session too.

    docker-compose.yml says the same of its containers (cpu_shares).
    """
    with suppress(OSError):  # no such kernel
        Path(f"/proc/{session}/autogroup").write_text(str(nice))


class Mailbox:
    """A mail server: the Message-ID of everything it took."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        head = envelope.content.partition(b"\r\n\r\n")[0].decode("ascii", "replace")
        self.taken += [line for line in head.split("\r\n") if line.lower().startswith("message-id:")]
        return "250 OK"


class Production:
    """Its environment, folder, port and database."""

    def __init__(self, data: Path, database: str, redis: str, mailbox: Mailbox, mail_port: int) -> None:
        self.data, self.port, self.mailbox, self.database = data, free_port(), mailbox, database
        self.running: dict[str, int] = {}  # the session of each process that was started, by its name
        self.env = {
            "PATH": os.environ["PATH"],
            **measured(),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "mission1000.settings",
            "PRODUCTION": "True",
            "SITE_OWNER": "A drill",
            "SITE_URL": f"https://{HOST}",
            "ALLOWED_HOSTS": HOST,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "KEY_RING": f"k1:{secrets.token_urlsafe(32)}",
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "SCANNER": "off",
            "TRUSTED_PROXY": "127.0.0.1",
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "WEB_WORKERS": "2",
            "DATA_DIR": str(data),
        }

    def said(self, *words: str, seconds: float = 900) -> str:
        """Run another process of the portal to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=seconds
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
        return done.stdout.strip()

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Another process of the portal, whose output is read by whoever started it."""
        return subprocess.Popen([sys.executable, *words], cwd=ROOT, env=self.env, stdout=subprocess.PIPE, text=True)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows, from a connection of our own."""
        link = psycopg2.connect(self.database)
        try:
            with link, link.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()
        finally:
            link.close()

    def number(self, sql: str) -> int:
        return int(self.ask(sql)[0][0])

    def worked(self, name: str) -> int:
        """Seconds of CPU of a process that runs, and of those it started."""
        said = subprocess.run(
            ["ps", "-o", "cputimes=", "-s", str(self.running[name])], capture_output=True, text=True, check=True
        )
        return sum(map(int, said.stdout.split()))

    @contextmanager
    def process(self, name: str, words: tuple[str, ...], *, nice: int = 0) -> Iterator[subprocess.Popen[bytes]]:
        """One process of the portal in a group of its own, ended with the block; its log is `<name>.log`."""
        polite = ("nice", "-n", str(nice)) if nice else ()
        with (self.data / f"{name}.log").open("ab") as out:
            running = subprocess.Popen(
                [*polite, sys.executable, "-m", *words], cwd=ROOT, env=self.env, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
        self.running[name] = running.pid
        if nice:
            _yield_to_others(running.pid, nice)
        try:
            yield running
        finally:
            running.terminate()
            try:
                running.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait(20)

    def wait(self, what: str, sql: str, seconds: float) -> None:
        """Until the first column of the first row is true."""
        until = time.monotonic() + seconds
        while not self.ask(sql)[0][0]:
            assert time.monotonic() < until, f"{what}: not within {seconds} seconds"
            time.sleep(0.5)


@contextmanager
def own_database(like: str = "") -> Iterator[str]:
    """A database of its own on the server of the run, taken away afterwards; a copy of `like`, to save time."""
    url, name = os.environ["DATABASE_URL"], f"drill_{secrets.token_hex(4)}"
    server = psycopg2.connect(url)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {like}" if like else ""))
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        with server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        server.close()


@contextmanager
def production(data: Path, *, like: str = "") -> Iterator[Production]:
    """A portal with tables, reference data and static files; nothing runs yet. `like`: a database with tables."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    redis = urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path="/9"))
    try:
        with own_database(like) as database:
            portal = Production(data, database, redis, mailbox, controller.port)
            static_files.lay_in(data)
            portal.said("manage.py", "shell", "-v0", "-c", PREPARE)
            yield portal
    finally:
        controller.stop()


@contextmanager
def served(portal: Production) -> Iterator[None]:
    """Web processes, workers and beat, up and answering."""
    with ExitStack() as stack:
        web = stack.enter_context(portal.process("web", ("gunicorn", "mission1000.wsgi")))
        for name, words in WORKERS.items():
            stack.enter_context(portal.process(name, words, nice=10 if name == "letters" else 0))
        until = time.monotonic() + 180
        while "Listening at" not in (log := (portal.data / "web.log").read_text()):
            assert web.poll() is None, log
            assert time.monotonic() < until, log
            time.sleep(0.2)
        portal.wait("a worker", "SELECT count(*) > 0 FROM records_workerbeat", 180)
        yield
