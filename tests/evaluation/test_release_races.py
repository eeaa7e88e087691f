"""The release on PostgreSQL: two convenors at once, and a worker killed in the middle of a letter."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError

from evaluation import tasks
from evaluation.actions import letters, releases
from evaluation.models import Decision, Meeting, Release
from records import acts
from records.models import Job, Message, Paper
from tests.evaluation.conftest import build_world
from tests.evaluation.sitting import Sitting, sit
from tests.evaluation.test_letters import KIND, decided, three, told
from tests.racing import race, when_all_are_there
from tests.records.test_workers import Shape, large  # noqa: F401 -- the fixture of a database of its own

in_the_test_database = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROWS = [("81.00", "recommended"), ("66.00", "reserve"), ("44.00", "below")]
NEVER = "The decisions of this meeting are released: nothing in it changes any more."


def both(sitting: Sitting, meeting: Meeting) -> list[str]:
    """Two convenors release what a third prepared."""
    releases.prepare_release(meeting, by=sitting.third())
    people = (sitting.convenor, sitting.convenor2)
    return race(*(lambda by=by: releases.release(meeting, by=by) for by in people))


class TestTwoConvenors:
    pytestmark = in_the_test_database

    def test_one_releases_and_the_other_is_told(self) -> None:
        sitting = sit(build_world())
        assert both(sitting, decided(sitting, *ROWS)) == ["won", NEVER]
        assert (Release.objects.count(), Job.objects.filter(name="evaluation.letters").count()) == (1, 1)
        assert set(Decision.objects.values_list("state", "place")) == {("released", None), ("released", 1)}

    def test_control_without_the_lock_only_the_database_keeps_the_second_out(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sitting = sit(build_world())
        meeting = decided(sitting, *ROWS)
        monkeypatch.setattr(Release, "save", when_all_are_there(Release.save))
        monkeypatch.setattr(releases, "lock", lambda model, *keys: list(model._default_manager.filter(pk__in=keys)))
        with pytest.raises(IntegrityError):  # the other convenor gets no sentence but an error
            both(sitting, meeting)
        assert Release.objects.count() == 1


class TestTwoMeetings:
    """Of one round and district: the reserve list goes on where the other meeting ended."""

    pytestmark = in_the_test_database

    def released(self) -> tuple[list[str], list[int | None]]:
        sitting = sit(build_world())
        meetings = [decided(sitting, ("66.00", "reserve")) for _turn in range(2)]
        for held in meetings:
            releases.prepare_release(held, by=sitting.convenor2)
        said = race(*(lambda held=held: releases.release(held, by=sitting.convenor) for held in meetings))
        return said, sorted(Decision.objects.values_list("place", flat=True))

    def test_each_place_is_given_once(self) -> None:
        assert self.released() == (["won", "won"], [1, 2])

    def test_control_with_its_own_meeting_locked_alone_a_place_is_given_twice(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        both_have_counted = threading.Barrier(2)

        def place(decision: Decision) -> int | None:
            found = honest(decision)
            both_have_counted.wait(timeout=10)
            return found

        honest = releases._place
        monkeypatch.setattr(releases, "_place", place)
        monkeypatch.setattr(releases, "_alone", lambda meeting: acts.lock_one(Meeting, meeting.pk))
        assert self.released() == (["won", "won"], [1, 1])


class TestTwoWorkers:
    pytestmark = in_the_test_database

    def test_two_that_write_the_same_letters_write_each_once(self) -> None:
        three(sit(build_world()))
        job = Job.objects.get(name="evaluation.letters")
        assert race(*(lambda: tasks.write_letters(Job.objects.get(pk=job.pk)) for _turn in range(2))) == ["won"] * 2
        assert Paper.objects.filter(kind=KIND).count() == 3
        assert sorted(told().values()) == [1, 1, 1]

    def test_control_without_the_lock_an_applicant_gets_two(self, monkeypatch: pytest.MonkeyPatch) -> None:
        decision = three(sit(build_world())).decisions.get(outcome="selected")
        both_have_read = threading.Barrier(2)

        def read(rows: Any) -> Any:
            found = list(rows)
            both_have_read.wait(timeout=10)
            return found

        monkeypatch.setattr(letters, "lock", read)
        race(*(lambda: letters.write_letter(decision, by=acts.system("letters")) for _turn in range(2)))
        assert Message.objects.filter(kind="application.decided").count() == 2


LETTERS = "SELECT count(*) FROM evaluation_decision WHERE letter_id IS NOT NULL"
PAPERS = f"SELECT count(*), count(DISTINCT subject) FROM records_paper WHERE kind = '{KIND}'"
TOLD = "SELECT count(*), count(DISTINCT subject) FROM records_message WHERE kind = 'application.decided'"
STATES = "SELECT state, attempts FROM records_job WHERE name = 'evaluation.letters' ORDER BY id"
WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


@contextmanager
def held(shape: Shape, sql: str) -> Iterator[None]:
    """Another connection that keeps rows locked."""
    link = shape.connect()
    try:
        link.cursor().execute(sql)
        yield
    finally:
        link.rollback()
        link.close()


@pytest.mark.postgres
def test_a_worker_killed_in_a_letter_sends_each_once(large: Shape, tmp_path: Path) -> None:  # noqa: F811 -- the fixture
    """Killed with letter and mail of the third file written and not committed: both are gone, then both come once."""
    log = tmp_path / "log"
    assert large.said("-m", "tests.evaluation.outside") == "5"
    ((third,),) = large.ask("SELECT id FROM evaluation_decision ORDER BY id OFFSET 2 LIMIT 1")
    with large.celery(log) as worker, ExitStack() as at_the_end:
        with held(large, f"SELECT id FROM evaluation_decision WHERE id = {third} FOR UPDATE"):
            large.outside("sweep")
            large.wait(LETTERS, [(2,)], 60, log)
            at_the_end.enter_context(held(large, "SELECT hash FROM records_chainhead WHERE id = 1 FOR UPDATE"))
        large.wait(WAITS, [(1,)], 30, log)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    assert (large.ask(LETTERS), large.ask(TOLD), large.ask(STATES)) == ([(2,)], [(2, 2)], [("running", 1)])
    large.ask("UPDATE records_job SET heartbeat_at = heartbeat_at - interval '61 seconds' WHERE state = 'running'")
    with large.celery(log):
        large.outside("sweep")
        large.wait(STATES, [("ready", 2)], 60, log)
    assert (large.ask(LETTERS), large.ask(PAPERS), large.ask(TOLD)) == ([(5,)], [(5, 5)], [(5, 5)])
