"""A page is whole, or it is said that it is not: what the program leaves out while it ends well."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from records import drawing, faces, files, jobs, pages
from records.models import Job
from tests.records import hostile, lent

SCREEN = (990, 1400)


@pytest.fixture
def kept(tmp_path) -> Callable[[bytes], Path]:
    def put(content: bytes) -> Path:
        place = tmp_path / "paper.pdf"
        place.write_bytes(content)
        return place

    return put


@pytest.fixture
def without_faces(tmp_path, monkeypatch) -> None:
    """poppler as on a machine that has the character maps and no face: its fonts are those of the portal's papers."""
    real = shutil.which("pdftoppm")
    folder = tmp_path / "programs"
    folder.mkdir()
    fonts = tmp_path / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>{tmp_path}</cachedir></fontconfig>"
    )
    program = folder / "pdftoppm"
    program.write_text(f'#!/bin/sh\nFONTCONFIG_FILE={fonts} exec {real} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{shutil.os.environ['PATH']}")
    monkeypatch.setattr(faces, "_found", [])


def ink(picture, box: tuple[int, int, int, int]) -> bool:
    return picture.convert("L").crop(box).getextrema()[0] < 100


def words_of(program: Path, said: str) -> None:
    """Put a program in its place that says something, draws a page and ends well."""
    program.write_text(
        '#!/bin/sh\nfor target in "$@"; do :; done\n'
        f"printf 'P6 1 1 255 aaa' > \"$target.ppm\"\ncat >&2 <<'END'\n{said}\nEND\n"
    )
    program.chmod(0o755)


@pytest.mark.faces
@pytest.mark.parametrize("script", lent.SCRIPTS)
def test_text_whose_font_is_not_in_the_file_is_drawn(kept, script):
    assert faces.are_here(), faces.APT
    source = kept(lent.line_of(script))
    picture = drawing.draw(source, 1)
    above = (80, 160, 900, 250)
    assert (picture.size, ink(picture, above), ink(picture, (0, 300, *SCREEN))) == (SCREEN, True, False)
    wide = 40 * SCREEN[1] / 842  # a sign, in pixels
    places = [place for place, sign in enumerate(lent.SCRIPTS[script][3]) if sign not in " ,"]
    signs = [(round(83 + wide * place), 160, round(83 + wide * (place + 1)), 250) for place in places]
    assert all(ink(picture, box) for box in signs)  # the words and the amount
    assert faces.needed(source, 1)


@pytest.mark.prints
@pytest.mark.django_db
def test_without_the_fonts_the_page_is_said_not_to_be_shown_in_full(person, without_faces):
    assert not faces.are_here()
    chinese = files.receive(hostile.upload(lent.line_of("simplified Chinese")), by=person)
    plain = files.receive(hostile.upload(hostile.pdf()), by=person)
    for file in (chinese, plain):
        pages.ask_for(file)
        jobs.run(Job.objects.latest("pk").pk)
    found = pages.reading(chinese, 1)
    assert (found.state, found.image, pages.reading(plain, 1).state) == ("failed", None, "ready")
    assert found.why == [
        "Page 1 cannot be shown in full: the fonts for Chinese, Japanese and Korean are missing on this machine. "
        "Run: apt-get install poppler-data fonts-wqy-microhei"
    ]


@pytest.mark.prints
def test_a_font_that_a_file_brings_along_is_not_lent(kept):
    assert not faces.needed(kept(hostile.drawn(hostile.stream(b"0 0 m 9 9 l S"))), 1)


@pytest.mark.prints
@pytest.mark.parametrize(
    ("box", "size"),
    [("420 14000", (480, 16000)), ("595 2400", (990, 3993)), ("14000 420", (16000, 480)), ("842 595", (1400, 989))],
)
def test_a_tall_page_is_as_wide_as_can_be_read(kept, box, size):
    """A browser's full page: what stands on it is found where it stands."""
    width, height = map(int, box.split())
    mark = f"0 0 {width // 2} {height // 2} re f".encode()
    picture = drawing.draw(kept(hostile.drawn(hostile.stream(mark), box=f"0 0 {box}")), 1).convert("L")
    assert all(abs(one - other) <= other // 50 for one, other in zip(picture.size, size, strict=True))
    assert max(picture.size) <= 16_383
    left, low = picture.width // 4, picture.height * 3 // 4
    assert (picture.getpixel((left, low)), picture.getpixel((3 * left, low // 3))) == (0, 255)


LOSSES = {
    "Syntax Error: Missing language pack for 'Adobe-GB1' mapping": "no faces",
    "Syntax Error (43): Couldn't find a font to substitute for 'X' ('Adobe-GB1' character collection)": "no faces",
    "Syntax Error: Did no succeed opening JPX Stream.": "not in full",
    "Syntax Error: Unknown font tag 'F'": "not in full",
    "Syntax Error (812): Unknown filter 'Crypt'": "not in full",
    "Syntax Error (7): Bad image parameters": "not in full",
    "Internal Error: something new": "not in full",
    "I/O Error: a message of a later version": "not in full",
}


@pytest.mark.parametrize("said", LOSSES)
def test_a_message_that_means_a_loss_or_is_not_known_makes_a_page_none(tmp_path, monkeypatch, said):
    words_of(tmp_path / "pdftoppm", f"Syntax Warning: Invalid Font Weight\n{said}")
    monkeypatch.setenv("PATH", f"{tmp_path}:{shutil.os.environ['PATH']}")
    with pytest.raises(drawing.NotDrawn, match=LOSSES[said]):
        drawing.draw(tmp_path / "any.pdf", 1)


@pytest.mark.parametrize(
    "said",
    [
        "Syntax Warning: Invalid Font Weight",
        "Syntax Error: Couldn't find trailer dictionary",
        "Syntax Error (1024): Bad annotation destination",
        "Syntax Error: Bad named destination value",
        "Syntax Error (99): Too many args in content stream",
        "Syntax Error (99): No current point in lineto",
        "Syntax Error: Illegal entry in bfrange block in ToUnicode CMap",
        "Syntax Error: StructTreeRoot element could not be parsed",
        "Internal Error: xref num 12 not found but needed, try to reconstruct",
    ],
)
def test_a_message_that_takes_nothing_from_a_page_is_passed_over(tmp_path, monkeypatch, said):
    words_of(tmp_path / "pdftoppm", said)
    monkeypatch.setenv("PATH", f"{tmp_path}:{shutil.os.environ['PATH']}")
    assert drawing.draw(tmp_path / "any.pdf", 1).size == (1, 1)


def test_what_the_program_says_is_bounded_as_all_it_writes(tmp_path, monkeypatch):
    program = tmp_path / "pdftoppm"
    program.write_text("#!/bin/sh\nexec yes 'Syntax Warning: the same again' >&2\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{shutil.os.environ['PATH']}")
    with pytest.raises(drawing.NotDrawn, match="too much"):
        drawing.draw(tmp_path / "any.pdf", 1)


@pytest.mark.prints
@pytest.mark.django_db
def test_a_scan_that_cannot_be_drawn_whole_says_so_beside_its_original(person):
    """Half of a picture came over the line: the program leaves it out and ends well."""
    content = lent.scan((600, 850), cut=True)
    file = files.receive(hostile.upload(content), by=person)
    pages.ask_for(file)
    jobs.run(Job.objects.latest("pk").pk)
    found = pages.reading(file, 1)
    assert (found.state, found.image) == ("failed", None)
    assert found.why == ["Page 1 cannot be shown in full: a part of it is of a kind that is not drawn here."]


@pytest.mark.prints
@pytest.mark.parametrize(
    ("size", "mode"),
    [
        ((600, 850), "RGB"),
        ((2480, 3508), "RGB"),
        ((3508, 4961), "L"),
        ((3508, 4961), "RGB"),  # A4 of 340 dots an inch: more than a page may cost, were it decoded whole
    ],
)
def test_a_scan_in_jpeg_2000_is_drawn(kept, size, mode):
    picture = drawing.draw(kept(lent.scan(size, mode)), 1).convert("L")
    assert picture.size[1] == 1400
    assert (abs(picture.getpixel((400, 300)) - 200) < 8, abs(picture.getpixel((400, 1100)) - 40) < 8) == (True, True)
