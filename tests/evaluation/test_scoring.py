"""Totals and ranks: worked by hand, and as properties."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.scoring import (
    Entry,
    Marked,
    Spread,
    exact_total,
    official_total,
    rank,
    recommend,
    reserve_size,
    rounded,
    running,
    spread,
)

WEIGHTS = {"growth": 25, "financial": 20, "plan": 20, "employment": 15, "exports": 10, "technology": 10}


def card(*marks: int | None, not_applicable: str = "") -> list[Marked]:
    return [
        Marked(key, weight, 5, None if key == not_applicable else mark, key != not_applicable)
        for (key, weight), mark in zip(WEIGHTS.items(), marks, strict=True)
    ]


def test_a_total_worked_by_hand() -> None:
    # 4/5·25 + 3/5·20 + 4/5·20 + 3/5·15 + 2/5·10 + 5/5·10 = 20 + 12 + 16 + 9 + 4 + 10 = 71
    assert exact_total(card(4, 3, 4, 3, 2, 5)) == 71


def test_not_applicable_leaves_the_denominator() -> None:
    # 20 + 12 + 16 + 9 + 10 = 67 of 90
    assert exact_total(card(4, 3, 4, 3, None, 5, not_applicable="exports")) == Fraction(6700, 90)


def test_an_open_mark_or_one_over_the_maximum_is_no_total() -> None:
    for marks in (card(4, 3, 4, 3, 2, None), card(4, 3, 4, 3, 2, 6), []):
        with pytest.raises(ValueError, match="no "):
            exact_total(marks)


def test_the_running_total_of_the_design() -> None:
    # look/scorecard.html: 57 of 80 marked, exports out, technology open: 63.33 to 74.44
    now = running(card(4, 3, 4, 3, None, None, not_applicable="exports"))
    assert (now.points, now.weight_marked, now.weight_applicable) == (57, 80, 90)
    assert [rounded(part) for part in (now.total, now.lowest, now.highest) if part is not None] == [
        Decimal("71.25"),
        Decimal("65.56"),
        Decimal("74.44"),
    ]
    assert running(card(4, 3, 4, 3, None, None, not_applicable="exports"), lowest_mark=0).lowest == Fraction(5700, 90)
    assert running([]).total is None


def test_rounded_once_and_half_up() -> None:
    assert rounded(Fraction(66665, 1000)) == Decimal("66.67")
    assert rounded(Fraction(66675, 1000)) == Decimal("66.68")
    assert official_total([Fraction(6667, 90), Fraction(6700, 90)]) == Decimal("74.26")
    with pytest.raises(ValueError, match="no locked"):
        official_total([])


@given(st.fractions(min_value=0, max_value=100))
def test_rounding_agrees_with_decimal(value: Fraction) -> None:
    with localcontext() as context:
        context.prec = 60
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        assert rounded(value) == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


MARK = st.one_of(st.none(), st.integers(0, 5))
CARD = st.lists(MARK, min_size=6, max_size=6)


@given(CARD)
def test_the_span_holds_every_total_still_possible(marks: list[int | None]) -> None:
    now = running(card(*marks), lowest_mark=0)
    for filler in (0, 3, 5):
        total = exact_total(card(*(filler if mark is None else mark for mark in marks)))
        assert now.lowest is not None
        assert now.highest is not None
        assert now.lowest <= total <= now.highest


@given(st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_a_total_lies_between_0_and_100_and_never_falls_with_a_higher_mark(marks: list[int]) -> None:
    total = exact_total(card(*marks))
    assert 0 <= total <= 100
    better = [min(5, mark + 1) for mark in marks]
    assert exact_total(card(*better)) >= total


LIMIT, PASS = Decimal(15), Decimal(60)


@pytest.mark.parametrize(
    ("totals", "answer"),
    [
        ([], Spread.TOO_FEW),
        ([70], Spread.TOO_FEW),
        ([70, 80], Spread.SETTLED),
        ([70, 85], Spread.SETTLED),
        ([70, Fraction(8501, 100)], Spread.WIDE),
        ([Fraction(5999, 100), 60], Spread.STRADDLES),
        ([60, 60], Spread.SETTLED),
        ([50, 59], Spread.SETTLED),
        ([40, 70, 90], Spread.SETTLED),
    ],
)
def test_spread(totals: list[Fraction], answer: Spread) -> None:
    assert spread([Fraction(total) for total in totals], LIMIT, PASS) is answer


def test_equal_files_share_a_rank_and_the_next_is_left_out() -> None:
    ranked = rank([Entry("d", Decimal(60)), Entry("a", Decimal(80)), Entry("c", Decimal(70)), Entry("b", Decimal(70))])
    assert [(row.key, row.rank, row.position) for row in ranked] == [("a", 1, 1), ("b", 2, 2), ("c", 2, 3), ("d", 4, 4)]


def test_the_tie_chain_breaks_a_tie_in_its_order() -> None:
    ranked = rank(
        [
            Entry("late", Decimal(70), (4, 3, -20)),
            Entry("early", Decimal(70), (4, 3, -10)),
            Entry("jobs", Decimal(70), (4, 4, -30)),
            Entry("growth", Decimal(70), (5, 1, -40)),
        ]
    )
    assert [row.key for row in ranked] == ["growth", "jobs", "early", "late"]
    assert [row.rank for row in ranked] == [1, 2, 3, 4]


TOTALS = st.lists(st.integers(0, 20).map(lambda step: Decimal(step * 5)), max_size=30)


@given(TOTALS)
def test_a_rank_is_one_more_than_the_number_of_better_files(totals: list[Decimal]) -> None:
    ranked = rank(Entry(f"{number:02}", total) for number, total in enumerate(totals))
    assert len(ranked) == len(totals)
    for row in ranked:
        assert row.rank == 1 + sum(1 for total in totals if total > row.total)


@given(TOTALS, st.randoms())
def test_the_order_handed_in_does_not_matter(totals: list[Decimal], random: object) -> None:
    entries = [Entry(f"{number:02}", total) for number, total in enumerate(totals)]
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rank(entries) == rank(shuffled)


@given(TOTALS, st.integers(0, 12), st.integers(0, 4))
def test_recommendations_keep_to_target_reserve_and_pass_mark(totals: list[Decimal], target: int, reserve: int) -> None:
    rows = recommend(
        rank(Entry(f"{number:02}", total) for number, total in enumerate(totals)),
        target=target,
        reserve=reserve,
        pass_mark=PASS,
    )
    passed = sum(1 for total in totals if total >= PASS)
    words = [row.word for row in rows]
    assert words.count("recommended") == min(target, passed)
    assert words.count("reserve") == min(reserve, max(0, passed - target))
    assert words.count("below") == len(totals) - passed
    assert [row.reserve_number for row in rows if row.reserve_number] == list(range(1, words.count("reserve") + 1))


@pytest.mark.parametrize(("target", "size"), [(0, 0), (1, 1), (8, 1), (10, 1), (11, 2), (70, 7)])
def test_the_reserve_is_a_tenth_rounded_up(target: int, size: int) -> None:
    assert reserve_size(target, 10) == size


# ---- The official total ---------------------------------------------------------------------------------------
EXACT = st.fractions(min_value=0, max_value=100, max_denominator=9000)


@given(st.lists(EXACT, min_size=2, max_size=3))
def test_the_mean_lies_between_its_totals_and_does_not_depend_on_their_order(totals: list[Fraction]) -> None:
    official = official_total(totals)
    assert rounded(min(totals)) <= official <= rounded(max(totals))
    assert official == official_total(totals[::-1])
    assert abs(Fraction(official) - sum(totals, Fraction(0)) / len(totals)) <= Fraction(1, 200)  # rounded once


@given(st.integers(0, 9999))
def test_a_half_goes_up(hundredths: int) -> None:
    assert rounded(Fraction(2 * hundredths + 1, 200)) == Decimal(hundredths + 1).scaleb(-2)


@given(st.lists(st.integers(1, 5), min_size=6, max_size=6), st.sampled_from(sorted(WEIGHTS)))
def test_what_does_not_apply_is_as_if_it_were_not_in_the_rubric(marks: list[int], key: str) -> None:
    left_out = card(*marks, not_applicable=key)
    assert exact_total(left_out) == exact_total([mark for mark in card(*marks) if mark.key != key])
    # never counted as zero: the total of the rest lies between the rest at its lowest and at its highest mark
    shares = [Fraction(mark.mark or 0, 5) for mark in left_out if mark.applies]
    assert min(shares) * 100 <= exact_total(left_out) <= max(shares) * 100


@given(st.lists(EXACT, min_size=2, max_size=2), st.integers(0, 100))
def test_a_moderated_total_is_the_official_one_to_the_last_place(totals: list[Fraction], share: int) -> None:
    lowest, highest = rounded(min(totals)), rounded(max(totals))
    moderated = (lowest + (highest - lowest) * share / 100).quantize(Decimal("0.01"))
    assert official_total(totals, moderated) == moderated
    assert official_total(totals, moderated).as_tuple().exponent == -2


@given(st.lists(st.tuples(st.sampled_from([60, 70, 80]), st.integers(0, 2), st.integers(0, 1)), max_size=20))
def test_ties_are_broken_by_the_chain_and_what_stays_equal_shares_its_rank(rows: list[tuple[int, int, int]]) -> None:
    ranked = rank(Entry(f"{n:02}", Decimal(total), (one, other)) for n, (total, one, other) in enumerate(rows))
    assert [row.position for row in ranked] == list(range(1, len(rows) + 1))
    for row in ranked:
        own = rows[int(row.key)]
        assert row.rank == 1 + sum(1 for other in rows if other > own)  # 1, 2, 2, 4
    for before, after in pairwise(ranked):
        assert (before.rank == after.rank) == (rows[int(before.key)] == rows[int(after.key)])
        if before.rank == after.rank:
            assert before.key < after.key
