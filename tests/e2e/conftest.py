"""A live portal for the browser: its own database, its own worker, its own folder, on a free port of loopback."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from playwright.sync_api import Browser

from tests.e2e.portal import BackRoom, Portal
from tests.e2e.skeleton import Shown
from tests.e2e.visitor import Profiles, Visitors
from tests.records.shapes import tables_in

ROOT = Path(__file__).resolve().parents[2]
START = 180  # seconds until a portal answers, with other work on both cores
CHROMIUM = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Every test in this folder drives a real browser."""
    item.add_marker(pytest.mark.browser)


def chromium() -> str:
    """Where Debian's browser is; the test fails, never passes silently, where it is missing.

    The one without a window (apt-get install chromium-headless-shell) shows the same pages for half of the work.
    """
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        pytest.fail("Chromium is missing: apt-get install chromium", pytrace=False)
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {"executable_path": chromium(), "args": CHROMIUM_FLAGS, "headless": True}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def own_database(url: str) -> str:
    """Make a database of its own on the server behind `url`; its address."""
    name = f"browser_{secrets.token_hex(4)}"
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    connection.close()
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} did not answer\n{log.read_text()}")


QUEUES = "letters,reports,mail,scans,exports"


def surroundings(data: Path, port: int, *, separate: bool) -> dict[str, str]:
    """The environment of a portal: embedded, or (`separate`) with its own database and Redis of the test run."""
    env = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(data),
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "EMBED": "True",
        "PYTHONUNBUFFERED": "1",
    }
    database, redis = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if separate and database.startswith("postgres") and redis:
        places = {"DATABASE_URL": own_database(database), "REDIS_URL": urlunsplit(urlsplit(redis)._replace(path="/5"))}
        env |= {**places, "EMBED": "False"}
    return env


@contextmanager
def running_portal(data: Path, static: Path, *, applications: int, separate: bool = False) -> Iterator[Portal]:
    """A portal with reference data and the demonstration, served by gunicorn, with a real worker; stopped at the end."""
    port = free_port()
    env = surroundings(data, port, separate=separate)
    small = env["EMBED"] == "True"
    if small:
        tables_in(data)
    log, python = data / "web.log", [sys.executable, "-m"]
    processes = []
    with BackRoom(env, data / "backroom.log") as room:
        running = Portal(f"http://localhost:{port}", data, room)
        room.do("acts.prepare", applications, str(static), has_tables=small)
        try:
            processes.append(_start([*python, "gunicorn", "mission1000.wsgi", "-b", f"127.0.0.1:{port}"], env, log))
            if not small:
                worker = [*python, "celery", "-A", "mission1000", "worker", "-c", "1", "-Q", QUEUES]
                processes.append(_start(worker, env, data / "worker.log"))
            wait_for(f"{running.base}/healthz", processes[0], log)
            yield running
        finally:
            _stop(processes)


@pytest.fixture(scope="session")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first portal collects the static files; the others serve the same."""
    return tmp_path_factory.mktemp("static")


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory, static: Path) -> Iterator[Portal]:
    """A portal with the demonstration's people and no file yet."""
    with running_portal(tmp_path_factory.mktemp("portal"), static, applications=0, separate=True) as portal:
        yield portal


def _start(words: list[str], env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        return subprocess.Popen(words, cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """Nothing of a portal is wanted after its last test: its children go with it, also one in the middle of a paper."""
    for process in processes:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Profiles:
    return Profiles(browser)


@pytest.fixture
def visitors(portal: Portal, profiles: Profiles) -> Iterator[Visitors]:
    made = Visitors(portal, profiles)
    yield made
    made.close()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, static: Path) -> Iterator[Portal]:
    """A portal with the demonstration's files in every state."""
    with running_portal(tmp_path_factory.mktemp("filled"), static, applications=28) as portal:
        yield portal


@pytest.fixture
def guests(filled: Portal, profiles: Profiles) -> Iterator[Visitors]:
    made = Visitors(filled, profiles)
    yield made
    made.close()


@pytest.fixture(scope="session")
def shown(request: pytest.FixtureRequest) -> Iterator[dict[str, Shown]]:
    """What the browser was shown in each language; kept after the run in `.pytest_cache/v/seen/`."""
    seen = {language: Shown() for language in ("en", "ml")}
    yield seen
    if cache := request.config.cache:
        for language, what in seen.items():
            cache.set(f"seen/{language}", what.how)
