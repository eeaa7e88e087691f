"""The ranking of a district's appraised files: computed for the preview, written down when the packet is frozen.

The frozen snapshot holds everything the paper and the annexure print, marks included, so that the totals can be recomputed
from it alone. Reads only.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch

from applications.models import Application, Round
from districts.models import Office
from evaluation import figures, scoring
from evaluation.models import Assessment, Mark, RoundRules, Shortlist, ShortlistRow, VerifiedFigure
from evaluation.queries import ready_files, value_of
from evaluation.states import Recommendation


def ranked_files(office: Office, call: Round, only: Collection[int] | None = None) -> list[Application]:
    """The appraised files, or `only` those with these keys, with all a ranking reads, in a constant number of queries."""
    marks = Mark.objects.select_related("criterion").order_by("criterion__order")
    locked = Assessment.objects.filter(state="locked").order_by("number").prefetch_related(Prefetch("marks", marks))
    found = ready_files(office, call.pk).select_related("enterprise", "profile", "taluk", "round")
    if only is not None:
        found = found.filter(pk__in=only)
    return list(found.prefetch_related(Prefetch("assessments", locked, to_attr="locked")).order_by("reference"))


def tie_values(file: Any, chain: Iterable[str]) -> tuple[Any, ...]:
    """What a tie is broken by, the higher first: a criterion (mean share of its marks), or the earlier submission."""
    values: list[Any] = []
    for link in chain:
        if link == "submitted_at":
            values.append(-file.submitted_at.timestamp())
            continue
        shares = [
            Fraction(mark.mark, mark.criterion.max_mark)
            for assessment in file.locked
            for mark in assessment.marks.all()
            if mark.criterion.key == link and mark.mark is not None
        ]
        values.append(sum(shares, Fraction(0)) / len(shares) if shares else Fraction(0))
    return tuple(values)


def _evaluation(assessment: Assessment) -> dict[str, Any]:
    marks = list(assessment.marks.all())
    return {
        "evaluator": assessment.number,
        "exact": str(assessment.exact),
        "total": str(scoring.rounded(assessment.exact)),
        "marks": {mark.criterion.key: mark.mark for mark in marks},
        "not_applicable": [mark.criterion.key for mark in marks if mark.not_applicable],
    }


def _whole(values: Mapping[str, figures.Value], key: str) -> str:
    """A verified amount in whole rupees or persons, as text; empty where there is none."""
    value = values.get(key)
    return f"{value:.0f}" if isinstance(value, Decimal) else ""


def _row(file: Any, values: Mapping[str, figures.Value]) -> dict[str, Any]:
    profile = getattr(file, "profile", None)
    return {
        "reference": file.reference,
        "name_en": profile.name_en if profile else file.enterprise.name_en,
        "name_ml": (profile.name_ml if profile else "") or file.enterprise.name_ml,
        "taluk_en": file.taluk.name_en,
        "taluk_ml": file.taluk.name_ml,
        "activity": profile.main_products if profile else "",
        "turnover": _whole(values, f"turnover:{file.round.latest_year}"),
        "jobs": _whole(values, "jobs"),
        "submitted_at": file.submitted_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "evaluations": [_evaluation(assessment) for assessment in file.locked],
    }


def _verified(files: list[Application]) -> dict[int, dict[str, figures.Value]]:
    found: dict[int, dict[str, figures.Value]] = {}
    rows = VerifiedFigure.objects.filter(application__in=[file.pk for file in files]).order_by("at", "pk")
    for row in rows:
        found.setdefault(row.application_id, {})[row.key] = value_of(row)
    return found


def room_left(rules: RoundRules, office: Office) -> tuple[int, int]:
    """How many more this district may recommend and keep in reserve in the round, after packets approved before."""
    target = int(rules.targets.get(office.district.code, 0)) if office.district else 0
    reserve = scoring.reserve_size(target, rules.reserve_percent)
    approved = ShortlistRow.objects.filter(
        shortlist__round=rules.round_id, shortlist__office=office, shortlist__state="approved"
    )
    words = list(approved.values_list("recommendation", flat=True))
    return (
        max(0, target - words.count(Recommendation.RECOMMENDED)),
        max(0, reserve - words.count(Recommendation.RESERVE)),
    )


def rows_of(
    office: Office, call: Round, rules: RoundRules, only: Collection[int] | None = None
) -> list[dict[str, Any]]:
    """The ranking as it stands now: one dictionary a file, in the order of printing."""
    files: list[Any] = ranked_files(office, call, only)
    values = _verified(files)
    by_reference = {file.reference: file for file in files}
    ranked = scoring.rank(
        scoring.Entry(
            file.reference,
            scoring.official_total([assessment.exact for assessment in file.locked]),
            tie_values(file, rules.tie_chain),
        )
        for file in files
    )
    target, reserve = room_left(rules, office)
    rows = []
    for place, word, number in scoring.recommend(ranked, target=target, reserve=reserve, pass_mark=rules.pass_mark):
        file = by_reference[place.key]
        rows.append(
            {
                "position": place.position,
                "rank": place.rank,
                "total": str(place.total),
                "recommendation": str(word),
                "reserve_number": number,
                **_row(file, values.get(file.pk, {})),
            }
        )
    return rows


def snapshot_of(packet: Shortlist, only: Collection[int] | None = None) -> dict[str, Any]:
    """What is frozen: the ranking and the rules it was made by.

    A freeze names the files it has locked: one appraised a moment later belongs to the next packet.
    """
    rules = RoundRules.objects.select_related("rubric").get(round=packet.round_id)
    office = packet.office
    district = office.district
    target, reserve = room_left(rules, office)
    return {
        "shortlist": packet.number,
        "round": packet.round.number,
        "year": packet.round.latest_year,
        "district": {
            "code": district.code if district else "",
            "en": district.name_en if district else "",
            "ml": district.name_ml if district else "",
        },
        "office": {"code": office.code, "en": office.name_en, "ml": office.name_ml},
        "rubric": rules.rubric.version,
        "confirmed": rules.confirmed,
        "pass_mark": f"{rules.pass_mark.normalize():f}",
        "target": target,
        "reserve": reserve,
        "tie_chain": list(rules.tie_chain),
        "criteria": [
            {
                "key": criterion.key,
                "en": criterion.name_en,
                "ml": criterion.name_ml,
                "weight": criterion.weight,
                "max": criterion.max_mark,
            }
            for criterion in rules.rubric.criteria.all()
        ],
        "rows": rows_of(office, packet.round, rules, only),
    }


def counts_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many of each recommendation, and `appraised` in all."""
    words = [str(row["recommendation"]) for row in rows]
    return {"appraised": len(words), **{str(word): words.count(str(word)) for word in Recommendation.values}}


def recomputed(snapshot: Mapping[str, Any], row: Mapping[str, Any]) -> Decimal:
    """The official total of a row, made again from the marks in the snapshot alone."""
    totals = []
    for evaluation in row["evaluations"]:
        totals.append(
            scoring.exact_total(
                scoring.Marked(
                    criterion["key"],
                    criterion["weight"],
                    criterion["max"],
                    evaluation["marks"].get(criterion["key"]),
                    criterion["key"] not in evaluation["not_applicable"],
                )
                for criterion in snapshot["criteria"]
            )
        )
    return scoring.official_total(totals)
