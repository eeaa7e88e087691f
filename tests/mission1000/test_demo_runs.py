"""`manage.py demo` from the beginning: reproducible, taken up where it was stopped, refused elsewhere."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from applications.models import Application, FinancialYear
from districts.models import District
from mission1000.demonstration import files, plan
from tests.mission1000.conftest import run


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
    assert (User.objects.count(), Application.objects.count()) == (93, 0)
    assert not files.is_whole()


@pytest.mark.django_db
def test_a_run_that_was_stopped_is_taken_up_where_it_ended(monkeypatch):
    real, done = files._do, []

    def stop_after_six(step, *args, **options):
        if len(done) == 6:
            raise KeyboardInterrupt
        done.append(real(step, *args, **options))

    with monkeypatch.context() as patch:
        patch.setattr(files, "_do", stop_after_six)
        with pytest.raises(KeyboardInterrupt):
            run("demo", applications=5, seed=5)
    assert not files.is_whole()
    run("demo", applications=5, seed=5)
    assert files.is_whole()
    assert sorted(Application.objects.values_list("state", flat=True)) == [
        "draft", "not_shortlisted", "not_shortlisted", "shortlisted", "shortlisted",
    ]  # fmt: skip


def test_ninety_files_lie_in_all_districts_and_go_every_way(reference):
    codes = list(District.objects.values_list("code", flat=True))
    planned = plan.files(90, codes)
    assert len(planned) == 90
    assert {item.district for item in planned} == set(codes)
    assert {item.goal for item in planned} == set(plan.ACTS)
    shares = [step.share for step in plan.steps(planned, 1)]
    assert shares == sorted(shares)


@pytest.mark.parametrize("name", ["demo", "demo_code"])
@pytest.mark.django_db
def test_it_is_refused_where_others_can_reach_the_portal(settings, name):
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="here"):
        call_command(name, *(["officer.ekm@demo.test"] if name == "demo_code" else []), stdout=StringIO())
    assert User.objects.count() == 0


@pytest.mark.django_db
def test_fewer_than_no_files_is_refused():
    with pytest.raises(CommandError, match="0 or more"):
        run("demo", applications=-1)
