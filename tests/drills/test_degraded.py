"""Degraded: the database away, the disk full. Each has its page that says so, and nothing accepted is lost.

The failures are real: a PostgreSQL server of the test's own is stopped and started, a small file system is filled.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from itertools import count
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import request_started
from django.db import OperationalError, close_old_connections, connection
from django.test import Client

from applications.models import Application, DocumentVersion, Revision
from records import jobs, outbox, papers
from records.clock import moved_to, now
from records.models import Job, StoredFile
from tests.applications.conftest import World, build_world, posted
from tests.drills.own_server import OwnServer
from tests.records import hostile

pytestmark = pytest.mark.drill
AWAY = "<h1>The portal cannot reach its records</h1>"
NOT_KEPT = "What you sent could not be kept. Nothing was changed."
NOT_KNOWN = "It is not known whether what you sent was kept."
KEPT_HERE = "What you typed is kept in this page."


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def hidden(page: str) -> dict[str, str]:
    """What stands in the page to be sent once more."""
    return dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page))


@dataclass
class Typing:
    """A section of a draft with everything typed, in the browser of its owner."""

    client: Client
    file: Application
    typed: dict[str, str]

    @property
    def address(self) -> str:
        return f"/applications/{self.file.reference}/bank/"

    def send(self):
        return self.client.post(self.address, self.typed)

    def kept(self) -> int:
        close_old_connections()
        return Revision.objects.filter(application=self.file, section="bank").count()


@pytest.fixture
def world(db) -> World:
    return build_world()


def typing(world: World) -> Typing:
    file = world.draft()
    client = Client(raise_request_exception=False)
    client.force_login(world.owner)
    return Typing(client, file, posted("bank", world.told(file, "bank")))


# ---- The database is away -------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker) -> Iterator[OwnServer]:
    """A server that can be stopped, with two districts, a round and people in it."""
    found = OwnServer()
    try:
        found.take_tables_of(connection.settings_dict["NAME"])
        with django_db_blocker.unblock(), found.in_use():
            found.world = build_world()
        yield found
    finally:
        found.end()


@pytest.fixture
def away(server, transactional_db) -> Iterator[OwnServer]:
    """The portal keeps its records there, and looks at its connection before each request as it does when served."""

    def look(**_signal: object) -> None:
        close_old_connections()  # Django's own receiver, which its test client leaves out

    request_started.connect(look)
    try:
        with server.in_use():
            yield server
    finally:
        request_started.disconnect(look)
        server.start()


@pytest.mark.postgres
def test_with_the_database_away_a_page_says_so_and_works_again_by_itself(away):
    open_page = typing(away.world)
    client = open_page.client
    before = {name: morsel.value for name, morsel in client.cookies.items()}
    away.stop()
    for address in ("/", "/home/", open_page.address, "/verify/NOTE-1/", "/accounts/login/"):
        answer = client.get(address)
        assert (answer.status_code, AWAY in text_of(answer), answer["Retry-After"]) == (503, True, "30"), address
        assert "Traceback" not in text_of(answer)
    assert Client().get("/readyz").json()["database"] == "away"
    assert Client().get("/healthz").status_code == 200
    assert {name: morsel.value for name, morsel in client.cookies.items()} == before
    away.start()
    assert client.get(open_page.address).status_code == 200
    assert Client().get("/readyz").status_code == 200


@pytest.mark.postgres
def test_the_page_speaks_both_languages_and_the_readers_first(away):
    client = Client(raise_request_exception=False)
    client.cookies["django_language"] = "ml"
    away.stop()
    page = text_of(client.get("/"))
    assert '<html lang="ml">' in page
    assert re.search(r'<div lang="en">\s*<h2>The portal cannot reach its records</h2>', page)


@pytest.mark.postgres
def test_what_was_typed_is_not_lost_and_is_sent_once_more_with_one_press(away):
    open_page = typing(away.world)
    away.stop()
    page = text_of(open_page.send())
    assert NOT_KEPT in page
    assert KEPT_HERE in page
    again = hidden(page)
    again.pop("csrfmiddlewaretoken")
    assert again == open_page.typed
    away.start()
    assert open_page.kept() == 0
    assert open_page.client.post(open_page.address, again).status_code == 302
    assert open_page.kept() == 1


@pytest.mark.postgres
def test_a_database_lost_in_the_middle_of_an_act_keeps_nothing_of_it_and_says_so(away):
    open_page = typing(away.world)

    def lose(execute, sql, params, many, context):
        if sql.startswith("INSERT INTO") and "records_auditevent" in sql:
            away.stop()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(lose):
        answer = open_page.send()
    assert (answer.status_code, NOT_KEPT in text_of(answer)) == (503, True)
    away.start()
    assert open_page.kept() == 0
    assert open_page.send().status_code == 302
    assert open_page.kept() == 1


@pytest.mark.postgres
@pytest.mark.parametrize("kept", [False, True])
def test_a_database_lost_at_the_commit_makes_no_promise_either_way(away, monkeypatch, kept):
    open_page = typing(away.world)
    commit = connection._commit

    def lose() -> None:
        if kept:
            commit()
        away.stop()
        commit()

    monkeypatch.setattr(connection, "_commit", lose)
    page = text_of(open_page.send())
    monkeypatch.undo()
    assert (NOT_KNOWN in page, NOT_KEPT in page, KEPT_HERE in page) == (True, False, False)
    away.start()
    assert open_page.kept() == int(kept)


@pytest.mark.postgres
def test_a_form_of_another_site_is_not_repeated_and_a_password_is_never_written_out(away):
    open_page = typing(away.world)
    open_page.client.handler.enforce_csrf_checks = True
    away.stop()
    page = text_of(open_page.send())
    assert ("Send it once more" in page, "Go back in your browser" in page) == (False, True)
    visitor = Client(raise_request_exception=False)
    page = text_of(visitor.post("/accounts/login/", {"login": "a@test.example", "password": "CANARY-PASSWORD"}))
    assert (AWAY in page, "CANARY-PASSWORD" in page) == (True, False)


# ---- The disk is full -----------------------------------------------------------------------------------------
FULL = "<h1>There is no room to keep anything</h1>"


class SmallDisk:
    """A file system of one megabyte."""

    def __init__(self, place: Path) -> None:
        self.place, self.filler = place, place / "filler"

    def fill(self) -> None:
        with suppress(OSError), self.filler.open("wb", buffering=0) as opened:
            while True:
                opened.write(bytes(4096))
        assert shutil.disk_usage(self.place).free == 0

    def empty(self) -> None:
        self.filler.unlink()

    def names(self) -> set[str]:
        return {path.name for path in self.place.rglob("*") if path.is_file()} - {"filler"}


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    place = Path(tempfile.mkdtemp(prefix="small-"))  # not pytest's own folder: another run would sweep it away
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", place], check=True)
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)
        place.rmdir()


def upload(client: Client, file: Application, content: bytes):
    data = {"kind": "udyam", "file": SimpleUploadedFile("a.pdf", content, "application/pdf")}
    return client.post(f"/applications/{file.reference}/documents/", data)


@pytest.mark.django_db
def test_an_upload_for_which_there_is_no_room_changes_nothing_and_says_so(world, disk, settings):
    settings.MEDIA_ROOT = disk.place
    open_page = typing(world)
    disk.fill()
    answer = upload(open_page.client, open_page.file, hostile.pdf())
    page = text_of(answer)
    assert (answer.status_code, FULL in page, NOT_KEPT in page) == (507, True, True)
    assert "Choose the file again and send it once more" in page
    assert hidden(page)["kind"] == "udyam"
    assert (StoredFile.objects.count(), DocumentVersion.objects.count(), disk.names()) == (0, 0, set())
    disk.empty()
    assert upload(open_page.client, open_page.file, hostile.pdf()).status_code == 302
    assert disk.names() == {str(StoredFile.objects.get().key)}


@pytest.mark.django_db
def test_an_upload_that_does_not_even_come_in_leaves_nothing_behind(world, disk, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(disk.place)
    open_page = typing(world)
    disk.fill()
    answer = upload(open_page.client, open_page.file, hostile.pdf() + bytes(3_000_000))
    assert (answer.status_code, NOT_KEPT in text_of(answer)) == (507, True)
    assert (StoredFile.objects.count(), disk.names()) == (0, set())


@pytest.mark.django_db
def test_a_mail_for_which_there_is_no_room_waits_and_spends_no_try(disk, settings):
    settings.DATA_DIR = disk.place
    settings.EMAIL_BACKEND = "records.mailfiles.EmlBackend"  # not the one of Django's tests
    disk.fill()
    message = outbox.send_text(None, "asha@test.example", kind="t", title="Title", body="Body")
    job = Job.objects.get()
    for minute in range(20):  # more often than a mail is tried
        with moved_to(now() + timedelta(minutes=minute + 1)):
            jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error, job.most_attempts - job.attempts) == ("queued", jobs.NO_ROOM, 12)
    assert disk.names() == set()
    disk.empty()
    with moved_to(now() + timedelta(minutes=30)):
        jobs.run(job.pk)
    message.refresh_from_db()
    assert (message.state, len(disk.names())) == ("ready", 1)


@pytest.mark.prints
@pytest.mark.parametrize("full", ["where papers are kept", "where the PDF is made"])
@pytest.mark.django_db
def test_a_paper_for_which_there_is_no_room_goes_back_into_the_queue(world, disk, settings, monkeypatch, full):
    if full == "where papers are kept":
        settings.DATA_DIR = disk.place
    else:
        monkeypatch.setattr("tempfile.tempdir", str(disk.place))
    file = world.submitted()
    paper, client = papers.papers_about(file).get(), Client()
    client.force_login(world.owner)
    disk.fill()
    job = Job.objects.get(subject=f"paper:{paper.pk}")
    jobs.run(job.pk)
    paper.refresh_from_db()
    assert (paper.state, paper.error, disk.names()) == ("queued", jobs.NO_ROOM, set())
    assert "The portal's disk is full. The paper is kept" in text_of(client.get(paper.get_absolute_url()))
    disk.empty()
    with moved_to(now() + timedelta(minutes=2)):
        jobs.run(job.pk)
    paper.refresh_from_db()
    assert (paper.state, paper.error) == ("ready", "")


@pytest.fixture
def small_database(transactional_db) -> Iterator[tuple[Typing, Callable[[], None]]]:
    """SQLite that may take no page more than it has, filled to the last one; a draft in it, and what makes room.

    What is typed is longer than a page of the file: room that is left in half-full pages does not do.
    """

    def most(pages: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA max_page_count = {pages}")

    open_page = typing(build_world())
    open_page.typed["licences"] = "ക" * 1000
    with connection.cursor() as cursor:
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
    most(pages)
    with suppress(OperationalError):
        for number in count(1):
            Revision.objects.create(application=open_page.file, section="x", number=number, by=open_page.file.filed_by)
    yield open_page, lambda: most(1_073_741_823)
    most(1_073_741_823)


def test_a_database_that_is_full_keeps_nothing_of_an_act_and_says_so(small_database):
    open_page, make_room = small_database
    answer = open_page.send()
    assert (answer.status_code, FULL in text_of(answer), KEPT_HERE in text_of(answer)) == (507, True, True)
    make_room()
    assert open_page.kept() == 0
    assert open_page.send().status_code == 302
    assert open_page.kept() == 1
