"""What each act of the plan does with a file, and how it shows that it was done."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from applications import actions as applications
from applications import demo_answers as answers
from applications.models import Application
from evaluation import demo as judging
from evaluation import demo_desk as desk
from evaluation.models import NoteKind

REASON = "The expansion is put off by a year."
PHOTOGRAPHS = (0, 1, 1, 2)  # of a visit; each is drawn small by the worker


def _always(_file: Application) -> bool:
    return False


@dataclass(frozen=True)
class Act:
    """`moves` are those it writes into the file's way; one that writes none says with `done` whether it was made already."""

    do: Callable[[Application, Random], Any]
    moves: tuple[str, ...] = ()
    done: Callable[[Application], bool] = _always


def _officer(verb: Callable[..., Any]) -> Callable[[Application, Random], Any]:
    return lambda file, _rng: verb(file, by=file.officer)


def _owner(verb: Callable[..., Any]) -> Callable[[Application, Random], Any]:
    return lambda file, _rng: verb(file, by=file.filed_by)


def _ask(file: Application, rng: Random) -> Any:
    return answers.ask(file, answers.any_topic(rng), by=file.officer)


def _ask_shortly(file: Application, rng: Random) -> Any:
    return answers.ask(file, answers.any_topic(rng), by=file.officer, days=answers.SHORTLY)


def _ask_figure(file: Application, rng: Random) -> Any:
    return answers.ask(file, answers.FIGURE, by=file.officer)


def _visit(file: Application, rng: Random) -> None:
    desk.visit(file, rng, photographs=rng.choice(PHOTOGRAPHS))


def _has_note(kind: NoteKind) -> Callable[[Application], bool]:
    return lambda file: file.office_notes.filter(kind=kind).exists()


def _is_named(file: Application) -> bool:
    return file.assessments.exists()


def _is(*states: str) -> Callable[[Application], bool]:
    """Whether one of the evaluations came so far."""
    return lambda file: file.assessments.filter(state__in=states).exists()


ACTS: dict[str, Act] = {
    # The enterprise. `begin` and `submit` are made where there is no file yet.
    "withdraw": Act(lambda file, _rng: applications.withdraw(file, by=file.filed_by, note=REASON), ("withdraw",)),
    "answer": Act(_owner(answers.answer), ("answer",)),
    "send_again": Act(_owner(answers.send_again), done=lambda file: file.slots.filter(versions__number__gt=1).exists()),
    # The desk
    "take_up": Act(desk.take_up, ("take_up",)),
    "give": Act(desk.give, done=lambda file: bool(file.officer) and file.officer != desk.first_officer(file)),
    "transfer": Act(desk.transfer, ("transfer",)),
    "note": Act(desk.note, done=_has_note(NoteKind.NOTE)),
    "call": Act(desk.call, done=_has_note(NoteKind.CALL)),
    "reject": Act(desk.reject_a_document, done=lambda file: file.slots.exclude(versions__state="received").exists()),
    "verify_some": Act(desk.verify_some, done=lambda file: file.verified_figures.exists()),
    "end_scrutiny": Act(desk.end_scrutiny, ("pass_scrutiny",)),
    "visit_and_end_scrutiny": Act(desk.visit_and_end_scrutiny, ("pass_scrutiny",)),
    "visit": Act(_visit, done=lambda file: file.visits.exists()),
    "ask": Act(_ask, ("ask",)),
    "ask_shortly": Act(_ask_shortly, ("ask",)),
    "ask_figure": Act(_ask_figure, ("ask",)),
    "remind": Act(lambda file, _rng: answers.remind(file)),
    "read_answer": Act(_officer(answers.read)),
    "close_unanswered": Act(_officer(answers.close), ("close_unanswered",)),
    "propose": Act(desk.propose, done=lambda file: file.ineligibilities.exists()),
    "settle": Act(desk.settle, done=lambda file: not file.contested or file.settlements.exists()),
    "confirm": Act(desk.confirm, ("find_ineligible",)),
    "send_back": Act(desk.send_back, done=lambda file: not file.ineligibilities.filter(answered_at=None).exists()),
    "reinstate": Act(desk.reinstate, ("reinstate",)),
    # The appraisal
    "name": Act(judging.name_evaluators, done=_is_named),
    "begin_marks": Act(judging.begin_marks, done=_is("accepted", "draft", "locked")),
    "score_first": Act(judging.score_first, done=_is_named),
    "score_apart": Act(judging.score_apart, done=_is_named),
    "replace": Act(judging.step_back_and_replace, done=_is("recused")),
    "moderate": Act(judging.moderate, ("appraise",)),
    "unlock": Act(judging.unlock, ("return",)),
    "lock_again": Act(judging.lock_again, ("appraise",)),
    "score": Act(judging.score, ("appraise",)),
    "score_high": Act(lambda file, rng: judging.score(file, rng, lean=1), ("appraise",)),
    "score_best": Act(lambda file, rng: judging.score(file, rng, lean=2), ("appraise",)),
    "score_low": Act(lambda file, rng: judging.score(file, rng, lean=-1), ("appraise",)),
}


def moves_of(acts: list[str]) -> list[str]:
    """The moves a file has made when these acts are done."""
    found: list[str] = []
    for act in acts:
        found += ["submit"] if act == "submit" else [] if act == "begin" else ACTS[act].moves
    return found
