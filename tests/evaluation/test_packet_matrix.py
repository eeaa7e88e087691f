"""Every cell of choosing, replacing, returning and closing again: state × role × own or other district, no database."""

from itertools import product

import pytest

from accounts.roles import Role
from applications.states import State
from evaluation.rules import may_approve, may_check
from evaluation.rules.packets import may_choose, may_close_again, may_pick, may_replace, may_return, may_undo
from evaluation.states import Recommendation, ShortlistState
from records.verdicts import ALLOWED, refuse
from tests.evaluation.test_matrix import HERE, THERE, file_in, holder, packet_in

OFFICES = (HERE, THERE)
RETURNED_FROM = {State.APPRAISED, State.SHORTLISTED, State.NOT_SHORTLISTED, State.COMMITTEE}


def row(word: str) -> dict[str, str]:
    return {"reference": "M1K-3-EKM-00001", "recommendation": word}


def test_every_cell_of_choosing() -> None:
    for state, role, office in product(ShortlistState.values, Role.values, OFFICES):
        expected = state == "draft" and role == Role.MANAGER and office is HERE
        user, packet = holder(role, office), packet_in(state)
        cell = (state, role, office.code)
        assert bool(may_choose(user, packet)) == expected, cell
        taken = may_pick(user, packet, row("reserve"), "recommended", chosen=[], own=False, room=1)
        assert bool(taken) == expected, cell
        assert bool(may_undo(user, packet, chosen=True, own=False)) == expected, cell
        assert not may_undo(user, packet, chosen=False, own=False)


@pytest.mark.parametrize(
    ("word", "room", "take", "pass_over"),
    [
        (Recommendation.RECOMMENDED, 1, False, True),
        (Recommendation.RESERVE, 1, True, True),
        (Recommendation.RESERVE, 0, False, True),
        (Recommendation.NOT_RECOMMENDED, 1, True, False),
        (Recommendation.NOT_RECOMMENDED, 0, False, False),
        (Recommendation.BELOW, 1, False, False),
        (Recommendation.PASSED_OVER, 1, True, False),
    ],
)
def test_what_may_be_chosen_for_which_row(word: str, room: int, take: bool, pass_over: bool) -> None:
    user, packet = holder(Role.MANAGER, HERE), packet_in("draft")
    for choice, expected in (("recommended", take), ("passed_over", pass_over)):
        assert bool(may_pick(user, packet, row(word), choice, chosen=[], own=False, room=room)) == expected
        for barred in ({"chosen": ["M1K-3-EKM-00001"], "own": False}, {"chosen": [], "own": True}):
            assert not may_pick(user, packet, row(word), choice, room=room, **barred)
        assert not may_pick(user, packet, None, choice, chosen=[], own=False, room=room)


def test_every_cell_of_replacing() -> None:
    for state, role, office in product(ShortlistState.values, Role.values, OFFICES):
        expected = state in {"frozen", "checked"} and role == Role.MANAGER and office is HERE
        assert bool(may_replace(holder(role, office), packet_in(state))) == expected, (state, role, office.code)


def test_every_cell_of_returning() -> None:
    for state, role, office in product(State.values, Role.values, OFFICES):
        expected = state in RETURNED_FROM and role == Role.GM and office is HERE
        assert bool(may_return(holder(role, office), file_in(state))) == expected, (state, role, office.code)


def test_every_cell_of_closing_again() -> None:
    for state, role, office in product(State.values, Role.values, OFFICES):
        user, file = holder(role, office), file_in(state)
        expected = state == State.APPRAISAL and role in {Role.MANAGER, Role.GM} and office is HERE
        assert bool(may_close_again(user, file, ALLOWED, closing=False)) == expected, (state, role, office.code)
        assert not may_close_again(user, file, ALLOWED, closing=True)
        assert not may_close_again(user, file, refuse("An evaluation is still open."), closing=False)


def test_a_changed_row_stops_check_and_approval() -> None:
    checker, approver = holder(Role.OFFICER, HERE), holder(Role.GM, HERE)
    assert may_check(checker, packet_in("frozen"), scored=0)
    assert may_approve(approver, packet_in("checked"))
    for verdict in (
        may_check(checker, packet_in("frozen"), scored=0, changed=["M1K-3-EKM-00001"]),
        may_approve(approver, packet_in("checked"), changed=["M1K-3-EKM-00001"]),
    ):
        assert not verdict
        assert "M1K-3-EKM-00001" in str(verdict.reason)
