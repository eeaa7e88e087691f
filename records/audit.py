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
        event.data = json.loads(json.dumps(event.data, default=str))
        event.hash = head.hash = digest(event)
        rows.append(event)
    AuditEvent.objects.bulk_create(rows)
    head.save(update_fields=["sequence", "hash"])
    anchored = [row for row in rows if row.sequence % ANCHOR_EVERY == 0 or _first_of_day(row)]
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
    """Walk the whole chain in constant memory; the places where it is not what was written, first one first."""
    problems = [Problem(0, f"trigger {name} is missing") for name in missing_triggers()]
    anchors = _anchors()
    sequence, previous = 0, START
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
    head = ChainHead.objects.filter(pk=1).first()
    if head and (head.sequence, head.hash) != (sequence, previous):
        problems.append(Problem(sequence + 1, "the end was cut or added to"))
    if anchors and max(anchors) > sequence:
        problems.append(Problem(sequence + 1, "the end was cut: a later line is anchored"))
    return problems


def _anchors() -> dict[int, str]:
    file = _anchor_file()
    if not file.exists():
        return {}
    lines = (json.loads(line) for line in file.read_text().splitlines() if line)
    return {line["sequence"]: line["hash"] for line in lines}


TABLE = "records_auditevent"
TRIGGERS = {"sqlite": ("trail_no_update", "trail_no_delete"), "postgresql": ("trail_no_change", "trail_no_truncate")}


def install_triggers() -> None:
    """Make the table append-only. Run after every migrate: SQLite drops triggers when it rebuilds a table."""
    with connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement)


def _statements() -> list[str]:
    if connection.vendor == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS trail_no_{word} BEFORE {word.upper()} ON {TABLE} "
            "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
            for word in ("update", "delete")
        ]
    return [
        "CREATE OR REPLACE FUNCTION trail_refuse() RETURNS trigger AS "
        "$$ BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$ LANGUAGE plpgsql",
        f"DROP TRIGGER IF EXISTS trail_no_change ON {TABLE}",
        f"CREATE TRIGGER trail_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION trail_refuse()",
        f"DROP TRIGGER IF EXISTS trail_no_truncate ON {TABLE}",
        f"CREATE TRIGGER trail_no_truncate BEFORE TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION trail_refuse()",
    ]


def missing_triggers() -> list[str]:
    """Names of triggers that should stand and do not, or stand switched off."""
    query = (
        f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{TABLE}'"
        if connection.vendor == "sqlite"
        else f"SELECT tgname FROM pg_trigger WHERE tgrelid = '{TABLE}'::regclass AND NOT tgisinternal AND tgenabled = 'O'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {row[0] for row in cursor.fetchall()}
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
