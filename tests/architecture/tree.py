"""The project's own files, as the architecture tests walk them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("mission1000", "progress", "support", "evaluation", "applications", "accounts", "districts", "records")
LEFT_OUT = {"var", "node_modules", "__pycache__", "htmlcov"}
KEPT_DOTS = {".ci", ".env.example", ".gitignore", ".dockerignore"}


def _ours(inside: Path) -> bool:
    hidden = {part for part in inside.parts if part.startswith(".")}
    return hidden <= KEPT_DOTS and not LEFT_OUT & set(inside.parts)


def files(*suffixes: str, under: str = ".") -> Iterator[Path]:
    """Every file of the project with one of the suffixes, or all of them."""
    for path in sorted((ROOT / under).rglob("*")):
        if path.is_file() and _ours(path.relative_to(ROOT)) and (not suffixes or path.suffix in suffixes):
            yield path


def name(path: Path) -> str:
    """The path as it is written in the project."""
    return path.relative_to(ROOT).as_posix()


def python_of_rooms() -> Iterator[Path]:
    """The Python files of the eight rooms, without migrations."""
    for room in ROOMS:
        yield from (path for path in files(".py", under=room) if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(), filename=str(path))
