"""What a ranking reads of files, as plain values: their totals and ties, and the facts a row holds of each.

Values, not instances: a district may have hundreds of files with a dozen marks each. Reads only.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Any

from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery

from applications.models import Application
from evaluation import scoring
from evaluation.models import Assessment, Mark, VerifiedFigure

REMEMBERED = 20_000  # sums a process keeps: their terms are all they depend on
SUBMITTED = "submitted_at"  # the link of a tie chain that is no criterion

Totals = dict[int, list[str]]  # by file the exact totals as they are kept
Marks = dict[tuple[int, str], list[tuple[int, int]]]  # by file and criterion marks, each with the highest there is


def _moderated() -> FilteredRelation:
    """The moderation that counts, as `counts__…`: a file has one at most."""
    return FilteredRelation("moderations", condition=Q(moderations__ended_at=None))


def entries_of(files: QuerySet[Application], chain: Iterable[str]) -> list[scoring.Entry]:
    """Each file with its official total (the moderated one where there is one) and what a tie is broken by, in three queries.

    A criterion of the chain counts by the mean share of its marks (each mark ÷ the highest). ValueError where a file has no
    locked evaluation.
    """
    links = list(chain)
    about = files.annotate(counts=_moderated()).order_by("reference")
    told = list(about.values_list("pk", "reference", SUBMITTED, "counts__total"))
    totals, marks = _locked([key for key, *_rest in told], [link for link in links if link != SUBMITTED])
    shares = _comparable({which: _mean(*given) for which, given in marks.items()})

    def ties(key: int, submitted: datetime) -> tuple[float, ...]:
        earlier = -submitted.timestamp()
        return tuple(earlier if link == SUBMITTED else shares.get((key, link), 0) for link in links)

    return [
        scoring.Entry(reference, _official(tuple(totals[key]), moderated), ties(key, submitted))
        for key, reference, submitted, moderated in told
    ]


def _locked(files: list[int], criteria: list[str]) -> tuple[Totals, Marks]:
    """Of the evaluations of these files that count: their totals, and their marks by these criteria."""
    totals: Totals = defaultdict(list)
    marks: Marks = defaultdict(list)
    locked = Assessment.objects.filter(application__in=files, state="locked").order_by("application_id", "number")
    owners: dict[int, int] = {}
    for evaluation, file, total in locked.values_list("pk", "application_id", "total_exact"):
        owners[evaluation] = file
        totals[file].append(total)
    if criteria:  # by keys at hand: with a join PostgreSQL reads the marks of every district
        given = Mark.objects.filter(assessment__in=list(owners), criterion__key__in=criteria, mark__isnull=False)
        told = ("assessment_id", "criterion__key", "mark", "criterion__max_mark")
        for evaluation, criterion, mark, highest in given.order_by().values_list(*told):
            marks[owners[evaluation], criterion].append((mark, highest))
    return totals, marks


@lru_cache(maxsize=REMEMBERED)
def _official(totals: tuple[str, ...], moderated: Decimal | None) -> Decimal:
    """`scoring.official_total` of totals as they are kept; hundreds are added up anew with each page of a ranking."""
    return scoring.official_total([Fraction(total) for total in totals], moderated)


@lru_cache(maxsize=REMEMBERED)
def _mean(*marks: tuple[int, int]) -> Fraction:
    """The mean share of marks, each with the highest there is."""
    return sum((Fraction(mark, highest) for mark, highest in marks), Fraction(0)) / len(marks)


def _comparable(shares: Mapping[tuple[int, str], Fraction]) -> dict[tuple[int, str], int]:
    """Fractions as whole numbers of their common denominator: the same order and the same ties, compared far sooner."""
    common = lcm(*{share.denominator for share in shares.values()})
    return {which: share.numerator * (common // share.denominator) for which, share in shares.items()}


def facts_of(files: QuerySet[Application], year: str) -> dict[str, dict[str, Any]]:
    """By reference what a row would hold of each file now, whatever its state. `year`: the one whose turnover is shown."""
    names = ("name_en", "name_ml")
    of_profile = [f"profile__{name}" for name in ("pk", *names, "main_products")]
    of_place = [f"{place}__{name}" for place in ("enterprise", "taluk") for name in names]
    moderated = [f"counts__{name}" for name in ("total", "reason", "post")]
    verified = {"turnover": _newest(f"turnover:{year}"), "jobs": _newest("jobs")}
    told = files.annotate(counts=_moderated()).order_by("reference")
    found = list(told.values("pk", "reference", SUBMITTED, *of_profile, *of_place, *moderated, **verified))
    evaluations = _evaluations([file["pk"] for file in found])
    return {
        file["reference"]: {
            **_row(file),
            "turnover": _whole(file["turnover"]),
            "jobs": _whole(file["jobs"]),
            "evaluations": evaluations.get(file["pk"], []),
        }
        for file in found
    }


def _row(file: dict[str, Any]) -> dict[str, Any]:
    """What stands in the file itself, its profile and its moderation."""
    total = file["counts__total"]
    moderation = None
    if total is not None:
        moderation = {"total": f"{total:.2f}", "reason": file["counts__reason"], "post": file["counts__post"]}
    own = file["profile__pk"] is not None
    return {
        "reference": file["reference"],
        "name_en": file["profile__name_en"] if own else file["enterprise__name_en"],
        "name_ml": (file["profile__name_ml"] if own else "") or file["enterprise__name_ml"],
        "taluk_en": file["taluk__name_en"],
        "taluk_ml": file["taluk__name_ml"],
        "activity": file["profile__main_products"] if own else "",
        "submitted_at": file[SUBMITTED].astimezone(UTC).isoformat(timespec="microseconds"),
        "moderation": moderation,
    }


def _evaluations(files: list[int]) -> dict[int, list[dict[str, Any]]]:
    """By file its locked evaluations in their order, each with its marks by criterion."""
    locked = Assessment.objects.filter(application__in=files, state="locked")
    told = ("application_id", "number", "total_exact", "marks__criterion__key", "marks__mark", "marks__not_applicable")
    rows = locked.order_by("application_id", "number", "marks__criterion__order").values_list(*told)
    found: dict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    for file, number, total, criterion, mark, not_applicable in rows:
        one = found[file].get(number)
        if one is None:
            exact = Fraction(total)
            one = {"evaluator": number, "exact": str(exact), "total": str(scoring.rounded(exact))}
            one |= {"marks": {}, "not_applicable": []}
            found[file][number] = one
        if criterion is not None:
            one["marks"][criterion] = mark
        if not_applicable:
            one["not_applicable"].append(criterion)
    return {file: list(numbers.values()) for file, numbers in found.items()}


def _newest(key: str) -> Subquery:
    """The newest verified figure of a file under this key."""
    own = VerifiedFigure.objects.filter(application=OuterRef("pk"), key=key)
    return Subquery(own.order_by("-at", "-pk").values("value")[:1])


def _whole(value: Decimal | None) -> str:
    """Rupees or persons without a fraction, as text; empty where nothing was verified."""
    return "" if value is None else f"{value:.0f}"
