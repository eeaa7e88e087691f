"""One page of a PDF drawn by poppler's pdftoppm: a process of its own, of low priority and with bounds. docs/adr/0010.

A page is whole, or it is none. The program ends well where it left a picture or a line of text out, so every message it
writes is read, and only those known to take nothing from the page are passed over.
"""

import errno
import logging
import math
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

LONGEST = 1400  # pixels of the longer side: A4 at about 120 dots an inch
TALL = 2  # times as tall as wide, or as wide as tall: then the shorter side decides, or nothing could be read
SHORT = 990  # pixels of the shorter side of such a page, as A4 has
AREA = 8_000_000  # pixels of such a page in all
MOST = 16_000  # pixels of one of its sides; WebP has room for 16,383
MEMORY_KB = 150 * 1024  # address space, so that what is resident is less
CPU_SECONDS = 5
SECONDS = 30  # by the clock: on a busy machine a process of low priority waits
BLOCKS = 64 * 1024  # of 512 bytes: what a page leaves on the disk before it is packed, and what the program may say
PROGRAM = "pdftoppm"
# No core dumps: they would hold what stands on the page. The limits are the shell's, so that no code of ours runs between
# fork and exec of a process with threads.
BOUNDED = 'ulimit -c 0 && ulimit "$1" "$2" && ulimit -t "$3" && ulimit -f "$4" && shift 4 && exec nice -n 10 "$@"'
# A page whose JPEG 2000 pictures were too large is drawn again with smaller ones. The three turns together keep to CPU_SECONDS.
EARLY = 1.0  # second of processor time in which the first turn has to have ended
AGAIN_SECONDS = 2  # of processor time, for making the pictures smaller and for drawing again, each
DATA_KB = 128 * 1024  # what the process that makes them smaller may ask for: Python's own files come to it
HOUSE = Path(__file__).resolve().parent.parent
# What poppler says of parts nobody sees on a page: warnings it goes on after, the table of objects that it makes anew,
# links, tags, fields, the way to copy text, hints for reading over a network, graphics states left open.
HARMLESS = re.compile(
    r"Syntax Warning\b"
    r"|Syntax Error\b[^:]*: (?:"
    r"Couldn't (?:read xref table|find trailer dictionary|find ToUnicode CMap|find group for reference)|Invalid XRef entry"
    r"|Document has not the mandatory ending|No valid XRef size|.*\b(?:linearization|hints?) tables?\b|.*\bhints table"
    r"|.*\bannotation destination|Bad named destination|Illegal URI|Invalid FileSpec|Illegal file spec|.* destination type"
    r"|.*\b(?:StructTreeRoot|StructElem|RoleMap|MarkInfo|Suspects|UserProperties|structure tree|Structure element)\b"
    r"|(?:K|Kid|Nums|P|Pg|S|Stm|Obj|A|C|MCID|Marked|Attribute) (?:object|item|has a child|array)?.*wrong type"
    r"|Wrong Attribute|.*\bToUnicode CMap$|.*\bform field\b|Form field child|Can't get Fields array|Field can't have both"
    r"|Page (?:thumb|duration|transition|additional action) object|.*\bsignature\b|.*ByteRange array"
    r"|No current point in|Too many \(?\d* ?\)?args|Too many args|Leftover args|Mismatched EMC|Restoring state when"
    r"|There's a form with more|Bad 'Length' attribute|Missing 'endstream'|Invalid Font (?:Weight|Stretch)"
    r"|Embedded font file may be invalid|Mismatch between font type"
    r")"
    r"|Internal Error\b[^:]*: xref num \d+ not found but needed, try to reconstruct"
)
NO_FACES = re.compile(r"Missing language pack|Couldn't find a font|Unknown character collection|CMap file for")
log = logging.getLogger(__name__)


class NotDrawn(Exception):
    """A page has no image; the text says why in a word or two, for which `records.pages` has the sentence."""


class PictureLeftOut(NotDrawn):
    """A page has no image because a picture in JPEG 2000 could not be opened: it is damaged, or too large."""


def fitting(width: int, height: int) -> tuple[int, int]:
    """The size at which a page or a picture of this shape is read: its longer side LONGEST, or a tall one by its width."""
    longer, shorter = max(width, height), max(min(width, height), 1)
    if longer <= TALL * shorter:
        part = LONGEST / longer
    else:
        part = min(SHORT, math.sqrt(AREA * shorter / longer), MOST * shorter / longer) / shorter
    return math.ceil(width * part), math.ceil(height * part)


def draw(source: Path, number: int) -> Image.Image:
    """One page of a PDF as a picture of the size that fits it. Raises NotDrawn, OSError on a full disk."""
    try:
        with tempfile.TemporaryDirectory(prefix="page-") as folder:
            return _draw(source, number, Path(folder))
    except NotDrawn as error:
        if shutil.disk_usage(tempfile.gettempdir()).free < BLOCKS * 512:  # then it says nothing of the file
            raise OSError(errno.ENOSPC, "no room to draw a page") from error
        raise


def _draw(source: Path, number: int, folder: Path) -> Image.Image:
    before = _spent()
    seconds = CPU_SECONDS
    try:
        picture = _drawn(source, number, folder, "-scale-to", str(LONGEST))
    except PictureLeftOut:
        if _spent() - before > EARLY:
            raise
        source, seconds = _lighter(source, number, folder), AGAIN_SECONDS
        picture = _drawn(source, number, folder, "-scale-to", str(LONGEST), seconds=seconds)
    width, height = fitting(*picture.size)
    if max(width, height) <= LONGEST:
        return picture
    return _drawn(source, number, folder, "-scale-to-x", str(width), "-scale-to-y", str(height), seconds=seconds)


def _spent() -> float:
    """Seconds of processor time that processes of ours took which have ended; where others end meanwhile, theirs too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _lighter(source: Path, number: int, folder: Path) -> Path:
    """The same PDF with smaller pictures on this page. Raises NotDrawn where they cannot be made smaller."""
    target = folder / "lighter.pdf"
    words = ["-m", "records.lighter", str(source.resolve()), str(number), str(target)]
    try:
        run(sys.executable, *words, folder=folder, bound=("-d", DATA_KB), seconds=AGAIN_SECONDS)
    except NotDrawn as error:
        raise NotDrawn("not in full") from error
    return target


def _drawn(source: Path, number: int, folder: Path, *size: str, seconds: int = CPU_SECONDS) -> Image.Image:
    target = folder / "page"
    page = ["-cropbox", "-f", str(number), "-l", str(number), "-singlefile", *size]
    run(PROGRAM, *page, source, target, folder=folder, seconds=seconds)
    try:
        with Image.open(target.with_suffix(".ppm"), formats=["PPM"]) as picture:
            picture.load()
            return picture
    except (OSError, ValueError) as error:
        raise NotDrawn("not drawn") from error


def run(
    name: str,
    *words: "str | Path",
    folder: Path,
    bound: tuple[str, int] = ("-v", MEMORY_KB),
    seconds: int = CPU_SECONDS,
) -> str:
    """What a program answers, within its bounds. Raises NotDrawn where its messages mean that a page is not whole.

    `bound`: what of its memory is bounded, as the shell calls it, and at how many kB; `seconds`: of processor time.
    """
    program = shutil.which(name)
    if program is None:
        raise NotDrawn("no program")
    limits = [bound[0], str(bound[1]), str(seconds), str(BLOCKS)]
    answer, messages = folder / "answer", folder / "messages"
    with answer.open("wb") as out, messages.open("wb") as said:  # files: bounded as all that the program writes
        try:
            done = subprocess.run(
                ["sh", "-c", BOUNDED, "sh", *limits, program, *words],
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},  # and none of our secrets
                cwd=HOUSE,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=said,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise NotDrawn("too much") from error
    _check(done.returncode, messages.read_text("utf-8", "replace"))
    return answer.read_text("utf-8", "replace")


def _check(code: int, said: str) -> None:
    """What ran out of memory on the way leaves parts out and ends well all the same, and so does what lacks a font."""
    short = "Out of memory" in said or "bad_alloc" in said
    if code < 0 or short:
        log.warning("page_not_drawn code=%s", code)
        raise NotDrawn("too much" if short or code in {-9, -24, -25} else "not drawn")
    if code:
        raise NotDrawn("not drawn")
    left_out = [line for line in said.splitlines() if line.strip() and not HARMLESS.match(line)]
    if left_out:
        log.warning("page_not_in_full messages=%s", len(left_out))  # not the words: a stranger's names stand in them
        if any("JPX" in line for line in left_out):
            raise PictureLeftOut("not in full")
        raise NotDrawn("no faces" if any(NO_FACES.search(line) for line in left_out) else "not in full")
