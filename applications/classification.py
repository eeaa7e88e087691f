"""Micro, small or medium, by the limits in force in a classification year (S.O. 2119(E) of 2020, S.O. 1364(E) of 2025)."""

from enum import StrEnum

CRORE = 1_00_00_000
# (investment, turnover) in rupees, "does not exceed"; years are those that begin on 1 April.
LIMITS_FROM_2020 = (
    ("micro", 1 * CRORE, 5 * CRORE),
    ("small", 10 * CRORE, 50 * CRORE),
    ("medium", 50 * CRORE, 250 * CRORE),
)
LIMITS_FROM_2025 = (
    ("micro", 25_000_000, 10 * CRORE),
    ("small", 25 * CRORE, 100 * CRORE),
    ("medium", 125 * CRORE, 500 * CRORE),
)


class Size(StrEnum):
    """The size class."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


def _limits(year: str) -> tuple[tuple[str, int, int], ...]:
    return LIMITS_FROM_2025 if int(year[:4]) >= 2025 else LIMITS_FROM_2020


def limits_of(size: Size, year: str) -> tuple[int | None, int | None]:
    """The most plant and machinery, and the most turnover, of a class in `year`, rupees; None above medium."""
    return next(((investment, turnover) for name, investment, turnover in _limits(year) if name == size), (None, None))


def classify(investment: int, turnover: int, year: str) -> Size:
    """The class in `year` ("2025-26") for net plant and machinery and turnover without exports, both in rupees.

    Passing either limit moves the enterprise up; it is in a class only when within both.
    """
    for name, most_investment, most_turnover in _limits(year):
        if investment <= most_investment and turnover <= most_turnover:
            return Size(name)
    return Size.LARGE
