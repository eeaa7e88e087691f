"""Papers honest programs write pass the gate, and what only looks like them does not."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from records import active, drawing, files
from records.models import StoredFile
from records.verdicts import Refused
from tests.records import honest, hostile

PASSWORD = "This PDF has a password. Save it without one and send it again."
ACTS = "This PDF holds a program or another file. Print it to a new PDF and send that."


def is_active(content: bytes) -> bool:
    return active.is_active(PdfReader(io.BytesIO(content)))


@pytest.mark.prints
@pytest.mark.parametrize("how", honest.LOCKS)
def test_a_pdf_locked_against_changes_is_kept_as_sent_and_drawn(tmp_path, how):
    content = honest.locked(how, tmp_path, hostile.drawn(hostile.stream(b"0 0 m 595 842 l 90 w S")))
    found = files.examine(hostile.upload(content, "statement.pdf"))
    assert (found.content, found.pages, found.kind) == (content, 1, "application/pdf")
    picture = drawing.draw(tmp_path / "locked.pdf", 1).convert("L")
    assert (picture.getpixel((495, 700)) < 100, picture.getpixel((100, 100)) > 200) == (True, True)


@pytest.mark.prints
@pytest.mark.parametrize("how", honest.LOCKS)
def test_a_pdf_that_asks_for_a_password_is_refused_with_its_sentence(tmp_path, how):
    with pytest.raises(Refused) as refused:
        files.examine(hostile.upload(honest.locked(how, tmp_path, hostile.pdf(), user="secret")))
    assert refused.value.reason == PASSWORD


@pytest.mark.prints
def test_what_acts_is_found_behind_a_lock(tmp_path):
    content = honest.locked("AES of 256 bits", tmp_path, hostile.ACTIVE["a script in the catalogue"])
    with pytest.raises(Refused) as refused:
        files.examine(hostile.upload(content))
    assert refused.value.reason == ACTS


def test_bookmarks_into_the_tree_of_tags_do_not_make_a_long_statement_unreadable(monkeypatch):
    monkeypatch.setattr(active, "PARTS", 1000)  # 50 pages and 50 bookmarks, and 5,050 tags
    content = honest.statement(rows=100)
    assert files.examine(hostile.upload(content)).pages == 50


@pytest.mark.parametrize("what", honest.ODD)
def test_what_is_empty_or_only_a_name_is_nothing(what):
    assert files.examine(hostile.upload(honest.ODD[what]())).pages == 1


@pytest.mark.parametrize(
    "root",
    [
        "/Names << /EmbeddedFiles << /Kids [ << /Names [ (a) << /EF << /F 4 0 R >> >> ] >> ] >> >>",
        "/Dests << /Launch << /S /Launch /F (calc.exe) >> >>",
        "/AA << /D << /S /JavaScript /JS (1) >> >>",
        "/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next << /S /JavaScript /JS (1) >> >>",
        "/OpenAction << /Type /StructElem /S /GoTo /Next [ << /S /Launch >> ] >>",
        "/AcroForm << /Fields [ << /AP << /N << /JS 4 0 R >> >> /AA << /K << /JS (1) >> >> >> ] >>",
        "/AcroForm << /XFA [ (template) 4 0 R ] >>",
    ],
)
def test_what_acts_is_found_below_names_and_beside_what_is_empty(root):
    assert is_active(hostile.raw_pdf(hostile.stream(b"MZ"), root=root))


@pytest.mark.parametrize("what", honest.BEFORE)
@pytest.mark.django_db
def test_what_stands_before_the_first_words_is_cut_off(person, settings, what):
    content = hostile.pdf(pages=2)
    file = files.receive(hostile.upload(honest.BEFORE[what] + content), by=person)
    assert (file.pages, (Path(settings.MEDIA_ROOT) / file.path).read_bytes()) == (2, content)


@pytest.mark.prints
def test_a_table_of_places_that_counts_what_stood_before_is_read_all_the_same(tmp_path):
    """Some programs write their own empty line first and count it."""
    content = hostile.raw_pdf()
    start = int(content.rpartition(b"startxref\n")[2].split()[0])
    moved = content.replace(f"startxref\n{start}\n".encode(), f"startxref\n{start + 4}\n".encode())
    found = files.examine(hostile.upload(b"\r\n\r\n" + moved))
    place = tmp_path / "kept.pdf"
    place.write_bytes(found.content)
    assert (found.pages, drawing.draw(place, 1).size) == (1, (1400, 1400))


@pytest.mark.parametrize("before", [b"<html>", b"MZ", b"PK\x03\x04", b" " * 1020, b"\n{}\n"])
def test_other_words_before_a_pdf_are_still_refused(before):
    with pytest.raises(Refused, match="not accepted"):
        files.examine(hostile.upload(before + hostile.pdf()))


@pytest.mark.django_db
def test_a_refused_file_leaves_nothing():
    with pytest.raises(Refused):
        files.receive(hostile.upload(b"<html>" + hostile.pdf()), by=None)
    assert not StoredFile.objects.exists()
