"""Files people send: told apart by content, bounded, cleaned, kept without a public address."""

import hashlib
import io
import re
import uuid
from pathlib import Path
from typing import Any

import filetype
from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, IndirectObject

from records import audit
from records.clock import now
from records.models import StoredFile
from records.pdf import write_whole
from records.verdicts import Refused

PDF_AND_PICTURES = ("application/pdf", "image/jpeg", "image/png")
LIMIT_MB = 10
PAGES = 200
PIXELS = 40_000_000
ACTIVE = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/RichMedia", "/XFA")
Image.MAX_IMAGE_PIXELS = PIXELS


def receive(upload: Any, *, by: Any, kinds: tuple[str, ...] = PDF_AND_PICTURES, limit_mb: int = LIMIT_MB) -> StoredFile:
    """Check a file and keep it. Raises Refused with a sentence that says what to do; then nothing is kept."""
    if upload is None:
        raise Refused(_("Choose a file to send."), "file")
    if upload.size == 0:
        raise Refused(_("This file is empty. Choose the file again."), "file")
    if upload.size > limit_mb * 1024 * 1024:
        raise Refused(_("The file is too large. The limit is %(limit)s MB.") % {"limit": limit_mb}, "file")
    content = upload.read()
    kind = filetype.guess_mime(content[:8192])
    if kind not in kinds:
        raise Refused(_("This kind of file is not accepted. Send a PDF, a JPEG or a PNG."), "file")
    pages = 1
    if kind == "application/pdf":
        pages = _check_pdf(content)
    else:
        content = _clean_picture(content, kind)
    return _keep(content, name=safe_name(upload.name, kind), kind=kind, pages=pages, by=by)


def safe_name(name: str, kind: str) -> str:
    """The sender's name for the file without anything a shell, a page or a header could trip over."""
    stem = re.sub(r"[^\w.\- ()]+", "_", Path(name or "file").stem, flags=re.UNICODE).strip(" ._")[:100] or "file"
    return f"{stem}{ {'application/pdf': '.pdf', 'image/jpeg': '.jpg', 'image/png': '.png'}[kind] }"


def _check_pdf(content: bytes) -> int:
    """Number of pages. Refuses what is locked, damaged, active or too long."""
    damaged = _("This PDF cannot be read. Save it anew and send it again.")
    if not content.startswith(b"%PDF-"):
        raise Refused(damaged, "file")
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Refused(_("This PDF has a password. Save it without one and send it again."), "file")
        pages = len(reader.pages)
        active = _has_active_content(reader)
    except (PyPdfError, KeyError, ValueError, TypeError, AttributeError, RecursionError, OSError) as error:
        raise Refused(damaged, "file") from error
    if active:
        raise Refused(_("This PDF holds a program or another file. Print it to a new PDF and send that."), "file")
    if not 0 < pages <= PAGES:
        raise Refused(_("This PDF has too many pages. The limit is %(limit)s pages.") % {"limit": PAGES}, "file")
    return pages


def _has_active_content(reader: PdfReader) -> bool:
    """Walk catalogue, names and page actions for what could act when the file is opened."""
    waiting: list[tuple[Any, int]] = [(reader.trailer["/Root"], 0)]
    seen: set[int] = set()
    while waiting and len(seen) < 20_000:
        item, depth = waiting.pop()
        if isinstance(item, IndirectObject):
            if item.idnum in seen:
                continue
            seen.add(item.idnum)
            item = item.get_object()
        if depth > 40:
            continue
        if isinstance(item, DictionaryObject):
            if any(name in item for name in ACTIVE) or item.get("/S") in ACTIVE:
                return True
            waiting += [(item.raw_get(key), depth + 1) for key in item if key not in {"/Parent", "/Contents", "/Font"}]
        elif isinstance(item, list):
            waiting += [(part, depth + 1) for part in item]
    return False


def _clean_picture(content: bytes, kind: str) -> bytes:
    """The picture drawn anew: turned upright, without place, camera or anything else that came with it."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > PIXELS:
                raise Refused(_("This picture is too large. Send one of at most 40 megapixels."), "file")
            upright = ImageOps.exif_transpose(picture)
            plain = upright.convert("RGB") if kind == "image/jpeg" else upright.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise Refused(_("This picture cannot be read. Save it anew and send it again."), "file") from error
    out = io.BytesIO()
    plain.save(out, "JPEG" if kind == "image/jpeg" else "PNG", **({"quality": 88} if kind == "image/jpeg" else {}))
    return out.getvalue()


def _keep(content: bytes, *, name: str, kind: str, pages: int, by: Any) -> StoredFile:
    key = uuid.uuid4()
    path = f"{now():%Y/%m}/{key}"
    write_whole(Path(settings.MEDIA_ROOT) / path, content)
    return StoredFile.objects.create(
        key=key,
        name=name,
        size=len(content),
        content_type=kind,
        sha256=hashlib.sha256(content).hexdigest(),
        pages=pages,
        path=path,
        by=by,
    )


def send(file: StoredFile, *, by: Any, subject: Any, inline: bool = False, financial: bool = False) -> HttpResponse:
    """Answer with the file; whoever may see it was asked by the room before. Financial ones leave a line in the trail."""
    if financial:
        audit.record_read("file.open", subject, by=by, note=file.name)
    path = Path(settings.MEDIA_ROOT) / file.path
    answer = FileResponse(path.open("rb"), as_attachment=not inline, filename=file.name, content_type=file.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
