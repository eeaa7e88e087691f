"""The child that prints, asked directly: what it may read, how Malayalam comes back, and how it ends."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from records import pdf_child
from tests.architecture.tree import ROOT

PRINT = ROOT / "static" / "print"


class Answer:
    """What the fetcher answers with, and what it is made of."""

    def __init__(self, url: str, content: bytes, headers: dict[str, str]) -> None:
        self.content, self.kind = content, headers["Content-Type"]


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "print"
    (inside / "fonts").mkdir(parents=True)
    (inside / "print.css").write_bytes(b"p { color: black }")
    (inside / "fonts" / "a b.woff2").write_bytes(b"wOF2")
    (tmp_path / "secret.css").write_bytes(b"secret")
    (tmp_path / "printed").mkdir()
    (tmp_path / "printed" / "beside.css").write_bytes(b"beside")
    return inside


@pytest.mark.parametrize(
    ("address", "content", "kind"),
    [
        ("print.css", b"p { color: black }", "text/css"),
        ("fonts/../print.css", b"p { color: black }", "text/css"),
        ("fonts/a%20b.woff2", b"wOF2", "font/woff2"),
    ],
)
def test_it_reads_what_lies_in_the_print_folder(folder, address, content, kind):
    found = pdf_child.fetcher(folder, object, Answer).fetch(pdf_child.HOME + address)
    assert (found.content, found.kind) == (content, kind)


@pytest.mark.parametrize(
    "address",
    [
        pdf_child.HOME + "../secret.css",
        pdf_child.HOME + "%2e%2e/secret.css",
        pdf_child.HOME + "../printed/beside.css",
        pdf_child.HOME,
        "http://print.invalid/print.css",
        "https://print.invalid.example/print.css",
        "https://print.invalid:443/print.css",
        "file:///print.css",
        "data:text/css,p{}",
    ],
)
def test_it_reads_nothing_else(folder, address):
    with pytest.raises(pdf_child.OutOfBounds) as refused:
        pdf_child.fetcher(folder, object, Answer).fetch(address)
    assert str(refused.value) == address


def drawn(text: str | None) -> list[bytes]:
    """What goes into the page's stream for a box with this text."""
    stream = SimpleNamespace(stream=[])
    draw = SimpleNamespace(draw_text=lambda out, _box, *_rest, **_more: out.stream.append(b"glyphs"))
    pdf_child.keep_text(draw)
    draw.draw_text(stream, SimpleNamespace(text=text), 1, offset=2)
    return stream.stream


def test_a_box_with_malayalam_carries_its_own_text():
    begin, glyphs, end = drawn("ശ്രീ 1")
    written = bytes.fromhex(begin.decode().removeprefix("/Span <</ActualText <").removesuffix(">>> BDC"))
    assert (written.decode("utf-16"), glyphs, end) == ("ശ്രീ 1", b"glyphs", b"EMC")


@pytest.mark.parametrize("text", ["Plain words, ₹ 5", "", None])
def test_other_boxes_are_drawn_as_they_are(text):
    assert drawn(text) == [b"glyphs"]


def printed(tmp_path, body: str, **env: str) -> tuple[int, str, bool]:
    """How the child ended, the last thing it said, and whether a PDF is there."""
    source, target = tmp_path / "in.html", tmp_path / "out.pdf"
    source.write_text(f'<!doctype html><html lang="en"><title>A paper</title><body>{body}</body></html>')
    words = [sys.executable, "-m", "records.pdf_child", source, target, PRINT]
    done = subprocess.run(words, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True)
    said = done.stderr.strip().splitlines()
    return done.returncode, said[-1] if said else "", target.exists() and target.read_bytes()[:5] == b"%PDF-"


@pytest.mark.prints
def test_a_paper_is_printed(tmp_path):
    assert printed(tmp_path, "<p>ശ്രീ</p>") == (0, "", True)


@pytest.mark.prints
def test_a_file_that_is_not_there_ends_it_with_the_name(tmp_path):
    ended = printed(tmp_path, '<link rel="stylesheet" href="no-such.css"><p>x</p>')
    assert ended == (pdf_child.NO_FILE, "no-such.css", False)


def test_without_the_libraries_it_says_so(tmp_path):
    shim = tmp_path / "shim" / "weasyprint"
    shim.mkdir(parents=True)
    (shim / "__init__.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")\n")
    assert printed(tmp_path, "<p>x</p>", PYTHONPATH=str(shim.parent)) == (pdf_child.NO_LIBRARIES, "", False)
