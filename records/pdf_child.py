"""What prints one paper. By itself: `python -m records.pdf_child IN.html OUT.pdf PRINT_FOLDER`, an interpreter of its own, by
which the press (records.pdf_press) is measured and its papers are compared. Needs no Django.

It may read the print folder and nothing else: no network, no other file. WeasyPrint keeps one text per glyph, so Malayalam
would come out wrong on copy and search; each text box with Malayalam is therefore wrapped in a /Span with /ActualText.
"""

import os
import re
import resource
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

MEMORY = 512 * 1024 * 1024
SECONDS = 90
NO_LIBRARIES, NO_FILE = 3, 4
HOME = "https://print.invalid/"  # a name that exists nowhere; relative addresses are joined to it
HOW = {"pdf_variant": "pdf/ua-1", "pdf_tags": True}
MALAYALAM = re.compile("[\u0d00-\u0d7f]")


class OutOfBounds(ValueError):
    """The paper asked for something outside the print folder."""


class Missing(BaseException):
    """A file of the print folder is not there. No Exception: WeasyPrint would go on and print without it."""


def keep_text(draw: Any) -> None:
    """Wrap WeasyPrint's text drawing so that a box holding Malayalam gives its source text back."""
    original = draw.draw_text

    def draw_text(stream: Any, textbox: Any, *args: Any, **kwargs: Any) -> Any:
        text = getattr(textbox, "text", "") or ""
        if not MALAYALAM.search(text) and "\u200b" not in text:
            return original(stream, textbox, *args, **kwargs)
        text = text.replace("\u200b", "")  # a place to break (formats.breakable) is nothing that is copied
        actual = ("\ufeff" + text).encode("utf-16-be").hex()
        stream.stream.append(f"/Span <</ActualText <{actual}>>> BDC".encode())
        result = original(stream, textbox, *args, **kwargs)
        stream.stream.append(b"EMC")
        return result

    draw.draw_text = draw_text


def fetcher(folder: Path, base: Any, answer: Any) -> Any:
    """Answers addresses under HOME from the print folder; refuses everything else. Nothing leaves the machine."""

    class PrintFolder(base):
        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlsplit(url)
            path = (folder / unquote(parts.path).lstrip("/")).resolve()
            if f"{parts.scheme}://{parts.netloc}/" != HOME or folder.resolve() not in path.parents:
                raise OutOfBounds(url)
            if not path.exists():
                raise Missing(path.name)
            kind = "text/css" if path.suffix == ".css" else "font/woff2"
            return answer(url, path.read_bytes(), {"Content-Type": kind})

    return PrintFolder()


def bound() -> None:
    """The bounds of one paper: memory, and CPU also when whoever started it is gone. A core file would hold what is printed."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY * 2, MEMORY * 2))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Print one file."""
    source, target, folder = (Path(word) for word in sys.argv[1:4])
    os.nice(10)
    bound()
    try:
        import weasyprint  # noqa: PLC0415 -- fails where Pango is missing, and that is an answer
        from weasyprint import draw, urls  # noqa: PLC0415 -- as above
    except OSError:
        return NO_LIBRARIES
    keep_text(draw)
    fetch = fetcher(folder, urls.URLFetcher, urls.URLFetcherResponse)
    document = weasyprint.HTML(string=source.read_text(encoding="utf-8"), base_url=HOME, url_fetcher=fetch)
    try:
        document.write_pdf(target, **HOW)
    except Missing as gone:
        return told(gone)
    return 0


def told(gone: Missing) -> int:
    """Say which file is not there; the exit code for it."""
    sys.stderr.write(f"{gone}\n")
    return NO_FILE


if __name__ == "__main__":
    raise SystemExit(main())
