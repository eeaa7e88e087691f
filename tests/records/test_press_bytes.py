"""A paper is the same to the byte whoever printed it: an interpreter of its own, by the long way, or a fork of the press."""

import hashlib
import os
import re
import subprocess
import sys

import pytest

from mission1000.benchmark import paperwork
from records import pdf, pdf_quick
from tests.architecture.tree import ROOT
from tests.records.test_pdf import HARD, page

pytestmark = pytest.mark.prints
FOLDER = ROOT / "static" / "print"


def alone(html: str, folder) -> bytes:
    """By an interpreter of its own, with nothing shortened."""
    source, target, config = folder / "in.html", folder / "out.pdf", folder / "fonts.conf"
    source.write_text(html)
    config.write_text(f"<fontconfig><dir>{FOLDER / 'fonts'}</dir><cachedir>{folder}</cachedir></fontconfig>")
    words = [sys.executable, "-m", "records.pdf_child", source, target, FOLDER]
    subprocess.run(words, cwd=ROOT, env={**os.environ, "FONTCONFIG_FILE": str(config), "LC_ALL": "C.UTF-8"}, check=True)
    return target.read_bytes()


def of_all_sorts() -> str:
    """What the papers of the portal do not have, and a paper may: styles of its own, floats, lists, broken words, notes."""
    long = " ".join(HARD * 4)
    style = (
        "<style>.f { float: left; width: 30mm; height: 20mm; border: 1mm dotted red } .j { text-align: justify }"
        ".r { direction: rtl } li::marker { color: blue } .q::first-letter { font-size: 20pt } .l { letter-spacing: 1mm }"
        ".c { text-align: center; text-decoration: underline } .o { border-radius: 3mm; border: 1mm solid } b { color: green }"
        "</style>"
    )
    body = (
        f'<div class="f">beside</div><p class="j" lang="ml">{long}</p><p class="j">{"many words " * 60}</p>'
        f'<p class="r">{"from the right " * 20}</p><ol><li>one<ul><li lang="ml">{HARD[0]}</li></ul></li></ol>'
        f'<p class="q">{"First letter " * 20}</p><p class="l">wide <b>and bold</b></p><p class="c" id="x" lang="ml">{HARD[1]}</p>'
        f'<p class="o" style="padding: 2mm">{HARD[2]}</p><p lang="ml" style="color: red">a</p><p lang="ml">a</p>'
        '<p><a href="#x" lang="ml">there</a> <a href="https://portal.example/">outside</a> </p>'
        f"<table><tr><td rowspan=2>{HARD[3]}<td>1<tr><td> 2 </table><p>{'unbroken' * 40}</p>"
    )
    return page(body, style)


PAPERS = {
    "a letter": lambda: paperwork.html(paperwork.letter()),
    "a letter in Malayalam": lambda: paperwork.html(paperwork.letter("ml")),
    "a receipt": lambda: paperwork.html(paperwork.receipt("ml")),
    "a shortlist over several pages": lambda: paperwork.html(paperwork.shortlist(24)),
    "every hard word": lambda: page("".join(f'<p lang="ml">{word}</p>' for word in HARD), language="ml"),
    "all sorts": of_all_sorts,
}


@pytest.mark.parametrize("name", PAPERS)
def test_the_press_and_an_interpreter_of_its_own_print_the_same_bytes(name, tmp_path):
    html = PAPERS[name]()
    first = pdf.render(html)
    for number in range(3):
        pdf.render(page(f"<p>Another paper, {number}</p><style>p {{ color: red }}</style>"))
    assert hashlib.sha256(pdf.render(html)).digest() == hashlib.sha256(first).digest()
    assert hashlib.sha256(alone(html, tmp_path)).digest() == hashlib.sha256(first).digest()


def test_what_is_shortened_is_the_version_that_is_installed():
    """A later WeasyPrint prints the same, only slower, until somebody has looked at what is wrapped."""
    locked = re.search(r"^weasyprint==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE)[1]
    words = "import weasyprint; print(weasyprint.VERSION)"
    installed = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True).stdout.strip()
    assert pdf_quick.VERSION == installed == locked
