"""A packet as its page shows it: rows from the frozen snapshot, or from the ranking as it stands before the freeze."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from evaluation import ranking, rules
from evaluation.models import Shortlist
from evaluation.queries import ready_files, scored_by
from evaluation.states import Recommendation, ShortlistState
from records import jobs
from records.verdicts import Verdict


def list_rows(packets: QuerySet[Shortlist]) -> list[Shortlist]:
    """Packets for the list, each with `files`, the number of its rows."""
    return list(packets.annotate(files=Count("rows")))


@dataclass(frozen=True)
class Step:
    """One of the three steps: who did it and when, or whether this reader may do it now, and why not."""

    name: str
    button: str
    address: str
    by: str
    at: Any
    verdict: Verdict
    is_next: bool


def steps_of(packet: Shortlist, user: User, ready: int) -> list[Step]:
    """Freeze, check, approve, in order."""
    return [
        Step(
            name=_("Frozen"),
            button=_("Freeze the shortlist"),
            address="shortlist_freeze",
            by=packet.frozen_post,
            at=packet.frozen_at,
            verdict=rules.may_freeze(user, packet, ready=ready),
            is_next=packet.state == ShortlistState.DRAFT,
        ),
        Step(
            name=_("Checked"),
            button=_("I have checked it"),
            address="shortlist_check",
            by=packet.checked_post,
            at=packet.checked_at,
            verdict=rules.may_check(user, packet, scored=scored_by(user, packet)),
            is_next=packet.state == ShortlistState.FROZEN,
        ),
        Step(
            name=_("Approved"),
            button=_("Approve the shortlist"),
            address="shortlist_approve",
            by=packet.approved_post,
            at=packet.approved_at,
            verdict=rules.may_approve(user, packet),
            is_next=packet.state == ShortlistState.CHECKED,
        ),
    ]


def snapshot_for(packet: Shortlist) -> dict[str, Any]:
    """What was frozen, or what a freeze would write now."""
    return packet.snapshot if packet.snapshot is not None else ranking.snapshot_of(packet)


def of(packet: Shortlist, user: User) -> dict[str, Any]:
    """Everything the page shows."""
    snapshot = snapshot_for(packet)
    steps = steps_of(packet, user, len(snapshot["rows"]))
    return {
        "packet": packet,
        "snapshot": snapshot,
        "rows": [shown(row) for row in snapshot["rows"]],
        "counts": ranking.counts_of(snapshot["rows"]),
        "steps": steps,
        "next": next((step for step in steps if step.is_next), None),
        "worker_alive": jobs.worker_alive() if packet.paper and packet.paper.state in {"queued", "running"} else True,
        "stale": stale(packet),
    }


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its words in the reader's language."""
    malayalam = get_language() == "ml"
    recommendation = Recommendation(row["recommendation"])
    return {
        **row,
        "name": row["name_ml"] if malayalam and row["name_ml"] else row["name_en"],
        "taluk": row["taluk_ml"] if malayalam and row["taluk_ml"] else row["taluk_en"],
        "turnover_rupees": Decimal(row["turnover"]) if row["turnover"] else None,
        "recommendation": recommendation,
        "totals": [evaluation["total"] for evaluation in row["evaluations"]],
    }


def stale(packet: Shortlist) -> list[str]:
    """References that left the appraised state after the freeze and before the approval."""
    if packet.state not in {ShortlistState.FROZEN, ShortlistState.CHECKED}:
        return []
    still = set(ready_files(packet.office, packet.round_id).values_list("reference", flat=True))
    return [row["reference"] for row in (packet.snapshot or {})["rows"] if row["reference"] not in still]


def marks_table(packet: Shortlist) -> tuple[list[str], Iterable[list[Any]]]:
    """Header and lines of the marks: one line an evaluation. Points ÷ weight × 100 is the exact total."""
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
        _("Official total of the file"),
        _("Recommendation"),
    ]
    return header, [
        _marks_line(row, evaluation, criteria) for row in snapshot["rows"] for evaluation in row["evaluations"]
    ]


def _marks_line(row: dict[str, Any], evaluation: dict[str, Any], criteria: list[dict[str, Any]]) -> list[Any]:
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
        row["total"],
        str(Recommendation(row["recommendation"]).label),
    ]
