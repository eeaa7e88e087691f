"""Words and figures that need no database: what is shown of a value, what a ranking says, who reads no paper."""

from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from evaluation import agendafile, agendapaper, figures, ranking, steps, tasks
from evaluation.queries.committee import may_read_letter
from evaluation.queries.settling import bounds
from evaluation.trail.facts import _contest, _paper, _rule
from tests.evaluation.conftest import YEARS

FIGURES = {figure.key: figure for figure in figures.asked(YEARS)}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("turnover:2025-26", Decimal(61_800_000), "₹6,18,00,000"),
        ("jobs", Decimal(1044), "1,044"),
        ("overdue", "yes", "Yes"),
        ("overdue", "no", "No"),
        ("began_on", "2016-06-14", "14-06-2016"),
        ("jobs", None, ""),
        ("began_on", "", ""),
    ],
)
def test_a_value_is_shown_by_its_kind(key: str, value: Any, words: str) -> None:
    assert figures.shown(FIGURES[key], value) == words


@pytest.mark.parametrize(
    ("compute", "values", "headline", "why"),
    [
        (figures.profit_share, {}, "", "profit, turnover"),
        (figures.profit_share, {"profit:2025-26": Decimal(5)}, "", "profit, turnover"),
        (figures.profit_share, {"profit:2025-26": Decimal(5), "turnover:2025-26": Decimal(0)}, "", "of 2025-26 is 0"),
        (figures.profit_share, {"profit:2025-26": Decimal(5), "turnover:2025-26": Decimal(100)}, "5", "÷"),
        (figures.export_share, {"turnover:2025-26": Decimal(100)}, "", "export sales, turnover"),
        (figures.export_share, {"exports:2025-26": Decimal(5), "turnover:2025-26": Decimal(0)}, "", "of 2025-26 is 0"),
        (figures.jobs, {}, "", "persons employed"),
        (figures.jobs, {"jobs": Decimal(1)}, "1 person verified", ""),
        (figures.jobs, {"jobs": Decimal(2), "women": Decimal(1)}, "2 persons verified; women among them: 1", ""),
    ],
)
def test_what_cannot_be_computed_says_what_is_missing(compute: Any, values: Any, headline: str, why: str) -> None:
    found = compute(values, YEARS)
    assert headline in found.headline if headline else found.value is None
    assert why in f"{found.headline} {found.how}"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"recommendation": "passed_over"}, "Passed over."),
        ({"recommendation": "recommended"}, ""),
        ({"recommendation": "recommended", "out_of_rank": False}, ""),
        (
            {"recommendation": "recommended", "out_of_rank": True, "before": 3, "rank": 3},
            "Chosen among files of equal rank.",
        ),
        (
            {"recommendation": "recommended", "out_of_rank": True, "before": 3, "rank": 5},
            "Out of rank: taken before rank 3.",
        ),
    ],
)
def test_what_was_chosen_beside_the_rank_is_said(row: dict[str, Any], words: str) -> None:
    assert ranking.choice_said(row) == words


@pytest.mark.parametrize(("figures_left", "documents_left"), [(0, 0), (1, 0), (0, 1), (2, 0), (0, 2), (3, 4)])
def test_what_is_left_of_scrutiny_is_counted(figures_left: int, documents_left: int) -> None:
    verdict = steps.left_of_scrutiny(figures_left, documents_left)
    said = str(verdict.reason)
    assert bool(verdict) is not (figures_left or documents_left)
    assert all(str(left) in said for left in (figures_left, documents_left) if left)
    assert ("figure" in said, "document" in said) == (bool(figures_left), bool(documents_left))


def test_a_moderated_total_lies_between_the_lowest_and_the_highest() -> None:
    rows: Any = [SimpleNamespace(exact=exact) for exact in (Fraction(230, 3), Fraction(100), Fraction(90))]
    assert bounds(rows) == (Decimal("76.67"), Decimal("100.00"))


def test_nobody_who_is_not_signed_in_reads_a_paper() -> None:
    for may in (may_read_letter, agendapaper.may_see, tasks.may_see):
        assert may(AnonymousUser(), SimpleNamespace(subject="application:M1K-3-EKM-00001")) is False


def test_an_agenda_paper_is_for_who_reads_meetings() -> None:
    applicant = SimpleNamespace(is_authenticated=True, is_staff_member=False)
    officer = SimpleNamespace(is_authenticated=True, is_staff_member=True, has=lambda _power: False)
    assert [agendapaper.may_see(user, SimpleNamespace()) for user in (applicant, officer)] == [False, False]


def test_a_file_without_a_frozen_row_has_no_marks() -> None:
    assert agendafile.marks_of(SimpleNamespace(), None) is None


@pytest.mark.parametrize(
    ("tell", "data", "words"),
    [
        (_rule, {}, {}),
        (_rule, {"rule": "no such rule"}, {}),
        (_paper, {}, {}),
        (_paper, {"number": "SL-1", "old": "a"}, {"old": "a", "paper": "SL-1", "title": "A paper"}),
        (_paper, {"number": "SL-2", "new": "b"}, {"new": "b", "paper": "SL-2"}),
        (_contest, {"of": "M1K-3-EKM-00001"}, {"of": "M1K-3-EKM-00001"}),
    ],
)
def test_a_line_of_the_trail_tells_what_it_knows(tell: Any, data: dict[str, Any], words: dict[str, str]) -> None:
    assert tell(SimpleNamespace(papers={"SL-1": "A paper"}), SimpleNamespace(data=data)) == words
