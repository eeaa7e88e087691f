"""The Committee's acts: agenda, session, recusal, vote, decision, reopening, release."""

import pytest

from applications.models import Application
from applications.states import State
from evaluation.actions import decisions, meetings
from evaluation.models import Decision, Vote
from evaluation.states import DecisionReason, MeetingState, Outcome, Recommendation
from records.models import Job
from records.verdicts import Refused
from tests.evaluation.conftest import World
from tests.evaluation.sitting import Sitting, sit

WITHIN, MERIT = DecisionReason.WITHIN_TARGET, DecisionReason.MERIT


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sit(world)


def state_of(file: Application) -> str:
    file.refresh_from_db()
    return str(file.state)


def test_from_the_agenda_to_the_release(sitting: Sitting) -> None:
    first, below = sitting.file("81.00"), sitting.file("44.00", Recommendation.BELOW)
    meeting = sitting.in_session(first, below)
    assert [item.annexure for item in meeting.items.all()] == [False, True]
    assert {state_of(first), state_of(below)} == {State.COMMITTEE}
    decisions.decide(sitting.item(first), Outcome.SELECTED, WITHIN, by=sitting.convenor)
    with pytest.raises(Refused, match="Not decided yet: M1K-3-EKM"):
        sitting.release(meeting)
    decisions.decide(sitting.item(below), Outcome.NOT_SELECTED, DecisionReason.BELOW, by=sitting.convenor)
    assert {state_of(first), state_of(below)} == {State.DECIDED}
    made = sitting.release(meeting)
    assert (state_of(first), state_of(below)) == (State.SELECTED, State.NOT_SELECTED)
    assert made.decisions.count() == 2
    assert Job.objects.filter(name="evaluation.letters").count() == 1
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.RELEASED
    with pytest.raises(Refused, match="released"):
        sitting.release(meeting)


def test_out_of_rank_needs_a_reason_in_words_and_below_the_pass_mark_nothing_helps(sitting: Sitting) -> None:
    spare, below = sitting.file("66.00", Recommendation.RESERVE), sitting.file("59.99", Recommendation.BELOW)
    sitting.in_session(spare, below)
    for code, reason, said in (
        (DecisionReason.WITHIN_TARGET, "", "another outcome"),
        ("", "", "Choose the reason"),
        (MERIT, " ", "it is printed"),
    ):
        with pytest.raises(Refused, match=said):
            decisions.decide(sitting.item(spare), Outcome.SELECTED, code, reason, by=sitting.convenor)
    decisions.decide(
        sitting.item(spare), Outcome.SELECTED, MERIT, "The only exporter of its taluk.", by=sitting.convenor
    )
    with pytest.raises(Refused, match="below the pass mark 60"):
        decisions.decide(sitting.item(below), Outcome.SELECTED, MERIT, "A reason.", by=sitting.convenor)
    assert list(Decision.objects.values_list("outcome", "out_of_rank")) == [("selected", True)]
    assert state_of(below) == State.COMMITTEE


def test_a_recused_member_neither_votes_nor_leaves_a_vote_behind(sitting: Sitting) -> None:
    file = sitting.file()
    sitting.in_session(file)
    item = sitting.item(file)
    decisions.vote(item, Outcome.SELECTED, by=sitting.member)
    decisions.vote(item, Outcome.RESERVE, by=sitting.member2)
    decisions.recuse(item, sitting.member, "My brother's firm.", by=sitting.member)
    assert [vote.member for vote in Vote.objects.all()] == [sitting.member2]
    with pytest.raises(Refused, match="recused"):
        decisions.vote(item, Outcome.SELECTED, by=sitting.member)


def test_a_reopened_decision_is_kept_with_its_reason(sitting: Sitting) -> None:
    file = sitting.file()
    sitting.in_session(file)
    decisions.decide(sitting.item(file), Outcome.SELECTED, WITHIN, by=sitting.convenor)
    with pytest.raises(Refused, match="decided"):
        decisions.decide(sitting.item(file), Outcome.SELECTED, WITHIN, by=sitting.convenor)
    decisions.reopen(sitting.item(file), "A loan came to light.", by=sitting.convenor)
    assert state_of(file) == State.COMMITTEE
    decisions.decide(sitting.item(file), Outcome.RESERVE, MERIT, "A loan came to light.", by=sitting.convenor)
    kept = Decision.objects.order_by("pk").values_list("state", "outcome", "ended_reason")
    assert list(kept) == [("reopened", "selected", "A loan came to light."), ("pending", "reserve", "")]


def test_a_meeting_opens_with_files_and_members_only(sitting: Sitting) -> None:
    meeting = sitting.meeting()
    with pytest.raises(Refused, match="Nothing is on the agenda"):
        meetings.open_session(meeting, [sitting.member], by=sitting.convenor)
    file = sitting.file()
    meetings.put_on_agenda(meeting, file, by=sitting.convenor)
    with pytest.raises(Refused, match="on the agenda of SLAC-3-01 already"):
        meetings.put_on_agenda(sitting.meeting(), file, by=sitting.convenor)
    with pytest.raises(Refused, match="at least one member"):
        meetings.open_session(meeting, [], by=sitting.convenor)
    with pytest.raises(Refused, match="not begun"):
        decisions.decide(sitting.item(file), Outcome.SELECTED, WITHIN, by=sitting.convenor)


def test_a_file_whose_number_became_contested_is_neither_selected_nor_kept_in_reserve(sitting: Sitting) -> None:
    """An answer to the Committee can change the number of a file; two of one number must not both be selected."""
    file, first = sitting.file(), sitting.file()
    sitting.in_session(file, first)
    for one, contested in ((first, False), (file, True)):
        Application.objects.filter(pk=one.pk).update(udyam_number="UDYAM-KL-02-0000001", contested=contested)
    for outcome, code, reason in ((Outcome.SELECTED, WITHIN, ""), (Outcome.RESERVE, MERIT, "A merit.")):
        with pytest.raises(Refused, match="Held: the Udyam number or PAN"):
            decisions.decide(sitting.item(file), outcome, code, reason, by=sitting.convenor)
    with pytest.raises(Refused, match="Return the file to the appraisal"):
        decisions.decide_as_proposed(sitting.item(file), by=sitting.convenor)
    decisions.decide_as_proposed(sitting.item(first), by=sitting.convenor)
    decisions.decide(sitting.item(file), Outcome.NOT_SELECTED, MERIT, "The number is another's.", by=sitting.convenor)
