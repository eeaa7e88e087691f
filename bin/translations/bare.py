"""Texts people read that nobody could translate: in templates outside translate tags, in Python without gettext."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, TokenType

from translations import rules
from translations.sources import ROOT, python_files, template_files

# Papers are in both languages at once; these folders and files hold no sentence of the portal's.
LEFT_OUT = ("templates/documents/",)
READ_ATTRIBUTES = {"title", "alt", "placeholder", "aria-label", "data-message", "data-words"}
SILENT = {"script", "style", "code", "svg"}
NO_SENTENCE = {("block", "density")}
WORD = re.compile(r"[A-Za-z][a-z]+")
BRANDS = re.compile(r"\b(Mission 1000|English|Udyam|UDYAM|PDF|XLSX|CSV|QR|SHA|IST|utf|HTML)\b")
ADDRESS = re.compile(r"\S*/\S*|\S+@\S+|&\w+;")
MALAYALAM_RUN = re.compile(r"[\u0d00-\u0d7f\u200c\u200d][\u0d00-\u0d7f\u200c\u200d .,:;!-]*")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

RAISED = {"Refused", "ValidationError"}
FLASHED = {"success", "error", "warning", "info", "debug"}
LABELS = {"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label", "label_suffix"}


class Reader(HTMLParser):
    """Collects the words outside tags, outside elements that say their language, and in attributes that are read out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        silent = tag in SILENT or bool((given.get("lang") or "").strip()) or self.silent
        if not silent:
            self.found += [value for key, value in attrs if key in READ_ATTRIBUTES and value]
        if tag not in VOID:
            self.open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            name, _ = self.open.pop()
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)

    @property
    def silent(self) -> bool:
        return bool(self.open) and self.open[-1][1]


def untagged(text: str) -> str:
    """A template with a space for each tag, and for what a blocktranslate or a block that names a class holds."""
    parts, inside = [], ""
    for token in Lexer(text).tokenize():
        words = token.contents.split() if token.token_type == TokenType.BLOCK else [""]
        word = words[0]
        if inside:
            inside = "" if word == f"end{inside}" else inside
            continue
        if word in {"blocktranslate", "blocktrans", "comment", "verbatim"} or tuple(words) in NO_SENTENCE:
            inside = word
        parts.append(token.contents if token.token_type == TokenType.TEXT else " ")
    return "".join(parts)


def in_template(text: str, name: str) -> Iterator[str]:
    reader = Reader()
    if name.endswith(".txt"):
        reader.found.append(untagged(text))
    else:
        reader.feed(untagged(text))
        reader.close()
    for words in reader.found:
        rest = BRANDS.sub("", ADDRESS.sub(" ", words))
        if WORD.search(rest):
            yield f"{name}: outside a translate tag: {' '.join(rest.split())[:80]!r}"


def bare(node: ast.expr | None) -> bool:
    """Whether this is a sentence written out without gettext (an f-string counts by its written parts, a sample number not)."""
    if isinstance(node, ast.JoinedStr):
        return any(bare(part) for part in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(WORD.search(node.value))


def called(node: ast.Call) -> tuple[str, str]:
    """("messages", "success") for messages.success(…), ("", "Refused") for Refused(…)."""
    if isinstance(node.func, ast.Attribute):
        owner = node.func.value
        return (owner.id if isinstance(owner, ast.Name) else "", node.func.attr)
    return ("", node.func.id if isinstance(node.func, ast.Name) else "")


def in_call(node: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call that people read."""
    owner, word = called(node)
    if word in RAISED and node.args:
        first = node.args[0]
        yield from first.elts if isinstance(first, ast.List) else [first]
    elif ((owner == "messages" and word in FLASHED) or word == "add_error") and len(node.args) > 1:
        yield node.args[1]
    yield from (keyword.value for keyword in node.keywords if keyword.arg in LABELS)


def in_choices(node: ast.ClassDef) -> Iterator[ast.expr]:
    """The labels of a TextChoices or IntegerChoices."""
    if any(getattr(base, "attr", getattr(base, "id", "")).endswith("Choices") for base in node.bases):
        for statement in node.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Tuple):
                yield from statement.value.elts[1:]


def in_python(text: str, name: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        read = (
            in_call(node) if isinstance(node, ast.Call) else in_choices(node) if isinstance(node, ast.ClassDef) else ()
        )
        for part in read:
            if bare(part):
                yield f"{name}:{part.lineno}: not in gettext: {ast.unparse(part)[:80]}"


def malayalam_in(text: str, name: str) -> Iterator[str]:
    """What is wrong with the Malayalam that stands in a source itself: reference data, papers in both languages."""
    for number, line in enumerate(text.splitlines(), 1):
        for run in MALAYALAM_RUN.findall(line):
            yield from (f"{name}:{number}: {problem}" for problem in rules.letters(run))


def bare_texts() -> Iterator[str]:
    """Every such text of the portal, and faulty Malayalam outside the catalogues. What commands print is left out."""
    for path in [*template_files(), *python_files()]:
        name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        yield from malayalam_in(text, name)
        if path.suffix == ".py" and "management" not in path.parts:
            yield from in_python(text, name)
        elif path.suffix != ".py" and not name.startswith(LEFT_OUT):
            yield from in_template(text, name)
