"""Every cell: all moves of both rooms × all states × all roles × own, same district, other district. No database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from accounts.models import Posting, User
from accounts.roles import STATE_ROLES, Permission, Role
from applications import rules
from applications.models import Application, DocumentVersion, Enterprise, EnterpriseMember, Round
from applications.states import DEAD, ENDED, UNDECIDED, State
from applications.steps import STEPS as OURS
from applications.steps import Reach, always
from districts.models import District, Office
from evaluation.steps import STEPS as THEIRS
from records.acts import system
from records.clock import moved_to, now

STEPS = OURS | THEIRS
REACHES = ("own", "same district", "other district")
DESK = {Role.OFFICER, Role.MANAGER}
WITH_THE_APPLICANT = {"clarification", "committee_details"}
# Move: where from, where to, who. "Own" for an applicant is a member of the enterprise, for a post the file's office.
# The same district: another applicant of it, or a post in its taluk office, which looks after files of its DIC.
EXPECTED: dict[str, tuple[set[str], str, set[str]]] = {
    "submit": ({"draft"}, "submitted", {Role.APPLICANT}),
    "recall": ({"submitted"}, "draft", {Role.APPLICANT}),
    "withdraw": (
        {
            "nominated", "draft", "submitted", "scrutiny", "clarification", "appraisal", "appraised", "shortlisted",
            "not_shortlisted", "committee", "committee_details",
        },
        "withdrawn",
        {Role.APPLICANT},
    ),
    "take_up": ({"submitted"}, "scrutiny", DESK),
    "pass_scrutiny": ({"scrutiny"}, "appraisal", DESK),
    "appraise": ({"appraisal"}, "appraised", set()),
    "shortlist": ({"appraised"}, "shortlisted", {Role.GM}),
    "leave_out": ({"appraised"}, "not_shortlisted", {Role.GM}),
    "ask": ({"scrutiny", "appraisal"}, "clarification", DESK),
    "answer": ({"clarification", "committee_details"}, "returns_to", {Role.APPLICANT}),
    "close_unanswered": ({"clarification"}, "lapsed", DESK),
    "transfer": ({"submitted", "scrutiny"}, "submitted", {Role.GM}),
    "find_ineligible": ({"submitted", "scrutiny", "appraisal"}, "ineligible", {Role.GM}),
    "reinstate": ({"ineligible"}, "scrutiny", {Role.GM}),
    "return": ({"appraised", "shortlisted", "not_shortlisted", "committee"}, "appraisal", {Role.GM}),
    "put_on_agenda": ({"shortlisted", "not_shortlisted"}, "committee", {Role.CONVENOR}),
    "seek_details": ({"committee"}, "committee_details", {Role.CONVENOR}),
    "end_details": ({"committee_details"}, "committee", {Role.CONVENOR}),
    "decide": ({"committee"}, "decided", {Role.CONVENOR}),
    "reopen": ({"decided"}, "committee", {Role.CONVENOR}),
    "select": ({"decided"}, "selected", {Role.CONVENOR}),
    "reserve": ({"decided"}, "reserve", {Role.CONVENOR}),
    "not_select": ({"decided"}, "not_selected", {Role.CONVENOR}),
    "send_back": ({"committee"}, "appraisal", {Role.CONVENOR}),
}  # fmt: skip
HERE = District(pk=1, code="EKM", name_en="Ernakulam")
THERE = District(pk=2, code="TSR", name_en="Thrissur")
DIC = Office(pk=1, code="DIC-EKM", kind="dic", district=HERE, name_en="DIC Ernakulam")
OFFICES = {
    "own": DIC,
    "same district": Office(pk=2, code="TIO-EKM-1", kind="taluk", district=HERE, name_en="Taluk office"),
    "other district": Office(pk=3, code="DIC-TSR", kind="dic", district=THERE, name_en="DIC Thrissur"),
}
OWNER = 7


def holder(role: str, reach: str) -> User:
    """Somebody with this role and reach; only the applicant whose file it is acts for the enterprise."""
    user = User(
        pk=OWNER if reach == "own" and role == Role.APPLICANT else 8, email="a@test.example", full_name="A person"
    )
    user._postings = []
    if role != Role.APPLICANT:
        post = Posting(user=user, role=role, starts=date(2024, 1, 1))
        post.office = None if role in STATE_ROLES else OFFICES[reach]
        user._postings = [post]
    return user


def file_in(state: str, *, closes_in_days: int = 1) -> Application:
    """The owner's file at the DIC."""
    enterprise = Enterprise(pk=1)
    enterprise._prefetched_objects_cache = {"members": [EnterpriseMember(enterprise=enterprise, user_id=OWNER)]}
    call = Round(number=3, opens_at=now() - timedelta(days=9), closes_at=now() + timedelta(days=closes_in_days))
    return Application(pk=1, state=state, round=call, office=DIC, district=HERE, enterprise=enterprise)


def cells() -> Iterator[tuple[str, str, str, str]]:
    yield from product(STEPS, State.values, Role.values, REACHES)


def allowed(move: str, state: str, role: str, reach: str) -> bool:
    sources, _target, roles = EXPECTED[move]
    within = reach == "own" or (reach == "same district" and role != Role.APPLICANT) or role in STATE_ROLES
    return state in sources and role in roles and within


def test_the_table_holds_every_move_and_no_other() -> None:
    assert {move: ({str(s) for s in step.sources}, step.target) for move, step in STEPS.items()} == {
        move: (sources, target) for move, (sources, target, _roles) in EXPECTED.items()
    }
    assert len(set(OURS) & set(THEIRS)) == 0
    assert len(list(cells())) == 24 * 18 * 13 * 3


def test_every_cell() -> None:
    """16,848 cells. Guards are left out: they have tests of their own."""
    wrong = []
    for move, state, role, reach in cells():
        verdict = rules.may(holder(role, reach), replace(STEPS[move], guard=always), file_in(state))
        if bool(verdict) != allowed(move, state, role, reach) or bool(verdict) == bool(str(verdict.reason)):
            wrong.append((move, state, role, reach, str(verdict.reason)))
    assert wrong == []


def test_only_the_portal_itself_makes_the_moves_of_a_job() -> None:
    for move, state in product(STEPS, State.values):
        expected = STEPS[move].reach is Reach.SYSTEM and state in EXPECTED[move][0]
        assert bool(rules.may(system("a job"), replace(STEPS[move], guard=always), file_in(state))) == expected


@pytest.mark.parametrize("reach", REACHES)
def test_every_cell_of_changing_a_section(reach: str) -> None:
    for state, role, open_round in product(State.values, Role.values, (True, False)):
        file = file_in(state, closes_in_days=1 if open_round else -1)
        expected = state == "draft" and role == Role.APPLICANT and reach == "own" and open_round
        assert bool(rules.may_edit(holder(role, reach), file)) == expected, (state, role, open_round)


# Where documents are read and judged; and every state from there to the decision.
JUDGED = {"submitted", "scrutiny", "appraisal", "clarification", "committee_details"}
UNDECIDED_AND_SUBMITTED = JUDGED | {"appraised", "shortlisted", "not_shortlisted", "committee"}


@pytest.mark.parametrize("newest", [None, "received", "accepted", "rejected", "replaced", "infected"])
def test_every_cell_of_sending_a_document(newest: str | None) -> None:
    version = None if newest is None else DocumentVersion(state=newest)
    for state, role, reach in product(State.values, Role.values, REACHES):
        expected = role == Role.APPLICANT and reach == "own"
        again = {"rejected": JUDGED, "infected": UNDECIDED_AND_SUBMITTED}
        checked = state in again.get(newest or "", ())
        for named in (True, False):
            asked = named and state in WITH_THE_APPLICANT
            verdict = rules.may_send_document(holder(role, reach), file_in(state), version, named=named)
            assert bool(verdict) == (expected and (state == "draft" or checked or asked)), (state, role, reach, named)


@pytest.mark.parametrize("reach", REACHES)
def test_every_cell_of_changing_what_a_question_opened(reach: str) -> None:
    for state, role in product(State.values, Role.values):
        expected = role == Role.APPLICANT and reach == "own" and state in WITH_THE_APPLICANT
        assert bool(rules.may_answer(holder(role, reach), file_in(state))) == expected, (state, role)


def test_every_cell_of_reading_an_answer() -> None:
    for state, role, reach in product(State.values, Role.values, REACHES):
        expected = role in DESK and reach != "other district"
        assert bool(rules.may_read_answer(holder(role, reach), file_in(state))) == expected, (state, role, reach)


def test_every_cell_of_judging_a_document() -> None:
    for state, role, reach in product(State.values, Role.values, REACHES):
        expected = state in {"scrutiny", "appraisal"} and role in DESK and reach != "other district"
        assert bool(rules.may_judge(holder(role, reach), file_in(state))) == expected, (state, role, reach)


def test_who_reads_a_state_in_which_words() -> None:
    """An applicant never reads an internal word, also not in a refusal."""
    for state in State:
        said = str(rules.may(holder(Role.APPLICANT, "own"), THEIRS["take_up"], file_in(state)).reason)
        if state != State.SUBMITTED:
            assert said == f"This cannot be done now. The file is: {state.applicant_label}."
        inside = str(rules.may(holder(Role.OFFICER, "own"), OURS["submit"], file_in(state)).reason)
        if state != State.DRAFT:
            assert inside == f"This cannot be done now. The file is: {state.label}."


def test_the_round_must_be_open_to_submit_and_to_recall_but_not_to_withdraw() -> None:
    with moved_to(now()):
        owner = holder(Role.APPLICANT, "own")
        for move, state in (("submit", "draft"), ("recall", "submitted")):
            said = str(rules.may(owner, OURS[move], file_in(state, closes_in_days=-1)).reason)
            assert said.startswith("The last date is over.")
        assert rules.may(owner, OURS["withdraw"], file_in("submitted", closes_in_days=-1))


def test_states_keep_together() -> None:
    assert {str(s) for s in UNDECIDED} == EXPECTED["withdraw"][0]
    assert {str(s) for s in ENDED} >= {str(s) for s in DEAD}
    assert [state for state in State if not str(state.applicant_label) or not state.turn] == []
    assert [state for state in State if state.clock not in {"runs", "paused", "ends", "none"}] == []
    assert {step.permission for step in OURS.values()} == {Permission.OWN_FILE, Permission.ASK}


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MANAGER, Role.GM])
def test_a_post_gives_nobody_power_over_their_own_enterprises_file(role: str) -> None:
    user = holder(role, "own")
    user.pk = OWNER
    for move, state in product(THEIRS, State.values):
        assert not rules.may(user, replace(THEIRS[move], guard=always), file_in(state)), (move, state)
    assert not rules.may_judge(user, file_in("scrutiny"))
