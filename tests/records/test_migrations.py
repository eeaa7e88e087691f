"""Migrations work forward and back with rows present, on a database of their own, and make the tables the tests run on."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from tests.architecture.tree import ROOMS, ROOT
from tests.conftest import on_postgres
from tests.records.schema import schema

# One process does it all: starting fourteen of them takes longer than the migrations.
BACK_AND_FORTH = """
import json
import sys
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pathlib import Path
from accounts.models import User
from records import acts, audit, outbox
from records.clock import now
from records.models import AuditEvent, Job, Paper, StoredFile, WorkerBeat
from django.conf import settings
from tests.records.schema import schema

def fill():
    user = User.objects.create(email="asha@test.example", full_name="Asha")
    StoredFile.objects.create(name="a.pdf", size=1, content_type="application/pdf", sha256="0" * 64, path="x", by=user)
    outbox.send_text(user, user.email, kind="t", title="Title", body="Body")
    old, new = (Paper.objects.create(
        number=number, kind="t", title_en="A", title_ml="A", subject="x:1", snapshot={}, sha256="0" * 64,
        template_version="1", issued_by="user:1", issued_by_label="Asha") for number in ("NOTE-1-A", "NOTE-1-B"))
    Paper.objects.filter(pk=old.pk).update(superseded_by=new)
    WorkerBeat.objects.create(name="one", at=now())
    acts.act(lambda: audit.record("note.write", "note:1", by=user))()
    print(Job.objects.count(), AuditEvent.objects.count(), audit.verify())

def forward():
    call_command("migrate", verbosity=0)
    call_command("load_reference", stdout=sys.stderr)
    print(audit.verify())

forward()
print(json.dumps(sorted(schema())))
fill()
for room in reversed(sys.argv[1:]):  # from the bottom: what stands on a room goes back with it
    if any(app == room for app, _name in MigrationRecorder(connection).applied_migrations()):
        call_command("migrate", room, "zero", verbosity=0)
left = {app for app, _name in MigrationRecorder(connection).applied_migrations()} & set(sys.argv[1:])
print(sorted(left))
(Path(settings.DATA_DIR) / "anchors" / "trail.jsonl").unlink()
forward()
fill()
call_command("makemigrations", check=True, dry_run=True)
"""
BACK = [room for room in ROOMS if (ROOT / room / "migrations").exists()]


@pytest.fixture
def scratch(tmp_path):
    """The environment of a portal with an empty database; taken away afterwards."""
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "mission1000.settings"}
    if not on_postgres():
        yield env
        return
    name = "migrations_scratch"
    server = psycopg2.connect(os.environ["DATABASE_URL"])
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield env | {"DATABASE_URL": urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))}
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    server.close()


@pytest.mark.own_database
@pytest.mark.django_db
def test_each_room_goes_back_to_nothing_and_forward_again_with_rows_present_and_no_model_has_drifted(scratch):
    done = subprocess.run(
        [sys.executable, "-c", BACK_AND_FORTH, *BACK], cwd=ROOT, env=scratch, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    migrated = set(json.loads(said.pop(1)))
    assert said == ["[]", "1 1 []", "[]", "[]", "1 1 []", "No changes detected"]
    made_from_models = schema()
    assert len(migrated) > 900
    assert sorted(migrated ^ made_from_models) == []
