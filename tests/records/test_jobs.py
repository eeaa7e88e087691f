"""Jobs: the row is the truth. One worker takes it, it is tried again, a dead worker's is found, a dead broker is no error."""

import os
import subprocess
import sys
import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from records import jobs, tasks
from records.acts import act
from records.clock import moved_to, now
from records.models import AuditEvent, Job, JobState, WorkerBeat
from tests.architecture.tree import ROOT
from tests.racing import together


class Poison(Exception):
    """What a handler of these tests falls over."""


def state_of(job: Job) -> tuple[str, int, str]:
    job.refresh_from_db()
    return job.state, job.attempts, job.error


def tried(job: Job, seconds: int) -> tuple[str, int, str]:
    """Run it as a worker would that looks `seconds` from now."""
    with moved_to(now() + timedelta(seconds=seconds)):
        jobs.run(job.pk)
    return state_of(job)


@pytest.fixture
def poison(db, handle) -> Job:
    """A job that fails at every try, and three of them are allowed."""

    def fail(_job: Job) -> None:
        raise Poison("the printer is on fire")

    handle("tests.poison", fail, attempts=3)
    return jobs.enqueue("tests.poison", "note:1")


def test_a_job_is_done_once_and_its_row_says_so(db, handle):
    done = []
    handle("tests.once", done.append)
    job = jobs.enqueue("tests.once", "note:1", payload={"note": 1})
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert [one.payload for one in done] == [{"note": 1}]
    assert state_of(job) == ("ready", 1, "")
    assert job.finished_at >= job.started_at


@pytest.mark.django_db(transaction=True)
def test_a_job_of_an_act_that_is_taken_back_was_never_there(handle):
    handle("tests.once", lambda _job: None)
    with transaction.atomic():
        jobs.enqueue("tests.once")
        transaction.set_rollback(True)
    assert Job.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_takes_the_job(handle):
    done = []
    handle("tests.once", lambda job: (done.append(job.pk), time.sleep(0.05)))
    keys = [jobs.enqueue("tests.once").pk for _number in range(10)]
    together(*(lambda: [jobs.run(key) for key in keys] for _worker in range(6)))
    assert sorted(done) == keys
    assert set(Job.objects.values_list("state", "attempts")) == {("ready", 1)}


def test_a_claim_is_one_update_that_asks_for_the_state(db, django_assert_num_queries):
    job = Job.objects.create(name="tests.once")
    with django_assert_num_queries(2) as seen:
        assert jobs.claim(job.pk).state == JobState.RUNNING
    assert seen[0]["sql"].startswith("UPDATE")
    assert "'queued'" in seen[0]["sql"]
    with django_assert_num_queries(1):
        assert jobs.claim(job.pk) is None


def test_a_failed_try_waits_longer_each_time_and_the_last_one_stops(poison):
    assert tried(poison, 0) == ("queued", 1, "the printer is on fire")
    assert tried(poison, 1) == ("queued", 1, "the printer is on fire")
    assert tried(poison, 3) == ("queued", 2, "the printer is on fire")
    assert tried(poison, 9) == ("failed", 3, "the printer is on fire")
    assert tried(poison, 999) == ("failed", 3, "the printer is on fire")
    assert list(jobs.due()) == []


def test_a_person_may_have_a_poison_job_tried_again(poison, handle, person):
    for seconds in (0, 60, 120):
        tried(poison, seconds)
    handle("tests.poison", lambda _job: None)
    jobs.retry(poison, by=person)
    assert state_of(poison) == ("queued", 0, "")
    assert (poison.priority, poison.finished_at) == (1, None)
    assert tried(poison, 0)[0] == "ready"
    jobs.retry(poison, by=person)
    assert state_of(poison)[0] == "ready"
    assert list(AuditEvent.objects.values_list("verb", "actor")) == [("job.retry", f"user:{person.pk}")]


def test_a_job_that_cannot_succeed_is_not_tried_again(db, handle):
    def give_up(_job: Job) -> None:
        raise jobs.GivenUp("There is no such note.")

    handle("tests.hopeless", give_up)
    job = jobs.enqueue("tests.hopeless")
    jobs.run(job.pk)
    assert state_of(job) == ("failed", 1, "There is no such note.")


def test_a_job_nobody_knows_says_so(db):
    job = jobs.enqueue("tests.unknown")
    jobs.run(job.pk)
    assert state_of(job) == ("failed", 1, "Nothing is registered under tests.unknown")


def test_an_error_that_says_nothing_is_named_and_one_with_a_nul_is_kept(db, handle):
    for text, kept in (("", "Poison"), ("a\0b", "ab")):

        def fail(_job: Job, text: str = text) -> None:
            raise Poison(text)

        handle("tests.poison", fail)
        job = jobs.enqueue("tests.poison")
        jobs.run(job.pk)
        assert state_of(job)[2] == kept


def lost(name: str, attempts: int = 1) -> Job:
    """A job whose worker died in the middle."""
    long_ago = now() - jobs.HEARTBEAT_LOST - timedelta(seconds=1)
    return Job.objects.create(
        name=name,
        state=JobState.RUNNING,
        attempts=attempts,
        started_at=long_ago,
        heartbeat_at=long_ago,
        most_attempts=3,
    )


def test_the_sweep_queues_again_what_a_dead_worker_left(db, handle):
    handle("tests.once", lambda _job: None)
    job = lost("tests.once")
    living = Job.objects.create(name="tests.once", state=JobState.RUNNING, heartbeat_at=now())
    assert jobs.sweep() == 1
    assert (state_of(job)[0], state_of(living)[0]) == ("queued", "running")
    jobs.run(job.pk)
    assert state_of(job) == ("ready", 2, "")


def test_a_job_on_which_each_worker_died_stops_and_whoever_waits_is_told(db, handle):
    told = []
    handle("tests.killer", lambda _job: None, failed=lambda job, reason: told.append((job.pk, reason)))
    job = lost("tests.killer", attempts=3)
    assert jobs.sweep() == 0
    reason = "The worker stopped in the middle of this job each time."
    assert state_of(job) == ("failed", 3, reason)
    assert told == [(job.pk, reason)]


def test_a_worker_thought_dead_does_not_touch_the_next_try(db, handle):
    late = lost("tests.once")
    jobs.sweep()
    following = jobs.claim(late.pk)
    jobs.beat(late)
    jobs._failed(late, Poison("too late"))
    jobs._finish(late, JobState.READY, "")
    assert state_of(following) == ("running", 2, "")


def test_progress_is_a_heartbeat(db):
    job = lost("tests.once")
    jobs.progress(job, 3, of=14)
    job.refresh_from_db()
    assert (job.done, job.of) == (3, 14)
    assert jobs.sweep() == 0
    assert state_of(job)[0] == "running"


def test_what_a_person_waits_for_goes_before_what_is_made_in_bulk(db, handle):
    bulk = [jobs.enqueue("tests.once", priority=9).pk for _number in range(2)]
    waited_for = jobs.enqueue("tests.once", priority=1).pk
    later = jobs.enqueue("tests.once", priority=1, delay=60).pk
    assert [job.pk for job in jobs.due()] == [waited_for, *bulk]
    with moved_to(now() + timedelta(seconds=61)):
        assert [job.pk for job in jobs.due()] == [waited_for, later, *bulk]


def test_a_worker_is_alive_for_half_a_minute_after_it_said_so(db):
    assert not jobs.worker_alive()
    jobs.say_alive("one")
    jobs.say_alive("one")
    assert jobs.worker_alive()
    assert WorkerBeat.objects.count() == 1
    with moved_to(now() + timedelta(seconds=31)):
        assert not jobs.worker_alive()


def test_waiting_for_a_job_ends_when_it_is_done_or_the_time_is_over(db, handle):
    handle("tests.once", lambda _job: None)
    job = jobs.enqueue("tests.once")
    assert jobs.wait_for(job.pk, 0.1).state == JobState.QUEUED
    jobs.run(job.pk)
    assert jobs.wait_for(job.pk, 5).state == JobState.READY


DEAD_BROKER = """
import django
django.setup()
from records import jobs
from records.models import Job
jobs.BROKER_REST = 3600
for turn in range(3):
    jobs.nudge(Job(pk=turn, name="records.mail"))
jobs._broker["rest_until"] = 0.0
jobs.nudge(Job(pk=4, name="records.mail"))
"""


def test_a_dead_broker_is_no_error_and_is_left_alone_for_a_while(tmp_path, closed_port):
    env = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "mission1000.settings",
        "REDIS_URL": f"redis://127.0.0.1:{closed_port}/0",
    }
    done = subprocess.run([sys.executable, "-c", DEAD_BROKER], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("broker_away") == 2


@pytest.mark.django_db(transaction=True)
def test_a_nudge_that_raises_after_the_commit_loses_nothing(handle, monkeypatch, settings):
    handle("tests.once", lambda _job: None)

    def broken(_job: Job) -> None:
        raise OSError("gone")

    monkeypatch.setattr(jobs, "nudge", broken)
    job = act(lambda: jobs.enqueue("tests.once", "note:1"))()
    assert state_of(job)[0] == "queued"
    assert not connection.in_atomic_block


def test_the_message_carries_a_number_and_the_task_does_that_job(db, handle):
    done = []
    handle("tests.once", lambda job: done.append(job.pk))
    job = jobs.enqueue("tests.once")
    tasks.run(job.pk)
    tasks.run(job.pk)
    assert (done, state_of(job)[0]) == ([job.pk], "ready")


def test_the_sweep_of_beat_and_of_a_person_are_the_same(db, handle):
    handle("tests.once", lambda _job: None)
    first, second = lost("tests.once"), lost("tests.once")
    tasks.sweep()
    assert (state_of(first)[0], jobs.worker_alive()) == ("queued", True)
    out = StringIO()
    call_command("sweep", stdout=out)
    assert (state_of(second)[0], out.getvalue().splitlines()[0][:16]) == ("queued", "2 jobs were due:")


def test_what_is_done_again_and_again_is_queued_once_an_interval(db, handle, monkeypatch):
    monkeypatch.setattr(jobs, "_timed", {})
    handle("tests.again", lambda _job: None)
    jobs.repeat("tests.again", every=timedelta(hours=6))
    queued = []
    for hours in (0, 1, 7, 8):
        with moved_to(now() + timedelta(hours=hours)):
            tasks.start_timed()
            queued.append(Job.objects.filter(name="tests.again").count())
    assert queued == [1, 1, 2, 2]


def test_timed_work_waits_while_it_is_held_also_what_was_queued_a_moment_before(db, handle, monkeypatch):
    held, done = [True], []
    monkeypatch.setattr(jobs, "_timed", {})
    monkeypatch.setattr(jobs, "_held_while", [lambda: held[0]])
    handle("tests.again", done.append)
    jobs.repeat("tests.again", every=timedelta(hours=6))
    assert jobs.start_timed() == 0
    held[0] = False
    assert jobs.start_timed() == 1
    held[0] = True
    job = Job.objects.get(name="tests.again")
    jobs.run(job.pk)
    assert (state_of(job)[0], done) == ("ready", [])
    held[0] = False
    with moved_to(now() + timedelta(hours=7)):
        assert jobs.start_timed() == 1
        jobs.run(Job.objects.filter(name="tests.again").latest("pk").pk)
    assert len(done) == 1


def test_reminders_are_queued_by_the_portal_itself():
    assert {"applications.reminders"} <= set(jobs._timed) <= set(jobs._handlers)


def test_a_message_brings_the_most_urgent_job_of_its_queue(db, handle, settings):
    settings.EMBED = False
    done: list[str] = []
    for name, queue in (("tests.bulk", "letters"), ("tests.wanted", "letters"), ("tests.elsewhere", "mail")):
        handle(name, lambda job: done.append(job.name), queue=queue)
    bulk = [jobs.enqueue("tests.bulk", priority=9) for _turn in range(2)]
    jobs.enqueue("tests.elsewhere", priority=0)
    wanted = jobs.enqueue("tests.wanted", priority=1)
    for job in (*bulk, wanted):
        tasks.run(job.pk)
    assert done == ["tests.wanted", "tests.bulk", "tests.bulk"]


def test_the_embedded_worker_takes_a_code_before_a_paper(db, handle, settings):
    settings.EMBED = True
    done: list[str] = []
    handle("tests.paper", lambda job: done.append(job.name), queue="letters")
    handle("tests.code", lambda job: done.append(job.name), queue="mail")
    paper, code = jobs.enqueue("tests.paper", priority=1), jobs.enqueue("tests.code", priority=0)
    tasks.run(paper.pk)
    tasks.run(code.pk)
    assert done == ["tests.code", "tests.paper"]
