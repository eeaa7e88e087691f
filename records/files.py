"""Files people send: told apart by content, bounded, cleaned, kept without a public address."""

import hashlib
import io
import logging
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import filetype
from django.conf import settings
from django.http import FileResponse, Http404, HttpResponseBase
from django.utils.translation import gettext as _
from PIL import Image
from pypdf import PdfReader

from records import active, audit, pictures, scanner
from records.clock import INDIA, now
from records.models import StoredFile
from records.pdf import write_whole
from records.verdicts import Refused
from records.widgets import plain

PICTURES = ("image/jpeg", "image/png")
PDF_AND_PICTURES = ("application/pdf", *PICTURES)
LIMIT_MB = 10
PAGES = 200
VIRAMA = "\u0d4d\u200c"  # in Malayalam; a joiner that keeps two letters apart belongs to it
HEAD = 1024  # bytes within which readers of PDFs look for its first words
BEFORE_HEAD = (
    b"\xef\xbb\xbf\xfe\xff \t\r\n\f\v\0"  # what mail gateways and web portals put there: marks of order, white space
)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Examined:
    """A file that was found to be in order, as it will be kept."""

    content: bytes
    name: str
    kind: str
    pages: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def receive(upload: Any, *, by: Any, kinds: tuple[str, ...] = PDF_AND_PICTURES, limit_mb: int = LIMIT_MB) -> StoredFile:
    """Check a file and keep it. Raises Refused with a sentence that says what to do; then nothing is kept."""
    return keep(examine(upload, kinds=kinds, limit_mb=limit_mb), by=by)


def examine(upload: Any, *, kinds: tuple[str, ...] = PDF_AND_PICTURES, limit_mb: int = LIMIT_MB) -> Examined:
    """Check a file and clean it. It may take seconds: done before anything is locked. Raises Refused."""
    if upload is None:
        raise Refused(_("Choose a file to send."), "file")
    if upload.size == 0:
        raise Refused(_("This file is empty. Choose the file again."), "file")
    if upload.size > limit_mb * 1024 * 1024:
        raise Refused(_("The file is too large. The limit is %(limit)s MB.") % {"limit": limit_mb}, "file")
    content = _from_its_head(upload.read())
    kind = filetype.guess_mime(content[:8192])
    if kind not in kinds:
        pictures_only = _("This kind of file is not accepted. Send a JPEG or a PNG.")
        sentence = _("This kind of file is not accepted. Send a PDF, a JPEG or a PNG.")
        raise Refused(sentence if "application/pdf" in kinds else pictures_only, "file")
    pages = 1
    if kind == "application/pdf":
        pages = _check_pdf(content)
    else:
        content = pictures.clean(content, kind)
    return Examined(content, safe_name(upload.name, kind), kind, pages)


def safe_name(name: str, kind: str) -> str:
    """The sender's name for the file without anything a shell, a page or a header could trip over."""
    kept = (
        sign if unicodedata.category(sign)[0] in "LMN" or sign in "._-() \u200c" else "_"
        for sign in plain(Path(name or "").stem)
    )
    stem = _cut("".join(kept).strip(" ._")) or "file"
    return f"{stem}{ {'application/pdf': '.pdf', 'image/jpeg': '.jpg', 'image/png': '.png'}[kind] }"


def _cut(stem: str) -> str:
    """At most 100 signs, and no half letter at its end: no vowel sign is cut off its consonant, no conjunct opened."""
    end = 100
    while 80 < end < len(stem) and (unicodedata.category(stem[end])[0] == "M" or stem[end - 1] in VIRAMA):
        end -= 1
    return stem[:end].rstrip(" ._")


def _from_its_head(content: bytes) -> bytes:
    """A PDF without what was put before its first words, so that its own table of places is right again; else as it is."""
    head = content[:HEAD].find(b"%PDF-")
    return content[head:] if head > 0 and not content[:head].strip(BEFORE_HEAD) else content


def _check_pdf(content: bytes) -> int:
    """Number of pages. Refuses what is locked, damaged, active or too long."""
    damaged = _("This PDF cannot be read. Save it anew and send it again.")
    try:
        reader = PdfReader(io.BytesIO(content))
        # A bank's statement is often locked against changes only: anybody reads it with the empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused(_("This PDF has a password. Save it without one and send it again."), "file")
        pages = len(reader.pages)
        acts = pages <= PAGES and active.is_active(reader)
    except Refused:
        raise
    except Exception as error:
        # The reader raises of its own, and of Python, whatever a hostile file leads it into. All of it means the same.
        log.info("pdf_refused error=%s", type(error).__name__)
        raise Refused(damaged, "file") from error
    if acts:
        raise Refused(_("This PDF holds a program or another file. Print it to a new PDF and send that."), "file")
    if pages > PAGES:
        raise Refused(_("This PDF has too many pages. The limit is %(limit)s pages.") % {"limit": PAGES}, "file")
    if pages == 0:
        raise Refused(damaged, "file")
    return pages


@dataclass(frozen=True)
class PlaceAndTime:
    """Where and when a picture says it was taken. Each is None where it does not say, or says what cannot be."""

    at: datetime | None = None  # aware, in UTC
    latitude: Decimal | None = None  # degrees, north positive, 6 places
    longitude: Decimal | None = None  # degrees, east positive, 6 places


TAKEN_AT, OFFSETS = 0x9003, (0x9011, 0x9010)  # EXIF: DateTimeOriginal; OffsetTimeOriginal, OffsetTime
LATITUDE, LONGITUDE = (
    (1, 2, "N", "S", 90),
    (3, 4, "E", "W", 180),
)  # GPS: tag of the letter, tag of the angle, letters, most


def place_and_time(content: bytes) -> PlaceAndTime:
    """What a picture carries of its place and time, read before it is drawn anew without them.

    A time without its offset from UTC is taken as Indian time. Never raises: what cannot be read is not there. Nothing
    is drawn for it, so that a picture that was not examined costs no more than its head.
    """
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG", "PNG"]) as picture:
            if "exif" not in picture.info:  # asked for it, a PNG would be drawn in search of one behind its picture
                return PlaceAndTime()
            exif = picture.getexif()
            inner, gps = exif.get_ifd(0x8769), exif.get_ifd(0x8825)
    except Exception as error:  # noqa: BLE001 -- whatever broken or hostile data leads the reader into means the same
        log.info("place_and_time_unread error=%s", type(error).__name__)
        return PlaceAndTime()
    latitude, longitude = _degrees(gps, LATITUDE), _degrees(gps, LONGITUDE)
    if latitude is None or longitude is None or not (latitude or longitude):  # 0, 0: the device did not know
        latitude = longitude = None
    return PlaceAndTime(_taken_at(inner), latitude, longitude)


def _taken_at(inner: Any) -> datetime | None:
    """The time as EXIF writes it, 2026:10:12 09:41:00 with +05:30 beside it, or in Indian time."""
    offset = next((str(inner[tag]) for tag in OFFSETS if inner.get(tag)), "")
    try:
        local = datetime.strptime(str(inner.get(TAKEN_AT, "")).strip("\0 "), "%Y:%m:%d %H:%M:%S").replace(tzinfo=INDIA)
        if offset.strip("\0 "):
            local = local.replace(tzinfo=datetime.strptime(offset.strip("\0 "), "%z").tzinfo)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _degrees(gps: Any, named: tuple[int, int, str, str, int]) -> Decimal | None:
    """An angle in degrees, minutes and seconds with its letter, as one signed number. `named`: LATITUDE or LONGITUDE."""
    letter, angle, plus, minus, most = named
    side = gps.get(letter, "")
    side = (side.decode("ascii", "replace") if isinstance(side, bytes) else str(side)).strip("\0 ").upper()
    try:
        whole, minutes, seconds = (float(part) for part in gps[angle])
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    within = whole >= 0 and 0 <= minutes < 60 and 0 <= seconds <= 60  # false of what is no number, too
    size = whole + minutes / 60 + seconds / 3600
    if side not in {plus, minus} or not within or size > most:
        return None
    return Decimal(f"{size if side == plus else -size:.6f}")


def keep(found: Examined, *, by: Any) -> StoredFile:
    """Put an examined file where files are kept, and its row beside it."""
    return keep_all([found], by=by)[0]


def keep_all(found: Iterable[Examined], *, by: Any) -> list[StoredFile]:
    """The same with several: all are on the disk with their rows, or none is."""
    rows: list[StoredFile] = []
    try:
        for one in found:
            rows.append(_written(one, by))
        kept = StoredFile.objects.bulk_create(rows)
    except BaseException:
        for row in rows:
            (Path(settings.MEDIA_ROOT) / row.path).unlink(missing_ok=True)
        raise
    for row in kept:
        scanner.ask_for(row)
    return kept


def _written(found: Examined, by: Any) -> StoredFile:
    """The file where files are kept; its row, not yet saved."""
    key = uuid.uuid4()
    path = f"{now():%Y/%m}/{key}"
    write_whole(Path(settings.MEDIA_ROOT) / path, found.content)
    return StoredFile(
        key=key,
        name=found.name,
        size=len(found.content),
        content_type=found.kind,
        sha256=found.sha256,
        pages=found.pages,
        path=path,
        scan=scanner.first_state(),
        by=by,
    )


def send(
    file: StoredFile, *, by: Any, subject: Any, scope: str = "", inline: bool = False, financial: bool = False
) -> HttpResponseBase:
    """Answer with the file; whoever may see it was asked by the room before. Financial ones leave a line in the trail.

    The line names the file's row: its name was typed by a person and may say anything about anybody.
    """
    try:
        opened = (Path(settings.MEDIA_ROOT) / file.path).open("rb")
    except FileNotFoundError as error:
        log.exception("file_missing file=%s", file.pk)
        raise Http404 from error
    if financial:
        audit.record_read("file.open", subject, by=by, note=f"file:{file.pk}", scope=scope)
    answer = FileResponse(opened, as_attachment=not inline, filename=file.name, content_type=file.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
