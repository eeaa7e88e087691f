"""The worker inside the web process, turn by turn; that it runs in a live portal shows test_workers.py."""

from datetime import timedelta

import pytest

from records import embedded, jobs
from records.clock import now
from records.models import Job, WorkerBeat


class Enough(BaseException):
    """Ends what goes on for ever."""


def test_a_look_does_all_that_is_due_the_most_urgent_first(db, handle):
    done = []
    handle("tests.turn", lambda job: done.append(job.payload["n"]))
    for number, urgency in ((1, 9), (2, 1), (3, 5)):
        jobs.enqueue("tests.turn", payload={"n": number}, priority=urgency)
    later = jobs.enqueue("tests.turn", payload={"n": 4}, delay=60)
    embedded._look()
    later.refresh_from_db()
    assert (done, later.state) == ([2, 3, 1], "queued")


def test_a_look_at_nothing_ends(db):
    embedded._look()
    assert not Job.objects.exists()


def test_a_sweep_says_alive_and_takes_back_what_a_dead_worker_left(db, handle):
    handle("tests.turn", print)
    job = jobs.enqueue("tests.turn")
    silent = now() - timedelta(seconds=90)
    Job.objects.filter(pk=job.pk).update(state="running", attempts=1, heartbeat_at=silent)
    embedded._sweep()
    job.refresh_from_db()
    assert (job.state, list(WorkerBeat.objects.values_list("name"))) == ("queued", [("embedded",)])


def test_what_is_done_again_and_again_is_queued_once_in_its_time(db, monkeypatch):
    monkeypatch.setattr(jobs, "_timed", {"tests.nightly": timedelta(hours=20)})
    embedded._timed()
    embedded._timed()
    assert Job.objects.filter(name="tests.nightly").count() == 1


def test_what_goes_wrong_in_one_turn_is_written_down_and_does_not_end_the_next(db, caplog):
    turns = []

    def turn() -> None:
        turns.append(len(turns) + 1)
        if len(turns) == 1:
            raise ValueError("the disk is full")
        if len(turns) == 3:
            raise Enough

    with pytest.raises(Enough):
        embedded._again_and_again(turn, 0)
    assert turns == [1, 2, 3]
    (line,) = [record for record in caplog.records if record.message == "embedded_turn_failed"]
    assert str(line.exc_info[1]) == "the disk is full"
