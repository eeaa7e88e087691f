"""The trail of the copies: the lines of their patterns, chained by the real door."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from mission1000.benchmark.names import Names
from mission1000.benchmark.tables import Patterns
from records import acts
from records.models import AuditEvent

LINES_AN_ACT = 2000
COLUMNS = ("at", "verb", "actor", "actor_label", "subject", "scope", "note", "data")


def copy(patterns: Patterns, called: Names, generations: Iterable[int]) -> int:
    """Every line about a pattern once a generation. How many."""
    lines = _lines(patterns, called, generations)
    made = 0
    while some := list(islice(lines, LINES_AN_ACT)):
        _chain(some)
        made += len(some)
    return made


def _lines(patterns: Patterns, called: Names, generations: Iterable[int]) -> Iterator[dict[str, Any]]:
    lines = [
        line
        for line in AuditEvent.objects.order_by("sequence").values(*COLUMNS)
        if called.subject(line["subject"], 1, patterns.stride) != line["subject"]
    ]
    for generation in generations:
        for line in lines:
            data = json.dumps(line["data"], ensure_ascii=False)
            yield line | {
                "actor": _actor(line["actor"], patterns, generation),
                "subject": called.subject(line["subject"], generation, patterns.stride),
                "note": called.renamed(line["note"], generation),
                "data": json.loads(called.renamed(data, generation)),
            }


def _actor(actor: str, patterns: Patterns, generation: int) -> str:
    kind, _colon, key = actor.partition(":")
    if kind == "user" and int(key) in patterns.owners:
        return f"user:{int(key) + generation * patterns.stride}"
    return actor


@acts.act
def _chain(lines: list[dict[str, Any]]) -> None:
    """Put lines into the act, which chains them at its end."""
    acts.current().events.extend(lines)
