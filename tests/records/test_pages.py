"""/verify/, /papers/, /healthz and /readyz as people and machines meet them."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as portal
from django.urls import reverse

from accounts.models import User
from records import jobs, papers
from records.clock import moved_to, now
from records.models import Job, JobState, Paper
from tests.architecture.tree import ROOT
from tests.records.conftest import TESTER, Note, SecretNote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("note_kind")]
VERIFY = "/verify/"


def issue(document: Note | None = None, **options) -> Paper:
    return papers.issue(document or Note(text="Marks: 78. Asha."), subject="note:1", by=TESTER, **options)


def page(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", answer.content.decode())


def test_a_typed_number_leads_to_its_own_address(client):
    answer = client.get(VERIFY, {"number": " note-1-abc 234 "})
    assert (answer.status_code, answer["Location"]) == (302, "/verify/NOTE-1-ABC234/")


@pytest.mark.parametrize("typed", ["", "   ", "a/b", "x" * 61])
def test_what_cannot_be_a_number_gets_a_sentence_and_stays_typed(client, typed):
    answer = client.get(VERIFY, {"number": typed})
    assert answer.status_code == 400
    assert "Type the number printed at the top right of the paper." in answer.content.decode()
    assert f'value="{typed.strip().upper()}"' in answer.content.decode()


def test_a_valid_paper_shows_kind_office_day_and_hash_and_nothing_that_stands_on_it(client):
    paper = issue()
    text = page(client, f"/verify/{paper.number}/")
    for words in ("This number was issued by the portal and is valid.", "Note", "Some office", paper.sha256):
        assert words in text
    assert ("Asha" in text, "78" in text.replace(paper.sha256, "")) == (False, False)


def test_small_letters_and_spaces_do_not_matter(client):
    paper = issue()
    assert paper.sha256 in page(client, f"/verify/{paper.number.lower()}/")
    assert paper.sha256 in page(client, f"/verify/ {paper.number} /")


def test_a_superseded_paper_names_the_one_in_its_place(client):
    old, new = issue(), issue()
    papers.supersede(old, new, by=TESTER)
    text = page(client, f"/verify/{old.number}/")
    assert ("Replaced by a later paper." in text, new.number in text, "is valid" in text) == (True, True, False)


def test_an_unreleased_paper_is_no_more_there_than_an_unknown_one(client):
    unreleased = issue(SecretNote()).number
    unknown = unreleased[:-6] + "ZZZZZZ"
    first, second = (page(client, f"/verify/{number}/", 404).replace(number, "#") for number in (unreleased, unknown))
    assert first == second
    assert "No paper with this number was issued." in first


@pytest.mark.parametrize("number", ["%00", "a%00b", "x" * 500, "'%3B--", "%F0%9F%98%80", "<script>"])
def test_odd_numbers_are_unknown_numbers(client, person, number):
    page(client, f"/verify/{number}/", 404)
    client.force_login(person)
    page(client, f"/papers/{number}/", 404)
    page(client, f"/papers/{number}/state/", 404)


def test_numbers_cannot_be_tried_without_end(client):
    paper = issue()
    with moved_to(now().replace(minute=0, second=0)):
        for _turn in range(60):
            page(client, "/verify/NOTE-1-ZZZZZZ/", 404)
        text = page(client, f"/verify/{paper.number}/", 429)
        assert "Too many numbers were tried from here. Try again in ten minutes." in text
        assert client.get(f"/verify/{paper.number}/", REMOTE_ADDR="127.0.0.9").status_code == 200
    with moved_to(now().replace(minute=10, second=1)):
        page(client, f"/verify/{paper.number}/")


@pytest.mark.prints
def test_a_ready_paper_is_its_pdf(client, person):
    paper = issue()
    jobs.run(Job.objects.get().pk)
    client.force_login(person)
    answer = client.get(f"/papers/{paper.number}/")
    content = b"".join(answer.streaming_content)
    assert (answer.status_code, content[:5], answer["Content-Type"]) == (200, b"%PDF-", "application/pdf")
    assert answer["Content-Disposition"] == f'inline; filename="{paper.number}.pdf"'
    assert (answer["Cache-Control"], answer["X-Content-Type-Options"]) == ("private, no-store", "nosniff")


def test_a_paper_that_waits_says_so_and_whether_a_worker_answers(client, person):
    paper = issue()
    client.force_login(person)
    text = page(client, f"/papers/{paper.number}/")
    assert ("(queued)" in text, "No worker answers at the moment." in text) == (True, True)
    jobs.say_alive("celery")
    Paper.objects.update(state=JobState.RUNNING)
    for address in (f"/papers/{paper.number}/", f"/papers/{paper.number}/state/"):
        text = page(client, address)
        assert ("(running)" in text, "No worker answers" in text) == (True, False)


@pytest.mark.prints
def test_a_failed_paper_gives_its_reason_and_a_post_tries_again(client, person):
    paper = issue()
    Job.objects.update(state=JobState.FAILED, finished_at=now())
    Paper.objects.update(state=JobState.FAILED, error="A file the paper is printed with is missing: x.woff2")
    client.force_login(person)
    text = page(client, f"/papers/{paper.number}/")
    assert ("is missing: x.woff2" in text, "Try again" in text) == (True, True)
    answer = client.post(f"/papers/{paper.number}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/papers/{paper.number}/")
    assert "(queued)" in page(client, f"/papers/{paper.number}/")
    jobs.run(jobs.due().get().pk)
    assert b"".join(client.get(f"/papers/{paper.number}/").streaming_content).startswith(b"%PDF-")
    paper.refresh_from_db()
    assert paper.state == JobState.READY


@pytest.mark.prints
def test_a_ready_paper_whose_file_vanished_is_made_again_when_it_is_opened(client, person):
    paper = issue()
    jobs.run(Job.objects.get().pk)
    papers.path_of(paper).unlink()
    client.force_login(person)
    assert "(queued)" in page(client, f"/papers/{paper.number}/")
    assert "(queued)" in page(client, f"/papers/{paper.number}/")
    jobs.run(jobs.due().get().pk)
    with_pdf = client.get(f"/papers/{paper.number}/")
    assert b"".join(with_pdf.streaming_content).startswith(b"%PDF-")


def test_a_paper_of_others_is_not_there(client):
    paper = issue()
    client.force_login(User.objects.create(email="other@test.example", full_name="Other"))
    for address in (f"/papers/{paper.number}/", f"/papers/{paper.number}/state/", "/papers/NOTE-1-ZZZZZZ/"):
        page(client, address, 404)
    assert client.post(f"/papers/{paper.number}/").status_code == 404


def test_a_paper_whose_kind_nobody_registered_is_not_there(client, person):
    paper = issue()
    Paper.objects.update(kind="tests.forgotten")
    client.force_login(person)
    page(client, f"/papers/{paper.number}/", 404)
    assert papers.public_facts(paper.number) is not None


def test_a_visitor_is_asked_to_sign_in(client):
    address = f"/papers/{issue().number}/"
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next={address}")


def test_health_needs_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_readiness_names_database_broker_and_worker(client):
    broker = "ok" if portal.REDIS_URL else "embedded"
    assert client.get("/readyz").json() == {"database": "ok", "broker": broker, "worker": "no heartbeat"}
    jobs.say_alive("celery")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["worker"]) == (200, "ok")
    with moved_to(now() + timedelta(minutes=1)):
        assert client.get("/readyz").json()["worker"] == "no heartbeat"


AWAY = """
import django, json, time
django.setup()
from django.test import Client
for address in ("/healthz", "/readyz"):
    began = time.monotonic()
    answer = Client().get(address)
    print(json.dumps([answer.status_code, answer.json(), time.monotonic() - began < 2]))
"""


def test_with_database_and_broker_away_readiness_says_so_and_health_still_answers(tmp_path, closed_port):
    env = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "mission1000.settings",
        "DATABASE_URL": f"postgres://nobody@127.0.0.1:{closed_port}/nothing",
        "REDIS_URL": f"redis://127.0.0.1:{closed_port}/0",
    }
    done = subprocess.run([sys.executable, "-c", AWAY], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        [200, {"status": "ok"}, True],
        [503, {"database": "away", "broker": "away", "worker": "unknown"}, True],
    ]
