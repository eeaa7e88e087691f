"""The table of the trail: a row for every verb that is recorded, and in the applicant's words nothing of the office's."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from applications import steps as applicants
from evaluation import steps, trail
from evaluation.trail.committee import RELEASES
from evaluation.trail.facts import FACTS, OF_THE_LINE
from evaluation.trail.verbs import Kind, Verb, say
from tests.architecture.tree import name, python_of_rooms, tree

VERB = re.compile(r"[a-z]+\.[a-z_]+")
INSIDE = re.compile(
    r"evaluat|mark|score|shortlist|rank|recommend|moderat|totals|verified|note\b|held|propos", re.IGNORECASE
)


def words(node: ast.AST) -> set[str]:
    """The verbs written out anywhere in a piece of code."""
    found = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return {word for word in found if VERB.fullmatch(word)}


def recorded(module: ast.Module) -> Iterator[str]:
    """The verbs a file records: written in the call, named in the file, or handed on from what the file writes out."""
    for node in ast.walk(module):
        call = node.func if isinstance(node, ast.Call) else None
        if not isinstance(call, ast.Attribute) or call.attr not in {"record", "record_read"}:
            continue
        if getattr(call.value, "id", "") != "audit":
            continue
        first = node.args[0]  # type: ignore[attr-defined]
        if isinstance(first, ast.JoinedStr):
            assert ast.unparse(first) == "f'application.{step.move}'"
            yield from (f"application.{move}" for move in {**applicants.STEPS, **steps.STEPS})
        elif isinstance(first, ast.Name):
            yield from set().union(*map(words, _where_named(module, first.id)))
        else:
            yield from words(first)


def _where_named(module: ast.Module, named: str) -> list[ast.AST]:
    """Where a file gives a name to its verbs; the tables it has, where it is handed them."""
    nodes = list(ast.walk(module))
    given = [one for one in nodes if isinstance(one, ast.Assign) and named in ast.unparse(one.targets[0])]
    return [*given] or [one for one in nodes if isinstance(one, ast.Tuple)]


def every_verb() -> dict[str, str]:
    """Each verb recorded in the rooms, and where."""
    files: list[Path] = [path for path in python_of_rooms() if name(path) != "records/audit.py"]
    return {verb: name(path) for path in files for verb in recorded(tree(path))}


def test_every_verb_has_its_row_or_stands_in_no_trail_of_a_file() -> None:
    found = every_verb()
    assert {"application.submit", "application.call", "document.reject", "person.sign_in", "file.open"} <= set(found)
    without = {verb: where for verb, where in found.items() if verb.partition(".")[0] not in trail.ELSEWHERE}
    assert {verb: where for verb, where in without.items() if verb not in trail.VERBS} == {}, (
        "One row in evaluation/trail for each verb on a file; the first word of any other in ELSEWHERE"
    )


def test_no_verb_has_two_rows_and_no_row_is_of_elsewhere() -> None:
    from evaluation.trail import casework, committee, judging, moves  # noqa: PLC0415 -- only counted here

    rows = [*moves.MOVES, *casework.CASEWORK, *judging.JUDGING, *committee.COMMITTEE]
    assert len(rows) == len(trail.VERBS)
    assert {verb.partition(".")[0] for verb in trail.VERBS} & trail.ELSEWHERE == set()
    assert set(RELEASES) <= set(trail.VERBS)


@pytest.mark.parametrize("row", trail.VERBS.values(), ids=str)
def test_a_row_says_something_whatever_its_line_carries(row: Verb) -> None:
    assert row.kind in Kind
    assert row.facts == "" or row.facts in FACTS
    for sentences in (row.office, row.applicant):
        if sentences:
            assert say(sentences, {}) == str(sentences[-1])
            assert "%" not in str(sentences[-1])
        if not row.facts:
            asked = {key for one in sentences for key in re.findall(r"%\((\w+)\)s", str(one))}
            assert asked <= set(OF_THE_LINE)


def test_the_enterprise_reads_nothing_of_the_inside() -> None:
    with translation.override("en"):
        told = {row.name: [str(one) for one in row.applicant] for row in trail.VERBS.values() if row.applicant}
    assert [one for sentences in told.values() for one in sentences if INSIDE.search(one)] == []
    hidden = {row.name for row in trail.VERBS.values() if row.evaluation or row.marks or row.committee}
    assert hidden & set(told) == set()
    assert told["application.shortlist"] == told["application.leave_out"]
    assert set(told) & {"file.open", "application.figure", "application.give", "application.appraise"} == set()
