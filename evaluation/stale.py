"""What happened to the files of a packet after it was frozen: each change in a sentence, and whether it stops the packet.

Compared by value with the frozen snapshot, and by time with what is only added to. Reads only, in a constant number of queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application, Clarification
from applications.states import State
from evaluation import figures
from evaluation.models import EarlierMarks, Moderation, Shortlist, ShortlistRow, VerifiedFigure
from evaluation.ranked import facts_of
from evaluation.rules.packets import OPEN_FROZEN
from evaluation.states import GONE
from records.formats import day


@dataclass(frozen=True)
class Change:
    """A row that is no longer as frozen. `gone`: given up by the enterprise or ended; `returned`: back in the appraisal."""

    reference: str
    gone: bool = False
    returned: bool = False
    sentences: list[str] = field(default_factory=list)

    @property
    def stops(self) -> bool:
        """Whether the packet cannot go on with the row as it is."""
        return not self.gone and not self.returned


def changes_of(packet: Shortlist, rows: Iterable[ShortlistRow] | None = None) -> dict[str, Change]:
    """By reference what changed since the freeze, in a frozen or checked packet. `rows`: its rows, where they are at hand."""
    if packet.state not in OPEN_FROZEN:
        return {}
    rows = packet.rows.select_related("application") if rows is None else rows
    files = Application.objects.filter(shortlist_rows__shortlist=packet)
    facts, later = facts_of(files, packet.round.latest_year), _later(packet)
    frozen = {row["reference"]: row for row in (packet.snapshot or {})["rows"]}
    found = {}
    for row in rows:
        reference = row.application.reference
        change = _change(row, frozen[reference], facts[reference], later[row.application_id])
        if change.sentences:
            found[reference] = change
    return found


def stopping(changes: Mapping[str, Change]) -> list[str]:
    """The references of rows that stop a packet: to be returned, or the packet to be replaced."""
    return [reference for reference, change in changes.items() if change.stops]


def _change(row: ShortlistRow, frozen: Mapping[str, Any], facts: Mapping[str, Any], later: list[str]) -> Change:
    file = row.application
    if row.returned_at:
        said = _("Returned to the appraisal on %(day)s: %(reason)s")
        sentence = said % {"day": day(row.returned_at), "reason": row.returned_reason}
        return Change(file.reference, returned=True, sentences=[sentence])
    if file.state in GONE:
        said = _("%(state)s since %(day)s. It stays in the list as frozen and is not moved at the approval.")
        sentence = said % {"state": State(file.state).label, "day": day(file.since)}
        return Change(file.reference, gone=True, sentences=[sentence])
    if file.state != State.APPRAISED:
        said = _("It is no longer appraised. It is: %(state)s.")
        return Change(file.reference, sentences=[said % {"state": State(file.state).label}, *later])
    return Change(file.reference, sentences=[*_differences(frozen, facts), *later])


def _differences(frozen: Mapping[str, Any], facts: Mapping[str, Any]) -> list[str]:
    """What stands otherwise in the file now than in the frozen row."""
    if all(frozen.get(key) == value for key, value in facts.items()):
        return []  # nearly every row of a long list: no sentence is made
    compared = {
        ("evaluations",): _("Its marks are no longer those that were frozen."),
        ("moderation",): _("Its moderated total is no longer what was frozen."),
        ("name_en", "name_ml"): _("The name of the enterprise changed."),
        ("taluk_en",): _("The taluk changed."),
        ("activity",): _("The products changed."),
        ("turnover", "jobs"): _("A verified figure is no longer what was frozen."),
        ("submitted_at",): _("The time it was handed in changed."),
    }
    return [sentence for keys, sentence in compared.items() if any(frozen.get(key) != facts.get(key) for key in keys)]


def _later(packet: Shortlist) -> dict[int, list[str]]:
    """By file what was added after the freeze: unlocked marks, moderation, verified figures, answers."""
    found: dict[int, list[str]] = defaultdict(list)
    within = {"application__shortlist_rows__shortlist": packet}
    unlocked = EarlierMarks.objects.filter(
        assessment__application__shortlist_rows__shortlist=packet, unlocked_at__gt=packet.frozen_at
    ).select_related("assessment")
    for marks in unlocked.order_by("unlocked_at"):
        said = _("Marks of evaluator %(number)s were unlocked on %(day)s.")
        words = {"number": marks.assessment.number, "day": day(marks.unlocked_at)}
        found[marks.assessment.application_id].append(said % words)
    for moderation in Moderation.objects.filter(**within, at__gt=packet.frozen_at).order_by("at"):
        found[moderation.application_id].append(_("Its total was moderated on %(day)s.") % {"day": day(moderation.at)})
    names = {figure.key: figure for figure in figures.asked(packet.round.financial_years)}
    verified = VerifiedFigure.objects.filter(**within, at__gt=packet.frozen_at).order_by("at", "pk")
    for (file, key), moment in {(row.application_id, row.key): row.at for row in verified}.items():
        said = _("A figure was verified again on %(day)s: %(figure)s.")
        figure = names[key].label if key in names else key
        found[file].append(said % {"day": day(moment), "figure": figure})
    for asked in Clarification.objects.filter(**within, answered_at__gt=packet.frozen_at).order_by("answered_at"):
        said = _("The applicant answered a question on %(day)s.")
        found[asked.application_id].append(said % {"day": day(asked.answered_at)})
    return found
