"""The figures, against rows written by hand: states and ages at a month's end, what came in, what was decided and rejected."""

import pytest

from applications.models import Application, DocumentVersion
from districts import calendar
from districts.models import District
from progress import queries
from records.clock import moved_to
from records.verdicts import Refused
from tests.evaluation.conftest import World
from tests.progress.conftest import at, moved

NOW = at("2026-07-15 12:00")


def ekm(month: str) -> queries.Figures:
    with moved_to(NOW):
        return queries.district_figures(District.objects.get(code="EKM"), month)


def some(states: dict[str, int]) -> dict[str, int]:
    """Only what is not zero."""
    return {key: number for key, number in states.items() if number}


@pytest.fixture
def three_files(world: World) -> list[Application]:
    """One taken up in June, one recalled and sent again in July, one draft of June."""
    return [
        moved(
            world.file("scrutiny"),
            "2026-05-02 10:00",
            ("2026-05-10 10:00", "submitted"),
            ("2026-06-03 10:00", "scrutiny"),
        ),
        moved(
            world.file("submitted"),
            "2026-05-03 10:00",
            ("2026-05-20 10:00", "submitted"),
            ("2026-06-10 10:00", "draft"),
            ("2026-07-01 00:00", "submitted"),
        ),
        moved(world.file("draft"), "2026-06-20 10:00"),
    ]


@pytest.mark.parametrize(
    ("month", "states", "received"),
    [
        ("2026-04", {}, 0),
        ("2026-05", {"received": 2}, 2),
        ("2026-06", {"draft": 2, "scrutiny": 1}, 0),
        ("2026-07", {"draft": 1, "received": 1, "scrutiny": 1}, 1),
    ],
)
def test_a_month_shows_files_as_they_stood_at_its_end(three_files, month, states, received):
    figures = ekm(month)
    assert (some(figures.states), figures.received, figures.total) == (states, received, sum(states.values()))


def test_the_last_second_of_a_month_in_india_belongs_to_it(world):
    moved(world.file("submitted"), "2026-05-01 10:00", ("2026-05-31 23:59", "submitted"))
    moved(world.file("submitted"), "2026-05-01 10:00", ("2026-06-01 00:00", "submitted"))
    assert (ekm("2026-05").received, ekm("2026-06").received) == (1, 1)
    assert some(ekm("2026-05").states) == {"draft": 1, "received": 1}


def test_a_file_taken_back_in_the_month_was_not_received(world):
    moved(world.file("draft"), "2026-05-01 10:00", ("2026-05-10 10:00", "submitted"), ("2026-05-11 10:00", "draft"))
    assert (ekm("2026-05").received, some(ekm("2026-05").states)) == (0, {"draft": 1})


def test_a_file_sent_again_in_the_month_is_received_once(world):
    moves = [("2026-05-10 10:00", "submitted"), ("2026-05-11 10:00", "draft"), ("2026-05-12 10:00", "submitted")]
    moved(world.file("submitted"), "2026-05-01 10:00", *moves)
    assert ekm("2026-05").received == 1


def test_a_file_that_was_nominated_counts_as_being_filled_in(world):
    moved(world.file("draft"), "2026-05-01 10:00")
    Application.objects.update(state="nominated")
    assert some(ekm("2026-05").states) == {"draft": 1}


def test_decided_is_counted_once_a_file_and_a_withdrawal_is_no_decision(world):
    moves = [("2026-05-10 10:00", "submitted"), ("2026-06-01 10:00", "scrutiny"), ("2026-06-05 10:00", "ineligible")]
    moved(world.file("ineligible", ended_at=NOW), "2026-05-01 10:00", *moves)
    moved(
        world.file("withdrawn", ended_at=NOW),
        "2026-05-01 10:00",
        ("2026-05-10 10:00", "submitted"),
        ("2026-06-06 10:00", "withdrawn"),
    )
    figures = ekm("2026-06")
    assert (figures.decided, some(figures.states)) == (1, {"ineligible": 1, "closed": 1})
    assert (ekm("2026-05").decided, some(ekm("2026-05").states)) == (0, {"received": 2})


def test_ages_are_working_days_in_the_state_at_the_end(three_files):
    # 11 to 31 May 2026 are 21 days with 3 Sundays and no second Saturday; 21 to 31 May are 11 with 2 Sundays.
    assert (ekm("2026-05").ages, ekm("2026-05").oldest) == ([0, 1, 1, 0], 18)
    assert (ekm("2026-06").ages, ekm("2026-06").pending) == ([0, 0, 0, 1], 1)


def test_documents_rejected_in_the_month_are_counted_by_reason(world):
    file = world.file("scrutiny")
    versions = list(DocumentVersion.objects.filter(slot__application=file).order_by("pk"))
    for version, reason, moment in zip(
        versions,
        ["unreadable", "unreadable", "other"],
        ["2026-05-31 23:59", "2026-06-10 10:00", "2026-06-30 23:59"],
        strict=True,
    ):
        DocumentVersion.objects.filter(pk=version.pk).update(
            state="replaced", reason=reason, judged_at=at(moment), judged_by=world.officer
        )
    assert some(ekm("2026-06").rejected) == {"unreadable": 1, "other": 1}
    assert some(ekm("2026-05").rejected) == {"unreadable": 1}


def test_another_districts_files_are_not_counted(world):
    moved(world.file("submitted", office=world.other_dic), "2026-05-01 10:00", ("2026-05-10 10:00", "submitted"))
    assert (ekm("2026-05").total, ekm("2026-05").received, ekm("2026-05").pending) == (0, 0, 0)


def test_the_districts_sum_to_the_state_and_zeros_stand(world, three_files):
    moved(world.file("submitted", office=world.other_dic), "2026-05-01 10:00", ("2026-05-10 10:00", "submitted"))
    with moved_to(NOW):
        rows, total = queries.state_table("2026-05")
    assert [row.district.code for row in rows if row.district and row.figures.total] == ["EKM", "TSR"]
    assert len(rows) == District.objects.count()
    empty = next(row.figures for row in rows if row.district and row.district.code == "KSD")
    assert (empty.total, empty.received, empty.ages, empty.oldest) == (0, 0, [0, 0, 0, 0], 0)
    for name in ("total", "received", "decided", "pending"):
        assert getattr(total.figures, name) == sum(getattr(row.figures, name) for row in rows)
    assert total.figures.states == {
        key: sum(row.figures.states[key] for row in rows) for key, _states in queries.FUNNEL
    }
    assert (total.figures.total, total.figures.oldest) == (3, max(row.figures.oldest for row in rows))


def test_the_running_month_counts_up_to_now(world):
    moved(world.file("submitted"), "2026-07-01 10:00", ("2026-07-15 11:59", "submitted"))
    moved(world.file("submitted"), "2026-07-01 10:00", ("2026-07-15 12:01", "submitted"))
    figures = ekm("2026-07")
    assert (figures.received, figures.complete, figures.moment) == (1, False, "15-07-2026, 12:00")
    assert (ekm("2026-06").complete, ekm("2026-06").moment) == (True, "30-06-2026")


def test_a_month_that_just_ended_is_complete(world):
    with moved_to(at("2026-07-01 00:00")):
        assert queries.month_of("2026-06").running is False
        assert queries.month_of("2026-07").running is True
    with moved_to(at("2026-06-30 23:59")):
        assert queries.month_of("2026-06").running is True


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-08", "This month has not begun. Choose this month or an earlier one."),
        ("2023-03", "Mission 1000 began in April 2023. Choose 2023-04 or a later month."),
        *(
            (text, "Write the month as YYYY-MM, for example 2026-07.")
            for text in (
                "",
                "2026",
                "2026-13",
                "2026-00",
                "2026-7",
                "07-2026",
                "2026-W27",
                "٢٠٢٦-٠٧",
                "0001-01",
                "9999-12",
                "2026-07\n",
            )
        ),
    ],
)
def test_a_wrong_month_is_refused_with_what_to_do(text, sentence):
    with moved_to(NOW), pytest.raises(Refused) as refusal:
        queries.month_of(text)
    assert (refusal.value.reason, refusal.value.field) == (sentence, "month")


@pytest.mark.parametrize("month", ["2026-05", "2026-07"])
def test_the_table_takes_the_same_queries_for_1_and_3_files(world, month, django_assert_num_queries):
    calendar.holidays()
    for number in (1, 2):
        for _file in range(number):
            moved(world.file("submitted"), "2026-05-01 10:00", ("2026-05-10 10:00", "submitted"))
        with moved_to(NOW), django_assert_num_queries(6):
            rows, total = queries.state_table(month)
    assert (len(rows), total.figures.total) == (District.objects.count(), 3)
