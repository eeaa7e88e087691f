"""A portal on PostgreSQL is lost. From its backup it comes back elsewhere: everybody signs in, nothing differs."""

import http.cookiejar
import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection

from accounts import demo
from accounts.models import Posting, User
from accounts.roles import Role
from applications.models import DocumentVersion
from records import jobs, papers
from records.models import Job, Paper
from tests.architecture.tree import ROOT
from tests.drills.size import size, write_figures
from tests.records.backup_world import Place, backup, demonstration, emptied, empty_place, kept_in, rows_by_model
from tests.records.conftest import free_port

pytestmark = [pytest.mark.drill, pytest.mark.postgres, pytest.mark.prints, pytest.mark.django_db]
FILES, PAPERS = size(3, 300), size(1, 20)


class Person:
    """A browser with cookies."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> bytes:
        with self.opener.open(self.base + path, timeout=60) as answer:
            self.where = urllib.parse.urlsplit(answer.url).path
            return answer.read()

    def send(self, path: str, **fields: str) -> None:
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(path))[1].decode()
        body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        with self.opener.open(urllib.request.Request(self.base + path, body), timeout=60) as answer:
            self.where = urllib.parse.urlsplit(answer.url).path

    def sign_in(self, email: str) -> str:
        """Password, and the code where one is asked; where the person is then."""
        self.send("/accounts/login/", login=email, password=demo.PASSWORD)
        if self.where == "/accounts/2fa/authenticate/":
            self.send(self.where, code=demo.code_of(email))
        self.get("/home/")
        return self.where


@dataclass
class Lost:
    """What was true of the portal that is gone: one person of each role, and what some of them could open."""

    people: dict[str, str]
    wanted: list[tuple[str, str, str]]  # who, address, SHA-256
    rows: dict[str, int]
    backup: Path
    took: tuple[float, float]


def spent() -> tuple[float, float]:
    """Seconds by the clock, and of CPU, here and in processes that have ended: the second also tells on a busy machine."""
    return time.monotonic(), sum(os.times()[:4])


def since(began: tuple[float, float]) -> tuple[float, float]:
    clock, cpu = spent()
    return clock - began[0], cpu - began[1]


def people() -> dict[str, str]:
    """One account by role."""
    first = {posting.role: posting.user.email for posting in Posting.objects.select_related("user").order_by("-pk")}
    return {**first, Role.APPLICANT: "applicant@demo.test"}


def wanted() -> list[tuple[str, str, str]]:
    """A document for its owner, and printed papers for somebody who may see them."""
    version = DocumentVersion.objects.select_related("file", "slot__application__enterprise__made_by").latest("pk")
    file = version.slot.application
    address = f"/applications/{file.reference}/documents/{version.pk}/"
    found = [(file.enterprise.made_by.email, address, version.file.sha256)]
    users = list(User.objects.filter(is_active=True).order_by("pk"))
    for job in Job.objects.filter(name="records.render").order_by("pk")[:PAPERS]:
        jobs.run_for(job.pk)
        paper = Paper.objects.get(pk=job.payload["paper"])
        assert paper.state == "ready", paper.error
        reader = next(user for user in users if papers.may_see(user, paper))
        found.append((reader.email, paper.get_absolute_url(), paper.pdf_sha256))
    return found


@pytest.fixture(scope="module")
def lost(django_db_setup, django_db_blocker, tmp_path_factory) -> Lost:
    """A demonstration, backed up, and then gone: its rows are taken out, its folder is not asked again."""
    data, folder = tmp_path_factory.mktemp("lost"), tmp_path_factory.mktemp("backups") / "one"
    with django_db_blocker.unblock(), kept_in(data), emptied():
        demonstration(FILES)
        found = wanted()
        began = spent()
        code, said = backup(folder)
        took = since(began)
        assert code == 0, said
        lost = Lost(people(), found, rows_by_model(), folder, took)
    connection.close()
    return lost


@contextmanager
def serving(place: Place) -> Iterator[str]:
    """The web process of the restored portal; its address."""
    port = free_port()
    words = [sys.executable, "-m", "gunicorn", "mission1000.wsgi", "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    with (place.data / "web.log").open("wb") as log:
        process = subprocess.Popen(words, cwd=ROOT, env=place.env | {"PORT": str(port)}, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 120
        while True:
            try:
                Person(base).get("/healthz")
                break
            except OSError:
                ended = process.poll() is not None or time.monotonic() > until
                assert not ended, (place.data / "web.log").read_text()
                time.sleep(0.3)
        yield base
    finally:
        process.terminate()
        process.wait(30)


def test_the_portal_comes_back_and_everybody_goes_on(lost, tmp_path):
    assert set(lost.people) == set(Role)
    with empty_place(tmp_path / "restored") as place:
        began = spent()
        done = place.run("manage.py", "restore", lost.backup)
        assert done.returncode == 0, done.stdout + done.stderr
        took = since(began)
        for words in (["manage.py", "verify_audit"], ["bin/prepare"]):
            done = place.run(*words)
            assert done.returncode == 0, done.stdout + done.stderr
        with serving(place) as base:
            emails = {*lost.people.values(), *(email for email, _address, _digest in lost.wanted)}
            persons = {email: Person(base) for email in sorted(emails)}
            homes = {email: person.sign_in(email) for email, person in persons.items()}
            assert [email for email, home in homes.items() if home.startswith("/accounts/")] == []
            for email, address, digest in lost.wanted:
                assert sha256(persons[email].get(address)).hexdigest() == digest, address
    figures(lost, took)


def figures(lost: Lost, took: tuple[float, float]) -> None:
    content = sum(path.stat().st_size for path in lost.backup.rglob("*") if path.is_file())
    count = sum(1 for path in lost.backup.rglob("*") if path.is_file()) - 3
    lines = [
        f"Two cores shared with other work (load average {os.getloadavg()[1]:.0f}).",
        "",
        "| what | found |",
        "|---|---|",
        f"| backed up | {FILES} files of the demonstration: {sum(lost.rows.values())} rows, {count} stored files, {content / 1e6:.1f} MB |",
        f"| `manage.py backup` | {lost.took[1]:.1f} s of CPU, {lost.took[0]:.0f} s by the clock |",
        f"| `manage.py restore`, all of it compared | {took[1]:.1f} s of CPU, {took[0]:.0f} s by the clock |",
        f"| signed in afterwards, with the second factor where one is asked | {len(lost.people)} people, one of each role |",
        f"| opened afterwards with the same SHA-256 | {len(lost.wanted) - 1} papers, 1 document |",
    ]
    write_figures("restore", lines)
