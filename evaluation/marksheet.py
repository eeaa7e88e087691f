"""The marks of one file by criterion, as its enterprise reads them: the mean of the evaluations, never who gave which."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from evaluation import scoring

Bands = Mapping[tuple[str, int], Mapping[str, str]]  # what a mark of a criterion stands for, in both languages


def computed_total(frozen: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """The mean of the evaluations' totals, made again from the marks; a moderation is left out of it."""
    return str(scoring.official_total([_total(frozen, one) for one in row["evaluations"]]))


def by_criterion(frozen: Mapping[str, Any], row: Mapping[str, Any], bands: Bands) -> list[dict[str, Any]]:
    """For each criterion of a frozen ranking: mean mark, points out of how many, and the bands the marks stand for.

    The points of all criteria are the computed total. What does not apply has an empty mark.
    """
    evaluations = row["evaluations"]
    return [_line(criterion, evaluations, frozen["criteria"], bands) for criterion in frozen["criteria"]]


def _line(
    criterion: Mapping[str, Any], evaluations: Sequence[Mapping[str, Any]], criteria: Any, bands: Bands
) -> dict[str, Any]:
    key, given, points, most = criterion["key"], [], Fraction(0), Fraction(0)
    for evaluation in evaluations:
        mark = evaluation["marks"].get(key)
        if mark is None or key in evaluation["not_applicable"]:
            continue
        given.append(mark)
        share = Fraction(criterion["weight"] * 100, _applicable(evaluation, criteria))
        points += share * mark / criterion["max"]
        most += share
    return {
        "key": key,
        "en": criterion["en"],
        "ml": criterion["ml"],
        "weight": criterion["weight"],
        "max": criterion["max"],
        "mark": _plain(Fraction(sum(given), len(given))) if given else "",
        "points": str(scoring.rounded(points / len(evaluations))) if given else "",
        "of": str(scoring.rounded(most / len(evaluations))) if given else "",
        "low": dict(bands.get((key, min(given)), {})) if given else {},
        "high": dict(bands.get((key, max(given)), {})) if given else {},
    }


def _applicable(evaluation: Mapping[str, Any], criteria: Any) -> int:
    return sum(one["weight"] for one in criteria if one["key"] not in evaluation["not_applicable"])


def _total(frozen: Mapping[str, Any], evaluation: Mapping[str, Any]) -> Fraction:
    left_out = evaluation["not_applicable"]
    marks = (
        scoring.Marked(one["key"], one["weight"], one["max"], evaluation["marks"].get(one["key"]))
        for one in frozen["criteria"]
        if one["key"] not in left_out
    )
    return scoring.exact_total(marks)


def _plain(value: Fraction) -> str:
    """4, 4.5, 3.67."""
    return f"{scoring.rounded(value):f}".rstrip("0").rstrip(".")
