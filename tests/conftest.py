"""Rules for every test: no network, no undefined template variables, a clean cache, triggers that let a flush through.

What belongs to one room's tests (people, rounds, files) is in that room's conftest.
"""

import gc
import ipaddress
import os
import shlex
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import TransactionTestCase
from django.utils import translation

from tests.databases import BOTH, ONCE
from tests.template_variables import Undefined


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--part 1/2`: half of the tests, the same at every run; `bin/test` gives each half to a core of its own."""
    parser.addoption("--part", default="1/1", metavar="N/OF", help="only the n-th part of the tests")


@pytest.hookimpl(trylast=True)  # pytest-randomly chooses the seed first
def pytest_configure(config: pytest.Config) -> None:
    """Only what speed and strictness ask for; everything else is the real settings."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()
    # A machine with other work is slow, not wrong: no example is timed. Examples are fresh at each run, also where CI is
    # set, and follow from the seed that pytest-randomly prints, so that a failure can be repeated.
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile(
        "fresh", deadline=None, suppress_health_check=slow, derandomize=False, database=None, print_blob=True
    )
    hypothesis.settings.load_profile("fresh")
    hypothesis.core.global_force_seed = seed_of(config)


def seed_of(config: pytest.Config) -> int | None:
    """The number from which the order of the tests and everything random in them follows; None with `-p no:randomly`."""
    seed = getattr(config.option, "randomly_seed", None)
    return seed if isinstance(seed, int) else None


def pytest_collection_finish() -> None:
    """What is loaded stays to the end: the collector leaves it alone, and looks seldom. It took a tenth of a run's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


OPEN_A_DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Say on which database a test runs (tests/databases.py); what can reach none answers alike beside every one."""
    file = item.nodeid.partition("::")[0]
    if file in BOTH:
        item.add_marker("both_databases")
    elif file in ONCE:
        item.add_marker("quicker_database")
    marked = any(item.get_closest_marker(name) for name in ("django_db", "own_database", "postgres", "browser"))
    if not marked and not OPEN_A_DATABASE & set(getattr(item, "fixturenames", ())):
        item.add_marker("no_database")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Random inside each kind, but first what rolls back, then what commits and flushes, then the browser."""
    if not on_postgres():
        kept = [item for item in items if not item.get_closest_marker("postgres")]
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("postgres")])
        items[:] = kept

    part, of = map(int, config.getoption("part").split("/"))
    others = [item for item in items if crc32(item.nodeid.encode()) % of != part - 1]
    if others:
        config.hook.pytest_deselected(items=others)
        left_out = set(others)
        items[:] = [item for item in items if item not in left_out]

    def kind(item: pytest.Item) -> int:
        if item.get_closest_marker("browser"):
            return 2
        database = item.get_closest_marker("django_db")
        commits = bool(database and database.kwargs.get("transaction"))
        fixtures = set(getattr(item, "fixturenames", ()))
        return int(commits or bool(fixtures & {"transactional_db", "live_server"}))

    items.sort(key=kind)


def on_postgres() -> bool:
    """True where this run has a PostgreSQL server."""
    return os.environ.get("DATABASE_URL", "").startswith("postgres")


def _outside(address: Any) -> bool:
    if not isinstance(address, tuple):
        return False  # a socket in the file system
    if address[0] == "localhost":
        return False
    try:
        return not ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return True


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print the commands that repeat what failed: alone, and in the order of this run."""
    failed = [report for kind in ("failed", "error") for report in terminalreporter.getreports(kind)]
    if not failed:
        return
    on = f"ON={'postgres' if on_postgres() else 'sqlite'}"
    seed = f" SEED={seed_of(config)}" if seed_of(config) is not None else ""
    terminalreporter.section("to repeat")
    for name in dict.fromkeys(report.nodeid for report in failed):
        terminalreporter.line(f"make test T={shlex.quote(name)} {on}{seed}")
    named = " ".join(config.invocation_params.args)
    terminalreporter.line(f"In the order of this run: ON and SEED as above, T={shlex.quote(named)}")


@pytest.fixture(scope="session")
def django_db_use_migrations() -> bool:
    """The tables are made from the models, in a quarter of the time; test_migrations shows that migrations make the same."""
    return False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """From here on the test database passes for a migrated one, and migrations can be read again."""
    settings.MIGRATION_MODULES = {}
    with django_db_blocker.unblock():
        recorder = MigrationRecorder(connection)
        for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations:
            recorder.record_applied(app, name)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """A connection to anywhere but this machine fails the test that tries it."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            real = getattr(socket.socket, name)

            def guarded(self: socket.socket, address: Any, real: Any = real) -> Any:
                if _outside(address):
                    pytest.fail(f"A test reached for the network: {address!r}")
                return real(self, address)

            patch.setattr(socket.socket, name, guarded)
        yield


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_triggers() -> Iterator[None]:
    """Triggers of append-only tables refuse DELETE and TRUNCATE, also to the flush that follows a test which really commits."""
    from records import appendonly  # noqa: PLC0415 -- the apps are not loaded yet when this file is

    real = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: TransactionTestCase) -> None:
        cache.clear()  # the cache's table is no model's table: the flush leaves it
        with appendonly.triggers_off():
            real(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """A page read in Malayalam leaves its language to the thread: the next test begins in the portal's own."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _no_anchor_of_another_test() -> Iterator[None]:
    """Each test has a trail of its own; what an earlier one anchored would accuse it."""
    yield
    shutil.rmtree(Path(settings.DATA_DIR) / "anchors", ignore_errors=True)


@pytest.fixture(autouse=True)
def _own_holidays() -> Iterator[None]:
    """The calendar keeps the holidays for a minute: another test's are not this one's."""
    from districts import calendar  # noqa: PLC0415 -- the apps are not loaded yet when this file is

    calendar.forget()
    yield
    calendar.forget()
