"""`manage.py demo` from the beginning: reproducible, taken up where it was stopped, refused elsewhere."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models.signals import post_init

from accounts.models import User
from applications.models import Application, FinancialYear, Round, Transition
from applications.states import State
from districts.models import District, Office
from evaluation.models import OfficeNote
from mission1000.demonstration import files, plan, waiting
from mission1000.demonstration.acts import ACTS
from mission1000.demonstration.goals import ENDS, GOALS
from mission1000.demonstration.kept import read_once
from mission1000.demonstration.plan import RANKED_THEN
from mission1000.management.commands.demo import FILES
from records import jobs
from tests.architecture.tree import name, python_of_rooms
from tests.mission1000.conftest import run
from tests.mission1000.test_demo import LATER

NOON = datetime(2026, 7, 28, 6, 30, tzinfo=UTC)


def facts() -> list:
    rows = FinancialYear.objects.order_by("application__reference", "year")
    return list(
        rows.values_list("application__reference", "application__profile__name_en", "year", "turnover_domestic")
    )


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_files():
    made = []
    for _turn in range(2):
        with transaction.atomic():
            run("demo", applications=4, seed=9)
            made.append(facts())
            transaction.set_rollback(True)
    assert made[0]
    assert made[0] == made[1]


@pytest.mark.django_db
def test_without_files_only_the_people_are_made():
    run("demo", applications=0)
    assert (User.objects.count(), Application.objects.count()) == (95, 0)
    assert not files.is_whole()
    assert not jobs.timed_is_held()


@pytest.mark.django_db
def test_timed_work_waits_for_a_demonstration_that_is_wanted_and_not_begun(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert not jobs.timed_is_held()
    (tmp_path / waiting.WANTED).touch()
    assert jobs.timed_is_held()
    settings.DEMO_ALLOWED = False
    assert not jobs.timed_is_held()


def way() -> list:
    """What every file went through, and what was noted of it."""
    moves = Transition.objects.order_by("application__reference", "at", "pk")
    notes = OfficeNote.objects.order_by("application__reference", "number")
    return [
        *moves.values_list("application__reference", "move"),
        *notes.values_list("application__reference", "kind", "text"),
    ]


@pytest.mark.django_db
def test_a_run_that_was_stopped_is_taken_up_where_it_ended(monkeypatch):
    with transaction.atomic():
        run("demo", applications=11, seed=5)
        at_once = way()
        transaction.set_rollback(True)
    real, done = files._do, []

    def stop_now_and_then(step, *args, **options):
        if len(done) in {6, 25, 38}:
            done.append(None)
            raise KeyboardInterrupt
        done.append(real(step, *args, **options))

    with monkeypatch.context() as patch:
        patch.setattr(files, "_do", stop_now_and_then)
        for _turn in range(3):
            with pytest.raises(KeyboardInterrupt):
                run("demo", applications=11, seed=5)
    assert not files.is_whole()
    assert jobs.timed_is_held()
    assert jobs.start_timed() == 0  # no reminder, and no report of half of it
    run("demo", applications=11, seed=5)
    assert files.is_whole()
    assert not jobs.timed_is_held()
    assert jobs.start_timed() == len(jobs._timed) > 0
    assert way() == at_once


@pytest.fixture
def codes(reference) -> list[str]:
    return list(District.objects.values_list("code", flat=True))


def test_the_files_lie_in_all_districts_and_go_every_way(codes):
    planned = plan.files(FILES, codes)
    assert (len(planned), FILES) == (300, 300)
    assert {item.district for item in planned} == set(codes)
    assert {item.goal for item in planned} == set(GOALS) == set(ENDS)
    assert min(Counter(item.district for item in planned).values()) >= 4
    then = Counter(item.district for item in planned if item.earlier and item.goal in RANKED_THEN)
    assert set(then) == set(codes)
    assert min(then.values()) == 4  # two are selected, one waits in reserve, one is below
    moments = [NOON + timedelta(hours=number) for number in range(120 * 24)]
    ahead = plan.dated(plan.steps(planned, 1), moments[-49 * 24 :], moments)
    assert [moment for moment, _step in ahead] == sorted(moment for moment, _step in ahead)
    assert len(ahead) == len(plan.steps(planned, 1)) + len(plan.REPORTS)


def test_every_state_there_is_so_far_occurs_in_the_plan(codes):
    ends = {ENDS[item.goal] for item in plan.files(FILES, codes)}
    with_packets = {"shortlisted", "not_shortlisted", "committee", "committee_details", "decided"}
    assert ends | with_packets == set(State.values) - LATER
    files_of = Counter(item.district for item in plan.files(FILES, codes) if item.goal in {"high", "low"})
    assert files_of["EKM"] > 8 + 2  # the target, its reserve line, and one beyond
    assert files_of["TSR"] > 8 + 1


def test_the_same_plan_each_time_and_another_with_another_seed(codes):
    planned = plan.files(FILES, codes)
    assert plan.steps(planned, 1) == plan.steps(planned, 1) != plan.steps(planned, 2)


@pytest.mark.parametrize("goal", GOALS)
def test_the_acts_of_a_goal_follow_each_other_and_are_known(goal):
    acts = GOALS[goal]
    assert all(before.latest < after.earliest for before, after in pairwise(acts))
    assert all(one.earliest < one.latest for one in acts)
    assert {one.act for one in acts} <= {"begin", "submit", *ACTS}


def test_nothing_but_the_demonstration_moves_the_clock():
    movers = {name(path) for path in python_of_rooms() if re.search(r"\bmoved_to\b", path.read_text())}
    assert movers == {"mission1000/demonstration/files.py", "records/clock.py"}


@pytest.mark.django_db
def test_it_is_refused_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="here"):
        run("demo", applications=1)
    with pytest.raises(RuntimeError, match="production"):
        files.make(Round(number=3), 1, 1)
    assert User.objects.count() == 0


@pytest.mark.parametrize("command", ["demo", "demo_code"])
@pytest.mark.django_db
def test_it_is_refused_where_others_can_reach_the_portal(settings, command):
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="here"):
        call_command(command, *(["officer.ekm@demo.test"] if command == "demo_code" else []), stdout=StringIO())
    assert User.objects.count() == 0


@pytest.mark.django_db
def test_fewer_than_no_files_is_refused():
    with pytest.raises(CommandError, match="0 or more"):
        run("demo", applications=-1)


def test_what_is_read_once_is_read_once_only_while_the_demonstration_is_made(reference):
    with read_once():
        file = Application(round_id=Round.objects.get().pk, office_id=Office.objects.get(code="DIC-EKM").pk)
        assert Application.round.is_cached(file)
        assert file.office.district.code == "EKM"
    assert not post_init.has_listeners(Application)
    assert not Application.round.is_cached(Application(round_id=file.round_id))
