"""The workflow as a page: made from the step tables and, for assessments and shortlists, from their rules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from accounts.roles import ROLE_PERMISSIONS, Permission, Role
from applications.states import State
from applications.steps import BACK, Reach, Step, always
from applications.steps import STEPS as APPLICANT_STEPS
from evaluation import rules
from evaluation.rules import packets, settling
from evaluation.states import AssessmentState, ShortlistState
from evaluation.steps import STEPS as JUDGING_STEPS

HEAD = """# The workflow

Made by `manage.py workflow` from the step tables (`applications/steps.py`, `evaluation/steps.py`) and the rules of
`evaluation/rules/`. Change those, then run the command; `make check` fails while this page says something else.
"""
ASKED_IN = tuple(sorted(map(str, APPLICANT_STEPS["ask"].sources)))  # where an answer leads back to
MANY = 6  # a move from so many states is named below the drawing


@dataclass(frozen=True)
class Act:
    """One move of an assessment or a shortlist. `rule` decides it; its docstring says who and when."""

    move: str
    sources: tuple[str, ...]
    target: str
    permission: Permission
    rule: Callable[..., Any]
    note: bool = False


A, S = AssessmentState, ShortlistState
RETURNED_FROM = (S.FROZEN, S.CHECKED, S.APPROVED)
OPEN = (A.ACCEPTED.value, A.DRAFT.value, A.UNLOCKED.value)
ASSESSMENT = (
    Act("assign", (), A.ASSIGNED, Permission.ASSIGN, rules.may_assign),
    Act("accept", (A.ASSIGNED,), A.ACCEPTED, Permission.EVALUATE, rules.may_accept),
    Act("step back", (A.ASSIGNED, *OPEN), A.RECUSED, Permission.EVALUATE, rules.may_step_back, note=True),
    Act("save", OPEN, A.DRAFT, Permission.EVALUATE, rules.may_mark),
    Act("lock", OPEN, A.LOCKED, Permission.EVALUATE, rules.may_mark),
    Act("unlock", (A.LOCKED,), A.UNLOCKED, Permission.UNLOCK, settling.may_unlock, note=True),
    Act("replace", (A.ASSIGNED, *OPEN, A.LOCKED), A.SUPERSEDED, Permission.ASSIGN, settling.may_supersede, note=True),
    Act("moderate", (A.LOCKED,), A.LOCKED, Permission.UNLOCK, settling.may_moderate, note=True),
)
SHORTLIST = (
    Act("make", (), S.DRAFT, Permission.FREEZE, rules.may_make_packet),
    Act("choose", (S.DRAFT,), S.DRAFT, Permission.FREEZE, packets.may_pick, note=True),
    Act("undo a choice", (S.DRAFT,), S.DRAFT, Permission.FREEZE, packets.may_undo),
    Act("freeze", (S.DRAFT,), S.FROZEN, Permission.FREEZE, rules.may_freeze),
    Act("check", (S.FROZEN,), S.CHECKED, Permission.CHECK, rules.may_check),
    Act("approve", (S.CHECKED,), S.APPROVED, Permission.APPROVE, rules.may_approve),
    Act("replace", (S.FROZEN, S.CHECKED), S.SUPERSEDED, Permission.FREEZE, packets.may_replace, note=True),
    *(
        Act("return a file", (state,), state, Permission.RETURN, packets.may_return, note=True)
        for state in RETURNED_FROM
    ),
)


def document() -> str:
    """The whole page, in English whatever language is active."""
    with translation.override("en"):
        return "\n".join((HEAD, *_application(), *_lifecycle("Assessment", A, ASSESSMENT), *_shortlist()))


def holders(permission: Permission) -> str:
    """The roles that hold a permission, in words; the portal itself for moves of jobs."""
    found = [str(Role(role).label) for role, held in ROLE_PERMISSIONS.items() if permission in held]
    return "; ".join(found) or "the portal (a job)"


def condition(function: Callable[..., Any]) -> str:
    """What a guard or rule asks, from its docstring: the text after its first colon."""
    if function is always:
        return "–"
    line = (function.__doc__ or "").strip().partition("\n")[0]
    _name, _colon, words = line.partition(": ")
    if not words:
        raise ValueError(f"{function.__name__} needs a docstring “Guard of …: what it asks”")
    return words.rstrip(".")


def _application() -> list[str]:
    steps = [*APPLICANT_STEPS.values(), *JUDGING_STEPS.values()]
    rows = [
        f"| {step.move} | {_states(step.sources)} | {_target(step)} | {holders(step.permission)} | {step.reach} "
        f"| {'required' if step.note_required else '–'} | {condition(step.guard)} | {step.room} |"
        for step in steps
    ]
    return [
        "## Application\n",
        "| move | from | to | who may | reach | reason | guard | room |",
        "|---|---|---|---|---|---|---|---|",
        *rows,
        "",
        *_drawing([("[*]", State.DRAFT, "begin"), *(edge for step in steps for edge in _edges(step))]),
        *(f"Not drawn: `{step.move}`, from {len(step.sources)} states.\n" for step in steps if not _edges(step)),
        *_labels(State, {state for step in steps for state in (*step.sources, step.target) if state != BACK}),
    ]


def _edges(step: Step) -> list[tuple[str, str, str]]:
    if len(step.sources) >= MANY:
        return []  # drawn, it would cross every other line; the table has it
    targets = ASKED_IN if step.target == BACK else (step.target,)
    return [(source, target, step.move) for source in _ordered(step.sources) for target in targets]


def _target(step: Step) -> str:
    return f"back to {', '.join(ASKED_IN)}" if step.target == BACK else step.target


def _ordered(states: Any) -> list[str]:
    order = [state.value for state in State]
    return sorted((str(state) for state in states), key=order.index)


def _states(states: Any) -> str:
    return ", ".join(_ordered(states))


def _lifecycle(title: str, states: Any, acts: tuple[Act, ...]) -> list[str]:
    rows = [
        f"| {act.move} | {', '.join(act.sources) or '–'} | {act.target} | {holders(act.permission)} | {Reach.OWN_OFFICE} "
        f"| {'required' if act.note else '–'} | {condition(act.rule)} |"
        for act in acts
    ]
    edges = [(source, act.target, act.move) for act in acts for source in act.sources or ("[*]",)]
    return [
        f"## {title}\n",
        "| move | from | to | who may | reach | reason | who and when |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        *_drawing(edges),
        *_labels(states, {state for source, target, _move in edges for state in (source, target)}),
    ]


def _shortlist() -> list[str]:
    return _lifecycle("District shortlist", S, SHORTLIST)


def _drawing(edges: list[tuple[str, str, str]]) -> list[str]:
    lines = [f"    {source} --> {target}: {move}" for source, target, move in edges]
    return ["```mermaid", "stateDiagram-v2", *lines, "```", ""]


def _labels(states: Any, used: set[str]) -> list[str]:
    """The words of the states that occur; of an application both vocabularies."""
    both = states is State
    head = (
        ["| state | office label | applicant label |", "|---|---|---|"] if both else ["| state | label |", "|---|---|"]
    )
    rows = [
        f"| {state.value} | {state.label} |" + (f" {state.applicant_label} |" if both else "")
        for state in states
        if state.value in used
    ]
    return [*head, *rows, ""]
