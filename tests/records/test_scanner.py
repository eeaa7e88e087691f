"""The virus scanner: clamd's own words over a real socket; away, silent or strange, the file stays closed and waits."""

from datetime import timedelta

import pytest

from records import files, jobs, scanner, sweeping
from records.clock import moved_to, now
from records.models import Job, StoredFile
from tests.records import hostile
from tests.records.clamd import EICAR, clamd


@pytest.fixture
def daemon():
    with clamd() as found:
        yield found


def sent(person, settings, address: str, more: bytes = b"") -> StoredFile:
    settings.SCANNER = address
    return files.receive(hostile.upload(hostile.pdf() + more), by=person)


def run(minutes: int = 0) -> Job:
    job = Job.objects.get(name="records.scan")
    with moved_to(now() + timedelta(minutes=minutes)):
        jobs.run(job.pk)
    job.refresh_from_db()
    return job


def said(file: StoredFile) -> str:
    file.refresh_from_db()
    return file.scan


@pytest.mark.parametrize(("more", "verdict"), [(b"", "clean"), (b"\n%" + EICAR, "infected")])
def test_a_file_waits_until_clamd_has_answered(person, settings, daemon, more, verdict):
    file = sent(person, settings, daemon.address, more)
    assert file.scan == "awaiting scan"
    assert run().state == "ready"
    assert said(file) == verdict
    assert daemon.streams == [hostile.pdf() + more]


def test_a_file_longer_than_a_piece_arrives_whole(person, settings, daemon):
    more = b"\n%" + bytes(range(1, 10)) * 20_000 + EICAR
    file = sent(person, settings, daemon.address, more)
    run()
    assert (said(file), daemon.streams[0] == hostile.pdf() + more) == ("infected", True)


def test_clamd_at_a_socket_in_the_file_system(person, settings, tmp_path):
    with clamd(str(tmp_path / "clamd.ctl")) as found:
        file = sent(person, settings, found.address)
        run()
    assert said(file) == "clean"


def test_with_clamd_down_the_file_stays_closed_for_as_long_as_it_takes(person, settings, closed_port, daemon):
    file = sent(person, settings, f"tcp://127.0.0.1:{closed_port}")
    for minute in range(10):  # more tries than the job has
        job = run(minute + minute)
    assert (job.state, job.error) == ("queued", "The virus scanner cannot be reached.")
    assert (job.most_attempts - job.attempts, said(file)) == (5, "awaiting scan")
    settings.SCANNER = daemon.address
    assert (run(60).state, said(file)) == ("ready", "clean")


def test_readiness_names_the_scanner_and_pages_go_on_without_it(client, db, settings, daemon, closed_port):
    assert "scanner" not in client.get("/readyz").json()
    for address, mood, word in (
        (daemon.address, "well", "ok"),
        (daemon.address, "nonsense", "away"),
        (f"tcp://127.0.0.1:{closed_port}", "well", "away"),
        ("unix:///nowhere", "well", "away"),
    ):
        settings.SCANNER, daemon.mood = address, mood
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["scanner"]) == (200, word), address


@pytest.mark.parametrize("mood", ["hangs", "talks nonsense"])
def test_no_verdict_is_never_taken_for_clean(person, settings, daemon, monkeypatch, mood):
    monkeypatch.setattr(scanner, "ANSWER_SECONDS", 0.2)
    daemon.mood = mood
    file = sent(person, settings, daemon.address)
    assert (run().state, said(file)) == ("queued", "awaiting scan")
    daemon.mood = "well"
    assert (run(2).state, said(file)) == ("ready", "clean")


def test_a_socket_that_is_not_there_is_a_scanner_that_is_away(person, settings, tmp_path):
    file = sent(person, settings, f"unix://{tmp_path}/nowhere.ctl")
    assert (run().error, said(file)) == ("The virus scanner cannot be reached.", "awaiting scan")


def test_without_a_scanner_nothing_waits_and_the_file_says_so(person, settings):
    file = sent(person, settings, "off")
    assert (file.scan, Job.objects.count()) == ("not virus-scanned", 0)


def test_a_scan_whose_job_was_lost_or_failed_is_queued_again_once(person, settings, daemon):
    file = sent(person, settings, daemon.address)
    Job.objects.all().delete()
    with moved_to(now() + timedelta(minutes=6)):
        assert (sweeping.sweep().scans, sweeping.sweep().scans) == (1, 0)
    assert (run(6).state, said(file)) == ("ready", "clean")
    assert run().state == "ready"
    assert len(daemon.streams) == 1


def test_a_file_that_is_gone_is_given_up_and_not_called_clean(person, settings, daemon, data_dir):
    file = sent(person, settings, daemon.address)
    (data_dir / "files" / file.path).unlink()
    assert (run().state, said(file)) == ("failed", "awaiting scan")


def test_files_that_wait_when_the_scanner_is_switched_off_say_that_they_are_not_scanned(person, settings, daemon):
    file = sent(person, settings, daemon.address)
    settings.SCANNER = "off"
    assert (run().state, said(file)) == ("ready", "not virus-scanned")
