"""Events of the trail as lines a person reads, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Window
from django.utils.translation import gettext as _

from accounts.signatures import Signatures
from applications.models import Application
from evaluation.trail.facts import Facts, facts_of
from evaluation.trail.sight import Sight, for_office
from evaluation.trail.table import VERBS
from evaluation.trail.verbs import Verb, say
from records.acts import actor_key
from records.formats import clock_time
from records.formats import day as written_day
from records.models import AuditEvent

PLAIN = Sight()  # with evaluators, but not that they marked; without what the Committee has not released


@dataclass(frozen=True)
class Line:
    """One act: when, what in words, the note that stands with it, who."""

    at: datetime
    sentence: str
    note: str
    who: str
    kind: str = ""

    @property
    def day(self) -> str:
        """The day in India, which lines stand together under."""
        return written_day(self.at)

    @property
    def time(self) -> str:
        """The time in India."""
        return clock_time(self.at)


@dataclass(frozen=True)
class Newest:
    """The panel of the file's page: the newest lines, and how many there are in all."""

    lines: list[Line]
    count: int


def newest(file: Application, sight: Sight) -> Newest:
    """What the panel shows of the trail."""
    return Newest(*lines(file, sight=sight))


def lines(file: Application, most: int = 8, sight: Sight = PLAIN) -> tuple[list[Line], int]:
    """The newest acts on a file and its evaluations as the office reads them, newest first, and how many there are."""
    found = list(for_office(file, sight).annotate(in_all=Window(Count("pk")))[:most])
    return office_lines(file, found), found[0].in_all if found else 0


def office_lines(file: Application, events: Iterable[AuditEvent]) -> list[Line]:
    """Lines as officers read them: the post as it was called then, in the reader's language."""
    facts, signatures, portal = Facts(file, events), Signatures(), _("The portal")
    return [
        Line(
            event.at,
            say(row.office, facts_of(facts, event, row.facts)),
            _note(row, event),
            portal if event.actor.startswith("system:") else signatures.person(event.actor_label),
            str(row.kind.label),
        )
        for event, row in _with_rows(facts)
    ]


def own_lines(file: Application, events: Iterable[AuditEvent], reader: Any) -> list[Line]:
    """Lines as the enterprise reads them. Of the office no person and no post is named."""
    facts, me = Facts(file, events), actor_key(reader)
    names = {f"user:{member.user_id}": str(member.user) for member in file.enterprise.members.select_related("user")}
    names[me] = _("You")
    return [
        Line(
            event.at,
            say(row.applicant, facts_of(facts, event, row.facts)),
            event.note if row.told_note else "",
            names.get(event.actor, ""),
            str(row.kind.label),
        )
        for event, row in _with_rows(facts)
    ]


def _with_rows(facts: Facts) -> list[tuple[AuditEvent, Verb]]:
    return [(event, VERBS[event.verb]) for event in facts.events]


def _note(row: Verb, event: AuditEvent) -> str:
    """The note as it was written then; the other side of a settled contest has only its reference there."""
    settled_there = event.verb == "application.settle" and event.note == event.data.get("application")
    return event.note if row.note and not settled_there else ""
