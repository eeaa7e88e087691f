"""Somebody who owns the database forges the trail: six kinds, each also with every hash behind it computed anew.

Alone the chain names the very event. Computed anew it is whole in itself: then the anchors name the stretch in which it was
forged, and where the anchors of this machine were forged too, those kept on another one.
"""

import json
import shutil
import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from records import acts, appendonly, audit
from records.clock import moved_to, now
from records.models import AuditEvent, ChainHead
from tests.drills.size import size
from tests.racing import PATIENCE, together

pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]
EVENTS = size(350, 20_050)
PLACE = EVENTS - EVENTS % 100 - 160  # the event that is forged: 40 behind one anchor and 60 before the next
ANCHOR = PLACE + 60
TESTER = acts.system("tester")


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path) -> Path:
    """Anchors of its own."""
    settings.DATA_DIR = tmp_path
    return tmp_path


@acts.act
def note(*texts: str) -> None:
    for text in texts:
        audit.record("note.write", "note:1", by=TESTER, note=text, new="kept")


def trail() -> None:
    """All events, a hundred in an act, of an hour ago."""
    with moved_to(now() - timedelta(hours=1)):
        for first in range(0, EVENTS, 100):
            note(*(f"line {number}" for number in range(first, min(first + 100, EVENTS))))


def rows(first: int, last: int | None = None) -> list[AuditEvent]:
    found = AuditEvent.objects.filter(sequence__gte=first).order_by("sequence")
    return list(found if last is None else found.filter(sequence__lte=last))


# ---- Six kinds: how, and what the chain says of it -----------------------------------------------------------------
def edit() -> None:
    AuditEvent.objects.filter(sequence=PLACE).update(note="somebody else")


def delete() -> None:
    AuditEvent.objects.filter(sequence=PLACE).delete()


def insert() -> None:
    """A line slipped in; those behind it move up."""
    move(PLACE, +1)
    (before,) = rows(PLACE - 1, PLACE - 1)
    forged = AuditEvent(
        **{name: getattr(before, name) for name in audit.COLUMNS} | {"sequence": PLACE, "note": "slipped in"}
    )
    forged.previous_hash, forged.hash = before.hash, ""
    forged.hash = audit.digest(forged)
    forged.save()


def swap() -> None:
    for old, new in ((PLACE, 10**9), (PLACE + 1, PLACE), (10**9, PLACE + 1)):
        AuditEvent.objects.filter(sequence=old).update(sequence=new)


def backdate() -> None:
    AuditEvent.objects.filter(sequence=PLACE).update(at=now() - timedelta(days=400))


def cut() -> None:
    AuditEvent.objects.filter(sequence__gte=PLACE).delete()


KINDS: dict[str, tuple[Callable[[], None], str]] = {
    "edit": (edit, "was changed"),
    "delete": (delete, "missing"),
    "insert": (insert, "does not follow the line before it"),
    "swap": (swap, "does not follow the line before it"),
    "backdate": (backdate, "was changed"),
    "cut": (cut, "the end was cut or changed"),
}
FOUND_AT = {"insert": PLACE + 1}  # the line slipped in follows the one before it; the next one does not follow it


def move(first: int, by: int) -> None:
    """Number every line from `first` on anew; far away first, since no number may stand twice."""
    with connection.cursor() as cursor:
        for step in (10**9, by - 10**9):
            cursor.execute("UPDATE records_auditevent SET sequence = sequence + %s WHERE sequence >= %s", [step, first])


def compute_anew() -> None:
    """What a forger who knows the code does: number and chain everything from the forged line on, and set the head."""
    found = rows(PLACE - 1)
    previous = found[0]
    for row in found[1:]:
        row.sequence, row.previous_hash = previous.sequence + 1, previous.hash
        row.hash = audit.digest(row)
        previous = row
    AuditEvent.objects.filter(sequence__gte=PLACE).delete()
    AuditEvent.objects.bulk_create(found[1:])
    ChainHead.objects.update(sequence=previous.sequence, hash=previous.hash)


def forge(how: Callable[[], None], *, anew: bool) -> None:
    """The triggers away, the rows changed, the triggers back: nothing but the rows tells of it."""
    with appendonly.triggers_off():
        how()
        if anew:
            compute_anew()


def verified(*more: str) -> tuple[str, str]:
    """The first place the command names, and its last word."""
    out = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("verify_audit", *more, stdout=out)
    return out.getvalue().splitlines()[0], str(ended.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_forged_trail_is_found_and_the_place_named(kind: str) -> None:
    trail()
    how, what = KINDS[kind]
    forge(how, anew=False)
    first, end = verified()
    place = FOUND_AT.get(kind, PLACE)
    assert first == f"event {place}: {what}"
    assert end.endswith(f", the first at event {place}.")


@pytest.mark.parametrize("kind", KINDS)
def test_computed_anew_the_anchor_behind_it_names_the_stretch(kind: str) -> None:
    trail()
    forge(KINDS[kind][0], anew=True)
    anchored = f"event {ANCHOR}: does not agree with its anchor: written anew after event {ANCHOR - 100}"
    gone = f"event {PLACE}: the end was cut: a later line is anchored"
    assert verified()[0] == (gone if kind == "cut" else anchored)


def forge_the_anchors(data_dir: Path) -> None:
    """The anchors of this machine rewritten too, so that they agree."""
    file = data_dir / "anchors" / "trail.jsonl"
    hashes = dict(AuditEvent.objects.values_list("sequence", "hash"))
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    kept = [line | {"hash": hashes[line["sequence"]]} for line in lines if line["sequence"] in hashes]
    file.write_text("".join(json.dumps(line) + "\n" for line in kept))


@pytest.mark.parametrize("kind", KINDS)
def test_with_the_anchors_forged_too_only_a_copy_elsewhere_tells(kind: str, data_dir: Path) -> None:
    trail()
    copy = data_dir / "elsewhere.jsonl"
    shutil.copy(data_dir / "anchors" / "trail.jsonl", copy)
    forge(KINDS[kind][0], anew=True)
    forge_the_anchors(data_dir)
    assert audit.verify() == []  # the limit: whoever owns database and machine leaves nothing behind on either
    first, _end = verified("--anchors", str(copy))
    assert first.startswith(f"event {PLACE if kind == 'cut' else ANCHOR}: ")


def test_what_came_after_the_last_anchor_is_seen_by_the_line_the_command_printed(data_dir: Path) -> None:
    trail()
    out = StringIO()
    call_command("verify_audit", stdout=out)
    kept = data_dir / "kept.jsonl"
    kept.write_text(out.getvalue().splitlines()[-1] + "\n")
    with appendonly.triggers_off():
        AuditEvent.objects.filter(sequence=EVENTS).delete()
        (last,) = rows(EVENTS - 1)
        ChainHead.objects.update(sequence=last.sequence, hash=last.hash)
    assert audit.verify() == []  # no anchor of this machine is later than the cut
    assert verified("--anchors", str(kept))[0] == f"event {EVENTS}: the end was cut: a later line is anchored"


def test_anchors_that_are_gone_cut_or_contradict_are_reported(data_dir: Path) -> None:
    trail()
    file = data_dir / "anchors" / "trail.jsonl"
    whole = file.read_text()
    lines = whole.splitlines(keepends=True)
    last = EVENTS - EVENTS % 100
    forged = json.dumps({"sequence": last, "hash": "0" * 64, "day": "2026-11-24"}) + "\n"
    for text, place, what in (
        ("", 1, "has no anchor"),
        ("".join(lines[:-1]), last, "has no anchor"),
        (whole + forged, last, f"does not agree with its anchor: written anew after event {last - 100}"),
    ):
        file.write_text(text)
        assert [(problem.sequence, problem.what) for problem in audit.verify()] == [(place, what)]
    file.unlink()
    note("the next line heals it")
    assert audit.verify() == []


# ---- Eight writers ------------------------------------------------------------------------------------------------
WRITERS, EACH = 8, size(5, 500)


def write_together() -> list[Any]:
    def write(name: int) -> None:
        for number in range(EACH):
            note(f"writer {name}, {number}", "and another in the same act")

    return together(*(lambda name=name: write(name) for name in range(WRITERS)))


@pytest.mark.postgres
def test_eight_writers_make_one_chain_without_fork_or_gap() -> None:
    assert write_together() == [None] * WRITERS
    chain = list(AuditEvent.objects.order_by("sequence").values_list("sequence", "previous_hash", "hash"))
    assert [sequence for sequence, _previous, _own in chain] == list(range(1, 2 * WRITERS * EACH + 1))
    assert [previous for _sequence, previous, _own in chain] == [audit.START, *(own for *_row, own in chain[:-1])]
    assert audit.verify() == []


@pytest.mark.postgres
def test_control_without_the_lock_of_the_head_seven_of_eight_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    note("the head is there")
    all_have_read = threading.Barrier(WRITERS)

    def read() -> ChainHead:
        head = ChainHead.objects.get(pk=1)
        all_have_read.wait(timeout=PATIENCE)
        return head

    monkeypatch.setattr(audit, "_locked_head", read)
    said = together(*(lambda name=name: note(f"writer {name}") for name in range(WRITERS)))
    assert [type(word) for word in said if word is not None] == [IntegrityError] * (WRITERS - 1)
    assert AuditEvent.objects.count() == 2
