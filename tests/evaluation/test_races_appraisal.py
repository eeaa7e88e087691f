"""Two connections over one appraisal, on PostgreSQL: exactly one wins. Each control takes the guard off and shows what it is for."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from applications.actions import moves
from applications.models import Application
from evaluation import actions, queries
from evaluation.actions import assessments, unlocking
from evaluation.actions.balancing import assign_balanced
from evaluation.actions.moderation import moderate
from evaluation.actions.unlocking import unlock
from evaluation.models import Assessment, EarlierMarks, Moderation
from tests.evaluation.conftest import SYSTEM, World, build_world, person
from tests.racing import Turns, plainly, race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    return build_world()


def unsettled(world: World) -> tuple[Application, Assessment]:
    file = world.in_appraisal()
    first, second = world.named(file)
    world.lock(second, 4, 4, 4, 3, 4)
    return file, world.lock(first, 5, 5, 5, 5, 5)


def settled(world: World) -> tuple[Application, Assessment]:
    file = world.in_appraisal()
    first, second = world.named(file)
    world.lock(second, 4, 4, 4, 3, 4)
    return file, world.lock(first, 4, 4, 4, 3, 4)


# ---- Two General Managers unlock ------------------------------------------------------------------------------
def test_one_unlock_of_two(world: World) -> None:
    _file, first = unsettled(world)
    both = (world.gm, person("gm2", "gm", world.dic))
    said = race(*(lambda by=by: unlock(first, "The wrong year.", by=by) for by in both))
    assert said == ["won", "These marks are not locked."]
    assert EarlierMarks.objects.count() == 1


def test_control_without_the_row_lock_the_marks_are_unlocked_twice(world: World, monkeypatch: Any) -> None:
    _file, first = unsettled(world)
    both, turns = (world.gm, person("gm2", "gm", world.dic)), Turns()

    def read(model: Any, key: Any) -> Any:
        row = plainly(model, key)
        return turns.after(row) if model is Assessment else row

    monkeypatch.setattr(unlocking, "lock_one", read)
    race(*(turns.verb(lambda by=by: unlock(first, "The wrong year.", by=by)) for by in both))
    assert EarlierMarks.objects.count() == 2


# ---- Unlock against the close of the appraisal ----------------------------------------------------------------
def test_an_unlock_against_the_close_leaves_no_appraised_file_with_open_marks(world: World) -> None:
    file, first = settled(world)
    race(lambda: unlock(first, "The wrong year.", by=world.gm), lambda: actions.appraise(file, by=SYSTEM))
    file.refresh_from_db()
    first.refresh_from_db()
    assert (file.state, first.state) in {("appraisal", "unlocked"), ("appraised", "locked")}


def test_control_without_the_file_lock_an_appraised_file_has_open_marks(world: World, monkeypatch: Any) -> None:
    file, first = settled(world)
    turns = Turns()

    def read(closes: bool) -> Callable[[Any, Any], Any]:
        return lambda model, key: (
            turns.after(plainly(model, key), first=closes) if model is Application else plainly(model, key)
        )

    monkeypatch.setattr(unlocking, "lock_one", read(closes=False))
    monkeypatch.setattr(moves, "lock_one", read(closes=True))
    race(
        turns.verb(lambda: actions.appraise(file, by=SYSTEM)),
        lambda: unlock(first, "The wrong year.", by=world.gm),
    )
    file.refresh_from_db()
    first.refresh_from_db()
    assert (file.state, first.state) == ("appraised", "unlocked")


def test_a_lock_against_an_unlock_of_the_same_marks(world: World) -> None:
    """The evaluator locks again while the General Manager unlocks once more: the marks end locked once or unlocked."""
    _file, first = unsettled(world)
    unlock(first, "The wrong year.", by=world.gm)
    first.refresh_from_db()
    said = race(lambda: world.lock(first, 4, 4, 4, 4, 4), lambda: unlock(first, "Once more.", by=world.gm))
    first.refresh_from_db()
    kept = EarlierMarks.objects.count()
    if said == ["won", "won"]:
        assert (first.state, first.total_exact, kept) == ("unlocked", "", 2)
    else:
        assert (said, first.state, kept) == (["won", "These marks are not locked."], "locked", 1)
        assert first.total_exact == "80"


# ---- Naming ---------------------------------------------------------------------------------------------------
def name_a_third_twice(world: World, file: Application, wrap: Callable[[Any], Any] = lambda act: act) -> list[str]:
    pairs = ((world.manager, world.manager2), (world.gm, world.officer))
    return race(*(wrap(lambda by=by, who=who: actions.assign(file, who, by=by)) for by, who in pairs))


def test_one_third_of_two(world: World) -> None:
    file, _first = unsettled(world)
    assert name_a_third_twice(world, file) == ["won", "Three evaluators are named already."]
    assert len(queries.live_assessments(file)) == 3


def test_control_without_the_file_lock_there_are_four(world: World, monkeypatch: Any) -> None:
    file, _first = unsettled(world)
    turns, live = Turns(), queries.live_assessments
    monkeypatch.setattr(assessments, "lock_one", plainly)
    monkeypatch.setattr(assessments, "live_assessments", lambda held: turns.after(live(held)))
    name_a_third_twice(world, file, turns.verb)
    assert len(queries.live_assessments(file)) == 4


def test_two_managers_press_the_balanced_button_at_once(world: World) -> None:
    files = [world.in_appraisal() for _number in range(3)]
    race(*(lambda by=by: assign_balanced(files, by=by) for by in (world.manager, world.gm)))
    assert [len(queries.live_assessments(file)) for file in files] == [2, 2, 2]


def test_a_third_against_a_moderation_is_one_of_both(world: World) -> None:
    file, _first = unsettled(world)
    race(
        lambda: actions.assign(file, world.manager2, by=world.manager),
        lambda: moderate(file, Decimal(80), "Because.", by=world.gm),
    )
    assert Moderation.objects.count() + len(queries.live_assessments(file)) == 3
