"""What of a page could make axe, or a window's width, find something else than on a page like it.

A skeleton keeps every element with its classes, the names of its attributes, what those of SPELLED and every `aria-` one
say with each number as 0, and which scripts are loaded; of a text, also of those a reader of screens hears (SEEN), whether
it is there, how long it is, and how long its longest word, in STEPS. It leaves out what differs from file to file and
changes neither: which digits and letters, where a link leads, what a field holds, and how many rows like each other a
list, table or drawing has (ALIKE): of those each kind is kept once.

So two pages with one skeleton have the same elements with the same roles in the same order, names and labels there or
missing at the same places, and the same columns.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "path", "rect", "circle", "line",
    "polyline", "polygon", "source", "track", "use", "wbr",
}  # fmt: skip
SPELLED = {
    "class", "type", "role", "lang", "scope", "for", "id", "name", "tabindex", "colspan", "rowspan", "rel", "http-equiv",
    "content", "inputmode", "autocomplete", "size", "cols", "rows", "data-density",
}  # fmt: skip
SEEN = {"alt", "title", "placeholder", "label", "data-label", "aria-label", "aria-valuetext"}  # texts
ALIKE = {"tr", "li", "option", "article", "details", "circle", "path", "rect", "dt", "dd"}  # of these many may follow
STEPS = (0, 16, 32, 80)  # letters


@dataclass
class Element:
    """One element with what is in it: others, and texts."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list["Element | str"] = field(default_factory=list)

    def all(self) -> Iterator["Element"]:
        """This one and every one in it, in the order of the page."""
        yield self
        for one in self.inside:
            if isinstance(one, Element):
                yield from one.all()

    def all_values(self, tag: str, attribute: str) -> list[str]:
        """What an attribute says on every element of a kind that has it."""
        return [one.attributes[attribute] for one in self.all() if one.tag == tag and attribute in one.attributes]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.path = [Element("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.path[-1].inside.append(element)
        if tag not in VOID:
            self.path.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.path[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in {element.tag for element in self.path[1:]}:
            while self.path.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.path[-1].inside.append(data)


def read(html: str) -> Element:
    """A page's elements."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.path[0]


def _step(letters: int) -> int:
    return next((step for step in STEPS if letters <= step), 1000)


def _size(text: str) -> str:
    """How long a text is, and its longest word."""
    words = text.split()
    return f"{_step(sum(map(len, words)))}/{_step(max(map(len, words), default=0))}"


def _attribute(tag: str, name: str, value: str) -> str:
    if name in SEEN:
        return f"{name}={_size(value)}"
    if name in SPELLED or name.startswith("aria-") or (tag, name) == ("script", "src"):
        return f"{name}={re.sub('[0-9]+', '0', value)}"
    return name


def skeleton(page: Element | str) -> str:
    """What is kept of a page."""
    if isinstance(page, str):
        return _size(page)
    attributes = " ".join(sorted(_attribute(page.tag, name, value) for name, value in page.attributes.items()))
    kept: list[str] = []
    for one in page.inside:
        said = skeleton(one)
        if not (isinstance(one, Element) and one.tag in ALIKE and said in kept):
            kept.append(said)
    return f"<{page.tag} {attributes}>{''.join(kept)}</{page.tag}>"


def pieces(page: Element) -> list[str]:
    """The skeletons of what a page is put together from: its head, its body's own attributes, and each part of the body."""
    outer = {}
    parts: list[Element | str] = []
    for one in page.all():
        if one.tag in {"html", "body"}:
            outer |= one.attributes
        if one.tag == "head":
            parts.append(one)
        if one.tag == "body":
            parts += one.inside
    return [skeleton(part) for part in [Element("body", outer), *parts]]


@dataclass
class Shown:
    """What the browser was shown in one language: each piece of a page with the page that had it first; who saw what how."""

    first: dict[str, str] = field(default_factory=dict)
    how: dict[str, dict[str, str]] = field(default_factory=dict)

    def is_new(self, who: str, path: str, page: Element) -> bool:
        """Whether the browser was not shown all of it; from now on it was."""
        found = pieces(page)
        new = [piece for piece in found if piece not in self.first]
        same = dict.fromkeys(self.first[piece] for piece in found if piece in self.first)
        self.first |= dict.fromkeys(new, f"{who} {path}")
        self.how.setdefault(who, {})[path] = "browser" if new else f"as {', '.join(same)}"
        return bool(new)
