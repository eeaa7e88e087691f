"""Who was evaluator before is one answer: whoever can be named by hand can be named evenly, and the other way round."""

from collections.abc import Callable

import pytest

from applications.models import Application
from evaluation import actions
from evaluation.actions.ineligible import confirm, propose, reinstate
from evaluation.queries import candidates
from evaluation.queries.balance import proposals_for
from evaluation.queries.named import named_before
from tests.evaluation.conftest import World


def nobody_yet(world: World) -> Application:
    return world.in_appraisal()


def named(world: World) -> Application:
    file = world.in_appraisal()
    world.named(file)
    return file


def stepped_back(world: World) -> Application:
    file = world.in_appraisal()
    first, _second = world.named(file)
    actions.step_back(first, "A cousin.", by=first.evaluator)
    return file


def found_and_taken_back(world: World, *, locked: bool = False) -> Application:
    """Found ineligible in the appraisal and reinstated: open evaluations begin anew, locked ones stand."""
    file = world.in_appraisal()
    first, _second = world.named(file)
    if locked:
        world.lock(first, 4, 3, 4, 3, 5)
    propose(file, "not_found", "The place was locked.", by=world.officer)
    confirm(file, "Nobody worked there.", by=world.gm)
    return reinstate(file, world.officer, "The lease was shown.", by=world.gm)


def found_with_one_locked(world: World) -> Application:
    return found_and_taken_back(world, locked=True)


CASES = (nobody_yet, named, stepped_back, found_and_taken_back, found_with_one_locked)


@pytest.mark.parametrize("case", CASES)
def test_by_hand_and_evenly_bar_the_same_people_for_the_same_reason(
    world: World, case: Callable[[World], Application]
) -> None:
    file = case(world)
    by_hand = {one.user.pk: str(one.verdict.reason) for one in candidates(file) if not one.verdict}
    (evenly,) = proposals_for([file])
    assert dict(evenly.wanted.barred) == by_hand


def test_a_finding_that_was_taken_back_is_forgiven_and_a_mark_is_not(world: World) -> None:
    free, kept = found_and_taken_back(world), found_with_one_locked(world)
    found = named_before([free.pk, kept.pk])
    assert (found[free.pk], found[kept.pk]) == (set(), {world.evaluator.pk})
