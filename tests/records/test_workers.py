"""Real workers in processes of their own: embedded, and Celery on Redis. Killed ones: tests/drills/test_kills.py."""

from collections.abc import Iterator

import pytest

from tests.records.shapes import ASKED, Shape, on_servers, small_shape


@pytest.fixture
def small(tmp_path) -> Shape:
    """One machine: SQLite, no broker, the worker inside the web process."""
    return small_shape(tmp_path)


@pytest.fixture
def large(tmp_path) -> Iterator[Shape]:
    """PostgreSQL and Redis of this run, with a database of its own."""
    with on_servers(tmp_path) as shape:
        yield shape


JOBS = f"SELECT state, attempts FROM records_job {ASKED} ORDER BY id"
WAITED = f"SELECT (julianday(started_at) - julianday(created_at)) * 86400 FROM records_job {ASKED}"


@pytest.mark.browser  # a live portal, like the browser's: once is enough
def test_a_job_that_another_process_wrote_starts_within_three_seconds(small, tmp_path):
    log = tmp_path / "log"
    serve = "import mission1000.wsgi, time; time.sleep(120)"
    with small.running("-c", serve, log=log):
        small.wait("SELECT name FROM records_workerbeat", [("embedded",)], 60, log)
        small.outside("mail")
        small.wait(JOBS, [("ready", 1)], 30, log)
    ((waited,),) = small.ask(WAITED)
    assert waited <= 3
    (file,) = (tmp_path / "mail").iterdir()
    assert b"Subject: Title" in file.read_bytes()


@pytest.mark.postgres
def test_a_celery_worker_on_redis_is_nudged_and_does_the_job(large, tmp_path):
    log = tmp_path / "log"
    with large.celery(log):
        large.wait("SELECT name FROM records_workerbeat", [("celery",)], 60, log)
        large.outside("mail")
        large.wait(JOBS, [("ready", 1)], 30, log)
    assert large.ask("SELECT state, sent_at IS NULL FROM records_message") == [("ready", False)]
