"""A folder, people and a kind of paper for the tests of the ground floor. Nothing here knows what the papers are about."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from accounts.models import User
from records import jobs, papers
from records.acts import system

TESTER = system("tester")
HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path) -> Path:
    """Every test has its own anchors, papers, files and mails."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path


@pytest.fixture
def person(db) -> User:
    return User.objects.create(email="asha@test.example", full_name="Asha")


@dataclass(frozen=True)
class Note(papers.Document):
    """The least a paper can be."""

    kind: ClassVar[str] = "tests.note"
    audience: ClassVar[str] = "owner"
    scope: ClassVar[str] = "OFFICE-1"
    issuer_en: ClassVar[str] = "Some office"
    issuer_ml: ClassVar[str] = "ഒരു ഓഫീസ്"

    text: str = "What is written stays."
    rows: tuple[str, ...] = ()

    @property
    def number_prefix(self) -> str:
        return "NOTE-1"

    @property
    def title_en(self) -> str:
        return "A note"

    @property
    def title_ml(self) -> str:
        return "ഒരു കുറിപ്പ്"


@dataclass(frozen=True)
class SecretNote(Note):
    """Nobody outside is told of it before its release."""

    needs_release: ClassVar[bool] = True


@pytest.fixture
def note_kind(settings) -> Iterator[None]:
    """Notes are printed with the frame of every paper; only Asha may see them."""
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], HERE / "templates"]},
    ]
    papers.register(
        "tests.note",
        template="tests/note.html",
        context=lambda snapshot: {"note": snapshot},
        may_see=lambda user, _paper: user.email == "asha@test.example",
        title="Note",
    )
    yield
    papers._kinds.pop("tests.note")


@pytest.fixture
def handle() -> Iterator[Callable[..., None]]:
    """Register a job handler for one test."""
    before = dict(jobs._handlers)
    yield lambda name, function, **kwargs: jobs.handler(name, **kwargs)(function)
    jobs._handlers.clear()
    jobs._handlers.update(before)


def taken(answer: Any) -> bytes:
    """What a file's answer holds, its file closed. Closing the answer itself would end the test's own connection."""
    content = b"".join(answer)
    for close in answer._resource_closers:
        close()
    return content


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def closed_port() -> int:
    return free_port()
