"""The one door to WeasyPrint: HTML in, tagged PDF out, made in a child process of low priority with bounds.

The child imports WeasyPrint, so that a library installed meanwhile is found without a restart.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

SECONDS = 60
MEMORY_MB = 512
APT = "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
NO_LIBRARIES = 3
NO_FILE = 4


class PdfUnavailable(Exception):
    """No PDF could be made; the text says why and what to do."""


def render(html: str, *, title: str, language: str, beat: Callable[[], None] | None = None) -> bytes:
    """Make a PDF/UA of `html`. Raises PdfUnavailable with a sentence fit to show."""
    with tempfile.TemporaryDirectory(prefix="paper-") as folder:
        source, target = Path(folder, "in.html"), Path(folder, "out.pdf")
        source.write_text(html, encoding="utf-8")
        words = [
            sys.executable,
            "-m",
            "records.pdf_child",
            str(source),
            str(target),
            str(settings.BASE_DIR / "static" / "print"),
        ]
        child = subprocess.Popen(
            words,
            cwd=settings.BASE_DIR,
            env=_child_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        said = _wait(child, beat)
        if child.returncode == 0 and target.exists():
            return target.read_bytes()
    if child.returncode == NO_LIBRARIES:
        raise PdfUnavailable(f"The PDF libraries are missing on this machine. Run: {APT}")
    if child.returncode == NO_FILE:
        raise PdfUnavailable(f"A file the paper is printed with is missing: {said.strip().splitlines()[-1]}")
    raise PdfUnavailable(
        f"The PDF could not be made ({title}, {language}): {(said.strip() or 'no reason given')[-300:]}"
    )


def _child_environment() -> dict[str, str]:
    keep = {
        name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH", "FONTCONFIG_FILE") if name in os.environ
    }
    return {**keep, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}


def _wait(child: subprocess.Popen[str], beat: Callable[[], None] | None) -> str:
    """Wait with a bound, saying now and then that the work goes on."""
    for _turn in range(SECONDS // 5):
        try:
            return child.communicate(timeout=5)[1] or ""
        except subprocess.TimeoutExpired:
            if beat:
                beat()
    child.kill()
    child.communicate()
    return f"it took longer than {SECONDS} seconds"


def write_whole(path: Path, content: bytes) -> None:
    """Put a file in place whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
