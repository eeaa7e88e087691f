"""`manage.py backup` and `manage.py restore`: the same portal again, or a sentence and nothing written."""

import base64
import hashlib
import json
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.demo import PASSWORD
from applications.models import Profile
from records import audit, papers, pdf
from records.backup import dumps
from records.backup.places import NotDone
from records.models import ChainHead, Paper, StoredFile
from tests.conftest import on_postgres
from tests.records import damage
from tests.records.backup_world import (
    NEW_RING,
    OLD_RING,
    RING,
    Place,
    backup,
    demonstration,
    emptied,
    empty_place,
    kept_in,
    rows_by_model,
    sha256,
)  # fmt: skip

pytestmark = [pytest.mark.own_database, pytest.mark.django_db]  # pytest-django makes a database only for those who ask
MOBILE = "9847319582"
PDF = b"%PDF-1.7 as the office printed it"


@dataclass
class Made:
    """A backup, and what was true of the portal at its moment."""

    folder: Path
    said: str
    rows: dict[str, int]
    head: list[Any]
    files: dict[str, str]  # SHA-256 by path
    paper: str
    profile: int
    secrets: list[str]
    troubles: dict[str, tuple[int, str]]


def world(data: Path) -> tuple[str, int, list[str]]:
    """Files, a paper, values sealed with two keys, a session: number of the paper, the row, what must not come along."""
    with kept_in(data, OLD_RING):
        demonstration(2)
    profile = Profile.objects.exclude(mobile="").first()
    profile.mobile = MOBILE
    profile.save()
    paper = Paper.objects.first()
    pdf.write_whole(papers.path_of(paper), PDF)
    done = {"state": "ready", "pdf": papers.path_of(paper).name, "ready_at": paper.issued_at}
    Paper.objects.filter(pk=paper.pk).update(**done, pdf_sha256=hashlib.sha256(PDF).hexdigest())
    session = SessionStore()
    session.create()
    cache.set("canary-of-the-cache", "x")
    return paper.number, profile.pk, [session.session_key, "canary-of-the-cache"]


def troubles(data: Path, folder: Path) -> dict[str, tuple[int, str]]:
    """What backup says where it cannot be done, or not wholly."""
    (folder / "full").mkdir()
    (folder / "full" / "x").write_text("x")
    found = {"a full folder": backup(folder / "full"), "no such folder": backup(folder / "no" / "where")}
    with kept_in(data, OLD_RING):
        found["a key less"] = backup(folder / "keyless")
    first, second = (data / "files" / file.path for file in StoredFile.objects.order_by("pk")[:2])
    first.unlink()
    damage.flip(second)
    next((data / "papers").iterdir()).unlink()
    return {**found, "files gone": backup(folder / "gone")}


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory) -> Made:
    data, folder = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("backups")
    with django_db_blocker.unblock(), kept_in(data), emptied():
        number, profile, secrets = world(data)
        code, said = backup(folder / "one")
        assert code == 0, said
        files = {file.path: sha256(data / "files" / file.path) for file in StoredFile.objects.all()}
        head = list(ChainHead.objects.values_list("sequence", "hash").get(pk=1))
        rows = rows_by_model()
        made = Made(folder / "one", said, rows, head, files, number, profile, secrets, troubles(data, folder))
    connection.close()
    return made


@pytest.fixture(scope="module")
def restored(made, tmp_path_factory) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    """The backup in another place, what restore said, and what was found there before any test wrote to it."""
    with empty_place(tmp_path_factory.mktemp("restored")) as place:
        done = place.run("manage.py", "restore", made.folder)
        assert done.returncode == 0, done.stdout + done.stderr
        yield place, done.stdout, place.said("-c", LOOK, made.paper, made.profile, PASSWORD)


LOOK = """
import json, sys
import django
django.setup()
from django.contrib.sessions.models import Session
from django.core.cache import cache
from accounts.models import User
from applications.models import Profile
from records import appendonly, audit, papers
from records.models import AuditEvent, Paper
from tests.records.backup_world import rows_by_model
print(json.dumps({
    "rows": rows_by_model(),
    "line": list(AuditEvent.objects.values_list("verb", "previous_hash").last()),
    "problems": [problem.what for problem in audit.verify()],
    "triggers": appendonly.missing_triggers(),
    "mobile": Profile.objects.get(pk=sys.argv[2]).mobile,
    "password": User.objects.get(email="applicant@demo.test").check_password(sys.argv[3]),
    "sessions": Session.objects.count(),
    "cache": cache.get("canary-of-the-cache"),
    "paper": str(papers.path_of(Paper.objects.get(number=sys.argv[1]))),
}))
"""


def test_the_restored_portal_is_the_same_one(made, restored):
    place, _said, found = restored
    here = {**made.rows, "records.AuditEvent": made.rows["records.AuditEvent"] + 1, "sessions.Session": 0}
    assert found["rows"] == here
    assert found["line"] == ["portal.restore", made.head[1]]
    assert (found["problems"], found["triggers"]) == ([], [])
    assert (found["mobile"], found["password"]) == (MOBILE, True)
    assert (found["sessions"], found["cache"]) == (0, None)
    assert {path: sha256(place.data / "files" / path) for path in made.files} == made.files
    assert Path(found["paper"]).read_bytes() == PDF
    assert not (place.data / "restore-unfinished").exists()


def test_both_commands_say_what_they_did(made, restored):
    files = len(made.files) + 2  # a paper, the anchors
    assert f"{files} files, trail up to event {made.head[0]}" in made.said
    assert "the key ring is needed (k1, k2), which is not in it" in made.said
    for sentence in (
        f"Files: {files}, each with its hash.",
        f"Trail: {made.head[0]} events, whole, the last one as in the backup.",
        "tables, as in the backup.",
        "Everybody signs in anew",
    ):
        assert sentence in restored[1]


def plain(folder: Path) -> bytes:
    """All that is in a backup, names and contents; the dump unpacked."""
    content = b"".join(str(path).encode() + path.read_bytes() for path in folder.rglob("*") if path.is_file())
    if on_postgres():
        words = [dumps.program("pg_restore"), "--file=-", folder / "database.dump"]
        content += subprocess.run(words, capture_output=True, check=True).stdout
    return content


def test_no_key_no_secret_and_no_session_is_in_it(made):
    content = plain(made.folder)
    assert b"applicant@demo.test" in content  # it was really read
    keys = [hashlib.sha256(b"seal:" + secret.encode()) for secret in RING.values()]
    never = [*RING.values(), NEW_RING, settings.SECRET_KEY, *made.secrets, *(key.hexdigest() for key in keys)]
    never += [base64.b64encode(key.digest()).decode() for key in keys]
    assert [text for text in never if text.encode() in content] == []
    assert [key for key in keys if key.digest() in content] == []


def test_only_its_owner_may_read_it(made):
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (made.folder, *made.folder.rglob("*"))}
    assert modes == {0o700, 0o600}


def test_nothing_else_is_left_beside_it(made):
    assert {path.name for path in made.folder.parent.iterdir()} == {"one", "full", "gone"}


@pytest.mark.parametrize(
    ("trouble", "code", "sentences"),
    [
        ("a full folder", 1, ["No backup was made.", "is not empty: name a folder that is new or empty."]),
        ("no such folder", 1, ["No backup was made.", "is no folder: make it first."]),
        ("a key less", 1, ["No backup was made.", "need the key 'k2', which is not in KEY_RING"]),
        ("files gone", 2, ["is missing.", "differs from what its row says.", "is made again from its row when asked for",
                           "The backup was made, but 2 files are missing or wrong in the portal itself"]),
    ],
)  # fmt: skip
def test_what_cannot_be_backed_up_is_said(made, trouble, code, sentences):
    found, said = made.troubles[trouble]
    assert found == code
    for sentence in sentences:
        assert sentence in said


@pytest.fixture(scope="module")
def damaged(made, tmp_path_factory) -> Iterator[dict[str, dict[str, Any]]]:
    """Every damage tried on one empty place."""
    with empty_place(tmp_path_factory.mktemp("never")) as place:
        yield place.said("-m", "tests.records.damage", made.folder, tmp_path_factory.mktemp("damaged"))


REFUSALS = [(name, sentence) for name, (_how, sentence) in {**damage.DAMAGES, **damage.RINGS}.items()]


@pytest.mark.parametrize(("name", "sentence"), [*REFUSALS, *damage.TAKEN.items()])
def test_damage_a_wrong_key_and_a_taken_place_are_refused_and_nothing_is_written(damaged, name, sentence):
    assert sentence in damaged[name]["said"]
    assert damaged[name]["found"] == []


def test_a_restore_that_stops_half_way_is_not_taken_for_whole(made, tmp_path, client, settings):
    folder = tmp_path / "tampered"
    shutil.copytree(made.folder, folder)
    damage.signed(lambda said: said["rows"].update(accounts_user=5))(folder)
    with empty_place(tmp_path / "half") as place:
        done = place.run("manage.py", "restore", folder)
        assert done.returncode == 1
        assert "stopped half-way: accounts_user holds" in done.stderr
        assert "rows and held 5. Empty the database" in done.stderr
        done = place.run("bin/prepare")
        assert (done.returncode, done.stderr.count("began and did not end")) == (1, 1)
    settings.DATA_DIR = place.data
    assert "began and did not end" in backup(tmp_path / "never")[1]


def test_a_half_place_is_not_ready(client, data_dir):
    assert "restore" not in client.get("/readyz").json()
    (data_dir / "restore-unfinished").touch()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["restore"]) == (503, "unfinished")


COMPARED = """
import json, sys
from dataclasses import replace
from pathlib import Path
import django
django.setup()
from django.db import connection
from records import appendonly
from records.backup import facts, restoring
from records.backup.manifest import read
from records.backup.places import NotDone
from records.models import AuditEvent

manifest = read(Path(sys.argv[1]))
same = replace(
    manifest,
    rows=facts.rows(connection, facts.left_empty(connection)),
    trail=facts.trail(connection),
    files={name: of for name, of in manifest.files.items() if not name.startswith("anchors/")},  # these grow
)
sample = manifest.samples[0]

def said(compare, **other):
    try:
        return compare(replace(same, **other))
    except NotDone as error:
        return str(error)

def changed():
    line = AuditEvent.objects.filter(sequence=2)
    before = line.values_list("note", flat=True)[0]
    with appendonly.triggers_off():
        line.update(note="somebody else")
    found = said(restoring._trail)
    with appendonly.triggers_off():
        line.update(note=before)
    return found

print(json.dumps([
    said(restoring._rows),
    said(restoring._rows, trail={"sequence": 1, "hash": "0" * 64}),
    said(restoring._samples),
    said(restoring._samples, samples=[replace(sample, pk=sample.pk + 1_000_000)]),
    said(restoring._samples, samples=[replace(sample, context="another.context")]),
    said(restoring._files),
    said(restoring._files, files={"files/nowhere.pdf": [1, "0" * 64]}),
    said(restoring._trail),
    changed(),
]))
"""


def test_whatever_differs_after_the_restore_is_said(made, restored):
    found = restored[0].said("-c", COMPARED, made.folder)
    for sentence, here in zip(
        (
            "tables, as in the backup.",
            "The trail ends with another line than in the backup.",
            "rows opened.",
            "cannot be opened with this key ring.",
            "cannot be opened with this key ring.",
            ", each with its hash.",
            "nowhere.pdf is not what the backup holds.",
            "the last one as in the backup.",
            "The trail is not whole: event 2 ",
        ),
        found,
        strict=True,
    ):
        assert sentence in here


def test_what_was_missing_when_it_was_backed_up_is_said_when_it_comes_back(made, tmp_path):
    missing = json.loads((made.folder.with_name("gone") / "manifest.json").read_text())["missing"]
    with empty_place(tmp_path / "place") as place:
        done = place.run("manage.py", "restore", made.folder.with_name("gone"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(missing) == 2
    for name in missing:
        assert f"{name} was missing or wrong when the backup was made, and is so here." in done.stdout


def test_a_name_the_disk_does_not_take_is_said(tmp_path):
    folder = tmp_path / ("x" * 300)
    assert backup(folder) == (1, f"No backup was made: [Errno 36] File name too long: '{folder}'")
    with pytest.raises(CommandError, match=r"Nothing was restored: .*File name too long"):
        call_command("restore", folder)


WRITERS = """
import json, sys, threading
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from accounts.models import User
from records import acts, audit, files
from records.models import AuditEvent
stop, by, done = threading.Event(), User.objects.first(), [0, 0]
both = threading.Barrier(3)

@acts.act
def note(turn):
    audit.record("note.write", "note:1", by=by)
    files.keep(files.Examined(str(turn).encode() * 50, "a.pdf", "application/pdf", 1), by=by)

def write(place):
    while not stop.is_set():
        note((place, done[place]))
        done[place] += 1
        if done[place] == 3:
            both.wait(60)
    connection.close()

threads = [threading.Thread(target=write, args=(place,)) for place in (0, 1)]
[thread.start() for thread in threads]
both.wait(60)
try:
    call_command("backup", sys.argv[1])
finally:
    stop.set()
    [thread.join() for thread in threads]
print(json.dumps([audit.verify() == [], AuditEvent.objects.count(), sum(done)]))
"""


def test_a_backup_taken_while_others_write_is_of_one_moment(restored, tmp_path):
    whole, lines, _written = restored[0].said("-c", WRITERS, tmp_path / "live")
    said = json.loads((tmp_path / "live" / "manifest.json").read_text())
    assert whole
    assert said["rows"]["records_auditevent"] == said["trail"]["sequence"] < lines
    assert len([name for name in said["files"] if name.startswith("files/")]) == said["rows"]["records_storedfile"]
    assert said["missing"] == []
    with empty_place(tmp_path / "again") as place:
        done = place.run("manage.py", "restore", tmp_path / "live")
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_missing_program_is_said():
    with pytest.raises(NotDone, match="The program pg_nothing is missing on this machine"):
        dumps.program("pg_nothing")


def test_a_file_in_the_place_of_the_database_that_is_none_stays(tmp_path):
    (tmp_path / "other").write_text("no database " * 100)
    with pytest.raises(NotDone, match="is there and cannot be read"):
        dumps._tables_of(tmp_path / "other")
    assert (tmp_path / "other").read_text().startswith("no database")


@pytest.mark.postgres
def test_what_a_program_stumbles_over_is_said(tmp_path):
    with pytest.raises(NotDone, match=r"pg_dump ended with 1: .*No such file or directory"):
        dumps._run("pg_dump", "--file", tmp_path / "nowhere" / "dump")


@pytest.mark.postgres
@pytest.mark.parametrize("old", ["pg_dump", "pg_restore"])
def test_programs_older_than_the_server_are_refused(monkeypatch, old):
    real = dumps._major
    monkeypatch.setattr(dumps, "_major", lambda name: 9 if name == old else real(name))
    with pytest.raises(NotDone, match="of version 9, older than the server"):
        dumps.shape()


@pytest.mark.postgres
def test_the_programs_get_the_password_by_their_environment_and_none_of_our_secrets(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "of-the-database")
    monkeypatch.setenv("KEY_RING", "k1:never")
    told = dumps._environment()
    assert told["PGPASSWORD"] == "of-the-database"
    assert told["PGDATABASE"] == connection.settings_dict["NAME"]
    assert not {"KEY_RING", "SECRET_KEY", "DATABASE_URL"} & set(told)
    assert audit.verify() == []
