"""The one door to WeasyPrint: HTML in, tagged PDF out, made in a child process of low priority with bounds.

The child imports WeasyPrint, so that a library installed meanwhile is found without a restart.
"""

import errno
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from html import escape
from pathlib import Path

from django.conf import settings

SECONDS = 60
BEAT_EVERY = 5.0
APT = (
    "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 poppler-utils poppler-data fonts-wqy-microhei"
)
FOLDER, PART = "mission1000-paper-", ".part-"  # what is being written; it has another name, or none, when it is done
LEFT_AFTER = 600  # seconds: nothing takes that long to be written, whoever wrote it was killed
NO_LIBRARIES = 3
NO_FILE = 4
NO_ROOM = f"[Errno {errno.ENOSPC}]"
log = logging.getLogger(__name__)


class PdfUnavailable(Exception):
    """No PDF could be made; the text says why and what to do."""


def render(html: str, *, beat: Callable[[], None] | None = None) -> bytes:
    """Make a PDF/UA of `html`. Raises PdfUnavailable with a sentence fit to show, OSError on a full disk."""
    with tempfile.TemporaryDirectory(prefix=FOLDER) as folder:
        _clear_what_was_left(Path(folder), FOLDER)
        source, target = Path(folder, "in.html"), Path(folder, "out.pdf")
        source.write_text(html, encoding="utf-8")
        child = subprocess.Popen(
            [sys.executable, "-m", "records.pdf_child", source, target, settings.BASE_DIR / "static" / "print"],
            cwd=settings.BASE_DIR,
            env=_child_environment(Path(folder)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        said = _wait(child, beat)
        if child.returncode == 0 and target.exists():
            return target.read_bytes()
    if NO_ROOM in (said or ""):
        raise OSError(errno.ENOSPC, "no room for the PDF")
    raise PdfUnavailable(_reason(child.returncode, said))


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


def _child_environment(folder: Path) -> dict[str, str]:
    """The shipped fonts are the only ones it finds: a paper looks alike on every machine, a sign they lack is a box."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH", "PYTHONPATH") if name in os.environ}
    fonts = settings.BASE_DIR / "static" / "print" / "fonts"
    config = folder / "fonts.conf"
    config.write_text(f"<fontconfig><dir>{escape(str(fonts))}</dir><cachedir>{folder}</cachedir></fontconfig>")
    return {**keep, "FONTCONFIG_FILE": str(config), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}


def _wait(child: subprocess.Popen[str], beat: Callable[[], None] | None) -> str | None:
    """Wait with a bound, saying now and then that the work goes on; what the child said, None if it took too long."""
    end = time.monotonic() + SECONDS
    while (left := end - time.monotonic()) > 0:
        try:
            return child.communicate(timeout=min(BEAT_EVERY, left))[1] or ""
        except subprocess.TimeoutExpired:
            if beat:
                beat()
    child.kill()
    child.communicate()
    return None


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=PART)
    _clear_what_was_left(Path(name), PART)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _clear_what_was_left(mine: Path, prefix: str) -> None:
    """Take away what a killed process left half-written beside `mine`, which was made this moment."""
    moment = mine.stat().st_mtime
    for other in mine.parent.glob(f"{prefix}*"):
        with suppress(OSError):  # another process clears too, or it is somebody else's
            if moment - other.stat().st_mtime > LEFT_AFTER:
                shutil.rmtree(other) if other.is_dir() else other.unlink()
