"""Sizes a reader can hold in the head. Going over one needs a better cut, not a longer list here."""

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import files, name, python_of_rooms, tree

FUNCTION, VIEW, TEST = 40, 25, 35
FILE, TEST_FILE, TEMPLATE = 400, 600, 150
SETTINGS = "mission1000/settings.py"  # one settings file is the rule (docs/adr/0003)


def lengths(path: Path) -> list[tuple[str, int]]:
    """Name and number of lines (docstring and decorators not counted) of each function of a file."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            spoken = body[0].lineno - node.body[0].lineno
            found.append((node.name, (node.end_lineno or node.lineno) - node.lineno + 1 - spoken))
    return found


def too_long(paths: list[Path], most: int) -> list[str]:
    return [f"{name(path)} {what}: {size} lines" for path in paths for what, size in lengths(path) if size > most]


def is_view(path: Path) -> bool:
    return path.name == "views.py" or "views" in path.parts


def test_functions_of_the_rooms_are_short():
    assert too_long([path for path in python_of_rooms() if not is_view(path)], FUNCTION) == []


def test_views_are_short():
    assert too_long([path for path in python_of_rooms() if is_view(path)], VIEW) == []


def test_tests_are_short():
    assert too_long(list(files(".py", under="tests")), TEST) == []


@pytest.mark.parametrize(
    ("paths", "most"),
    [
        (python_of_rooms, FILE),
        (lambda: files(".py", under="tests"), TEST_FILE),
        (lambda: files(".html", under="templates"), TEMPLATE),
    ],
    ids=["rooms", "tests", "templates"],
)
def test_files_are_short(paths, most):
    sizes = {name(path): len(path.read_text().splitlines()) for path in paths()}
    assert {path: size for path, size in sizes.items() if size > most and path != SETTINGS} == {}


def test_imports_inside_functions_give_their_reason():
    silent = []
    for path in [*python_of_rooms(), *files(".py", under="tests")]:
        lines = path.read_text().splitlines()
        for function in ast.walk(tree(path)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    if (
                        isinstance(node, ast.Import | ast.ImportFrom)
                        and "noqa: PLC0415 -- " not in lines[node.lineno - 1]
                    ):
                        silent.append(f"{name(path)}:{node.lineno}")
    assert silent == []


def test_every_silenced_rule_has_a_reason():
    silent = []
    for path in [*python_of_rooms(), *files(".py", under="tests")]:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if "# noqa" in line and " -- " not in line.partition("# noqa")[2] and path != Path(__file__):
                silent.append(f"{name(path)}:{number}")
    assert silent == []


def test_the_walk_sees_the_rooms_and_not_the_machine():
    assert {"records/__init__.py", "mission1000/settings.py"} <= {name(path) for path in python_of_rooms()}
    assert not any(name(path).startswith((".venv/", ".git/", "var/")) for path in files())
