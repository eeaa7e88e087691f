"""A small portal that is backed up, and empty places into which it comes back: for test_backup.py and the drill."""

import hashlib
import io
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.apps import apps
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import override_settings

from tests.architecture.tree import ROOT
from tests.conftest import on_postgres
from tests.measured import measured

ARGON2 = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # another process does not know the tests' fast one
RING = {"k1": "first-" + "1" * 40, "k2": "second-" + "2" * 40}
OLD_RING, NEW_RING = f"k1:{RING['k1']}", f"k2:{RING['k2']},k1:{RING['k1']}"


@contextmanager
def kept_in(data: Path, ring: str = NEW_RING) -> Iterator[None]:
    """The portal of this process keeps its files in `data`."""
    with override_settings(DATA_DIR=data, MEDIA_ROOT=data / "files", KEY_RING=ring, PASSWORD_HASHERS=ARGON2):
        yield


@contextmanager
def emptied() -> Iterator[None]:
    """What is committed within is taken out of the run's database at the end."""
    from records import appendonly  # noqa: PLC0415 -- the apps are not loaded where a fixture is collected

    try:
        yield
    finally:
        cache.clear()
        with appendonly.triggers_off():
            call_command("flush", interactive=False, verbosity=0)


def demonstration(count: int) -> None:
    """People of every role and `count` files with documents, papers and sealed numbers."""
    quiet = io.StringIO()
    call_command("load_reference", stdout=quiet)
    call_command("demo", applications=count, stdout=quiet)


def backup(folder: Path) -> tuple[int, str]:
    """What manage.py backup ends with, and what it says."""
    out = io.StringIO()
    try:
        call_command("backup", folder, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)
    return 0, out.getvalue()


def rows_by_model() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass
class Place:
    """Somewhere a portal is or may come: its environment, its folder."""

    env: dict[str, str]
    data: Path

    def run(self, *words: Any, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, *map(str, words)], cwd=ROOT, env=self.env | more, capture_output=True, text=True
        )

    def said(self, *words: Any) -> Any:
        """The last line a process prints, read as JSON."""
        done = self.run(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def empty_place(data: Path, ring: str = NEW_RING) -> Iterator[Place]:
    """An empty folder, and an empty database of its own that is taken away afterwards."""
    data.mkdir(exist_ok=True)
    env = {
        "PATH": os.environ["PATH"],
        **measured(),
        "DATA_DIR": str(data),
        "DJANGO_SETTINGS_MODULE": "mission1000.settings",
        "SECRET_KEY": "another-" + "s" * 40,
        "KEY_RING": ring,
        "LOG_LEVEL": "WARNING",
    }
    if not on_postgres():
        yield Place(env, data)
        return
    url, name = os.environ["DATABASE_URL"], f"restored_{secrets.token_hex(4)}"
    server = psycopg2.connect(url)
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield Place(env | {"DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}"))}, data)
    finally:
        with server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
        server.close()
