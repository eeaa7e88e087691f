"""The whole sweep: what lost its job is queued again once, what no row names is removed, and nothing else is touched."""

import os
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from records import files, jobs, outbox, pages, papers, sweeping
from records.clock import moved_to, now
from records.models import Job, Message, PageImage, Paper
from records.sweeping import Found
from tests.racing import threads
from tests.records import hostile
from tests.records.conftest import TESTER, Note, SecretNote

pytestmark = pytest.mark.usefixtures("note_kind")


def later(**delta: int):
    return moved_to(now() + timedelta(**(delta or {"minutes": 6})))


def swept() -> Found:
    with later():
        return sweeping.sweep()


def mail() -> Message:
    return outbox.send_text(None, "asha@test.example", kind="t", title="Title", body="Body")


def aged(path: Path, hours: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"bytes")
    moment = (now() - timedelta(hours=hours)).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_a_mail_that_lost_its_job_gets_one_and_is_sent(db):
    lost, well = mail(), mail()
    Job.objects.filter(subject=f"message:{lost.pk}").delete()
    assert swept().mails == 1
    assert swept().mails == 0
    assert Job.objects.count() == 2
    with later():
        jobs.run(Job.objects.get(subject=f"message:{lost.pk}").pk)
    assert set(Message.objects.values_list("pk", "state")) == {(lost.pk, "ready"), (well.pk, "queued")}


def test_a_mail_that_was_given_up_or_is_only_just_written_is_left(db):
    Message.objects.filter(pk=mail().pk).update(state="failed", error="no such address")
    Job.objects.all().delete()
    assert swept().mails == 0
    mail()
    Job.objects.all().delete()
    assert sweeping.sweep().mails == 0


def test_a_paper_that_lost_its_job_gets_one_and_a_paper_nobody_asked_for_waits(db):
    begun, unasked = (papers.issue(Note(), subject="note:1", by=TESTER, render=render) for render in (True, False))
    Job.objects.all().delete()
    Paper.objects.filter(pk=begun.pk).update(state="running")
    assert (swept().papers, swept().papers) == (1, 0)
    assert list(Job.objects.values_list("subject", "priority")) == [(f"paper:{begun.pk}", 9)]
    unasked.refresh_from_db()
    assert unasked.state == "queued"


def test_a_secret_paper_stays_secret_while_it_is_made_again(db):
    paper = papers.issue(SecretNote(), subject="note:1", by=TESTER)
    Job.objects.update(state="failed", finished_at=now(), error="x")
    assert swept().papers == 1
    paper.refresh_from_db()
    assert paper.released_at is None


def test_page_images_that_are_gone_are_asked_for_once(person):
    file = files.receive(hostile.upload(hostile.picture("JPEG")), by=person)
    pages.ask_for(file)
    jobs.run(Job.objects.get().pk)
    image = PageImage.objects.get()
    assert swept().pages == 0
    pages.path_of(image).unlink()
    assert (swept().pages, swept().pages) == (1, 0)
    with later():
        jobs.run(Job.objects.latest("pk").pk)
    assert pages.path_of(image).exists()


def test_bytes_without_a_row_are_removed_after_a_day_and_nothing_else_is(person, data_dir):
    kept = data_dir / "files" / files.receive(hostile.upload(hostile.pdf()), by=person).path
    os.utime(kept, (0, 0))
    key = "0f8fad5b-d9cb-469f-a165-70867728950e"
    orphan = aged(data_dir / "files" / "2026" / "10" / key, 25)
    drawn = aged(data_dir / "files" / "pages" / key / "1.webp", 25)
    part = aged(data_dir / "papers" / ".part-x", 25)
    young = aged(data_dir / "files" / "2026" / "11" / key, 23)
    foreign = aged(data_dir / "files" / "read-me.txt", 25)
    found = sweeping.sweep()
    assert (found.orphans, found.removed) == (2, 2)
    assert [path.exists() for path in (orphan, drawn, part)] == [False] * 3
    assert [path.exists() for path in (kept, young, foreign)] == [True] * 3
    assert sweeping.sweep().removed == 0


def test_a_database_that_was_exchanged_costs_no_documents(db, data_dir, monkeypatch):
    monkeypatch.setattr(sweeping, "FEW", 3)
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    here = [aged(data_dir / "files" / "2026" / "10" / f"{n:08d}-d9cb-469f-a165-70867728950e", 25) for n in range(4)]
    found = sweeping.sweep()
    assert (found.orphans, found.removed, all(path.exists() for path in here)) == (4, 0, True)
    assert "NOT removed" in found.sentences()[-1]


def test_the_command_says_what_it_found_in_sentences(db):
    mail()
    out = StringIO()
    call_command("sweep", stdout=out)
    assert out.getvalue().splitlines() == [
        "1 job was due: its worker was told again.",
        "0 mails without a job: queued again.",
        "0 papers without a job: queued again.",
        "0 scans without a job: queued again.",
        "0 documents whose page images are gone: drawn anew.",
        "0 files without a row, older than a day: removed.",
    ]


def test_the_daily_job_does_it_too(db):
    lost = mail()
    Job.objects.all().delete()
    assert "records.sweep" in jobs._timed
    job = jobs.enqueue("records.sweep")
    with later():
        jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, Job.objects.filter(subject=f"message:{lost.pk}").count()) == ("ready", 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sweeps_at_once_queue_everything_once():
    for _number in range(5):
        mail()
    papers.issue(Note(), subject="note:1", by=TESTER)
    Paper.objects.update(state="running")
    Job.objects.all().delete()
    with later():
        moment = now()

    def sweep() -> Found:
        with moved_to(moment):
            return sweeping.sweep()

    with threads(4) as together:
        found = together(*[sweep] * 4)
    assert (sum(one.mails for one in found), sum(one.papers for one in found)) == (5, 1)
    assert Job.objects.count() == 6
