"""The door to WeasyPrint: text that comes back, shipped fonts only, tags, and nothing reached but the print folder."""

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unicodedata
from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest
from pypdf import PdfReader

from records import pdf, press
from tests.architecture.tree import ROOT

# Words of the house's glossary that are hard to print and harder to read back: conjuncts, split vowels, chillus.
WORDS = """
ശ്രീ സ്ത്രീ പ്രൊജക്റ്റ് മൈക്രോ പാലക്കാട് കോഴിക്കോട് കണ്ണൂർ തൃശ്ശൂർ കാസർഗോഡ് പത്തനംതിട്ട തിരുവനന്തപുരം ആലപ്പുഴ ഇടുക്കി
എറണാകുളം മലപ്പുറം കൊല്ലം കോട്ടയം വയനാട് സൂക്ഷ്മപരിശോധന മൂല്യനിർണയം അഭ്യർഥന ചുരുക്കപ്പട്ടിക സർട്ടിഫിക്കറ്റ് സബ്‌സിഡി
അപ്‌ലോഡ് പാസ്‌വേഡ് ക്ലെയിം കൈപ്പറ്റ് രസീത് സാക്ഷ്യപത്രം വ്യവസായ വാണിജ്യ ഡയറക്ടറേറ്റ് കൺവീനർ ചെയർപേഴ്സൺ ഉത്പാദനം
നിർദേശം തിരഞ്ഞെടുത്തു പ്രവർത്തനം സമർപ്പിക്കുക സർക്കാരിന്റെ ലോഗൗട്ട് ഹാൻഡ് ഹോൾഡിങ് വർധന പുനഃപരിഗണന അർഹതയില്ല
മാനദണ്ഡം വൈരുധ്യം സംരംഭം എംഎസ്എംഇ മിഷൻ യൂണിറ്റ് റൗണ്ട് ധനകാര്യ സ്ഥാപനം ഉദ്യോഗസ്ഥർ ഐശ്വര്യം ജ്ഞാനം മുതൽ
"""
HARD = WORDS.split()


def page(body: str, head: str = "", language: str = "en") -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>A paper of tests</title>'
        f'<link rel="stylesheet" href="tokens.css"><link rel="stylesheet" href="print.css">{head}</head>'
        f"<body><h1>A paper</h1>{body}</body></html>"
    )


def text_of(content: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def fonts_of(content: bytes) -> set[str]:
    """Names of every font in the file, without the six letters of a subset."""
    found = set()
    for one in PdfReader(io.BytesIO(content)).pages:
        for font in one["/Resources"].get("/Font", {}).get_object().values():
            found.add(str(font.get_object()["/BaseFont"]).partition("+")[2])
    return found


SHIPPED = {"Noto-Sans-Print", "Noto-Sans-Print-Bold", "Manjari-Print", "Manjari-Print-Bold"}


def test_there_are_enough_hard_words():
    assert len(set(HARD)) >= 59
    assert {sign for word in HARD for sign in word} >= set("\u0d7a\u0d7b\u0d7c\u0d7d\u0d4a\u0d4b\u0d4d\u200c\u0d57")


@pytest.mark.prints
def test_every_hard_word_comes_back_from_running_text():
    content = pdf.render(page("".join(f'<p lang="ml">{word}</p>' for word in HARD), language="ml"))
    lines = [squeezed(line) for line in text_of(content).splitlines()]
    assert [word for word in HARD if squeezed(word) not in lines] == []


@pytest.mark.prints
def test_every_hard_word_comes_back_from_a_table_of_two_hundred_rows():
    words = [HARD[number % len(HARD)] for number in range(200)]
    rows = "".join(f'<tr><td>{number}</td><td lang="ml">{word}</td></tr>' for number, word in enumerate(words))
    head = '<thead><tr><th scope="col">No.</th><th scope="col">Word</th></tr></thead>'
    text = text_of(pdf.render(page(f"<table>{head}<tbody>{rows}</tbody></table>")))
    found = dict(re.findall(r"^\s*(\d+)\s+(\S.*?)\s*$", text, re.MULTILINE))
    assert [n for n, word in enumerate(words) if squeezed(found.get(str(n), "")) != squeezed(word)] == []


@pytest.mark.prints
def test_a_paper_is_tagged_and_has_a_title_and_a_language(tmp_path):
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf.render(page('<p lang="en">Text</p>', language="ml")))
    info = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    facts = dict(re.findall(r"^(\w[\w ]*):\s+(.*)$", info, re.MULTILINE))
    assert (facts["Tagged"], facts["Title"], facts["Encrypted"]) == ("yes", "A paper of tests", "no")
    catalogue = PdfReader(file).root_object
    assert (catalogue["/Lang"], catalogue["/MarkInfo"]["/Marked"].value) == ("ml", True)
    assert re.search(r"pdfuaid:part\W+1", catalogue["/Metadata"].get_object().get_data().decode())
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.prints
def test_only_the_shipped_fonts_are_in_a_paper_whatever_signs_people_type():
    content = pdf.render(page('<p><b>Bold</b> ശ്രീ <b lang="ml">ശ്രീ</b> ₹ ✓ ≥ हिन्दी 中文 😀 עברית</p>'))
    assert fonts_of(content) == SHIPPED


@pytest.mark.prints
def test_the_same_row_gives_the_same_pages():
    first, second = (text_of(pdf.render(page(f"<p>{HARD[0]}</p>"))) for _turn in range(2))
    assert first == second


@pytest.mark.prints
def test_the_name_that_is_wrapped_is_still_there():
    """In a process of its own: WeasyPrint makes Pillow accept half a picture wherever it is imported."""
    words = (
        "from weasyprint import draw; import inspect; print(*list(inspect.signature(draw.draw_text).parameters)[:2])"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert done.stdout == "stream textbox\n"


def test_no_process_that_takes_pictures_imports_weasyprint():
    words = "import django; django.setup(); import mission1000.urls, mission1000.celery, sys; print('weasyprint' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", words],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "mission1000.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A socket on loopback that counts who knocks."""
    knocks: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    over = threading.Event()

    def listen() -> None:
        while not over.is_set():
            try:
                knock, _address = server.accept()
            except TimeoutError:
                continue
            knocks.append(knock.recv(200))
            knock.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield server.getsockname()[1], knocks
    over.set()
    thread.join()
    server.close()


def vectors(port: int, secret: Path) -> dict[str, tuple[str, str]]:
    """Ten and more ways by which a page fetches something: (head, body)."""
    there, file = f"http://127.0.0.1:{port}", secret.as_uri()
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{there}/data.png' width='9' height='9'/></svg>"
    return {
        "img": ("", f'<img src="{there}/a.png" alt="a">'),
        "img of a file": ("", f'<img src="{file}" alt="a">'),
        "stylesheet": (f'<link rel="stylesheet" href="{there}/a.css">', ""),
        "stylesheet of a file": (f'<link rel="stylesheet" href="{file}">', ""),
        "import": (f'<style>@import url("{there}/b.css"); @import url("{file}");</style>', ""),
        "font": (
            f'<style>@font-face {{ font-family: X; src: url("{there}/x.ttf") }} p {{ font-family: X }}</style>',
            "<p>x",
        ),
        "background": (f'<style>p {{ background: url("{there}/bg.png") }}</style>', "<p>x"),
        "svg": ("", f'<svg width="9" height="9"><image href="{there}/s.png" width="9" height="9"/></svg>'),
        "svg use": ("", f'<svg width="9" height="9"><use href="{there}/u.svg#x"/></svg>'),
        "attachment": (f'<link rel="attachment" href="{file}">', f'<a rel="attachment" href="{there}/z">z</a>'),
        "iframe": ("", f'<iframe src="{there}/frame"></iframe><embed src="{there}/embed">'),
        "object": ("", f'<object data="{there}/o.svg" type="image/svg+xml"></object>'),
        "ftp": ("", f'<img src="ftp://127.0.0.1:{port}/a.png" alt="a">'),
        "data": ("", f'<img alt="a" src="data:image/svg+xml,{escape(svg).replace("#", "%23")}">'),
        "base": (f'<base href="{there}/"><link rel="stylesheet" href="based.css">', '<img src="based.png" alt="a">'),
        "up and out": ("", '<img src="../../../etc/passwd" alt="a"><img src="%2e%2e/%2e%2e/manage.py" alt="a">'),
        "content": (f'<style>p::before {{ content: url("{there}/c.png") }}</style>', "<p>x"),
    }


@pytest.mark.prints
@pytest.mark.parametrize("vector", vectors(1, Path("/x")))
def test_the_renderer_reaches_neither_network_nor_files(vector, listener, tmp_path):
    port, knocks = listener
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARY-IN-A-FILE { color: red }")
    head, body = vectors(port, secret)[vector]
    try:
        content = pdf.render(page(f"{body}<p>Still here</p>", head))
    except pdf.PdfUnavailable as failed:
        assert re.fullmatch(r"The PDF could not be made \(.*\)\.|A file .* is missing: passwd", str(failed))  # noqa: PT017 -- both ends are right
    else:
        assert "Still here" in text_of(content)
        assert PdfReader(io.BytesIO(content)).attachments == {}
        assert b"CANARY-IN-A-FILE" not in content
    assert knocks == []


@pytest.mark.prints
def test_a_missing_font_is_named(settings, tmp_path):
    house = tmp_path / "house"
    (house / "static").mkdir(parents=True)
    (house / "records").symlink_to(ROOT / "records")
    shutil.copytree(ROOT / "static" / "print", house / "static" / "print")
    (house / "static" / "print" / "fonts" / "manjari-malayalam-400-normal.woff2").unlink()
    settings.BASE_DIR = house
    with pytest.raises(pdf.PdfUnavailable) as failed:
        pdf.render(page("<p>ശ്രീ</p>"))
    assert str(failed.value) == ("A file the paper is printed with is missing: manjari-malayalam-400-normal.woff2")


@pytest.fixture
def without_pango(tmp_path, monkeypatch) -> Path:
    """A machine without the libraries: importing WeasyPrint ends as it does there, in the real child."""
    shim = tmp_path / "shim" / "weasyprint"
    shim.mkdir(parents=True)
    (shim / "__init__.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")\n")
    monkeypatch.setenv("PYTHONPATH", str(shim.parent))
    return shim


@pytest.mark.prints
def test_missing_libraries_are_told_with_the_line_that_installs_them(without_pango):
    with pytest.raises(pdf.PdfUnavailable) as failed:
        pdf.render(page("<p>Text</p>"))
    apt = re.search(r'^PACKAGES="(.*)"', (ROOT / "bin" / "system-deps.sh").read_text(), re.MULTILINE)[1]
    assert str(failed.value) == f"The PDF libraries are missing on this machine. Run: apt-get install {apt}"
    shutil.rmtree(without_pango)
    assert pdf.render(page("<p>Text</p>")).startswith(b"%PDF-")


@pytest.mark.prints
def test_a_paper_that_takes_too_long_is_stopped(monkeypatch):
    monkeypatch.setattr(pdf, "SECONDS", 1)
    monkeypatch.setattr(press, "BEAT_EVERY", 0.2)
    beats: list[float] = []
    began = time.monotonic()
    with pytest.raises(pdf.PdfUnavailable, match="it took longer than 1 seconds"):
        pdf.render(page("<p>word</p>" * 40_000), beat=lambda: beats.append(time.monotonic()))
    assert time.monotonic() - began < 5
    assert 3 <= len(beats) <= 5


def test_a_file_is_put_in_place_whole_or_not_at_all(tmp_path):
    target = tmp_path / "deep" / "paper.pdf"
    pdf.write_whole(target, b"first")
    pdf.write_whole(target, b"second")
    assert target.read_bytes() == b"second"
    with pytest.raises(TypeError):
        pdf.write_whole(target, "not bytes")
    assert [path.name for path in target.parent.iterdir()] == ["paper.pdf"]
    assert target.read_bytes() == b"second"
    assert target.stat().st_mode & 0o077 == 0


def test_what_a_killed_worker_left_half_written_goes_with_the_next_file(tmp_path):
    for name, seconds in ((".part-old", 700), (".part-under-way", 60), ("other.pdf", 700)):
        (tmp_path / name).write_bytes(b"x")
        moment = (tmp_path / name).stat().st_mtime - seconds
        os.utime(tmp_path / name, (moment, moment))
    pdf.write_whole(tmp_path / "paper.pdf", b"whole")
    assert {path.name for path in tmp_path.iterdir()} == {".part-under-way", "other.pdf", "paper.pdf"}


@pytest.mark.prints
def test_the_folder_a_killed_worker_printed_in_goes_with_the_next_press(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name, seconds in (("mission1000-paper-old", 700), ("mission1000-paper-new", 60), ("paper-of-somebody", 700)):
        (tmp_path / name).mkdir()
        moment = (tmp_path / name).stat().st_mtime - seconds
        os.utime(tmp_path / name, (moment, moment))
    pdf.render(page("<p>word</p>"))
    press.end()
    assert {path.name for path in tmp_path.iterdir()} == {"mission1000-paper-new", "paper-of-somebody"}
