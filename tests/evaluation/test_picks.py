"""Choices beside the ranks: picks fill the target first, the passed over are left out, ranks stay, every reason is printed."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from applications.models import Application, EnterpriseMember
from evaluation import actions, ranking
from evaluation.actions.picks import pick, undo_pick
from evaluation.models import Assessment, Pick, RoundRules, Shortlist
from evaluation.queries.picks import choices_of
from evaluation.scoring import Entry, Placed, printed, rank, recommend
from evaluation.tasks import context
from records.audit import events_about
from records.verdicts import Refused
from tests.evaluation.conftest import World, signed_in

PASS = Decimal(60)
TAKEN, PASSED = "recommended", "passed_over"
# Totals 100.00, 87.78, 74.44, 45.56: the last one is below the pass mark.
BEST, GOOD, FAIR, POOR = (5, 5, 5, 5, 5), (5, 4, 4, 4, 5), (4, 3, 4, 3, 5), (2, 2, 3, 2, 3)


def placed(totals: list[int], picks: dict[str, str], *, target: int, reserve: int) -> list[Placed]:
    entries = [Entry(f"{number:02}", Decimal(total)) for number, total in enumerate(totals)]
    return recommend(rank(entries), target=target, reserve=reserve, pass_mark=PASS, picks=picks)


def words(found: list[Placed]) -> list[str]:
    return [f"{one.word} {one.reserve_number}" if one.reserve_number else one.word for one in found]


@pytest.mark.parametrize(
    ("picks", "expected"),
    [
        ({}, ["recommended", "recommended", "reserve 1", "not_recommended", "below"]),
        ({"03": TAKEN}, ["recommended", "reserve 1", "not_recommended", "recommended", "below"]),
        ({"01": PASSED}, ["recommended", "passed_over", "recommended", "reserve 1", "below"]),
        ({"02": PASSED}, ["recommended", "recommended", "passed_over", "reserve 1", "below"]),
        ({"00": PASSED, "03": TAKEN}, ["passed_over", "recommended", "reserve 1", "recommended", "below"]),
        # what changes nothing has no effect: beyond the lists, below the pass mark, within its rank
        (
            {"03": PASSED, "04": TAKEN, "00": TAKEN},
            ["recommended", "recommended", "reserve 1", "not_recommended", "below"],
        ),
        # never more than the target, whatever is chosen
        (
            {"01": TAKEN, "02": TAKEN, "03": TAKEN},
            ["reserve 1", "recommended", "recommended", "not_recommended", "below"],
        ),
    ],
)
def test_what_a_choice_does(picks: dict[str, str], expected: list[str]) -> None:
    found = placed([90, 80, 70, 65, 50], picks, target=2, reserve=1)
    assert words(found) == expected
    assert [one.place.rank for one in found] == [1, 2, 3, 4, 5]


def test_a_file_out_of_its_rank_says_before_which() -> None:
    found = placed([90, 80, 70, 65], {"03": TAKEN}, target=2, reserve=1)
    assert [one.before for one in found] == [None, None, None, 2]
    equal = placed([90, 80, 80], {"02": TAKEN}, target=2, reserve=0)
    assert [(one.place.rank, one.word, one.before) for one in equal] == [
        (1, "recommended", None),
        (2, "not_recommended", None),
        (2, "recommended", 2),
    ]


PICKS = st.dictionaries(st.integers(0, 30).map(lambda number: f"{number:02}"), st.sampled_from([TAKEN, PASSED]))


@given(st.lists(st.integers(40, 100), max_size=30), PICKS, st.integers(0, 12), st.integers(0, 4))
def test_choices_keep_to_target_reserve_pass_mark_and_ranks(
    totals: list[int], picks: dict[str, str], target: int, reserve: int
) -> None:
    found = placed(totals, picks, target=target, reserve=reserve)
    plain = placed(totals, {}, target=target, reserve=reserve)
    assert [one.place for one in found] == [one.place for one in plain]
    said = [one.word for one in found]
    able = [one for one in found if one.place.total >= PASS]
    passed = sum(1 for one in able if picks.get(one.place.key) == PASSED)
    assert said.count("recommended") == min(target, len(able) - passed)
    assert said.count("reserve") == min(reserve, max(0, len(able) - passed - target))
    assert all((one.word == "below") == (one.place.total < PASS) for one in found)
    assert [one.reserve_number for one in found if one.reserve_number] == list(range(1, said.count("reserve") + 1))
    for one in found:
        if one.word == PASSED:
            assert picks[one.place.key] == PASSED
        if one.before is not None:
            assert (one.word, picks[one.place.key]) == ("recommended", TAKEN)


@given(st.lists(st.integers(40, 100), max_size=30), PICKS, st.integers(0, 12), st.integers(0, 4))
def test_every_row_is_printed_in_its_own_list_by_rank_and_who_lost_a_place_knows_to_whom(
    totals: list[int], picks: dict[str, str], target: int, reserve: int
) -> None:
    found = placed(totals, picks, target=target, reserve=reserve)
    passed = {key: word for key, word in picks.items() if word == PASSED}
    untouched = placed(totals, passed, target=target, reserve=reserve)
    order = ["recommended", "reserve", "not_recommended", "passed_over", "below"]
    lists = [(order.index(one.word), one.place.position) for one in printed(found)]
    assert lists == sorted(lists)
    taken = {one.place.key: one for one in found if one.before is not None}
    for one, before in zip(found, untouched, strict=True):
        lost = order.index(one.word) > order.index(before.word) and one.word != PASSED
        assert bool(one.displaced_by) == lost
        assert all(taken[key].place.position > one.place.position for key in one.displaced_by)


# ---- The act --------------------------------------------------------------------------------------------------
@pytest.fixture
def draft(world: World) -> tuple[Shortlist, list[Application]]:
    """Four files, target 1 and one in reserve, nothing frozen."""
    files = [world.appraised(*marks) for marks in (BEST, GOOD, FAIR, POOR)]
    RoundRules.objects.update(targets={"EKM": 1})
    return actions.make_packet(world.dic, world.round, by=world.manager), files


Draft = tuple[Shortlist, list[Application]]


def test_a_pick_is_frozen_signed_and_printed(world: World, draft: Draft) -> None:
    packet, (best, good, fair, poor) = draft
    pick(packet, fair, TAKEN, "The only coir unit of the round.", by=world.manager)
    packet = actions.freeze(packet, by=world.manager)
    rows = {row.application: (row.rank, row.recommendation, row.reason) for row in packet.rows.all()}
    assert rows[best] == (1, "reserve", "")
    assert rows[good] == (2, "not_recommended", "")
    assert rows[fair] == (3, "recommended", "The only coir unit of the round.")
    frozen = next(row for row in packet.snapshot["rows"] if row["reference"] == fair.reference)
    assert (frozen["out_of_rank"], frozen["before"], frozen["reason"]) == (True, 1, rows[fair][2])
    actions.check(packet, by=world.officer)
    paper = actions.approve(packet, by=world.gm).paper
    fair.refresh_from_db()
    good.refresh_from_db()
    assert (fair.state, good.state) == ("shortlisted", "not_shortlisted")
    assert paper
    told = {row["reference"]: row["en"]["choice"] for row in context(paper.snapshot)["rows"]}
    assert told[fair.reference] == "Out of rank: taken before rank 1."
    assert told[best.reference] == told[good.reference]
    assert told[best.reference] == f"Its place went to {fair.reference}, chosen beside the ranks."
    listed = [(row["reference"], row["en"]["line"]) for row in context(paper.snapshot)["rows"]]
    assert listed == [
        (fair.reference, ""),
        (best.reference, "Reserve list"),
        (good.reference, "Beyond the target and the reserve list"),
        (poor.reference, "Below the pass mark 60"),
    ]
    assert [event.note for event in events_about(packet) if event.verb == "shortlist.pick"] == [rows[fair][2]]


def test_a_file_passed_over_is_left_off_and_the_next_moves_up(world: World, draft: Draft) -> None:
    packet, (best, good, fair, _poor) = draft
    pick(packet, best, PASSED, "Its owner asked to wait a year.", by=world.manager)
    packet = actions.freeze(packet, by=world.manager)
    said = list(packet.rows.values_list("application", "recommendation", "reason"))[:3]
    assert said == [
        (good.pk, "recommended", ""),
        (fair.pk, "reserve", ""),
        (best.pk, "passed_over", "Its owner asked to wait a year."),
    ]
    actions.check(packet, by=world.officer)
    actions.approve(packet, by=world.gm)
    best.refresh_from_db()
    assert best.state == "not_shortlisted"


@pytest.mark.parametrize(
    ("which", "choice", "sentence"),
    [
        (3, TAKEN, "below the pass mark"),
        (0, TAKEN, "recommended by its rank already"),
        (2, PASSED, "nothing to pass over"),
        (3, PASSED, "nothing to pass over"),
    ],
)
def test_what_cannot_be_chosen(world: World, draft: Draft, which: int, choice: str, sentence: str) -> None:
    packet, files = draft
    with pytest.raises(Refused, match=sentence):
        pick(packet, files[which], choice, "Why.", by=world.manager)
    assert not Pick.objects.exists()


def test_the_target_takes_no_more_than_it_holds(world: World, draft: Draft) -> None:
    packet, (_best, good, fair, _poor) = draft
    pick(packet, good, TAKEN, "First.", by=world.manager)
    with pytest.raises(Refused, match="The target is full"):
        pick(packet, fair, TAKEN, "Second.", by=world.manager)
    undo_pick(packet, good, by=world.manager)
    pick(packet, fair, TAKEN, "Second.", by=world.manager)
    assert [event.verb for event in events_about(packet)][-3:] == [
        "shortlist.pick",
        "shortlist.undo_pick",
        "shortlist.pick",
    ]


def test_a_choice_needs_its_reason_its_file_and_its_draft(world: World, draft: Draft) -> None:
    packet, (_best, good, fair, _poor) = draft
    with pytest.raises(Refused, match="Write the reason"):
        pick(packet, good, TAKEN, " ", by=world.manager)
    with pytest.raises(Refused, match="not in this shortlist"):
        pick(packet, world.file("scrutiny"), TAKEN, "Why.", by=world.manager)
    with pytest.raises(Refused, match="Nothing was chosen"):
        undo_pick(packet, fair, by=world.manager)
    pick(packet, good, TAKEN, "Why.", by=world.manager)
    with pytest.raises(Refused, match="undo it first"):
        pick(packet, good, PASSED, "Why.", by=world.manager)
    for stranger in (world.gm, world.officer, world.other_manager):
        with pytest.raises(Refused, match="Only a manager of DIC Ernakulam"):
            pick(packet, fair, PASSED, "Why.", by=stranger)
    actions.freeze(packet, by=world.manager)
    for verb in (
        lambda: pick(packet, fair, TAKEN, "Why.", by=world.manager),
        lambda: undo_pick(packet, good, by=world.manager),
    ):
        with pytest.raises(Refused, match="what was chosen stands"):
            verb()


def test_nobody_chooses_for_their_own_enterprise(world: World, draft: Draft) -> None:
    packet, (_best, good, _fair, _poor) = draft
    EnterpriseMember.objects.create(enterprise=good.enterprise, user=world.manager)
    with pytest.raises(Refused, match="You act for this enterprise"):
        pick(packet, good, TAKEN, "Mine.", by=world.manager)


def test_who_stepped_back_chooses_not_for_that_file(world: World, draft: Draft) -> None:
    packet, (_best, good, _fair, _poor) = draft
    Assessment.objects.create(
        application=good,
        evaluator=world.manager,
        rubric=Assessment.objects.filter(application=good).first().rubric,  # type: ignore[union-attr]
        number=9,
        assigned_by=world.gm,
        state="recused",
        recuse_reason="I know the owner.",
    )
    with pytest.raises(Refused, match="stepped back"):
        pick(packet, good, TAKEN, "Why.", by=world.manager)
    snapshot = ranking.snapshot_of(packet)
    assert good.reference not in choices_of(world.manager, packet, snapshot, {})
    assert choices_of(world.manager2, packet, snapshot, {})[good.reference] == [TAKEN, PASSED]


def test_a_changed_reason_is_found_at_the_check(world: World, draft: Draft) -> None:
    packet, (_best, good, *_rest) = draft
    pick(packet, good, TAKEN, "The district plan names it.", by=world.manager)
    actions.freeze(packet, by=world.manager)
    packet.rows.filter(application=good).update(reason="Another reason.")
    with pytest.raises(Refused, match="does not agree with its SHA-256"):
        actions.check(packet, by=world.officer)


# ---- The pages ------------------------------------------------------------------------------------------------
def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_pick_by_its_pages(world: World, draft: Draft, sign_in: Any) -> None:
    packet, (_best, good, fair, _poor) = draft
    client: Client = sign_in(world.manager)
    page = text_of(client.get(packet.get_absolute_url()))
    assert ("Reserve list" in page, "Below the pass mark 60" in page, "has-why" in page) == (True, True, False)
    address = f"{packet.get_absolute_url()}picks/{fair.reference}/"
    assert f"{address}?choice=recommended" in page
    assert f"{packet.get_absolute_url()}picks/{good.reference}/?choice=passed_over" in page
    assert "checked" in text_of(client.get(f"{address}?choice=recommended"))
    answer = client.post(address, {"recommendation": TAKEN, "reason": "<b>"})
    assert (answer.status_code, Pick.objects.count()) == (400, 0)
    answer = client.post(address, {"recommendation": PASSED, "reason": "Keep this text."})
    assert answer.status_code == 409
    assert "nothing to pass over" in text_of(answer)
    assert "Keep this text." in text_of(answer)
    answer = client.post(address, {"recommendation": TAKEN, "reason": "The only coir unit."}, follow=True)
    assert "<strong>Out of rank: taken before rank 1.</strong> The only coir unit." in text_of(answer)
    assert "Undo the choice" in text_of(client.get(address))
    client.post(address, {"undo": "1"})
    assert not Pick.objects.exists()
    assert client.post(address, {"undo": "1"}).status_code == 409


def test_a_choice_that_has_become_idle_says_so(world: World, draft: Draft, sign_in: Any) -> None:
    packet, (_best, good, *_rest) = draft
    pick(packet, good, TAKEN, "Next in line.", by=world.manager)
    RoundRules.objects.update(targets={"EKM": 3})
    page = text_of(sign_in(world.officer).get(packet.get_absolute_url()))
    assert "This choice changes nothing as the ranking stands now." in page
    assert "Take out of rank" not in page
    rows = ranking.snapshot_of(packet)["rows"]
    assert [(row["out_of_rank"], row["reason"]) for row in rows] == [(False, "")] * 4


def test_a_stale_page_of_a_choice_keeps_what_was_typed(world: World, client: Client) -> None:
    files = world.appraised(*BEST), world.appraised(*GOOD)
    RoundRules.objects.update(targets={"EKM": 1})
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    pick(packet, files[1], TAKEN, "It lies in the hills.", by=world.manager)
    told = {"recommendation": TAKEN, "reason": "It employs the most women."}
    answer = signed_in(client, world.manager2).post(f"{packet.get_absolute_url()}picks/{files[1].reference}/", told)
    assert answer.status_code == 409
    assert "It employs the most women." in answer.content.decode()
    assert Pick.objects.get().reason == "It lies in the hills."
