"""The marks of a packet as a table: one line an evaluation, from which every total of the shortlist can be made again."""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluation import ranking, stale
from evaluation.models import Shortlist
from evaluation.packetfile import shown, snapshot_for
from records.formats import day


def marks_table(packet: Shortlist, hidden: Collection[str] = ()) -> tuple[list[str], Iterable[list[Any]]]:
    """Header and lines. Points ÷ weight × 100 is an exact total, the mean of those of a file rounded once its official one.

    A criterion's weight and highest mark stand in its heading; exact figures are fractions, as 670/9. Files named in
    `hidden` are left out: their marks are not for this reader.
    """
    snapshot = snapshot_for(packet)
    criteria = snapshot["criteria"]
    language = "ml" if get_language() == "ml" else "en"
    header = [
        _("Rank"),
        _("Application number"),
        _("Enterprise"),
        _("Evaluator"),
        *(
            _("%(criterion)s (weight %(weight)s, highest mark %(most)s)")
            % {"criterion": criterion[language], "weight": criterion["weight"], "most": criterion["max"]}
            for criterion in criteria
        ),
        _("Points"),
        _("Weight that applies"),
        _("Exact total"),
        _("Total"),
        _("Exact mean of the file"),
        _("Moderated total"),
        _("Moderated, because"),
        _("Official total of the file"),
        _("Recommendation"),
        _("Reason"),
        _("Returned on"),
        _("Changed after the freeze"),
    ]
    returned = dict(packet.rows.exclude(returned_at=None).values_list("application__reference", "returned_at"))
    changes = stale.changes_of(packet)
    named = {row["reference"] for row in snapshot["rows"]} - set(hidden)
    lines = []
    for row in snapshot["rows"]:
        if row["reference"] in hidden:
            continue
        change = changes.get(row["reference"])
        after = [day(returned.get(row["reference"])), " ".join(change.sentences) if change else ""]
        for evaluation in row["evaluations"]:
            lines.append([*_evaluated(row, evaluation, criteria), *_settled(row, named), *after])
    return header, lines


def _evaluated(row: Mapping[str, Any], evaluation: Mapping[str, Any], criteria: list[dict[str, Any]]) -> list[Any]:
    """The marks of one evaluation and what they add up to."""
    left_out = set(evaluation["not_applicable"])
    applicable = [criterion for criterion in criteria if criterion["key"] not in left_out]
    points = sum(
        (
            Fraction(evaluation["marks"][criterion["key"]] * criterion["weight"], criterion["max"])
            for criterion in applicable
        ),
        Fraction(0),
    )
    return [
        row["rank"],
        row["reference"],
        shown(row)["name"],
        evaluation["evaluator"],
        *(
            _("n/a") if criterion["key"] in left_out else evaluation["marks"][criterion["key"]]
            for criterion in criteria
        ),
        str(points),
        sum(criterion["weight"] for criterion in applicable),
        evaluation["exact"],
        evaluation["total"],
    ]


def _settled(row: Mapping[str, Any], named: Collection[str]) -> list[Any]:
    """What the evaluations of a file say together, and what becomes of it."""
    totals = [Fraction(evaluation["exact"]) for evaluation in row["evaluations"]]
    moderation = row.get("moderation") or {"total": "", "reason": ""}
    word, choice = shown(row)["recommendation"].label, ranking.choice_said(row, named)
    return [
        str(sum(totals, Fraction(0)) / len(totals)),
        moderation["total"],
        moderation["reason"],
        row["total"],
        _("Reserve %(number)s") % {"number": row["reserve_number"]} if row["reserve_number"] else str(word),
        f"{choice} {row['reason']}".strip() if choice else "",
    ]
