"""Computed figures, worked by hand and as properties; differences; bands."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation import figures, reference

YEARS = ["2023-24", "2024-25", "2025-26"]


def values(first: int, last: int, **more: figures.Value) -> dict[str, figures.Value]:
    return {"turnover:2023-24": Decimal(first), "turnover:2025-26": Decimal(last), **more}


def bands_of(key: str) -> list[dict[str, object]]:
    return next(row["bands"] for row in reference.CRITERIA if row["key"] == key)


def test_growth_as_on_the_scorecard_of_the_design() -> None:
    found = figures.growth(values(41_000_000, 61_800_000), YEARS)
    assert found.headline == "22.8 % a year"
    assert found.how == "(6.18 ÷ 4.10)^(1/2) − 1, from verified turnover of 2023-24 and 2025-26 in ₹ crore"
    assert figures.band_of(bands_of("growth"), found.value) == 4


@pytest.mark.parametrize(
    ("first", "last", "headline", "band"),
    [
        (10_000_000, 9_000_000, "−5.1 % a year", 1),
        (10_000_000, 10_000_000, "0.0 % a year", 2),
        (10_000_000, 12_100_000, "10.0 % a year", 3),
        (10_000_000, 0, "−100.0 % a year", 1),
        (10_000_000, 40_000_000, "100.0 % a year", 5),
    ],
)
def test_growth_and_its_band(first: int, last: int, headline: str, band: int) -> None:
    found = figures.growth(values(first, last), YEARS)
    assert (found.headline, figures.band_of(bands_of("growth"), found.value)) == (headline, band)


def test_what_cannot_be_computed_says_why() -> None:
    assert figures.growth({}, YEARS).text == "Cannot be computed yet: not verified: turnover."
    assert figures.growth(values(0, 5), YEARS).text == "Cannot be computed: the turnover of 2023-24 is 0."
    assert figures.profit_share(values(1, 0, **{"profit:2025-26": Decimal(1)}), YEARS).value is None
    assert figures.jobs({}, YEARS).value is None
    assert figures.export_share(values(1, 5), YEARS).value is None
    assert figures.band_of(bands_of("growth"), None) is None


def test_the_other_formulas() -> None:
    given_values = values(
        1,
        61_800_000,
        **{"profit:2025-26": Decimal(4_300_000), "exports:2025-26": Decimal(11_200_000), "jobs": Decimal(44)},
    )
    assert figures.profit_share(given_values, YEARS).text.startswith("7.0 % = 0.43 ÷ 6.18, net profit by turnover")
    assert figures.export_share(given_values, YEARS).text.startswith("18.1 % = 1.12 ÷ 6.18, export sales by turnover")
    assert figures.jobs(given_values, YEARS).text == "44 persons verified"
    assert figures.compute("", given_values, YEARS) is None


@given(st.integers(1, 10**10), st.integers(0, 10**10))
def test_growth_has_the_sign_of_the_change(first: int, last: int) -> None:
    value = figures.growth(values(first, last), YEARS).value
    assert value is not None
    assert (value > 0) == (last > first)
    assert value >= -100


@pytest.mark.parametrize("key", ["growth", "financial", "employment"])
@given(value=st.decimals(-200, 5000, places=2))
def test_every_value_lies_in_exactly_one_band(key: str, value: Decimal) -> None:
    assert figures.band_of(bands_of(key), value) in {1, 2, 3, 4, 5}


def test_the_default_rubric_is_whole() -> None:
    assert sum(row["weight"] for row in reference.CRITERIA) == 100
    for row in reference.CRITERIA:
        assert [band["mark"] for band in row["bands"]] == [1, 2, 3, 4, 5]
        assert all(band["en"] and band["ml"] for band in row["bands"])
        assert not row.get("formula") or row["formula"] in figures.FORMULAS


@pytest.mark.parametrize(
    ("claimed", "verified", "shown"),
    [
        (64_200_000, 61_800_000, "− ₹24,00,000 (3.7 %)"),
        (40, 44, "+ ₹4 (10.0 %)"),
        (0, 5, "+ ₹5"),
    ],
)
def test_a_difference_is_written_out(claimed: int, verified: int, shown: str) -> None:
    figure = figures.asked(YEARS)[0]
    found = figures.difference(Decimal(claimed), Decimal(verified))
    assert found
    assert figures.difference_shown(figure, found) == shown


def test_no_difference_of_texts() -> None:
    assert figures.difference("yes", "no") is None
    assert figures.difference(None, Decimal(1)) is None
    same = figures.difference(Decimal(2), Decimal(2))
    assert same
    assert same.same


def test_amounts_in_crore() -> None:
    assert [figures.crore(Decimal(n)) for n in (61_800_000, 61_850_000, 0, 99_999, -5_000_000, -400)] == [
        "6.18",
        "6.19",  # half up, as the page says ₹6.19 crore
        "0.00",
        "0.0100",
        "−0.50",
        "0.0000",
    ]


def test_ten_figures_are_asked() -> None:
    keys = [figure.key for figure in figures.asked(YEARS)]
    assert keys[:5] == ["turnover:2023-24", "turnover:2024-25", "turnover:2025-26", "exports:2025-26", "profit:2025-26"]
    assert keys[5:] == ["jobs", "women", "fixed_capital", "overdue", "began_on"]
    assert figures.asked(YEARS)[0].label == "Turnover 2023-24"


def test_figures_that_cannot_be_true_together_are_named():
    values = {
        "jobs": Decimal(40),
        "women": Decimal(41),
        "turnover:2025-26": Decimal(100),
        "exports:2025-26": Decimal(1),
    }
    assert figures.contradiction(values, YEARS) == ("Women employed (41) cannot be more than persons employed (40).")
    values |= {"women": Decimal(40), "exports:2025-26": Decimal(1000)}
    assert figures.contradiction(values, YEARS) == "Export sales (₹1,000) cannot be more than turnover (₹100)."
    assert not figures.contradiction(values | {"exports:2025-26": Decimal(100)}, YEARS)
    assert not figures.contradiction({"women": Decimal(3)}, YEARS)


def test_a_band_goes_by_the_figure_that_is_shown():
    bands = [{"mark": 1, "from": 0, "to": 10}, {"mark": 2, "from": 10, "to": 20}]
    assert figures.band_of(bands, Decimal("9.94")) == 1
    assert figures.band_of(bands, Decimal("9.96")) == 2  # it reads 10.0 %
