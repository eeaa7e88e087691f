"""The trail: append-only by trigger, hash-chained, anchored outside the database."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from records import acts
from records.clock import ist, now
from records.models import AuditEvent, ChainHead

START = "0" * 64
ANCHOR_EVERY = 100
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


def _chain(events: list[dict[str, Any]]) -> None:
    """Write what an act collected. The head is locked here, at the very end, and nowhere else."""
    if not events:
        return
    head = ChainHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        ChainHead.objects.get_or_create(pk=1)
        head = ChainHead.objects.select_for_update().get(pk=1)
    rows = []
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
    marker = _anchor_file().with_name("last_day")
    return not marker.exists() or marker.read_text() != str(ist(event.at).date())


def _anchor_line(event: AuditEvent) -> dict[str, Any]:
    return {"sequence": event.sequence, "hash": event.hash, "day": str(ist(event.at).date())}


def _write_anchors(lines: list[dict[str, Any]]) -> None:
    file = _anchor_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as opened:
        opened.writelines(json.dumps(line) + "\n" for line in lines)
    file.with_name("last_day").write_text(lines[-1]["day"])


def verify() -> list[Problem]:
    """Walk the whole chain in constant memory; the places where it is not what was written, first one first.

    Writers may go on meanwhile: the head is read before the walk and again after it.
    """
    problems = [Problem(0, f"trigger {name} is missing") for name in missing_triggers()]
    anchors, unreadable = _anchors()
    problems += [Problem(0, f"line {number} of the anchors cannot be read") for number in unreadable]
    before = ChainHead.objects.filter(pk=1).first()
    sequence, previous, at_head = 0, START, START
    for event in AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000):
        if event.sequence != sequence + 1:
            problems.append(Problem(sequence + 1, "missing"))
        if event.previous_hash != previous:
            problems.append(Problem(event.sequence, "does not follow the line before it"))
        if event.hash != digest(event):
            problems.append(Problem(event.sequence, "was changed"))
        if event.sequence in anchors and anchors[event.sequence] != event.hash:
            problems.append(Problem(event.sequence, "does not agree with its anchor"))
        sequence, previous = event.sequence, event.hash
        if before and sequence == before.sequence:
            at_head = event.hash
    return problems + _problems_of_the_end(before, at_head, sequence, max(anchors, default=0))


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


def _anchors() -> tuple[dict[int, str], list[int]]:
    """Hash by sequence, and the numbers of lines that cannot be read."""
    file = _anchor_file()
    found: dict[int, str] = {}
    unreadable = []
    for number, text in enumerate(file.read_text().splitlines() if file.exists() else [], 1):
        try:
            line = json.loads(text)
            found[line["sequence"]] = line["hash"]
        except (ValueError, KeyError, TypeError):
            unreadable.append(number)
    return found, unreadable


TABLE = "records_auditevent"
REFUSAL = "the trail is append-only"
TRIGGERS = {
    "sqlite": ("trail_no_update", "trail_no_delete", "trail_no_replace"),
    "postgresql": ("trail_no_change", "trail_no_truncate"),
}


def install_triggers() -> None:
    """Make the table append-only. Run after every migrate: SQLite drops triggers when it rebuilds a table."""
    if TABLE not in connection.introspection.table_names():
        return  # migrated back to nothing
    with connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement)


def _statements() -> list[str]:
    if connection.vendor == "sqlite":
        # INSERT OR REPLACE takes the old line away without asking the DELETE trigger.
        same = f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id OR sequence = NEW.sequence)"  # noqa: S608 -- a constant
        events = {"update": "UPDATE", "delete": "DELETE", "replace": "INSERT"}
        return [f"DROP TRIGGER IF EXISTS {name}" for name in TRIGGERS["sqlite"]] + [
            f"CREATE TRIGGER trail_no_{word} BEFORE {event} ON {TABLE} {same if word == 'replace' else ''} "
            f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            for word, event in events.items()
        ]
    return [
        "CREATE OR REPLACE FUNCTION trail_refuse() RETURNS trigger AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$ LANGUAGE plpgsql",
        f"DROP TRIGGER IF EXISTS trail_no_change ON {TABLE}",
        f"CREATE TRIGGER trail_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION trail_refuse()",
        f"DROP TRIGGER IF EXISTS trail_no_truncate ON {TABLE}",
        f"CREATE TRIGGER trail_no_truncate BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse()",
    ]


STANDING = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
    "postgresql": "SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
    "WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'O'",
}


def missing_triggers() -> list[str]:
    """Names of triggers that should stand and do not, stand switched off, or no longer refuse."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING[connection.vendor], [TABLE])
        found = {name for name, body in cursor.fetchall() if REFUSAL in body}
    return [name for name in TRIGGERS[connection.vendor] if name not in found]


@contextmanager
def triggers_off() -> Iterator[None]:
    """Take the triggers away and put them back: only for tests that empty their tables or forge a line."""
    with connection.cursor() as cursor:
        for name in TRIGGERS[connection.vendor]:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if connection.vendor == "sqlite" else f" ON {TABLE}"))
    try:
        yield
    finally:
        install_triggers()
