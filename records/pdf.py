"""The one door to WeasyPrint: HTML in, tagged PDF out, made in a process of low priority with bounds (records.press).

No process of the portal imports WeasyPrint, so that a library installed meanwhile is found without a restart.
"""

import errno
import logging
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from records import press
from records.pdf_child import NO_FILE, NO_LIBRARIES

SECONDS = 60
APT = (
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 poppler-utils poppler-data fonts-wqy-microhei"
)
PART = ".part-"  # what is being written; it has another name when it is done
LEFT_AFTER = 600  # seconds: nothing takes that long to be written, whoever wrote it was killed
NO_ROOM = f"[Errno {errno.ENOSPC}]"
log = logging.getLogger(__name__)


class PdfUnavailable(Exception):
    """No PDF could be made; the text says why and what to do."""


def render(html: str, *, beat: Callable[[], None] | None = None) -> bytes:
    """Make a PDF/UA of `html`. Raises PdfUnavailable with a sentence fit to show, OSError on a full disk."""
    done = press.printed(html.encode(), settings.BASE_DIR, SECONDS, beat)
    if done.code == 0 and done.content:
        return done.content
    if NO_ROOM in (done.said or ""):
        raise OSError(errno.ENOSPC, "no room for the PDF")
    raise PdfUnavailable(_reason(done.code, done.said))


def _reason(code: int, said: str | None) -> str:
    """A sentence for what the child could not do. Of an error only its kind is told: its text may repeat what is printed."""
    if said is None:
        return f"The PDF could not be made: it took longer than {SECONDS} seconds."
    if code == NO_LIBRARIES:
        return f"The PDF libraries are missing on this machine. Run: {APT}"
    last = (said.strip() or "no reason given").splitlines()[-1][:120]
    if code == NO_FILE:
        return f"A file the paper is printed with is missing: {last}"
    log.error("pdf_failed code=%s kind=%s", code, last.partition(":")[0])
    return f"The PDF could not be made ({last.partition(':')[0]})."


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=PART)
    _clear_what_was_left(Path(name))
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _clear_what_was_left(mine: Path) -> None:
    """Take away what a killed process left half-written beside `mine`, which was made this moment."""
    moment = mine.stat().st_mtime
    for other in mine.parent.glob(f"{PART}*"):
        with suppress(OSError):  # another process clears too, or it is somebody else's
            if moment - other.stat().st_mtime > LEFT_AFTER:
                other.unlink()
