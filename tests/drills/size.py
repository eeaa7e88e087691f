"""How large a drill is, and where its figures go."""

import os
import re
from pathlib import Path

FULL = os.environ.get("DRILL") == "full"
BENCHMARKS = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def size(small: int, full: int) -> int:
    """`small` inside `make test`, `full` (the size of the promise) inside `make drill`."""
    return full if FULL else small


def write_figures(part: str, lines: list[str]) -> None:
    """Put the figures of a full drill between its marks in docs/benchmarks.md; a small one writes nothing."""
    if FULL:
        put_figures(part, lines)


def put_figures(part: str, lines: list[str]) -> None:
    """Put figures between their marks in docs/benchmarks.md.

    The page holds `<!-- part -->` and `<!-- /part -->` on lines of their own. Raises ValueError where it does not.
    """
    text = BENCHMARKS.read_text()
    marks = re.compile(rf"(<!-- {part} -->\n).*?(<!-- /{part} -->)", re.DOTALL)
    if not marks.search(text):
        raise ValueError(f"docs/benchmarks.md has no place for {part}")
    BENCHMARKS.write_text(marks.sub(lambda found: found[1] + "\n".join(lines) + "\n" + found[2], text))
