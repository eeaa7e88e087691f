"""Clock, verdicts and acts: one transaction, rows locked in key order, the trail written last or nothing at all."""

import time
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from records import acts, audit, clock
from records.models import AuditEvent, ChainHead, Job, WorkerBeat
from records.verdicts import ALLOWED, Refused, Verdict, refuse
from tests.racing import together
from tests.records.conftest import TESTER

NEW_YEAR_IN_INDIA = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)


def beat(name: str) -> WorkerBeat:
    return WorkerBeat.objects.create(name=name, at=clock.now())


def verbs() -> list[str]:
    return list(AuditEvent.objects.values_list("verb", flat=True))


def test_now_is_aware_and_this_moment():
    assert clock.now().tzinfo == UTC
    assert abs(clock.now().timestamp() - time.time()) < 5


def test_the_day_changes_at_midnight_in_india():
    with clock.moved_to(NEW_YEAR_IN_INDIA):
        assert clock.today() == date(2027, 1, 1)
        assert clock.ist(clock.now()).strftime("%d-%m-%Y %H:%M") == "01-01-2027 00:00"
    with clock.moved_to(NEW_YEAR_IN_INDIA.replace(minute=29, second=59)):
        assert clock.today() == date(2026, 12, 31)


def test_the_clock_goes_back_when_the_block_ends_even_by_an_error():
    with pytest.raises(KeyError), clock.moved_to(NEW_YEAR_IN_INDIA):
        raise KeyError
    assert clock.now().year != 2027
    assert abs(clock.now().timestamp() - time.time()) < 5


def test_the_clock_of_one_thread_moves_alone():
    with clock.moved_to(NEW_YEAR_IN_INDIA):
        (other,) = together(clock.now)
    assert abs(other.timestamp() - time.time()) < 60


def test_the_clock_of_a_production_portal_is_not_moved(settings):
    settings.PRODUCTION = True
    with pytest.raises(RuntimeError, match="production"), clock.moved_to(NEW_YEAR_IN_INDIA):
        pass


def test_a_verdict_is_true_or_carries_its_reason():
    assert ALLOWED
    assert refuse("Not yours.") == Verdict(ok=False, reason="Not yours.")
    assert not refuse("Not yours.")


def test_a_refusal_carries_a_sentence_and_its_field():
    refusal = Refused("Choose a file to send.", "file")
    assert (str(refusal), refusal.reason, refusal.field) == ("Choose a file to send.", "Choose a file to send.", "file")


def test_nothing_accountable_is_written_outside_an_act(db):
    with pytest.raises(RuntimeError, match="inside an @act only"):
        audit.record("note.write", "note:1", by=TESTER)


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_refused_changes_nothing_and_leaves_no_line():
    @acts.act
    def write() -> None:
        beat("one")
        audit.record("note.write", "note:1", by=TESTER)
        raise Refused("No.")

    with pytest.raises(Refused):
        write()
    assert (WorkerBeat.objects.count(), verbs(), ChainHead.objects.count()) == (0, [], 0)


@pytest.mark.django_db(transaction=True)
def test_a_line_that_cannot_be_written_takes_the_change_back():
    @acts.act
    def write() -> None:
        beat("one")
        audit.record(None, "note:1", by=TESTER)  # a line without its verb is refused by the database

    with pytest.raises(IntegrityError):
        write()
    assert (WorkerBeat.objects.count(), verbs()) == (0, [])
    assert audit.verify() == []


@pytest.mark.django_db(transaction=True)
def test_a_nested_act_joins_the_outermost_and_goes_back_with_it():
    @acts.act
    def inner() -> None:
        audit.record("inner.do", "note:2", by=TESTER)
        beat("inner")

    @acts.act
    def outer(stop: bool) -> None:
        audit.record("outer.do", "note:1", by=TESTER)
        inner()
        if stop:
            raise Refused("No.")
        beat("outer")

    with pytest.raises(Refused):
        outer(stop=True)
    assert (WorkerBeat.objects.count(), verbs()) == (0, [])
    outer(stop=False)
    assert verbs() == ["outer.do", "inner.do"]


def test_lines_are_written_last_and_the_head_is_locked_only_then(db):
    @acts.act
    def write() -> None:
        audit.record("note.write", "note:1", by=TESTER)
        beat("after the event was collected")

    with CaptureQueriesContext(
        connection,
    ) as seen:
        write()
    said = [query["sql"] for query in seen]
    tables = [
        word
        for sql in said
        for word in ("records_workerbeat", "records_chainhead", "records_auditevent")
        if word in sql
    ]
    assert tables[0] == "records_workerbeat"
    assert "records_workerbeat" not in tables[1:]
    assert tables.index("records_chainhead") < tables.index("records_auditevent")


@pytest.mark.django_db(transaction=True)
def test_what_runs_after_the_commit_is_an_act_of_its_own():
    @acts.act
    def afterwards() -> None:
        audit.record("second.do", "note:1", by=TESTER)

    @acts.act
    def first() -> None:
        audit.record("first.do", "note:1", by=TESTER)
        transaction.on_commit(afterwards)

    first()
    assert verbs() == ["first.do", "second.do"]


def test_rows_are_locked_in_the_order_of_their_keys(db):
    rows = [Job.objects.create(name=f"tests.{n}") for n in range(3)]
    backwards = [row.pk for row in reversed(rows)]
    with transaction.atomic(), CaptureQueriesContext(connection) as seen:
        found = acts.lock(Job, *backwards)
        again = acts.lock(Job.objects.filter(pk__in=backwards).order_by("-pk"))
        one = acts.lock_one(Job, rows[0].pk)
    assert [row.pk for row in found] == [row.pk for row in again] == sorted(backwards)
    assert one.pk == rows[0].pk
    if connection.vendor == "postgresql":
        assert all("FOR NO KEY UPDATE OF" in query["sql"] for query in seen)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_acts_over_the_same_rows_never_wait_for_each_other_in_a_circle():
    pks = [Job.objects.create(name=f"tests.{n}").pk for n in range(10)]

    @acts.act
    def touch(order: list[int]) -> int:
        for row in acts.lock(Job, *order):
            Job.objects.filter(pk=row.pk).update(done=row.done + 1)
        audit.record("jobs.touch", "job:all", by=TESTER)
        return len(order)

    def often(order: list[int]) -> int:
        return sum(touch(order) for _turn in range(20))

    assert together(lambda: often(pks), lambda: often(pks[::-1])) == [200, 200]
    assert set(Job.objects.values_list("done", flat=True)) == {40}
    assert audit.verify() == []


def test_the_trail_names_who_acted_so_that_it_reads_alone(person):
    assert (acts.actor_key(person), acts.actor_label(person)) == (f"user:{person.pk}", "Asha")
    assert (acts.actor_key(TESTER), acts.actor_label(TESTER), str(TESTER)) == ("system:tester", "tester", "tester")


# ---- A reading ------------------------------------------------------------------------------------------------
def test_what_a_page_asks_several_times_is_read_once_and_anew_for_the_next_page():
    read = []

    def ask() -> int:
        return acts.read_once("figures", lambda: read.append(1) or len(read))

    @acts.one_reading
    def page() -> list[int]:
        return [ask(), ask(), acts.once("figures", lambda: 0)]

    assert [page(), page()] == [[1, 1, 1], [2, 2, 2]]
    assert [ask(), ask()] == [3, 4]  # outside each time


def test_a_reading_that_breaks_keeps_nothing_and_an_act_keeps_its_own(db):
    @acts.one_reading
    def page() -> None:
        acts.read_once("figures", lambda: 1)
        raise Refused("No.")

    @acts.act
    def change() -> list[int]:
        return [acts.once("figures", lambda: 2), acts.once("figures", lambda: 3)]

    with pytest.raises(Refused):
        page()
    assert acts.read_once("figures", lambda: 4) == 4
    assert acts.one_reading(lambda: [acts.read_once("figures", lambda: 5), *change()])() == [5, 2, 2]
