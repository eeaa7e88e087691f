"""A live portal for the browser: its own database, its own worker, its own folder, on a free port of loopback."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
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
PASSWORD = "mission-1000-demo"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder drives a real browser."""
    for item in items:
        if Path(__file__).parent in Path(str(item.fspath)).parents:
            item.add_marker(pytest.mark.browser)


def chromium() -> str:
    """Where Debian's browser is; the test fails, never passes silently, where it is missing."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.fail("Chromium is missing: apt-get install chromium", pytrace=False)
    return found


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {"executable_path": chromium(), "args": CHROMIUM_FLAGS, "headless": True}


class Portal:
    """Addresses, commands and people of one running portal."""

    def __init__(self, base: str, env: dict[str, str]) -> None:
        self.base = base
        self.env = env
        self.data = Path(env["DATA_DIR"])
        self._used: dict[str, str] = {}

    def manage(self, *words: str) -> str:
        """Run a management command against this portal's database; what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=180
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def code(self, email: str) -> str:
        """A second-factor code that was not used yet (each works once in 30 s)."""
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            code = self.manage("demo_code", email).split()[-1]
            if code != self._used.get(email):
                self._used[email] = code
                return code
            time.sleep(1)
        raise AssertionError("no fresh code")

    def mails(self) -> list[str]:
        """The text of every mail sent so far, oldest first."""
        files = sorted((self.data / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime)
        return [file.read_text() for file in files]


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
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} did not answer\n{log.read_text()}")


PREPARE = (
    ["migrate", "-v0"],
    ["createcachetable"],
    ["load_reference"],
    ["collectstatic", "--noinput", "-v0"],
    ["demo", "--applications", "0"],
)
QUEUES = "letters,reports,mail,scans,exports"


def surroundings(data: Path, port: int) -> dict[str, str]:
    """The environment of a portal: embedded, or with its own database and Redis of the test run."""
    env = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(data),
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "EMBED": "True",
        "PYTHONUNBUFFERED": "1",
    }
    database, redis = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if database.startswith("postgres") and redis:
        separate = {
            "DATABASE_URL": own_database(database),
            "REDIS_URL": urlunsplit(urlsplit(redis)._replace(path="/5")),
        }
        env |= {**separate, "EMBED": "False"}
    return env


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A portal with reference data and the demonstration's people, served by gunicorn, with a real worker."""
    data = tmp_path_factory.mktemp("portal")
    port = free_port()
    running = Portal(f"http://localhost:{port}", surroundings(data, port))
    for words in PREPARE:
        running.manage(*words)
    python = [sys.executable, "-m"]
    log = data / "web.log"
    processes = [_start([*python, "gunicorn", "mission1000.wsgi", "-b", f"127.0.0.1:{port}"], running.env, log)]
    if running.env["EMBED"] == "False":
        worker = [*python, "celery", "-A", "mission1000", "worker", "-c", "1", "-Q", QUEUES]
        processes.append(_start(worker, running.env, data / "worker.log"))
    try:
        wait_for(f"{running.base}/healthz", processes[0], log)
        yield running
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=20)


def _start(words: list[str], env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(words, cwd=ROOT, env=env, stdout=log.open("wb"), stderr=subprocess.STDOUT)


class Visitor:
    """One browser window: a person with their own cookies."""

    def __init__(self, portal: Portal, page: Page) -> None:
        self.portal = portal
        self.page = page

    def go(self, address: str) -> "Visitor":
        answer = self.page.goto(self.portal.base + address)
        assert answer is not None
        assert answer.status < 500, (address, answer.status)
        return self

    def sign_in(self, email: str, password: str = PASSWORD) -> "Visitor":
        """Password, and the second factor where the post asks for one."""
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        self.press()
        if "/2fa/" in self.page.url:
            self.page.fill("input[name=code]", self.portal.code(email))
            self.press()
        return self

    def press(self, selector: str = "main form button.btn-primary") -> None:
        """Press a button and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    @property
    def text(self) -> str:
        return self.page.inner_text("main")


@pytest.fixture
def visitors(portal: Portal, browser: Browser) -> Iterator["Visitors"]:
    made = Visitors(portal, browser)
    yield made
    made.close()


class Visitors:
    """Opens windows, one for each person."""

    def __init__(self, portal: Portal, browser: Browser) -> None:
        self._portal = portal
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def new(self, *, javascript: bool = True, width: int = 1280) -> Visitor:
        context = self._browser.new_context(java_script_enabled=javascript, viewport={"width": width, "height": 900})
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        return Visitor(self._portal, context.new_page())

    def close(self) -> None:
        for context in self._contexts:
            context.close()
