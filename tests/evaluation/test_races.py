"""Two connections at once, on PostgreSQL: exactly one wins. A control run without the row lock shows what it is for."""

from typing import Any

import pytest

from applications.actions import moves
from applications.models import Transition
from evaluation import actions
from evaluation.actions import assessments, files, packets
from evaluation.models import Shortlist
from records.models import AuditEvent, Paper
from tests.evaluation.conftest import SYSTEM, World, build_world, person
from tests.racing import after_all_have_read, all_plainly, plainly, race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    return build_world()


def without_the_lock(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    """Take the guard off: rows are read plainly, and both threads have read the last time before either writes."""
    monkeypatch.setattr(module, "lock_one", plainly)
    monkeypatch.setattr(moves, "lock_one", after_all_have_read())
    monkeypatch.setattr(packets, "lock", all_plainly)


def lock_twice(world: World) -> list[str]:
    one = world.named(world.in_appraisal())[0]
    return race(*(lambda: world.lock(one, 4, 3, 4, 3, 5) for _turn in range(2)))


def test_one_lock_of_two(world: World) -> None:
    said = lock_twice(world)
    assert said[0] == "won"
    assert said[1] == "These marks are locked."
    assert AuditEvent.objects.filter(verb="assessment.lock").count() == 1


def test_control_without_the_row_lock_marks_are_locked_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = world.named(world.in_appraisal())[0]
    monkeypatch.setattr(assessments, "lock_one", after_all_have_read())
    race(*(lambda: world.lock(one, 4, 3, 4, 3, 5) for _turn in range(2)))
    assert AuditEvent.objects.filter(verb="assessment.lock").count() == 2


def checked_packet(world: World) -> tuple[Shortlist, Any, Any]:
    world.appraised()
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    actions.freeze(packet, by=world.manager)
    actions.check(packet, by=world.officer)
    return packet, world.gm, person("gm2", "gm", world.dic)


def approve_twice(packet: Shortlist, *approvers: Any) -> list[str]:
    return race(*(lambda by=by: actions.approve(packet, by=by) for by in approvers))


def test_one_approval_of_two(world: World) -> None:
    packet, *approvers = checked_packet(world)
    assert approve_twice(packet, *approvers) == ["won", "This shortlist is approved already."]
    assert Paper.objects.filter(kind="evaluation.shortlist").count() == 1
    assert Transition.objects.filter(move="shortlist").count() == 1


def test_control_without_the_row_lock_a_packet_is_approved_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    packet, *approvers = checked_packet(world)
    without_the_lock(monkeypatch, packets)
    approve_twice(packet, *approvers)
    assert Paper.objects.filter(kind="evaluation.shortlist").count() == 2
    assert Transition.objects.filter(move="shortlist").count() == 2


def test_one_take_up_of_two_and_the_other_is_told_who(world: World) -> None:
    file = world.file()
    said = race(*(lambda by=by: actions.take_up(file, by=by) for by in (world.officer, world.officer2)))
    assert said[0] == "won"
    assert "took this file up on" in said[1]
    assert Transition.objects.filter(move="take_up").count() == 1


def test_control_without_the_row_lock_a_file_is_taken_up_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file = world.file()
    without_the_lock(monkeypatch, files)
    race(*(lambda by=by: actions.take_up(file, by=by) for by in (world.officer, world.officer2)))
    assert Transition.objects.filter(move="take_up").count() == 2


def test_two_last_locks_at_once_close_the_appraisal_once(world: World) -> None:
    file = world.in_appraisal()
    first, second = world.named(file)
    assert race(lambda: world.lock(first, 4, 3, 4, 3, 5), lambda: world.lock(second, 4, 4, 4, 3, 5)) == ["won", "won"]
    race(*(lambda: actions.appraise(file, by=SYSTEM) for _turn in range(2)))
    assert Transition.objects.filter(move="appraise").count() == 1


def test_two_managers_naming_at_once_name_two_people(world: World) -> None:
    file = world.in_appraisal()
    pair = (world.evaluator, world.officer2)
    said = race(*(lambda by=by: actions.assign_all(file, pair, by=by) for by in (world.manager, world.gm)))
    assert said[0] == "won"
    assert file.assessments.count() == 2


def test_two_managers_making_a_packet_make_one(world: World) -> None:
    world.appraised()
    makers = (world.manager, world.manager2)
    said = race(*(lambda by=by: actions.make_packet(world.dic, world.round, by=by) for by in makers))
    assert said == ["won", "Shortlist SL-3-EKM-01 is not approved yet."]
