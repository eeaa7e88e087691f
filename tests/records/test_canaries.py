"""Promise 15: a PAN, a mobile, an account number and an e-mail go where they must and show nowhere else."""

import json
import logging
import os
import subprocess
import sys

import pytest
from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.urls import path
from pypdf import PdfReader

from mission1000 import logs
from mission1000.urls import urlpatterns as portal
from records import files, jobs, outbox, papers
from records.acts import act
from records.models import AuditEvent, Job, Paper
from tests.architecture.tree import ROOT
from tests.records import hostile
from tests.records.conftest import TESTER, Note, taken

PAN, MOBILE, ACCOUNT, MAIL = "QXZPD7319K", "9847319582", "000731958246013", "canary@hidden.example"
CANARIES = (PAN, MOBILE, ACCOUNT, MAIL)
ALL = " ".join(CANARIES)


def found_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary.lower() in text.lower()]


@login_not_required
def broken(_request):
    raise ValueError(f"Key (pan, mobile)=({ALL}) already exists")


@login_not_required
def missing(_request):
    raise Http404(ALL)


urlpatterns = [path("broken/", broken), path("missing/", missing), *portal]


@pytest.fixture
def lines(caplog):
    """What the log would hold: every record of the run, written by the portal's own formatter."""
    formatter = dict(logs.config("DEBUG")["formatters"]["json"])
    writer = formatter.pop("()")(**formatter)
    caplog.set_level(logging.DEBUG)
    return lambda: "\n".join(writer.format(record) for record in caplog.records)


@act
def write(person) -> Paper:
    """Everything the ground floor writes, with canaries wherever a person may have put them."""
    outbox.send_text(None, MAIL, kind="t", title="Your code", body=f"For {ALL}\n", subject="note:1")
    return papers.issue(Note(text=ALL), subject="note:1", by=TESTER)


@pytest.mark.django_db(transaction=True)
def test_broker_messages_carry_a_number_and_nothing_else(person, note_kind):
    with current_app.connection_for_write() as link:
        channel = link.default_channel
        for queue in ("mail", "letters"):
            channel.queue_declare(queue=queue)
            channel.queue_purge(queue)
        write(person)
        sent = [channel.basic_get(queue, no_ack=True) for queue in ("mail", "letters")]
    keys = [job.pk for job in Job.objects.order_by("priority")]
    assert sorted(json.loads(_body(one))[0][0] for one in sent) == sorted(keys)
    whole = "".join(json.dumps([one.properties, one.headers, _body(one)], default=str) for one in sent)
    assert found_in(whole) == []


def _body(message) -> str:
    return message.body.decode() if isinstance(message.body, bytes) else message.body


@pytest.mark.prints
@pytest.mark.django_db(transaction=True)
def test_job_rows_trail_numbers_titles_and_file_names_are_free_of_them(person, note_kind, data_dir):
    paper = write(person)
    file = files.receive(hostile.upload(hostile.pdf(), f"PAN {PAN} {MAIL}.pdf"), by=person)
    taken(files.send(file, by=person, subject="note:1", financial=True))
    for job in list(jobs.due()):
        jobs.run(job.pk)
    paper.refresh_from_db()
    rows = [*Job.objects.values("name", "subject", "payload", "error"), *AuditEvent.objects.values()]
    said = [
        paper.number,
        paper.title_en,
        paper.title_ml,
        paper.get_absolute_url(),
        paper.pdf,
        papers.verify_address(paper),
    ]
    names = [str(one.relative_to(data_dir)) for one in data_dir.rglob("*")]
    assert (paper.state, len(names) > 5) == ("ready", True)
    assert found_in(json.dumps([rows, said, names], default=str)) == []
    assert found_in(str(PdfReader(papers.path_of(paper)).metadata)) == []


@pytest.mark.django_db
def test_log_lines_of_failing_jobs_and_refused_files_blot_them_out(person, handle, lines):
    def fail(_job) -> None:
        raise ValueError(f"Failing row contains ({ALL})")

    handle("tests.fail", fail, attempts=1)
    jobs.run(jobs.enqueue("tests.fail").pk)
    logging.getLogger("records.jobs").error("somebody wrote %s", ALL)
    for content in (b"%PDF-1.7 " + ALL.encode(), hostile.picture()[:300] + ALL.encode()):
        with pytest.raises(files.Refused):
            files.receive(hostile.upload(content, f"{PAN}.pdf"), by=person)
    text = lines()
    assert ("job_failed" in text, "pdf_refused" in text, "picture_refused" in text) == (True, True, True)
    assert found_in(text) == []


@pytest.mark.django_db
def test_error_pages_and_request_lines_are_free_of_them(client, settings, lines):
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    pages = [
        client.get("/broken/", {"q": ALL}),
        client.post("/broken/", {"pan": PAN}),
        client.get("/missing/"),
        client.get(f"/verify/{PAN}-{MAIL}/nothing/{ACCOUNT}/"),
        client.get("/verify/", {"q": ALL}),
    ]
    assert [page.status_code for page in pages] == [500, 500, 404, 404, 200]
    assert found_in("".join(page.content.decode() for page in pages[:3])) == []
    assert found_in(lines()) == []


PORTAL = f"""
import django
django.setup()
from django.test import Client
import logging
client = Client(raise_request_exception=False)
client.get("/verify/", {{"q": "{ALL}"}})
client.get("/verify/{PAN}/")
logging.getLogger("records").error("typed {ALL}")
"""


def test_the_log_of_a_real_process_is_free_of_them(tmp_path):
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "mission1000.settings"}
    done = subprocess.run([sys.executable, "-c", PORTAL], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    written = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
    assert [line["route"] for line in written if line["event"] == "answered"] == ["verify", "verify_number"]
    assert found_in(done.stderr + done.stdout) == []
