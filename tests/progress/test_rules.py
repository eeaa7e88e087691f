"""Who sees which figures, who makes which report, who is at home where: the whole table."""

import pytest

from districts.models import District
from progress import homes, queries, rules

OWN = {"officer": True, "officer2": True, "manager": True, "gm": True}
STATE = {"directorate": True, "auditor": True}
EVERYBODY = [
    "owner", "facilitator", "agency", "officer", "evaluator", "manager", "gm", "stranger", "other_gm", "directorate",
    "convenor", "member", "handholder", "auditor", "administrator",
]  # fmt: skip


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_sees_a_districts_figures(world, who):
    own = District.objects.get(code="EKM")
    sees = bool(rules.may_see_district(world.people[who], own))
    assert sees is (who in OWN or who in STATE)
    assert bool(rules.may_make_report(world.people[who], own)) is (sees and who != "auditor")


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_sees_another_districts_figures(world, who):
    other = District.objects.get(code="TSR")
    assert bool(rules.may_see_district(world.people[who], other)) is (who in STATE or who in {"stranger", "other_gm"})


def test_a_refusal_names_its_reason(world):
    other = District.objects.get(code="TSR")
    assert rules.may_see_district(world.gm, other).reason == "Your post does not reach this district: Thrissur."
    assert rules.may_see_district(world.owner, other).reason == "This page is for officers of the Department."
    assert rules.may_make_report(world.auditor, other).reason == "An auditor reads everything and makes nothing."


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_districts_somebody_sees(world, who):
    codes = [place.code for place in queries.places_of(world.people[who])]
    if who in STATE:
        assert codes == list(District.objects.values_list("code", flat=True))
    else:
        own = "TSR" if who in {"stranger", "other_gm"} else "EKM"
        assert codes == ([own] if who in OWN or own == "TSR" else [])


@pytest.mark.parametrize(
    ("who", "home"),
    [
        ("owner", "my"),
        *((who, "desk") for who in ("officer", "evaluator", "manager", "gm")),
        ("directorate", "watch"),
        ("auditor", "watch"),
        ("administrator", "staff"),
        *((who, "committee") for who in ("convenor", "member")),
        *((who, "") for who in ("facilitator", "agency", "handholder")),
    ],
)
def test_where_each_role_is_at_home(world, who, home):
    assert homes.home_of(world.people[who]) == home
    assert len(homes.today_and_later(world.people[who])) == (0 if home else 1)
