"""What a report says beside the funnel: decisions by the day of their release, holders, targets, the year's two lines."""

import pytest

from districts.models import District
from evaluation.models import RoundRules
from progress import charts, queries, table
from progress.holders import HOLDERS
from progress.periods import month_of
from progress.trend import months_up_to, trend
from records.clock import moved_to
from tests.progress.conftest import at, moved
from tests.progress.test_figures import NOW, ekm, some

SENT = ("2026-04-10 10:00", "submitted")
UP = (SENT, ("2026-05-18 10:00", "committee"), ("2026-05-20 10:00", "decided"))


@pytest.fixture
def decided(world):
    """Decided in May and released in June, one of them promoted; one found ineligible in May, one reinstated."""
    begun = "2026-04-01 10:00"
    moved(world.file("selected", ended_at=NOW), begun, *UP, ("2026-06-05 10:00", "selected"))
    promoted = (("2026-06-05 10:00", "reserve"), ("2026-06-25 10:00", "selected"))
    moved(world.file("selected", ended_at=NOW), begun, *UP, *promoted)
    moved(world.file("not_selected", ended_at=NOW), begun, *UP, ("2026-06-05 10:00", "not_selected"))
    moved(world.file("decided"), begun, *UP)
    moved(world.file("ineligible", ended_at=NOW), begun, SENT, ("2026-05-12 10:00", "ineligible"))
    back = (("2026-05-12 10:00", "ineligible"), ("2026-05-29 10:00", "scrutiny"))
    moved(world.file("scrutiny", office=world.other_dic), begun, SENT, *back)
    RoundRules.objects.update(targets={"EKM": 8, "TSR": 3})
    return world


def test_a_decision_counts_on_the_day_of_its_release_and_not_before(decided):
    assert (some(ekm("2026-05").decisions), ekm("2026-05").decided) == ({"ineligible": 1}, 1)
    assert some(ekm("2026-05").states) == {"committee": 4, "ineligible": 1}
    assert (some(ekm("2026-06").decisions), ekm("2026-06").decided) == ({"selected": 2, "not_selected": 1}, 3)
    assert some(ekm("2026-06").states)["committee"] == 1
    assert (some(ekm("2026-07").decisions), ekm("2026-07").decided) == ({}, 0)


def test_holders_and_targets_stand_as_they_did_at_the_months_end(decided):
    assert some(ekm("2026-05").holders) == {"directorate": 4}
    assert some(ekm("2026-06").holders) == {"directorate": 1}
    with moved_to(at("2026-04-30 12:00")):
        early = queries.district_figures(District.objects.get(code="EKM"), "2026-04")
    # The round opened in the sixty days before the tests run: its target is none of an earlier month.
    assert (early.targets["target"], ekm("2026-05").targets["selected"], ekm("2026-06").targets["selected"]) == (
        0,
        0,
        2,
    )
    decided.round.opens_at = at("2026-03-01 10:00")
    decided.round.save()
    assert ekm("2026-05").targets == {"target": 8, "recommended": 0, "selected": 0}


def test_the_districts_sum_to_the_state_in_every_new_figure(decided):
    with moved_to(NOW):
        rows, total = queries.state_table("2026-05")
    for name, keys in (("decisions", queries.DECISIONS), ("holders", HOLDERS), ("targets", queries.TARGETS)):
        assert getattr(total.figures, name) == {
            key: sum(getattr(row.figures, name)[key] for row in rows) for key in keys
        }
    for row in (*rows, total):
        assert row.figures.decided == sum(row.figures.decisions.values())
        assert sum(row.figures.holders.values()) == row.figures.total - sum(
            row.figures.states[key] for key in ("draft", "closed", *queries.DECISIONS)
        )
    assert (total.figures.holders["officer"], total.figures.decisions["ineligible"]) == (1, 1)
    assert len(table.header()) == len(table.numbers(total)) + 1


def test_the_lines_of_the_year_say_what_each_month_says(decided, django_assert_num_queries):
    places = [District.objects.get(code="EKM")]
    with moved_to(NOW):
        period = month_of("2026-07")
        with django_assert_num_queries(1):
            points = trend(period, places)
        assert [point.month for point in points] == months_up_to("2026-07")
        for point in points:
            figures = queries.district_figures(places[0], point.month)
            assert (point.received, point.decided) == (figures.received, figures.decided), point.month
        assert sum(point.received for point in points) == 5
        both = trend(month_of("2026-05"), list(District.objects.all()))[-1]
    assert (both.month, both.decided) == ("2026-05", 1)


def test_the_year_ends_with_the_month_and_begins_with_the_scheme():
    assert (months_up_to("2026-11")[0], months_up_to("2026-11")[-1], len(months_up_to("2026-11"))) == (
        "2025-12",
        "2026-11",
        12,
    )
    assert months_up_to("2023-06") == ["2023-04", "2023-05", "2023-06"]


def test_a_chart_of_two_lines_has_one_scale_and_names_that_do_not_touch():
    drawn = charts.trend(months_up_to("2026-07"), [0, 3, 7, 12, 5, 2, 1, 0, 0, 4, 9, 4], [0] * 11 + [3])
    assert [tick.label for tick in drawn.heights] == ["0", "5", "10", "15", "20"]
    assert abs(drawn.first.label_y - drawn.second.label_y) >= charts.APART
    assert drawn.first.label_y < drawn.second.label_y
    heights = [float(point.partition(",")[2]) for point in drawn.first.points.split()]
    assert (min(heights) >= charts.TOP, max(heights), len(heights)) == (True, charts.FOOT, 12)
    assert [tick.year for tick in drawn.months if tick.year] == ["2025", "2026"]
    one = charts.trend(["2023-04"], [0], [0])
    assert (one.first.points, [tick.label for tick in one.heights]) == (
        f"{charts.RIGHT},{charts.FOOT}.0",
        ["0", "1", "2"],
    )
