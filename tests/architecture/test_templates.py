"""Every template of ours: no inline code, nothing marked safe, used by someone, loading only what it needs."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import get_template

from tests.architecture.tree import ROOT, files, name, python_of_rooms

TEMPLATES = list(files(".html", ".txt", ".svg", under="templates"))
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]
# Looked up by a package under a name of its own: sign-in pages, form pack, error pages, the admin.
LOOKED_UP_ELSEWHERE = re.compile(
    r"^(account|mfa|allauth|admin|registration|mission|bootstrap5|django)/|^(400|403|403_csrf|404|429|500|robots)\."
)
TAG = re.compile(r"{%-?\s*(\w+)")
FILTER = re.compile(r"\|\s*(\w+)")


def inside(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


class InlineCode(HTMLParser):
    """Collects what the content security policy would refuse."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.found += [f"<{tag} {key}>" for key in names if key == "style" or re.fullmatch(r"on[a-z]+", key)]
        self.found += [
            f"<{tag} {key}>" for key, value in attrs if (value or "").strip().lower().startswith("javascript:")
        ]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"<{tag}>")


@pytest.mark.parametrize("path", PAGES, ids=inside)
def test_no_inline_script_style_or_handler(path):
    text = path.read_text()
    if inside(path).startswith("documents/"):
        text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)  # paper is rendered offline, under no policy
    parser = InlineCode()
    parser.feed(text)
    assert parser.found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=inside)
def test_nothing_is_marked_safe(path):
    text = path.read_text()
    assert not re.search(r"\|\s*safe(seq)?\b", text)
    assert path.suffix == ".txt" or not re.search(r"{%\s*autoescape\s+off", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=inside)
def test_it_compiles(path):
    get_template(inside(path))


def test_no_python_marks_text_safe():
    found = []
    for path in python_of_rooms():
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"\bmark_safe\(|\bSafeString\(|\|safe\b", line) and "noqa: S308 -- " not in line:
                found.append(f"{name(path)}:{number}")
    assert found == []


def test_every_template_is_used():
    sources = "\n".join(path.read_text() for path in [*python_of_rooms(), *TEMPLATES])
    unused = []
    for path in TEMPLATES:
        stem = re.escape(inside(path)[: -len(path.suffix)])
        base = re.escape(path.stem)
        # named in full, or without its suffix, or (papers and mails) by its last word in the folder that is known
        used = re.search(rf"""["'/]{stem}({re.escape(path.suffix)})?["']""", sources)
        if inside(path).startswith(("emails/", "documents/")):
            used = used or re.search(rf"""["']{base}["']""", sources)
        if not used and not LOOKED_UP_ELSEWHERE.match(inside(path)):
            unused.append(inside(path))
    assert unused == []


def offers(library: str) -> set[str]:
    loaded = engines["django"].engine.template_libraries[library]
    return {*loaded.tags, *loaded.filters}


@pytest.mark.parametrize("path", TEMPLATES, ids=inside)
def test_it_loads_only_what_it_uses(path):
    text = path.read_text()
    used = {*TAG.findall(text), *FILTER.findall(text)}
    loads = [words.split() for words in re.findall(r"{%\s*load\s+([^%]+?)\s*%}", text)]
    libraries = [library for words in loads if "from" not in words for library in words]
    assert [library for library in libraries if not offers(library) & used] == []
    named = [word for words in loads if "from" in words for word in words[: words.index("from")]]
    assert [word for word in named if word not in used] == []


def test_no_builtin_library_is_loaded_again(settings):
    builtins = {module.rpartition(".")[2] for module in settings.TEMPLATES[0]["OPTIONS"]["builtins"]}
    again = []
    for path in TEMPLATES:
        loaded = " ".join(re.findall(r"{%\s*load\s+([^%]+?)\s*%}", path.read_text())).split()
        again += [f"{inside(path)}: {library}" for library in builtins & set(loaded)]
    assert again == []


def test_every_static_file_named_is_there():
    missing = []
    for path in TEMPLATES:
        for asset in re.findall(r"""{%\s*static\s+["']([^"']+)["']""", path.read_text()):
            if finders.find(asset) is None:
                missing.append(f"{inside(path)}: {asset}")
    assert missing == []


def test_every_page_is_built_on_the_base():
    free = re.compile(
        r"^(components|includes|emails|documents|mission|bootstrap5|allauth|admin)/|/(_|parts/|elements/)|^base|^500\.html"
    )
    alone = [inside(path) for path in PAGES if not free.search(inside(path)) and "{% extends" not in path.read_text()]
    assert alone == []


def test_styles_and_scripts_reach_no_other_site():
    found = []
    for path in files(".css", ".js", under="static"):
        for address in re.findall(
            r"""(?:url\(\s*["']?|@import\s+["'])(https?:)?//[^)"']+""", path.read_text(errors="replace")
        ):
            found.append(f"{name(path)}: {address}")
    assert found == []


def test_paper_has_the_values_of_the_screen():
    """The renderer reads the print folder alone, so the values lie there once more: the same, to the letter."""
    assert (ROOT / "static/print/tokens.css").read_bytes() == (ROOT / "static/css/tokens.css").read_bytes()
