"""Every cell: state × move × role × own or other district, asked of the rules without a database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from accounts.models import Posting, User
from accounts.roles import Role
from applications.models import Application, Enterprise
from applications.rules import may
from applications.states import State
from applications.steps import always
from districts.models import District, Office
from evaluation import rules
from evaluation.models import Assessment, Shortlist
from evaluation.states import AssessmentState, ShortlistState
from evaluation.steps import STEPS
from records.acts import system

HERE = Office(pk=1, code="DIC-EKM", kind="dic", district=District(pk=1, code="EKM"), name_en="DIC Ernakulam")
THERE = Office(pk=2, code="DIC-TSR", kind="dic", district=District(pk=2, code="TSR"), name_en="DIC Thrissur")
TALUK_HERE = Office(pk=3, code="TIO-EKM-1", kind="taluk", district=HERE.district, name_en="Taluk office")
STATEWIDE = {Role.DIRECTORATE, Role.CONVENOR, Role.MEMBER, Role.AUDITOR, Role.ADMINISTRATOR}

# Who may make which move: a DIC in its own district only, the convenor in every district.
ALLOWED_ROLES = {
    "take_up": {Role.OFFICER, Role.MANAGER},
    "pass_scrutiny": {Role.OFFICER, Role.MANAGER},
    "appraise": set(),
    "shortlist": {Role.GM},
    "leave_out": {Role.GM},
    "transfer": {Role.GM},
    "find_ineligible": {Role.GM},
    "reinstate": {Role.GM},
    "return": {Role.GM},
    "put_on_agenda": {Role.CONVENOR},
    "seek_details": {Role.CONVENOR},
    "end_details": {Role.CONVENOR},
    "decide": {Role.CONVENOR},
    "reopen": {Role.CONVENOR},
    "select": {Role.CONVENOR},
    "reserve": {Role.CONVENOR},
    "not_select": {Role.CONVENOR},
    "send_back": {Role.CONVENOR},
}
SOURCES = {
    "take_up": {State.SUBMITTED},
    "pass_scrutiny": {State.SCRUTINY},
    "appraise": {State.APPRAISAL},
    "shortlist": {State.APPRAISED},
    "leave_out": {State.APPRAISED},
    "transfer": {State.SUBMITTED, State.SCRUTINY},
    "find_ineligible": {State.SUBMITTED, State.SCRUTINY, State.APPRAISAL},
    "reinstate": {State.INELIGIBLE},
    "return": {State.APPRAISED, State.SHORTLISTED, State.NOT_SHORTLISTED, State.COMMITTEE},
    "put_on_agenda": {State.SHORTLISTED, State.NOT_SHORTLISTED},
    "seek_details": {State.COMMITTEE},
    "end_details": {State.COMMITTEE_DETAILS},
    "decide": {State.COMMITTEE},
    "reopen": {State.DECIDED},
    "select": {State.DECIDED},
    "reserve": {State.DECIDED},
    "not_select": {State.DECIDED},
    "send_back": {State.COMMITTEE},
}
TARGETS = {
    "take_up": State.SCRUTINY,
    "pass_scrutiny": State.APPRAISAL,
    "appraise": State.APPRAISED,
    "shortlist": State.SHORTLISTED,
    "leave_out": State.NOT_SHORTLISTED,
    "transfer": State.SUBMITTED,
    "find_ineligible": State.INELIGIBLE,
    "reinstate": State.SCRUTINY,
    "return": State.APPRAISAL,
    "put_on_agenda": State.COMMITTEE,
    "seek_details": State.COMMITTEE_DETAILS,
    "end_details": State.COMMITTEE,
    "decide": State.DECIDED,
    "reopen": State.COMMITTEE,
    "select": State.SELECTED,
    "reserve": State.RESERVE,
    "not_select": State.NOT_SELECTED,
    "send_back": State.APPRAISAL,
}


def holder(role: str, office: Office, key: int = 7) -> User:
    """Somebody who holds one post, without a database; an applicant holds none."""
    user = User(pk=key, email=f"{key}@test.example", full_name="A person")
    posts = [] if role == Role.APPLICANT else [Posting(user=user, role=role, starts=date(2024, 1, 1))]
    for post in posts:
        post.office = None if role in STATEWIDE else TALUK_HERE if (role, office) == (Role.EVALUATOR, HERE) else office
    user._postings = posts
    return user


def file_in(state: str) -> Application:
    enterprise = Enterprise(pk=1)
    enterprise._prefetched_objects_cache = {"members": []}
    return Application(pk=1, state=state, office=HERE, district=HERE.district, enterprise=enterprise, filed_by_id=99)


def cells() -> Iterator[tuple[str, str, str, Office]]:
    yield from product(STEPS, State.values, Role.values, (HERE, THERE))


def test_the_table_of_moves() -> None:
    assert {move: (set(step.sources), step.target) for move, step in STEPS.items()} == {
        move: (SOURCES[move], TARGETS[move]) for move in SOURCES
    }
    assert len(list(cells())) == 18 * 18 * 13 * 2


def test_every_cell_of_the_files_moves() -> None:
    """8,424 cells. Guards are left out here: they have tests of their own."""
    wrong = []
    for move, state, role, office in cells():
        step = replace(STEPS[move], guard=always)
        expected = state in SOURCES[move] and role in ALLOWED_ROLES[move]
        expected = expected and (office is HERE or role == Role.CONVENOR)
        verdict = may(holder(role, office), step, file_in(state))
        if bool(verdict) != expected or (not verdict and not str(verdict.reason)):
            wrong.append((move, state, role, office.code, str(verdict.reason)))
    assert wrong == []


def test_only_the_system_closes_an_appraisal() -> None:
    step = replace(STEPS["appraise"], guard=always)
    assert may(system("appraisal"), step, file_in(State.APPRAISAL))
    for move in set(STEPS) - {"appraise"}:
        assert not may(system("appraisal"), replace(STEPS[move], guard=always), file_in(min(SOURCES[move])))


def test_every_cell_of_verifying() -> None:
    for state, role, office in product(State.values, Role.values, (HERE, THERE)):
        within = state in {State.SCRUTINY, State.APPRAISAL}
        expected = within and role in {Role.OFFICER, Role.MANAGER} and office is HERE
        assert bool(rules.may_verify(holder(role, office), file_in(state))) == expected, (state, role, office.code)


def test_every_cell_of_naming_evaluators() -> None:
    for state, role, office in product(State.values, Role.values, (HERE, THERE)):
        expected = state == State.APPRAISAL and role in {Role.MANAGER, Role.GM} and office is HERE
        verdict = rules.may_assign(holder(role, office), file_in(state), [], settled=False)
        assert bool(verdict) == expected, (state, role, office.code)


@pytest.mark.parametrize(
    ("states", "settled", "may_name"),
    [
        ([], False, True),
        (["locked"], False, True),
        (["locked", "draft"], False, False),
        (["locked", "locked"], False, True),
        (["locked", "locked"], True, False),
        (["locked", "locked", "draft"], False, False),
        (["locked", "locked", "locked"], True, False),
    ],
)
def test_a_third_only_where_two_do_not_settle(states: list[str], settled: bool, may_name: bool) -> None:
    live = [Assessment(state=state) for state in states]
    assert bool(rules.may_assign(holder(Role.GM, HERE), file_in("appraisal"), live, settled=settled)) == may_name


def test_every_cell_of_evaluating() -> None:
    for role, office in product(Role.values, (HERE, THERE)):
        expected = role in {Role.OFFICER, Role.MANAGER, Role.EVALUATOR} and office is HERE
        person = holder(role, office)
        file = file_in("appraisal")
        assert bool(rules.may_evaluate(person, file, members=set(), before=set())) == expected, (role, office.code)
        assert not rules.may_evaluate(person, file, members={7}, before=set())
        assert not rules.may_evaluate(person, file, members=set(), before={7})
        file.filed_by_id = 7
        assert not rules.may_evaluate(person, file, members=set(), before=set())


def test_every_cell_of_a_scorecard() -> None:
    own = {
        "accept": {AssessmentState.ASSIGNED},
        "mark": {AssessmentState.ACCEPTED, AssessmentState.DRAFT, AssessmentState.UNLOCKED},
        "step_back": {
            AssessmentState.ASSIGNED,
            AssessmentState.ACCEPTED,
            AssessmentState.DRAFT,
            AssessmentState.UNLOCKED,
        },
    }
    asks = {"accept": rules.may_accept, "mark": rules.may_mark, "step_back": rules.may_step_back}
    for verb, state, key in product(own, AssessmentState.values, (7, 8)):
        assessment = Assessment(application=file_in("appraisal"), evaluator_id=7, state=state)
        expected = key == 7 and state in own[verb]
        assert bool(asks[verb](holder(Role.OFFICER, HERE, key), assessment)) == expected, (verb, state, key)


def packet_in(state: str) -> Shortlist:
    return Shortlist(
        office=HERE,
        state=state,
        frozen_by_id=20 if state != "draft" else None,
        checked_by_id=21 if state in {"checked", "approved"} else None,
    )


PACKET = {
    "freeze": ({Role.MANAGER}, ShortlistState.DRAFT),
    "check": ({Role.OFFICER, Role.MANAGER}, ShortlistState.FROZEN),
    "approve": ({Role.GM}, ShortlistState.CHECKED),
}


def ask_packet(verb: str, user: User, packet: Shortlist, *, scored: int = 0) -> bool:
    if verb == "freeze":
        return bool(rules.may_freeze(user, packet, ready=3))
    if verb == "check":
        return bool(rules.may_check(user, packet, scored=scored))
    return bool(rules.may_approve(user, packet))


def test_every_cell_of_a_packet() -> None:
    for verb, state, role, office in product(PACKET, ShortlistState.values, Role.values, (HERE, THERE)):
        roles, source = PACKET[verb]
        expected = state == source and role in roles and office is HERE
        assert ask_packet(verb, holder(role, office), packet_in(state)) == expected, (verb, state, role, office.code)


def test_three_different_people() -> None:
    assert not ask_packet("check", holder(Role.MANAGER, HERE, 20), packet_in("frozen"))
    assert not ask_packet("check", holder(Role.MANAGER, HERE), packet_in("frozen"), scored=1)
    for key in (20, 21):
        assert not ask_packet("approve", holder(Role.GM, HERE, key), packet_in("checked"))
    assert not rules.may_freeze(holder(Role.MANAGER, HERE), packet_in("draft"), ready=0)


@pytest.mark.parametrize("role", Role.values)
def test_every_cell_of_making_a_packet(role: str) -> None:
    for office in (HERE, THERE):
        expected = role == Role.MANAGER and office is HERE
        assert bool(rules.may_make_packet(holder(role, office), HERE, open_number="", ready=2)) == expected
    assert not rules.may_make_packet(holder(role, HERE), HERE, open_number="SL-3-EKM-01", ready=2)
    assert not rules.may_make_packet(holder(role, HERE), HERE, open_number="", ready=0)


def test_who_sees_marks() -> None:
    assert {State.CLARIFICATION, State.APPRAISAL} < rules.BLIND_IN  # a question may be asked after two have locked
    for role, states, state in product(
        Role.values, (["locked"], ["locked", "draft"], ["locked", "locked"]), State.values
    ):
        live = [Assessment(state=word) for word in states]
        done = "draft" not in states
        expected = done and (state not in rules.BLIND_IN or (len(states) == 2 and role == Role.GM))
        assert rules.marks_open(holder(role, HERE), file_in(state), live) == expected


@pytest.mark.parametrize(
    ("checkers", "freezers", "scored", "left"),
    [
        ({1, 2, 9}, {9}, {2, 5}, True),  # 1 checks what 9 froze
        ({1, 2, 9}, {9}, {1, 2}, False),  # 9 froze it and cannot check it too
        ({1, 2, 8, 9}, {8, 9}, {1, 2}, True),  # 8 checks what 9 froze
        ({1, 9}, set(), {5}, False),  # nobody freezes
        (set(), {9}, set(), False),
    ],
)
def test_a_checker_is_left(checkers, freezers, scored, left):
    assert bool(rules.leaves_a_checker(checkers=checkers, freezers=freezers, scored=scored)) == left
