"""The eligibility rules: days around the cut-off, colours, and that yellow never blocks."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from applications.eligibility import VERSIONS, Colour, Inputs, Policy, anniversary, answer, full_years
from applications.eligibility_texts import WORDS, reason

CUT_OFF = date(2026, 3, 31)
POLICY = Policy(CUT_OFF, 3, ("manufacturing", "service"))
GOOD = {
    "udyam": True,
    "in_kerala": True,
    "sector": "service",
    "began_on": date(2015, 1, 1),
    "sales_in_years": 3,
    "loans": "none",
    "other_subsidy": False,
    "planned": True,
}
LATE = [
    (date(2023, 3, 30), Colour.GREEN),
    (date(2023, 3, 31), Colour.GREEN),  # exactly three years
    (date(2023, 4, 1), Colour.RED),  # 2 years 364 days
]


def asked(**changes: object) -> Inputs:
    return Inputs(**(GOOD | changes))  # type: ignore[arg-type]


def colour_of(key: str, **changes: object) -> Colour:
    return dict(answer("1", asked(**changes), POLICY).rules)[key]


@pytest.mark.parametrize(("began", "colour"), LATE)
def test_three_full_years_on_the_cut_off_day(began, colour):
    assert colour_of("years", began_on=began) is colour
    assert answer("1", asked(began_on=began), POLICY).colour is colour


@pytest.mark.parametrize(
    ("began", "until", "years"),
    [
        (date(2020, 2, 29), date(2023, 2, 27), 2),
        (date(2020, 2, 29), date(2023, 2, 28), 3),
        (date(2020, 2, 29), date(2024, 2, 28), 3),
        (date(2020, 2, 29), date(2024, 2, 29), 4),
        (date(2021, 2, 28), date(2024, 2, 28), 3),
        (date(2021, 3, 1), date(2024, 2, 29), 2),
        (date(2023, 4, 1), CUT_OFF, 2),
        (date(2027, 1, 1), CUT_OFF, 0),
    ],
)
def test_a_leap_day_is_complete_on_the_28th_of_february(began, until, years):
    assert full_years(began, until) == years


@given(st.dates(date(1900, 1, 1), date(2090, 1, 1)), st.integers(0, 40))
def test_years_are_full_from_the_anniversary_and_not_the_day_before(began, years):
    day = anniversary(began, years)
    assert full_years(began, day) == years
    if years:
        assert full_years(began, day - timedelta(days=1)) == years - 1


@given(
    st.fixed_dictionaries(
        {
            "udyam": st.sampled_from([True, False, None]),
            "in_kerala": st.sampled_from([True, False, None]),
            "sector": st.sampled_from(["manufacturing", "service", "trade", ""]),
            "began_on": st.one_of(st.none(), st.dates(date(2010, 1, 1), date(2026, 3, 31))),
            "sales_in_years": st.sampled_from([0, 1, 2, 3, None]),
            "loans": st.sampled_from(["none", "regular", "overdue", "defaulter", "unsure", ""]),
            "other_subsidy": st.sampled_from([True, False, None]),
            "planned": st.sampled_from([True, False, None]),
        }
    )
)
def test_the_worst_colour_wins_and_not_knowing_is_never_a_no(inputs):
    outcome = answer("1", Inputs(**inputs), POLICY)
    colours = [colour for _key, colour in outcome.rules]
    assert outcome.version == "1"
    assert len(colours) == len(VERSIONS["1"]) == 8
    assert (outcome.colour is Colour.RED) == (Colour.RED in colours)
    assert (outcome.colour is Colour.GREEN) == (set(colours) == {Colour.GREEN})
    unknown = dict.fromkeys(("udyam", "in_kerala", "began_on", "sales_in_years", "other_subsidy", "planned"))
    assert answer("1", Inputs(**inputs | unknown | {"sector": "", "loans": ""}), POLICY).colour is Colour.YELLOW


@given(st.dates(date(2010, 1, 1), CUT_OFF), st.integers(1, 400))
def test_an_older_unit_is_never_worse_off(began, days):
    assume(colour_of("years", began_on=began) is Colour.GREEN)
    assert colour_of("years", began_on=began - timedelta(days=days)) is Colour.GREEN


@pytest.mark.parametrize(
    ("key", "changes", "colour"),
    [
        ("udyam", {"udyam": False}, "red"),
        ("kerala", {"in_kerala": False}, "red"),
        ("sector", {"sector": "trade"}, "red"),
        ("history", {"sales_in_years": 0}, "red"),
        ("history", {"sales_in_years": 1}, "yellow"),
        ("history", {"sales_in_years": 2}, "yellow"),
        ("loans", {"loans": "defaulter"}, "red"),
        ("loans", {"loans": "overdue"}, "yellow"),
        ("loans", {"loans": "regular"}, "green"),
        ("subsidy", {"other_subsidy": True}, "yellow"),
        ("plan", {"planned": False}, "yellow"),
    ],
)
def test_each_rule(key, changes, colour):
    assert colour_of(key, **changes) == colour
    assert answer("1", asked(**changes), POLICY).colour == colour


def test_every_colour_a_rule_can_have_has_its_words():
    assert list(WORDS) == [key for key, _rule in VERSIONS["1"]]
    never_red = {"subsidy", "plan"}
    for key, colour in product(WORDS, ("green", "yellow", "red")):
        assert bool(str(reason(key, colour))) == (not (colour == "red" and key in never_red)), (key, colour)
        assert str(WORDS[key].change).endswith(".")
