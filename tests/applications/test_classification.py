"""Size by year: one rupee on either side of each limit, before and after 1 April 2025."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.classification import CRORE, Size, classify, limits_of

BEFORE, AFTER = "2024-25", "2025-26"
CLASSES = [Size.MICRO, Size.SMALL, Size.MEDIUM, Size.LARGE]
LIMITS = {
    BEFORE: [(1 * CRORE, 5 * CRORE), (10 * CRORE, 50 * CRORE), (50 * CRORE, 250 * CRORE)],
    AFTER: [(25_000_000, 10 * CRORE), (25 * CRORE, 100 * CRORE), (125 * CRORE, 500 * CRORE)],
}
CELLS = [(year, at, *limit) for year, limits in LIMITS.items() for at, limit in enumerate(limits)]


@pytest.mark.parametrize(("year", "at", "investment", "turnover"), CELLS)
def test_at_the_limit_one_rupee_below_and_one_above(year, at, investment, turnover):
    assert classify(investment, turnover, year) is CLASSES[at]
    assert classify(investment - 1, turnover - 1, year) is CLASSES[at]
    assert classify(investment + 1, turnover, year) is CLASSES[at + 1]
    assert classify(investment, turnover + 1, year) is CLASSES[at + 1]
    assert limits_of(CLASSES[at], year) == (investment, turnover)


def test_the_same_figures_in_the_year_before_and_after_the_change():
    assert classify(2 * CRORE, 9 * CRORE, BEFORE) is Size.SMALL
    assert classify(2 * CRORE, 9 * CRORE, AFTER) is Size.MICRO
    assert limits_of(Size.LARGE, AFTER) == (None, None)


@given(st.integers(0, 10**10), st.integers(0, 10**10), st.integers(0, 10**9), st.sampled_from([BEFORE, AFTER]))
def test_more_never_makes_smaller(investment, turnover, more, year):
    before = CLASSES.index(classify(investment, turnover, year))
    assert CLASSES.index(classify(investment + more, turnover, year)) >= before
    assert CLASSES.index(classify(investment, turnover + more, year)) >= before
    assert CLASSES.index(classify(investment, turnover, AFTER)) <= CLASSES.index(classify(investment, turnover, BEFORE))
