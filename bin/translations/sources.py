"""The texts of the portal itself, from Python (its syntax tree) and from templates (as Django's makemessages reads them)."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from translations.po import Catalogue, Entry

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from django.utils.translation.template import templatize  # noqa: E402 -- the environment's Django, found after the path

ROOMS = ("mission1000", "progress", "support", "evaluation", "applications", "accounts", "districts", "records")

# name of the function: (place of the context, of the singular, of the plural)
SHAPES: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
SHAPES |= {f"{name}_lazy": shape for name, shape in SHAPES.items()} | {"gettext_noop": (None, 0, None)}
QUOTED = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALLED = re.compile(rf"\b(n?p?gettext|_)\(\s*({QUOTED}(?:\s*,\s*{QUOTED})*)")


def python_files() -> Iterator[Path]:
    """The rooms' Python, without migrations."""
    for room in ROOMS:
        yield from (path for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts)


def template_files() -> Iterator[Path]:
    yield from sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def shapes_of(tree: ast.Module) -> dict[str, tuple[int | None, int, int | None]]:
    """The translating functions under the names this module gives them."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {alias.asname or alias.name: SHAPES[alias.name] for alias in node.names if alias.name in SHAPES}
    return names


def entry_of(texts: list[str], shape: tuple[int | None, int, int | None]) -> Entry:
    context, singular, plural = shape
    return Entry(
        texts[singular], None if plural is None else texts[plural], None if context is None else texts[context]
    )


def in_python(text: str, name: str) -> Iterator[Entry]:
    """The messages of one module. Raises ValueError where a text is not written out, so that nobody could collect it."""
    tree = ast.parse(text, filename=name)
    names = shapes_of(tree)
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        word = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
        shape = names.get(word) or (SHAPES.get(word) if isinstance(called, ast.Attribute) else None)
        if not shape:
            continue
        last = max(place for place in shape if place is not None)
        texts = [part.value if isinstance(part, ast.Constant) else None for part in node.args[: last + 1]]
        if any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in node.args[: last + 1]):
            raise ValueError(f"{name}:{node.lineno}: a text to translate must be written out, without f or +")
        if len(texts) == last + 1 and all(isinstance(text, str) for text in texts):
            yield entry_of(texts, shape)


def in_template(text: str, name: str) -> Iterator[Entry]:
    """The messages of one template."""
    for match in CALLED.finditer(templatize(text, origin=name)):
        texts = [ast.literal_eval(part) for part in re.findall(QUOTED, match[2])]
        shape = SHAPES["gettext" if match[1] == "_" else match[1]]
        yield entry_of(texts[: max(place for place in shape if place is not None) + 1], shape)


def collected(entries: Iterable[Entry]) -> Catalogue:
    """The messages by their key; one that has a plural somewhere has it everywhere, as in a .po."""
    found: Catalogue = {}
    for entry in entries:
        if entry.msgid and (entry.key not in found or entry.plural is not None):
            found[entry.key] = entry
    return found


def own_messages() -> Catalogue:
    """Every message the portal's own Python and templates use. Raises ValueError as `in_python`, SyntaxError."""

    def each() -> Iterator[Entry]:
        for path in python_files():
            yield from in_python(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
        for path in template_files():
            yield from in_template(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())

    return collected(each())
