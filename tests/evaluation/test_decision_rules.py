"""How a decision can be written: the whole table of recommendation, outcome, reason and total, without a database."""

from decimal import Decimal
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.roles import Permission
from applications.states import State
from evaluation.rules import committee as rules
from evaluation.states import PROPOSED, DecisionReason, MeetingState, Outcome, Recommendation, proposed

PASS_MARK = Decimal(60)
TOTALS = {"below": Decimal("59.99"), "at": Decimal("60.00"), "above": Decimal("72.50")}
BESIDE = {DecisionReason.FINDING, DecisionReason.MERIT, DecisionReason.OTHER}
WORDS = ("", " \n", "The only exporter of its taluk.")


# What a row of an approved shortlist can propose: by its rank, taken out of it, displaced by one so taken.
PROPOSALS = {
    **{word: proposed(word, out_of_rank=False, displaced=False) for word in Recommendation.values},
    "out of rank": proposed("recommended", out_of_rank=True, displaced=False),
    "displaced, in reserve": proposed("reserve", out_of_rank=False, displaced=True),
    "displaced": proposed("not_recommended", out_of_rank=False, displaced=True),
}


def test_the_reason_follows_from_what_was_chosen_and_not_from_the_recommendation_alone() -> None:
    assert PROPOSALS["out of rank"] == (Outcome.SELECTED, DecisionReason.OUT_OF_RANK)
    assert PROPOSALS["displaced, in reserve"] == (Outcome.RESERVE, DecisionReason.DISPLACED)
    assert PROPOSALS["displaced"] == (Outcome.NOT_SELECTED, DecisionReason.DISPLACED)
    assert {word: PROPOSALS[word] for word in Recommendation.values} == PROPOSED


def wrong(proposal: tuple[Outcome, DecisionReason], outcome: str, code: str, words: str, total: Decimal) -> str:
    """Written out once more, from the scheme: the field that is wrong, or nothing."""
    if total < PASS_MARK and outcome != "not_selected":
        return "outcome"
    given, usual = proposal
    if outcome == given:
        return "" if code == usual else "code"
    if code not in BESIDE:
        return "code"
    return "" if words.strip() else "reason"


@pytest.mark.parametrize("proposal", PROPOSALS.values(), ids=PROPOSALS)
@pytest.mark.parametrize("total", TOTALS.values(), ids=TOTALS)
def test_the_whole_table(proposal: tuple[Outcome, DecisionReason], total: Decimal) -> None:
    allowed = set()
    for outcome, code, words in product(Outcome.values, DecisionReason.values, WORDS):
        verdict, field = rules.decision_verdict(
            outcome, code, words, proposal=proposal, total=total, pass_mark=PASS_MARK
        )
        assert field == wrong(proposal, outcome, code, words, total), (outcome, code, words)
        assert bool(verdict) == (field == "")
        assert verdict or str(verdict.reason)
        if verdict:
            allowed.add(outcome)
    assert allowed == ({"not_selected"} if total < PASS_MARK else set(Outcome.values))


@pytest.mark.parametrize("forged", ["", "chosen", "SELECTED", "<b>", "\0"])
def test_words_that_are_none_of_the_codes(forged: str) -> None:
    asked: dict[str, Any] = {"proposal": PROPOSALS["recommended"], "total": TOTALS["above"], "pass_mark": PASS_MARK}
    assert rules.decision_verdict(forged, "within_target", "", **asked)[1] == "outcome"
    assert rules.decision_verdict("selected", forged, "", **asked)[1] == "code"


def item(meeting: str, state: str, *, ended: bool = False) -> Any:
    """An agenda item as the rules read it, of an enterprise nobody acts for."""
    members = SimpleNamespace(all=list)
    current = SimpleNamespace(label=state)
    file = SimpleNamespace(state=state, current=current, enterprise=SimpleNamespace(members=members))
    return SimpleNamespace(
        meeting=SimpleNamespace(state=meeting), application=file, ended_at="today" if ended else None
    )


def somebody(*powers: Permission) -> Any:
    return SimpleNamespace(pk=1, has=lambda power, _office=None: power in powers)


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("meeting", MeetingState.values)
def test_a_file_is_decided_and_voted_on_in_session_and_undecided_only(meeting: str, state: str) -> None:
    convenor, member = somebody(Permission.CONVENE, Permission.DECIDE), somebody(Permission.VOTE)
    table = item(meeting, state)
    now = meeting == "session" and state == "committee"
    assert bool(rules.may_decide(convenor, table, recused=False)) == now
    assert bool(rules.may_vote(member, table, present=True, recused=False)) == now
    assert bool(rules.may_reopen(convenor, table, recused=False)) == (meeting != "released" and state == "decided")
    undecided = meeting != "released" and state in {"committee", "committee_details"}
    assert bool(rules.may_recuse(member, member, table, recused=False)) == undecided
    for verdict in (
        rules.may_decide(convenor, table, recused=True),
        rules.may_decide(member, table, recused=False),
        rules.may_decide(convenor, item(meeting, state, ended=True), recused=False),
        rules.may_vote(member, table, present=False, recused=False),
        rules.may_vote(member, table, present=True, recused=True),
        rules.may_vote(convenor, table, present=True, recused=False),
        rules.may_reopen(convenor, table, recused=True),
        rules.may_recuse(member, convenor, table, recused=False),
        rules.may_recuse(convenor, member, table, recused=False, conflict=True),
        rules.may_recuse(convenor, member, table, recused=True),
    ):
        assert not verdict
        assert str(verdict.reason)
