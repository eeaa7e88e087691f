"""The trail: append-only, chained, anchored outside the database; whoever tampers with it is found and the place named."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from records import acts, appendonly, audit
from records.clock import moved_to, now
from records.models import AuditEvent, ChainHead
from tests.racing import together
from tests.records.conftest import TESTER

NOON = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


@acts.act
def note(*texts: str) -> None:
    for text in texts:
        audit.record("note.write", "note:1", by=TESTER, note=text, scope="OFFICE-1", old="draft", new="kept")


def lines(count: int) -> None:
    note(*(f"line {number}" for number in range(count)))


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def anchored(data_dir) -> list[int]:
    file = data_dir / "anchors" / "trail.jsonl"
    return [json.loads(line)["sequence"] for line in file.read_text().splitlines()] if file.exists() else []


def places() -> list[tuple[int, str]]:
    return [(problem.sequence, problem.what) for problem in audit.verify()]


@pytest.mark.django_db
def test_each_line_carries_the_hash_of_the_line_before():
    lines(3)
    rows = list(AuditEvent.objects.all())
    assert [row.sequence for row in rows] == [1, 2, 3]
    assert [row.previous_hash for row in rows] == [audit.START, rows[0].hash, rows[1].hash]
    assert rows[0].data == {"old": "draft", "new": "kept"}
    assert list(audit.events_about("note:1")) == rows
    assert places() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data", [{"x": 1e22, "y": 0.1, "z": -0.0}, {1: "key"}, {"at": NOON}, {"ml": "ശ്രീ", "n": 10**30}]
)
def test_whatever_a_line_holds_comes_back_as_it_was_hashed(data):
    acts.act(lambda: audit.record("note.write", "note:1", by=TESTER, data=data))()
    assert places() == []


@pytest.mark.django_db
def test_a_reading_is_an_act_of_its_own(person):
    audit.record_read("file.open", person, by=person, note="file:7", scope="OFFICE-1")
    row = AuditEvent.objects.get()
    assert (row.verb, row.subject, row.actor, row.note, row.scope) == (
        "file.open",
        f"accounts.user:{person.pk}",
        f"user:{person.pk}",
        "file:7",
        "OFFICE-1",
    )


CHANGES = {
    "update": "UPDATE records_auditevent SET note = 'other'",
    "delete": "DELETE FROM records_auditevent",
    "replace": "INSERT OR REPLACE INTO records_auditevent SELECT * FROM records_auditevent",
    "truncate": "TRUNCATE records_auditevent",
    "upsert": "INSERT INTO records_auditevent SELECT * FROM records_auditevent WHERE true "
    "ON CONFLICT (sequence) DO UPDATE SET note = 'other'",
}
ONLY = {"replace": "sqlite", "truncate": "postgresql"}


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_every_change(change):
    if ONLY.get(change, connection.vendor) != connection.vendor:
        return  # the other database has no such statement
    lines(2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        sql(CHANGES[change])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent.objects.update(note="other")
    assert places() == []


def rehash(first: int) -> None:
    """What a forger who knows the code does: chain everything from `first` anew, the head too."""
    previous = AuditEvent.objects.get(sequence=first - 1).hash if first > 1 else audit.START
    for row in AuditEvent.objects.filter(sequence__gte=first):
        row.previous_hash = previous
        row.hash = previous = audit.digest(row)
        row.save()
    ChainHead.objects.update(sequence=AuditEvent.objects.count(), hash=previous)


def edit() -> None:
    AuditEvent.objects.filter(sequence=4).update(note="somebody else")


def delete() -> None:
    AuditEvent.objects.filter(sequence=4).delete()


def insert() -> None:
    """A line slipped in between: those behind it move up."""
    for row in AuditEvent.objects.filter(sequence__gte=4).order_by("-sequence"):
        AuditEvent.objects.filter(pk=row.pk).update(sequence=row.sequence + 1)
    third = AuditEvent.objects.get(sequence=3)
    forged = AuditEvent(**{name: getattr(third, name) for name in audit.COLUMNS})
    forged.sequence, forged.previous_hash = 4, third.hash
    forged.hash = audit.digest(forged)
    forged.save()


def swap() -> None:
    for old, new in ((4, 99), (5, 4), (99, 5)):
        AuditEvent.objects.filter(sequence=old).update(sequence=new)


def backdate() -> None:
    AuditEvent.objects.filter(sequence=4).update(at=F("at") - timedelta(days=30))


def cut() -> None:
    AuditEvent.objects.filter(sequence__gte=7).delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("tamper", "first"),
    [
        (edit, (4, "was changed")),
        (delete, (4, "missing")),
        (insert, (5, "does not follow the line before it")),
        (swap, (4, "does not follow the line before it")),
        (backdate, (4, "was changed")),
        (cut, (7, "the end was cut or changed")),
    ],
)
def test_six_kinds_of_tampering_are_found_and_located(tamper: Callable[[], None], first):
    lines(9)
    with appendonly.triggers_off():
        tamper()
    assert places()[0] == first


@pytest.mark.django_db(transaction=True)
def test_a_line_added_behind_the_end_is_found():
    lines(2)
    last = AuditEvent.objects.get(sequence=2)
    forged = AuditEvent(**{name: getattr(last, name) for name in audit.COLUMNS})
    forged.sequence, forged.previous_hash = 3, last.hash
    forged.hash = audit.digest(forged)
    forged.save()
    assert places() == [(3, "was added behind the end")]


@pytest.mark.django_db(transaction=True)
def test_a_head_that_is_gone_is_found():
    lines(2)
    ChainHead.objects.all().delete()
    assert places() == [(3, "the head of the chain is missing")]


@pytest.mark.django_db(transaction=True)
def test_a_tail_cut_together_with_the_head_is_found_by_the_anchor():
    lines(audit.ANCHOR_EVERY)
    with appendonly.triggers_off():
        AuditEvent.objects.filter(sequence__gt=90).delete()
        rehash(91)
    assert places() == [(91, "the end was cut: a later line is anchored")]


@pytest.mark.django_db(transaction=True)
def test_a_chain_forged_anew_does_not_agree_with_its_anchors():
    lines(3)
    with appendonly.triggers_off():
        edit_second = AuditEvent.objects.get(sequence=2)
        edit_second.note = "forged"
        edit_second.save()
        rehash(2)
    assert places() == [(3, "does not agree with its anchor: written anew after event 0")]


@pytest.mark.django_db(transaction=True)
def test_anchors_are_written_each_day_and_every_hundred_lines(data_dir):
    with moved_to(NOON):
        note("first of the day")
        note("second of the day")
    with moved_to(NOON + timedelta(days=1)):
        note("first of the next day")
        for number in range(4, 102):
            note(f"line {number}")
    assert anchored(data_dir) == [1, 3, 100]
    assert places() == []


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_taken_back_leaves_no_anchor(data_dir):
    with transaction.atomic():
        note("never written")
        transaction.set_rollback(True)
    assert anchored(data_dir) == []
    note("written")
    assert anchored(data_dir) == [1]
    assert places() == []


@pytest.mark.django_db(transaction=True)
def test_an_anchor_that_cannot_be_written_or_read_stops_nothing_and_is_reported(data_dir):
    (data_dir / "anchors").write_text("a file where the folder should be")
    note("kept all the same")
    assert AuditEvent.objects.count() == 1
    (data_dir / "anchors").unlink()
    note("anchored")
    with (data_dir / "anchors" / "trail.jsonl").open("a") as file:
        file.write('{"sequence": 2, "ha\n')
    assert places() == [(0, "line 2 of the anchors in trail.jsonl cannot be read")]


@pytest.mark.django_db(transaction=True)
def test_the_command_says_in_words_whether_the_trail_is_whole():
    lines(3)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    whole, newest = out.getvalue().splitlines()
    assert whole == "The trail is whole: 3 events, triggers stand, anchors agree."
    assert json.loads(newest)["hash"] == AuditEvent.objects.get(sequence=3).hash
    with appendonly.triggers_off():
        AuditEvent.objects.filter(sequence=2).update(note="somebody else", at=now())
    out = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("verify_audit", stdout=out)
    assert out.getvalue() == "event 2: was changed\n"
    assert (str(ended.value), ended.value.returncode) == ("The trail is not whole: 1 problem, the first at event 2.", 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_writers_make_one_chain_while_it_is_being_checked():
    def write(name: str) -> None:
        for number in range(25):
            note(f"{name} {number}", "and another in the same act")

    found: list[audit.Problem] = []

    def check() -> None:
        for _turn in range(10):
            found.extend(audit.verify())

    said = together(*(lambda name=f"writer {n}": write(name) for n in range(8)), check)
    assert (said, found) == ([None] * 9, [])
    assert AuditEvent.objects.count() == 400
    assert places() == []
