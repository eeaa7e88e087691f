"""The trail: append-only by trigger, hash-chained, anchored outside the database."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from os import SEEK_END
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction

from records import acts, appendonly
from records.clock import ist, now
from records.models import AuditEvent, ChainHead

START = "0" * 64
ANCHOR_EVERY = 100
ANCHOR_WAITS = timedelta(minutes=5)  # a line is written before its anchor
COLUMNS = ("sequence", "at", "verb", "actor", "actor_label", "subject", "scope", "note", "data", "previous_hash")


@dataclass(frozen=True)
class Problem:
    """Where the trail is not what was written, and what is wrong there."""

    sequence: int
    what: str


def subject_key(subject: Any) -> str:
    """How the trail calls a thing."""
    if isinstance(subject, str):
        return subject
    if key := getattr(subject, "trail_key", ""):
        return str(key)
    return f"{subject._meta.label_lower}:{subject.pk}"


def record(
    verb: str,
    subject: Any,
    *,
    by: Any,
    note: str = "",
    scope: str = "",
    old: Any = None,
    new: Any = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Put an event into the act under way; it is chained when the act ends. Never personal data in `data`."""
    facts = dict(data or {})
    if old is not None:
        facts["old"] = old
    if new is not None:
        facts["new"] = new
    acts.current().events.append(
        {
            "at": now(),
            "verb": verb,
            "actor": acts.actor_key(by),
            "actor_label": acts.actor_label(by),
            "subject": subject_key(subject),
            "scope": scope,
            "note": note,
            "data": facts,
        }
    )


@acts.act
def record_read(verb: str, subject: Any, *, by: Any, note: str = "", scope: str = "") -> None:
    """A reading that has to be accounted for, as an act of its own."""
    record(verb, subject, by=by, note=note, scope=scope)


def events_about(subject: Any) -> models.QuerySet[AuditEvent]:
    """Every line about one thing, oldest first."""
    return AuditEvent.objects.filter(subject=subject_key(subject))


def digest(event: AuditEvent) -> str:
    """SHA-256 over every column, in one written form."""
    row = {name: getattr(event, name) for name in COLUMNS}
    row["at"] = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(
        json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


def _locked_head() -> ChainHead:
    """The end of the trail, locked until the act ends: one writer at a time goes on from it."""
    head = ChainHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        ChainHead.objects.get_or_create(pk=1)
        head = ChainHead.objects.select_for_update().get(pk=1)
    return head


def _chain(events: list[dict[str, Any]]) -> None:
    """Write what an act collected. The head is locked here, at the very end, and nowhere else."""
    if not events:
        return
    head, rows = _locked_head(), []
    for fields in events:
        head.sequence += 1
        event = AuditEvent(sequence=head.sequence, previous_hash=head.hash, **fields)
        # Fractions as text: a jsonb column writes some of them in another way than they were hashed.
        event.data = json.loads(json.dumps(event.data, default=str), parse_float=str)
        event.hash = head.hash = digest(event)
        rows.append(event)
    AuditEvent.objects.bulk_create(rows)
    head.save(update_fields=["sequence", "hash"])
    last = rows[-1]
    anchored = [row for row in rows if row.sequence % ANCHOR_EVERY == 0 or (row is last and _first_of_day(row))]
    if anchored:
        lines = [_anchor_line(row) for row in anchored]
        transaction.on_commit(lambda: _write_anchors(lines), robust=True)


acts.chain_with(_chain)


def _anchor_file() -> Path:
    return Path(settings.DATA_DIR) / "anchors" / "trail.jsonl"


def _first_of_day(event: AuditEvent) -> bool:
    """Whether the last anchor is of another day, or cannot be read: there is no second place to ask, and to falsify."""
    try:
        with _anchor_file().open("rb") as opened:
            opened.seek(max(0, opened.seek(0, SEEK_END) - 500))
            last = json.loads(opened.read().splitlines()[-1])
        return bool(last["day"] != _day_of(event))
    except (OSError, ValueError, LookupError, TypeError):
        return True


def _day_of(event: AuditEvent) -> str:
    return str(ist(event.at).date())


def _anchor_line(event: AuditEvent) -> dict[str, Any]:
    return {"sequence": event.sequence, "hash": event.hash, "day": _day_of(event)}


def _write_anchors(lines: list[dict[str, Any]]) -> None:
    file = _anchor_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+b") as opened:
        if opened.seek(0, SEEK_END):
            opened.seek(-1, SEEK_END)
            if opened.read() != b"\n":  # the disk was full in the middle of a line: that one is lost, this one is not
                opened.write(b"\n")
        opened.write("".join(json.dumps(line) + "\n" for line in lines).encode())


def newest() -> str:
    """The newest line in the form of an anchor, to be kept elsewhere; empty where there is none."""
    last = AuditEvent.objects.order_by("sequence").last()
    return json.dumps(_anchor_line(last)) if last else ""


def verify(*copies: Path) -> list[Problem]:
    """Walk the whole chain in constant memory; the places where it is not what was written, first one first.

    `copies` are anchors that were kept elsewhere: the trail must agree with them too. Writers may go on meanwhile: the head
    is read before the walk and again after it. A place found by an anchor alone lies between it and the anchor before it.
    """
    problems = [Problem(0, f"trigger {name} {what}") for name, what in appendonly.fallen_triggers().items()]
    anchors, unreadable = _anchors(_anchor_file(), *copies)
    problems += unreadable
    before = ChainHead.objects.filter(pk=1).first()
    sequence, previous, at_head, agreed = 0, START, START, 0
    for number, event in _events():
        if number != sequence + 1:
            problems.append(Problem(sequence + 1, "missing") if number > sequence else Problem(number, "stands twice"))
        problems += _problems_of(number, event, previous)
        sequence, previous = number, event.hash if event else ""
        if sequence in anchors and anchors[sequence] != {previous}:
            problems.append(Problem(sequence, f"does not agree with its anchor: written anew after event {agreed}"))
        elif sequence in anchors:
            agreed = sequence
        if before and sequence == before.sequence:
            at_head = previous
    problems += _problems_of_the_end(before, at_head, sequence, max(anchors, default=0))
    return problems + _not_anchored(before)


def _events() -> Iterator[tuple[int, AuditEvent | None]]:
    """Every line with its number; None for one whose columns somebody made unreadable."""
    rows, last = AuditEvent.objects.order_by("sequence"), None
    while True:
        try:
            for event in (rows if last is None else rows.filter(sequence__gt=last)).iterator(chunk_size=2000):
                event.at.astimezone(UTC)
                yield event.sequence, event
                last = event.sequence
        except (ValueError, AttributeError, TypeError):
            left = rows if last is None else rows.filter(sequence__gt=last)
            last = left.values_list("sequence", flat=True)[0]
            yield last, None
        else:
            return


def _problems_of(number: int, event: AuditEvent | None, previous: str) -> list[Problem]:
    """What a line says against itself and the hash of the line before it (empty: that one cannot be read)."""
    if event is None:
        return [Problem(number, "cannot be read")]
    found = []
    if previous and event.previous_hash != previous:
        found.append(Problem(number, "does not follow the line before it"))
    if event.hash != digest(event):
        found.append(Problem(number, "was changed"))
    return found


def _problems_of_the_end(before: ChainHead | None, at_head: str, last: int, anchored: int) -> list[Problem]:
    """What the head and the anchors say of the end. `at_head`: hash of the line `before` named; `last`: the last line."""
    after = ChainHead.objects.filter(pk=1).first()
    if after is None:
        found = [Problem(last + 1, "the head of the chain is missing")] if last else []
    elif last > after.sequence:
        found = [Problem(after.sequence + 1, "was added behind the end")]
    elif before and (last < before.sequence or at_head != before.hash):
        found = [Problem(last + 1, "the end was cut or changed")]
    else:
        found = []
    if anchored > last:
        found.append(Problem(last + 1, "the end was cut: a later line is anchored"))
    return found


def _not_anchored(before: ChainHead | None) -> list[Problem]:
    """The first line behind the newest anchor of this machine that should have one: somebody cut the anchors, or the disk
    was full. One that comes later puts it right, since it stands for all before it. Lines of the last minutes may still wait.
    """
    anchored = max(_anchors(_anchor_file())[0], default=0)
    last = AuditEvent.objects.filter(sequence=anchored).first()
    settled = AuditEvent.objects.filter(at__lt=now() - ANCHOR_WAITS, sequence__gt=anchored)
    for event in settled.filter(sequence__lte=before.sequence if before else 0).order_by("sequence").iterator():
        if event.sequence % ANCHOR_EVERY == 0 or last is None or _day_of(event) > _day_of(last):
            return [Problem(event.sequence, "has no anchor")]
    return []


def _anchors(*files: Path) -> tuple[dict[int, set[str]], list[Problem]]:
    """Hashes by sequence, and the lines that cannot be read. One sequence has two hashes where two lines contradict."""
    found: dict[int, set[str]] = defaultdict(set)
    unreadable = []
    for file in files:
        lines = file.read_text(errors="replace").splitlines() if file.exists() else []
        for number, text in enumerate(lines, 1):
            try:
                line = json.loads(text)
                found[int(line["sequence"])].add(str(line["hash"]))
            except (ValueError, KeyError, TypeError):
                unreadable.append(Problem(0, f"line {number} of the anchors in {file.name} cannot be read"))
    return found, unreadable
