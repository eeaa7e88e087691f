"""Evaluators named evenly: the proposal as a pure function, then by act, page and in one press for many files."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Posting, User
from applications.models import Application, EnterpriseMember
from evaluation import actions, rules
from evaluation.actions.balancing import assign_balanced
from evaluation.models import Assessment
from evaluation.queries.balance import Person, Wanted, lacking, proposals_for, propose
from records.clock import today
from records.models import AuditEvent
from tests.evaluation.conftest import World

Client = Callable[[User], Any]
TALUK = Person(5, "Taluk")
OFFICER, OFFICER2 = Person(1, "Officer", checks=True), Person(2, "Officer two", checks=True)
MANAGER = Person(9, "Manager", checks=True, freezes=True)
OFFICE = [TALUK, OFFICER, OFFICER2, MANAGER]


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def keys(files: list[Wanted], people: list[Person], scored: set[int] | None = None) -> list[list[int]]:
    return [[person.key for person in one.people] for one in propose(files, people, scored or set())]


# ---- The proposal ---------------------------------------------------------------------------------------------
def test_whoever_has_least_to_do_comes_first() -> None:
    people = [replace(TALUK, open=3), replace(OFFICER, open=1), replace(OFFICER2, open=1, recent=4), MANAGER]
    assert keys([Wanted("a", 2)], people) == [[9, 1]]
    assert keys([Wanted("a", 2)], [replace(MANAGER, open=2), *people[:3]]) == [[1, 9]]  # officer2 stays free


def test_among_equals_those_whom_the_shortlist_does_not_need() -> None:
    assert keys([Wanted("a", 2)], OFFICE) == [[5, 1]]
    assert keys([Wanted("a", 2, officer=1)], OFFICE) == [[5, 2]]


def test_what_is_proposed_counts_for_the_next_file_and_a_checker_stays() -> None:
    assert keys([Wanted(str(number), 2) for number in range(4)], OFFICE) == [[5, 1], [9, 5], [1, 9], [5, 1]]


def test_nobody_barred_and_a_file_with_too_few_says_so() -> None:
    barred = {5: "filed it", 1: "acts for it", 9: "was named"}
    (one,) = propose([Wanted("a", 2, barred)], OFFICE, set())
    assert one.people == ()
    assert one.reason == ("Too few people are free: 1 of the 2 needed. One officer stays free to check the shortlist.")
    assert keys([Wanted("a", 1, barred), Wanted("b", 2)], OFFICE) == [[2], [5, 9]]


def test_who_scores_a_file_of_the_shortlist_takes_nobody_more_away() -> None:
    assert keys([Wanted("a", 2)], [OFFICER, OFFICER2, MANAGER], scored={1, 9}) == [[1, 9]]


PEOPLE = st.lists(
    st.builds(
        Person,
        key=st.integers(1, 12),
        name=st.just("P"),
        open=st.integers(0, 5),
        recent=st.integers(0, 5),
        checks=st.booleans(),
        freezes=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda person: person.key,
)
FILES = st.lists(
    st.builds(
        Wanted, key=st.just("f"), lacking=st.integers(1, 2), barred=st.dictionaries(st.integers(1, 12), st.just("no"))
    ),
    max_size=8,
)


@given(FILES, PEOPLE, st.sets(st.integers(1, 12)))
def test_a_proposal_is_even_whole_and_leaves_a_checker(
    files: list[Wanted], people: list[Person], scored: set[int]
) -> None:
    proposals = propose(files, people, scored)
    assert proposals == propose(files, list(reversed(people)), scored)  # the same, in whatever order they are read
    able = {"checkers": {p.key for p in people if p.checks}, "freezers": {p.key for p in people if p.freezes}}
    taken = set(scored)
    for wanted, proposal in zip(files, proposals, strict=True):
        chosen = {person.key for person in proposal.people}
        assert len(chosen) == (wanted.lacking if proposal.complete else 0)
        assert not chosen & set(wanted.barred)
        taken |= chosen
    if rules.leaves_a_checker(scored=scored, **able):
        assert rules.leaves_a_checker(scored=taken, **able)


@given(st.integers(1, 12), st.integers(3, 6))
def test_without_conflicts_loads_differ_by_one_at_most(files: int, people: int) -> None:
    crew = [Person(number, f"P{number}") for number in range(people)]
    added = [key for pair in keys([Wanted(str(number), 2) for number in range(files)], crew) for key in pair]
    counts = [added.count(person.key) for person in crew]
    assert max(counts) - min(counts) <= 1


# ---- The act --------------------------------------------------------------------------------------------------
def test_each_file_is_one_act_and_the_skipped_say_why(world: World) -> None:
    files = [world.in_appraisal() for _number in range(3)]
    world.named(files[1])
    submitted = world.file()
    answer = assign_balanced([*files, submitted], by=world.manager)
    assert [len(result) if isinstance(result, list) else result for _file, result in answer] == [
        2,
        "Two evaluators are named already.",
        2,
        "Evaluators are named during the appraisal.",
    ]
    assert AuditEvent.objects.filter(verb="assessment.assign").count() == 6


def test_one_is_named_where_one_is_lacking(world: World) -> None:
    file = world.in_appraisal()
    first, _second = world.named(file)
    actions.step_back(first, "I know the owner.", by=first.evaluator)
    ((_file, result),) = assign_balanced([file], by=world.manager)
    assert [one.evaluator for one in result] == [world.officer]  # officer2 has one to do, the managers are needed


@pytest.mark.parametrize("role", ["filed_by", "nominated_by", "member"])
def test_nobody_who_filed_nominated_or_acts_for_it(world: World, sign_in: Client, role: str) -> None:
    file = world.in_appraisal()
    if role == "member":
        EnterpriseMember.objects.create(enterprise=file.enterprise, user=world.evaluator)
    else:
        Application.objects.filter(pk=file.pk).update(**{role: world.evaluator})
    held = Application.objects.get(pk=file.pk)
    (proposal,) = proposals_for([held])
    assert "filed or nominated this case, or acts for the enterprise" in proposal.wanted.barred[world.evaluator.pk]
    client = sign_in(world.manager)
    page = text_of(client.get("/desk/evaluators/"))
    assert "Evaluator filed or nominated this case, or acts for the enterprise." in page
    client.post("/desk/evaluators/", {"file": [file.reference]})
    assert world.evaluator.pk not in set(Assessment.objects.values_list("evaluator", flat=True))
    assert Assessment.objects.count() == 2
    other = world.in_appraisal()
    Application.objects.filter(pk=other.pk).update(filed_by=world.officer2)
    answer = client.post(f"/desk/{other.reference}/evaluators/", {"evaluators": [world.officer2.pk]})
    assert answer.status_code == 400
    assert not other.assessments.exists()


def test_another_office_is_skipped(world: World) -> None:
    file = world.in_appraisal()
    ((_file, reason),) = assign_balanced([file], by=world.other_manager)
    assert isinstance(reason, str)
    assert "Only a manager or the General Manager of DIC Ernakulam" in reason
    assert lacking(world.other_manager) == []
    assert lacking(world.officer) == []


# ---- The page -------------------------------------------------------------------------------------------------
def test_one_press_names_them_all(world: World, sign_in: Client) -> None:
    files = [world.in_appraisal() for _number in range(2)]
    client = sign_in(world.manager)
    page = text_of(client.get("/desk/evaluators/"))
    for word in ("Name them all", "Who has how much to do", "Evaluator", *(file.reference for file in files)):
        assert word in page
    answer = client.post("/desk/evaluators/", {"file": [file.reference for file in files]}, follow=True)
    assert "Evaluators named for 2 files." in text_of(answer)
    assert "Every file has its evaluators" in text_of(answer)
    assert Assessment.objects.count() == 4


def test_some_are_named_and_the_others_say_why(world: World, sign_in: Client) -> None:
    first, second = world.in_appraisal(), world.in_appraisal()
    for user in (world.evaluator, world.officer, world.officer2, world.manager2):
        EnterpriseMember.objects.create(enterprise=second.enterprise, user=user)
    sent = {"file": [first.reference, second.reference, "M1K-3-TSR-99999"]}
    page = text_of(sign_in(world.manager).post("/desk/evaluators/", sent, follow=True))
    assert "Evaluators named for 1 file, 2 skipped." in page
    assert f"{second.reference}</span>: Too few people are free: 1 of the 2 needed." in page
    assert "M1K-3-TSR-99999</span>: not found" in page


@pytest.mark.parametrize("sent", [{}, {"file": ["M1K-3-EKM-99999"]}])
def test_nothing_named_is_a_409_with_its_sentence(world: World, sign_in: Client, sent: dict[str, Any]) -> None:
    world.in_appraisal()
    answer = sign_in(world.gm).post("/desk/evaluators/", sent)
    assert answer.status_code == 409
    assert ("No evaluator was named." in text_of(answer)) == bool(sent)
    assert ("No file is ticked; nobody was named." in text_of(answer)) != bool(sent)
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("who", ["officer", "evaluator", "directorate", "auditor"])
def test_only_who_names_evaluators_opens_it(world: World, sign_in: Client, who: str) -> None:
    assert sign_in(world.people[who]).get("/desk/evaluators/").status_code == 403


def test_the_page_takes_the_same_queries_for_1_and_3_files(
    world: World, sign_in: Client, django_assert_num_queries: Any
) -> None:
    client = sign_in(world.manager)
    world.in_appraisal()
    client.get("/desk/evaluators/")
    with CaptureQueriesContext(connection) as one:
        client.get("/desk/evaluators/")
    for _number in range(2):
        world.in_appraisal()
    with django_assert_num_queries(len(one)):
        client.get("/desk/evaluators/")


def test_a_relieved_officer_is_proposed_no_more(world: World) -> None:
    Posting.objects.filter(user=world.evaluator).update(ends=today())
    (proposal,) = proposals_for([world.in_appraisal()])
    assert world.evaluator.pk not in {person.key for person in proposal.people}
