"""Why a file got what it got is said alike wherever it is said: as the approved shortlist froze it, not by its rank alone."""

from typing import Any

import pytest

from applications.models import Application
from evaluation import actions, agendapaper, letters
from evaluation.actions import agenda, decisions
from evaluation.actions.letters import write_letter
from evaluation.actions.picks import pick
from evaluation.models import Decision, RoundRules, Shortlist
from evaluation.states import DecisionReason, Outcome
from evaluation.tasks import context
from records import papers
from records.acts import system
from tests.evaluation.conftest import World
from tests.evaluation.sitting import Sitting, sit
from tests.evaluation.test_agenda import text_of
from tests.evaluation.test_picks import BEST, FAIR, GOOD, PASSED, POOR, TAKEN

WHY = "The only coir unit of the round."
OUT, DISPLACED = DecisionReason.OUT_OF_RANK, DecisionReason.DISPLACED
# What is chosen, and for each of four files in the order of ranks the outcome proposed, its code, and what is said of it.
TAKEN_WORDS = f"Out of rank: taken before rank 1. {WHY}"
PLACE_GONE = "Its place went to another application of the district, chosen beside the ranks."
CASES = [
    (
        {2: TAKEN},
        [
            (Outcome.RESERVE, DISPLACED, PLACE_GONE),
            (Outcome.NOT_SELECTED, DISPLACED, PLACE_GONE),
            (Outcome.SELECTED, OUT, TAKEN_WORDS),
            (Outcome.NOT_SELECTED, DecisionReason.BELOW, ""),
        ],
    ),
    (
        {0: PASSED},
        [
            (Outcome.NOT_SELECTED, DecisionReason.PASSED_OVER, f"Passed over. {WHY}"),
            (Outcome.SELECTED, DecisionReason.WITHIN_TARGET, ""),
            (Outcome.RESERVE, DecisionReason.ON_RESERVE, ""),
            (Outcome.NOT_SELECTED, DecisionReason.BELOW, ""),
        ],
    ),
]


def approved(sitting: Sitting, picks: dict[int, str]) -> list[Application]:
    """Four files of a shortlist that three people signed: target 1 and one in reserve."""
    world = sitting.world
    Shortlist.objects.all().delete()
    files = [world.appraised(*marks) for marks in (BEST, GOOD, FAIR, POOR)]
    RoundRules.objects.update(targets={"EKM": 1})
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    for place, choice in picks.items():
        pick(packet, files[place], choice, WHY, by=world.manager)
    packet = actions.freeze(packet, by=world.manager)
    actions.check(packet, by=world.officer)
    actions.approve(packet, by=world.gm)
    return [Application.objects.get(pk=file.pk) for file in files]


@pytest.mark.parametrize(("picks", "expected"), CASES, ids=["taken", "passed over"])
def test_said_alike_on_agenda_decision_letter_and_result(
    world: World, sign_in: Any, picks: dict[int, str], expected: list[tuple[Outcome, DecisionReason, str]]
) -> None:
    sitting = sit(world)
    files = approved(sitting, picks)
    meeting = sitting.in_session(*files)
    convenor, owner = sign_in(sitting.convenor), world.owner
    listed = text_of(convenor.get(f"/committee/{meeting.number}/"))
    on_paper = agendapaper.context(agenda.issue_paper(meeting, by=sitting.convenor).snapshot)
    printed = {row["reference"]: row["en"] for row in (*on_paper["main"], *on_paper["annexure"])}
    table = convenor.get(f"/committee/{meeting.number}/agenda.csv").getvalue().decode()
    for file, (outcome, code, said) in zip(files, expected, strict=True):
        address = f"/committee/{meeting.number}/{file.reference}/"
        for page in (text_of(convenor.get(address)), text_of(convenor.get(f"{address}decide/"))):
            assert f"<strong>{outcome.label}</strong>. {escaped(code.label)}. {escaped(said)}".strip() in page
        assert escaped(said) in listed
        row = printed[file.reference]
        why = on_paper_reason(on_paper, file)
        assert (row["proposed"], row["because"], f"{row['choice']} {why}".strip()) == (outcome.label, code.label, said)
        assert f"{outcome.label},{csv_cell(code.label)},{csv_cell(said)}" in table
        decided = decisions.decide_as_proposed(sitting.item(file), by=sitting.convenor)
        assert (decided.outcome, decided.code) == (outcome, code)
    sitting.release(meeting)
    for file, rank, (_outcome, code, said) in zip(files, (1, 2, 3, 4), expected, strict=True):
        paper = write_letter(Decision.objects.get(application=file), by=system("letters"), render=False)
        assert paper
        result = text_of(sign_in(owner).get(f"/applications/{file.reference}/result/"))
        for told in (" ".join(papers.html_of(paper).split()), result):
            assert escaped(f"{code.label}.") in told
            assert f"approved shortlist: rank {rank}, " in told
            for sentence in (said.removesuffix(WHY).strip(), WHY if said.endswith(WHY) else ""):
                assert escaped(sentence) in told


def test_a_letter_and_an_agenda_of_before_still_read_as_they_were_issued(world: World) -> None:
    sitting = sit(world)
    (file, *_rest) = approved(sitting, {})
    meeting = sitting.in_session(file)
    sheet = agenda.issue_paper(meeting, by=sitting.convenor)
    decision = decisions.decide_as_proposed(sitting.item(file), by=sitting.convenor)
    sitting.release(meeting)
    paper = write_letter(Decision.objects.get(pk=decision.pk), by=system("letters"), render=False)
    assert paper
    assert paper.template_version == "2"
    old = {name: value for name, value in paper.snapshot.items() if name != "placing"}
    paper.snapshot, paper.template_version = old, "1"
    said = " ".join(papers.html_of(paper).split())
    assert "At or above the pass mark and within the district" in said
    assert "approved shortlist: rank" not in said
    assert letters.context(old)["rank"] is None
    gone = {"before", "displaced", "decision"}
    rows = [{name: value for name, value in row.items() if name not in gone} for row in sheet.snapshot["rows"]]
    (row,) = agendapaper.context({**sheet.snapshot, "rows": rows})["main"]
    assert row["en"] == {"proposed": "Selected", "because": "", "choice": "", "decision": ""}


def on_paper_reason(on_paper: dict[str, Any], file: Application) -> str:
    rows = (*on_paper["main"], *on_paper["annexure"])
    return next(str(row["reason"]) for row in rows if row["reference"] == file.reference)


def escaped(words: str) -> str:
    return str(words).replace("'", "&#x27;")


def csv_cell(words: str) -> str:
    return f'"{words}"' if "," in words else str(words)


def test_a_shortlist_of_before_keeps_its_order_and_its_lines(world: World) -> None:
    sitting = sit(world)
    approved(sitting, {2: TAKEN})
    paper = Shortlist.objects.get().paper
    assert paper
    assert paper.template_version == "3"
    ranking = dict(paper.snapshot["ranking"])
    del ranking["grouped"]
    by_rank = sorted(ranking["rows"], key=lambda row: row["rank"])
    ranking["rows"] = [{name: value for name, value in row.items() if name != "displaced_by"} for row in by_rank]
    rows = context({**paper.snapshot, "ranking": ranking})["rows"]
    said = [(row["rank"], row["en"]["line"], row["en"]["choice"]) for row in rows]
    assert said == [
        (1, "Reserve list", ""),
        (2, "Beyond the target and the reserve list", ""),
        (3, "", "Out of rank: taken before rank 1."),
        (4, "Below the pass mark 60", ""),
    ]
