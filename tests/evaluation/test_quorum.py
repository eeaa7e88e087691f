"""Quorum and majority: a decision without the one, or against the other, needs words, and they are printed everywhere."""

from typing import Any

import pytest
from django.db import IntegrityError

from accounts.roles import Role
from districts.models import Office
from evaluation import agendapaper, letters
from evaluation.actions import agenda, decisions, meetings
from evaluation.actions.letters import write_letter
from evaluation.models import Decision, RoundRules
from evaluation.queries.quorum import backing_of
from evaluation.rules.quorum import carries, quorum
from evaluation.states import DecisionReason, Outcome
from records import papers
from records.acts import system
from records.verdicts import Refused
from tests.evaluation.conftest import World, person
from tests.evaluation.sitting import Sitting, sit
from tests.evaluation.test_agenda import text_of

WHY = "The Committee found the second line to be running."
WITHIN = DecisionReason.WITHIN_TARGET
CHAIR, A, B, C, D = range(1, 6)
ALL = {CHAIR, A, B, C, D}


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sit(world)


@pytest.mark.parametrize(
    ("members", "present", "recused", "numbers", "met"),
    [
        (ALL, {CHAIR, A, B}, set(), (3, 3), True),  # the chair and half of four
        (ALL, {CHAIR, A}, set(), (2, 3), False),
        (ALL, {A, B, C, D}, set(), (4, 3), False),  # without the chair
        (ALL, {CHAIR, A}, {B, C}, (2, 2), True),  # half of the two who are not recused
        (ALL, {CHAIR, A, B}, {A, B}, (1, 2), False),  # those recused do not count as present
        (ALL, {CHAIR, A, B, C}, {CHAIR}, (3, 3), False),  # the chair is recused
        ({CHAIR, A}, {CHAIR, A}, set(), (2, 2), True),
        ({CHAIR, A}, {CHAIR, A}, {A}, (1, 2), False),  # nobody decides alone
        ({CHAIR, A, B, C}, {CHAIR, A}, set(), (2, 3), False),  # half of three, rounded up
        (set(), set(), set(), (0, 2), False),
    ],
)
def test_the_chair_and_half_of_the_members_not_recused(
    members: set[int], present: set[int], recused: set[int], numbers: tuple[int, int], met: bool
) -> None:
    found = quorum(RoundRules(), members=members, present=present, recused=recused, chair=CHAIR)
    assert (found.present, found.needed) == numbers
    assert found.met == met
    assert ("No quorum" in found.sentence) != met


def test_the_numbers_are_those_of_the_round() -> None:
    rules = RoundRules(quorum_chair=False, quorum_percent=100, quorum_least=1, majority_percent=66)
    assert quorum(rules, members=ALL, present=ALL, recused=set(), chair=None).needed == len(ALL)
    assert quorum(rules, members={A}, present={A}, recused=set(), chair=None).met
    assert not carries(rules, {"selected": 6, "reserve": 4}, "selected")
    assert carries(rules, {"selected": 7, "reserve": 3}, "selected")


@pytest.mark.parametrize(
    ("votes", "outcome", "carried"),
    [
        ({}, "selected", True),
        ({"selected": 1}, "selected", True),
        ({"not_selected": 1}, "selected", False),
        ({"selected": 1, "reserve": 1}, "selected", False),
        ({"selected": 2, "reserve": 1}, "selected", True),
        ({"selected": 2, "reserve": 1, "not_selected": 1}, "selected", False),
    ],
)
def test_more_than_half_of_the_votes_cast(votes: dict[str, int], outcome: str, carried: bool) -> None:
    assert carries(RoundRules(), votes, outcome) == carried


def against_the_only_vote(sitting: Sitting) -> Any:
    """The case of the report: one member recused, the other against, and the shortlist proposes to select."""
    file = sitting.file()
    sitting.in_session(file)
    item = sitting.item(file)
    decisions.recuse(item, sitting.member2, "A cousin.", by=sitting.member2)
    decisions.vote(item, Outcome.NOT_SELECTED, by=sitting.member)
    return item


def test_one_press_without_words_decides_nothing(sitting: Sitting, sign_in: Any) -> None:
    item = against_the_only_vote(sitting)
    address = f"/committee/{item.meeting.number}/{item.application.reference}/"
    client = sign_in(sitting.convenor)
    page = text_of(client.get(address))
    assert "No quorum: 1 present who can decide this file, 2 needed." in page
    assert "Decide as proposed" not in page
    assert "Decide, with words" in page
    press = {"outcome": "selected", "code": "within_target"}
    answer = client.post(f"{address}decide/", press)
    said = text_of(answer, 409)
    assert "Decided without a quorum. Decided against the votes cast. Write why: it is printed." in said
    with pytest.raises(Refused, match="Write why") as refused:
        decisions.decide(item, Outcome.SELECTED, WITHIN, " ", by=sitting.convenor)
    assert refused.value.field == "reason"
    with pytest.raises(Refused, match="A vote differs"):
        decisions.decide_as_proposed(item, by=sitting.convenor)
    assert not Decision.objects.exists()


def test_with_words_they_are_printed_everywhere(sitting: Sitting, sign_in: Any) -> None:
    item = against_the_only_vote(sitting)
    file, meeting = item.application, item.meeting
    decision = decisions.decide(item, Outcome.SELECTED, WITHIN, WHY, by=sitting.convenor)
    assert (decision.quorate, decision.against_votes, decision.out_of_rank) == (False, True, False)
    said = "Decided without a quorum. Decided against the votes cast."
    client, at = sign_in(sitting.convenor), f"/committee/{meeting.number}/"
    minutes = " ".join(papers.html_of(agenda.issue_paper(meeting, by=sitting.convenor)).split())
    pages = [minutes, *(text_of(client.get(f"{at}{page}")) for page in (f"{file.reference}/", "trail/", "release/"))]
    pages.append(text_of(client.get(at)))
    sitting.release(meeting)
    paper = write_letter(Decision.objects.get(), by=system("letters"), render=False)
    assert paper
    pages.append(" ".join(papers.html_of(paper).split()))
    pages.append(text_of(sign_in(sitting.world.owner).get(f"/applications/{file.reference}/result/")))
    pages.append(text_of(sign_in(sitting.world.officer).get(f"/desk/{file.reference}/")))
    for number, page in enumerate(pages):
        assert (said in page, WHY in page) == (True, True), number
    old = {name: value for name, value in paper.snapshot.items() if name not in {"quorate", "against_votes"}}
    assert letters.context(old)["departures"] == ""


def test_many_at_once_leave_out_what_has_no_quorum(sitting: Sitting) -> None:
    file, free = sitting.file(), sitting.file()
    sitting.in_session(file, free)
    decisions.recuse(sitting.item(file), sitting.member, "A cousin.", by=sitting.member)
    with pytest.raises(Refused, match="who chairs is absent or recused"):
        decisions.decide_as_proposed(sitting.item(file), by=sitting.convenor)
    assert decisions.decide_as_proposed(sitting.item(free), by=sitting.convenor).quorate


def test_who_left_counts_no_more_and_a_new_member_counts(sitting: Sitting) -> None:
    file = sitting.file()
    meeting = sitting.in_session(file)
    assert backing_of(sitting.item(file)).quorum.met
    meetings.leave(meeting, sitting.member2, by=sitting.convenor)
    assert not backing_of(sitting.item(file)).quorum.met
    meetings.arrive(meeting, sitting.member2, by=sitting.convenor)
    for name in ("member3", "member4"):
        person(name, Role.MEMBER, Office.objects.get(code="DIRECTORATE"))
    found = backing_of(sitting.item(file)).quorum
    assert (found.present, found.needed, found.met) == (2, 3, False)


def test_who_chairs_is_chosen_among_those_present(sitting: Sitting, sign_in: Any) -> None:
    meeting = sitting.meeting(sitting.file())
    client, at = sign_in(sitting.convenor), f"/committee/{meeting.number}/"
    sent = {"present": [sitting.member.pk], "reason": "Earlier."}
    for chair in ("", sitting.member2.pk, "x"):
        assert "Choose who of the members present chairs." in text_of(
            client.post(f"{at}open/", sent | {"chair": chair}), 400
        )
    with pytest.raises(Refused, match="one of the members present"):
        meetings.open_session(meeting, [sitting.member], "Earlier.", chair=sitting.member2, by=sitting.convenor)
    page = text_of(client.post(f"{at}open/", sent | {"chair": sitting.member.pk}, follow=True))
    assert ", chairs</span>" in page


def test_the_database_keeps_words_with_such_a_decision(sitting: Sitting) -> None:
    item = against_the_only_vote(sitting)
    decision = decisions.decide(item, Outcome.SELECTED, WITHIN, WHY, by=sitting.convenor)
    with pytest.raises(IntegrityError):
        Decision.objects.filter(pk=decision.pk).update(reason="")


def test_an_agenda_before_the_decisions_has_none(sitting: Sitting) -> None:
    meeting = sitting.in_session(sitting.file())
    snapshot = agenda.issue_paper(meeting, by=sitting.convenor).snapshot
    assert snapshot["rows"][0]["decision"] is None
    assert agendapaper.context(snapshot)["main"][0]["en"]["decision"] == ""
