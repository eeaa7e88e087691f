"""Who may do what to a meeting and its agenda: every refusal of the rules, without a database."""

from types import SimpleNamespace
from typing import Any

import pytest

from accounts.roles import Permission
from applications.states import State
from evaluation import rules as desk
from evaluation.rules import agenda, committee
from evaluation.rules.settling import may_moderate, may_supersede, may_unlock
from evaluation.states import AssessmentState, MeetingState
from tests.evaluation.test_decision_rules import somebody

CONVENOR = somebody(Permission.CONVENE, Permission.DECIDE)
NOBODY = somebody()
DIC = SimpleNamespace(name="DIC Ernakulam")
ENDED, RELEASED = "on the agenda of this meeting no more", "released"


def file_of(state: str, *, own: bool = False) -> Any:
    """A file in this state; `own`: of an enterprise the person with the number 1 acts for."""
    members = [SimpleNamespace(user_id=1)] if own else []
    enterprise = SimpleNamespace(members=SimpleNamespace(all=lambda: members))
    return SimpleNamespace(state=state, current=SimpleNamespace(label=state), enterprise=enterprise, office=DIC)


def meeting_of(state: str = MeetingState.SESSION, pk: int = 1, round_id: int = 3) -> Any:
    return SimpleNamespace(pk=pk, state=state, round_id=round_id)


def item_of(
    state: str = State.COMMITTEE, *, own: bool = False, ended: bool = False, meeting: str = MeetingState.SESSION
) -> Any:
    held = meeting_of(meeting)
    return SimpleNamespace(
        meeting=held, meeting_id=held.pk, application=file_of(state, own=own), ended_at="then" if ended else None
    )


def said(verdict: Any) -> str:
    """The refusal, or nothing where it is allowed."""
    assert bool(verdict) is (not str(verdict.reason))
    return str(verdict.reason)


# ---- The meeting ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "allowed", "words"),
    [
        (agenda.may_move_meeting, MeetingState.PLANNED, "This meeting has been opened"),
        (agenda.may_seat, MeetingState.SESSION, "The meeting has not begun"),
    ],
)
def test_a_meeting_is_moved_before_it_is_opened_and_seated_after(rule: Any, allowed: str, words: str) -> None:
    other = {MeetingState.PLANNED, MeetingState.SESSION} - {allowed}
    assert said(rule(CONVENOR, meeting_of(allowed))) == ""
    assert words in said(rule(CONVENOR, meeting_of(other.pop())))
    assert RELEASED in said(rule(CONVENOR, meeting_of(MeetingState.RELEASED)))
    assert said(rule(NOBODY, meeting_of(allowed)))


@pytest.mark.parametrize(
    ("who", "state", "items", "members", "words"),
    [
        (CONVENOR, MeetingState.PLANNED, 1, 1, ""),
        (CONVENOR, MeetingState.PLANNED, 0, 1, "Nothing is on the agenda yet."),
        (CONVENOR, MeetingState.PLANNED, 1, 0, "Choose at least one member who is present."),
        (CONVENOR, MeetingState.SESSION, 1, 1, "This meeting is in session already."),
        (CONVENOR, MeetingState.RELEASED, 1, 1, "released"),
        (NOBODY, MeetingState.PLANNED, 1, 1, "convenor"),
    ],
)
def test_a_meeting_is_opened_with_files_and_members(who: Any, state: str, items: int, members: int, words: str) -> None:
    answer = said(committee.may_open(who, meeting_of(state), items=items, members=members))
    assert answer == words if not words else words in answer


# ---- The agenda -----------------------------------------------------------------------------------------------
RULES = {
    "put off": lambda who, item, recused=False: agenda.may_put_off(who, item, None, recused=recused),
    "send back": lambda who, item, recused=False: agenda.may_send_back(who, item, recused=recused),
    "seek details": lambda who, item, recused=False: agenda.may_seek_details(who, item, recused=recused),
}
END = {"end details": lambda who, item, recused=False: agenda.may_end_details(who, item, recused=recused)}


@pytest.mark.parametrize("name", [*RULES, *END])
def test_the_agenda_is_kept_by_a_convenor_without_a_conflict(name: str) -> None:
    state = State.COMMITTEE_DETAILS if name in END else State.COMMITTEE
    rule = (RULES | END)[name]
    assert said(rule(CONVENOR, item_of(state))) == ""
    assert said(rule(NOBODY, item_of(state)))
    assert said(rule(CONVENOR, item_of(state), recused=True)) == str(committee.RECUSED)
    assert said(rule(CONVENOR, item_of(state, own=True))) == str(agenda.OWN_CASE)
    assert ENDED in said(rule(CONVENOR, item_of(state, ended=True)))
    assert RELEASED in said(rule(CONVENOR, item_of(state, meeting=MeetingState.RELEASED)))


DECIDED = "This file is decided. Reopen the decision first."
NOT_NOW = f"This cannot be done now. The file is: {State.APPRAISAL}."


@pytest.mark.parametrize(
    ("name", "state", "words"),
    [
        ("put off", State.DECIDED, DECIDED),
        ("put off", State.APPRAISAL, NOT_NOW),
        ("send back", State.DECIDED, DECIDED),
        ("send back", State.APPRAISAL, NOT_NOW),
        ("send back", State.COMMITTEE_DETAILS, "The applicant was asked for details: take the question back first."),
        ("seek details", State.DECIDED, DECIDED),
        ("seek details", State.APPRAISAL, NOT_NOW),
        ("seek details", State.COMMITTEE_DETAILS, "A question is with the applicant already."),
        ("end details", State.COMMITTEE, "No question of the Committee is open."),
    ],
)
def test_what_the_state_of_the_file_does_not_allow_is_said(name: str, state: str, words: str) -> None:
    assert said((RULES | END)[name](CONVENOR, item_of(state))) == words


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (meeting_of(MeetingState.PLANNED, pk=2), ""),
        (meeting_of(MeetingState.PLANNED, pk=1), "on the agenda of this meeting already"),
        (meeting_of(MeetingState.SESSION, pk=2), "put off to a planned meeting only"),
        (meeting_of(MeetingState.PLANNED, pk=2, round_id=4), "about files of another round"),
    ],
)
@pytest.mark.parametrize("state", [State.COMMITTEE, State.COMMITTEE_DETAILS])
def test_a_file_is_put_off_to_another_planned_meeting_about_its_round(other: Any, words: str, state: str) -> None:
    answer = said(agenda.may_put_off(CONVENOR, item_of(state), other, recused=False))
    assert answer == words if not words else words in answer


# ---- Recusing and reopening -----------------------------------------------------------------------------------
MEMBER = SimpleNamespace(pk=7, has=lambda power, _office=None: power == Permission.VOTE)


def test_a_conflict_is_declared_by_the_member_or_written_down_by_the_convenor() -> None:
    open_item = item_of()
    assert said(committee.may_recuse(MEMBER, MEMBER, open_item, recused=False)) == ""
    assert said(committee.may_recuse(CONVENOR, MEMBER, open_item, recused=False)) == ""
    assert "the convenor writes it down" in said(committee.may_recuse(NOBODY, MEMBER, open_item, recused=False))
    assert "Only members and the convenor" in said(committee.may_recuse(CONVENOR, NOBODY, open_item, recused=False))
    assert "recused from this file already" in said(committee.may_recuse(MEMBER, MEMBER, open_item, recused=True))
    barred = committee.may_recuse(CONVENOR, MEMBER, open_item, recused=False, conflict=True)
    assert said(barred) == str(committee.RECUSED)
    for over in (item_of(ended=True), item_of(meeting=MeetingState.RELEASED)):
        assert ENDED in said(committee.may_recuse(MEMBER, MEMBER, over, recused=False))
    assert said(committee.may_recuse(MEMBER, MEMBER, item_of(State.DECIDED), recused=False)) == "This file is decided."


def test_a_decision_is_reopened_by_the_convenor_until_it_is_released() -> None:
    decided = item_of(State.DECIDED)
    assert said(committee.may_reopen(CONVENOR, decided, recused=False)) == ""
    assert "Only the convenor" in said(committee.may_reopen(NOBODY, decided, recused=False))
    assert said(committee.may_reopen(CONVENOR, decided, recused=True)) == str(committee.RECUSED)
    assert said(committee.may_reopen(CONVENOR, item_of(), recused=False)) == "This file is not decided."
    released = item_of(State.DECIDED, meeting=MeetingState.RELEASED)
    assert RELEASED in said(committee.may_reopen(CONVENOR, released, recused=False))


# ---- The desk -------------------------------------------------------------------------------------------------
MANAGER = somebody(Permission.ASSIGN)
GM = somebody(Permission.ASSIGN, Permission.UNLOCK)
OWN = str(agenda.OWN_CASE)


def marks(state: str = AssessmentState.LOCKED, evaluator: int = 5, **more: Any) -> Any:
    place = more.pop("place", State.APPRAISAL)
    return SimpleNamespace(state=state, evaluator_id=evaluator, application=file_of(place, **more))


@pytest.mark.parametrize(
    ("who", "assessment", "words"),
    [
        (GM, marks(), ""),
        (MANAGER, marks(AssessmentState.ACCEPTED), ""),
        (NOBODY, marks(), "Only a manager or the General Manager of DIC Ernakulam"),
        (GM, marks(own=True), OWN),
        (GM, marks(evaluator=1), "You are this evaluator"),
        (GM, marks(AssessmentState.SUPERSEDED), "was replaced already"),
        (GM, marks(AssessmentState.RECUSED), "stepped back already"),
        (MANAGER, marks(), "only the General Manager replaces this evaluator"),
        (GM, marks(place=State.APPRAISED), "no longer being appraised"),
    ],
)
def test_an_evaluator_is_replaced(who: Any, assessment: Any, words: str) -> None:
    answer = said(may_supersede(who, assessment))
    assert answer == words if not words else words in answer


@pytest.mark.parametrize(
    ("who", "assessment", "words"),
    [
        (GM, marks(), ""),
        (GM, marks(place=State.SHORTLISTED), ""),
        (MANAGER, marks(), "Only the General Manager of DIC Ernakulam unlocks marks."),
        (GM, marks(own=True), OWN),
        (GM, marks(evaluator=1), "These are your own marks"),
        (GM, marks(AssessmentState.ACCEPTED), "These marks are not locked."),
        (GM, marks(place=State.COMMITTEE), "before the file goes to the Committee"),
    ],
)
def test_marks_are_unlocked(who: Any, assessment: Any, words: str) -> None:
    answer = said(may_unlock(who, assessment))
    assert answer == words if not words else words in answer


@pytest.mark.parametrize(
    ("who", "state", "own", "words"),
    [
        (MANAGER, State.APPRAISAL, False, "Only the General Manager of DIC Ernakulam moderates totals."),
        (GM, State.APPRAISAL, True, OWN),
        (somebody(Permission.UNLOCK, Permission.EVALUATE), State.APPRAISAL, False, "another person moderates"),
        (GM, State.APPRAISED, False, "Totals are moderated during the appraisal."),
    ],
)
def test_totals_are_moderated_by_who_scores_nothing_there(who: Any, state: str, own: bool, words: str) -> None:
    assert words in said(may_moderate(who, file_of(state, own=own), [], settled=False))


@pytest.mark.parametrize(
    ("who", "state", "own", "words"),
    [
        (NOBODY, State.APPRAISAL, False, "closes an appraisal again"),
        (GM, State.APPRAISED, False, "This file is not in the appraisal."),
        (GM, State.APPRAISAL, True, OWN),
    ],
)
def test_an_appraisal_is_closed_again(who: Any, state: str, own: bool, words: str) -> None:
    settled = committee.ALLOWED
    assert words in said(desk.packets.may_close_again(who, file_of(state, own=own), settled, closing=False))
    assert said(desk.packets.may_close_again(GM, file_of(State.APPRAISAL), settled, closing=False)) == ""
    assert "being closed" in said(desk.packets.may_close_again(GM, file_of(State.APPRAISAL), settled, closing=True))


def test_who_acts_for_the_enterprise_names_no_evaluator() -> None:
    assert said(desk.may_assign(GM, file_of(State.APPRAISAL, own=True), [], settled=False)) == OWN
