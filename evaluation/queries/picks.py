"""What a choice beside the ranks is asked with: the ranking as it stands, what is chosen already, the room there is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from applications.models import Application, EnterpriseMember
from applications.rules import is_member
from evaluation import ranking
from evaluation.models import Pick, Shortlist
from evaluation.queries.conflicts import conflict_verdict, conflicts_in
from evaluation.rules.packets import may_choose, may_pick, may_undo
from evaluation.states import Recommendation
from records.verdicts import Verdict

CHOICES = (Recommendation.RECOMMENDED, Recommendation.PASSED_OVER)


def room_for_picks(snapshot: Mapping[str, Any], picks: Mapping[str, Pick]) -> int:
    """How many more files the target takes out of their rank: those taken so fill it first."""
    taken = sum(
        1
        for row in snapshot["rows"]
        if row["reference"] in picks
        and picks[row["reference"]].recommendation == row["recommendation"] == Recommendation.RECOMMENDED
    )
    return int(snapshot["target"]) - taken


def pick_verdict(user: Any, packet: Shortlist, file: Application, recommendation: str) -> Verdict:
    """Whether this person may choose so for this file now."""
    verdict = may_choose(user, packet)
    if not verdict:
        return verdict  # before the ranking is worked out
    snapshot, picks = ranking.outline_of(packet), ranking.picks_of(packet)
    row = next((row for row in snapshot["rows"] if row["reference"] == file.reference), None)
    room = room_for_picks(snapshot, picks)
    verdict = may_pick(user, packet, row, recommendation, chosen=picks, own=is_member(user, file), room=room)
    return conflict_verdict(user, file) if verdict else verdict


def undo_verdict(user: Any, packet: Shortlist, file: Application) -> Verdict:
    """Whether this person may undo what was chosen for this file now."""
    chosen = Pick.objects.filter(shortlist=packet, application=file).exists()
    verdict = may_undo(user, packet, chosen=chosen, own=is_member(user, file))
    return conflict_verdict(user, file) if verdict else verdict


def choices_of(
    user: Any,
    packet: Shortlist,
    snapshot: Mapping[str, Any],
    picks: Mapping[str, Pick],
    among: Sequence[Mapping[str, Any]] | None = None,
) -> dict[str, list[str]]:
    """By reference what this person may choose for each file now, in a constant number of queries.

    `among`: rows of some files only, none of which the person stepped back from or acts for; that is not asked again.
    """
    if not may_choose(user, packet):
        return {}
    rows: Sequence[Mapping[str, Any]] | None = among
    own: Collection[str] = ()
    if rows is None:
        barred = conflicts_in(user, packet)
        rows = [row for row in snapshot["rows"] if row["reference"] not in barred]
        own = _own(user, (row["reference"] for row in rows))
    room = room_for_picks(snapshot, picks)
    return {
        row["reference"]: [
            choice
            for choice in CHOICES
            if may_pick(user, packet, row, choice, chosen=picks, own=row["reference"] in own, room=room)
        ]
        for row in rows
    }


def _own(user: Any, references: Iterable[str]) -> set[str]:
    """Which of these files are of an enterprise the person acts for."""
    mine = EnterpriseMember.objects.filter(user=user).values("enterprise")
    found = Application.objects.filter(reference__in=list(references), enterprise__in=mine)
    return set(found.values_list("reference", flat=True))
