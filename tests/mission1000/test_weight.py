"""The first page stays light: what a phone fetches for it, cold and compressed, in either language."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import static_files

LIMIT = {"en": 200_000, "ml": 250_000}  # bytes
# Malayalam stands on English pages in regular weight alone (the name, the line under the heading), so the bold face is not fetched.
FACES = {"en": ("400",), "ml": ("400", "700")}


class Fetched(HTMLParser):
    """Addresses of the files a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        address = names.get("href") if tag == "link" else names.get("src") if tag in {"script", "img"} else None
        self.addresses |= {address} if address else set()


@pytest.fixture
def collected(reference: None, settings: Any) -> Path:
    """Static files as they are served."""
    settings.STATIC_ROOT = static_files.collected()
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static_files.SERVED}
    return settings.STATIC_ROOT


def weight(path: Path) -> int:
    """Bytes sent for a file to a browser that takes gzip."""
    pressed = path.with_name(f"{path.name}.gz")
    return (pressed if pressed.exists() else path).stat().st_size


@pytest.mark.parametrize("language", ["en", "ml"])
def test_the_first_page_is_light(collected: Path, language: str) -> None:
    client = Client()
    client.post("/i18n/setlang/", {"language": language, "next": "/"})
    html = client.get("/").content
    assert f'<html lang="{language}">'.encode() in html
    page = Fetched()
    page.feed(html.decode())
    assert all(address.startswith("/static/") for address in page.addresses)
    files = {collected / address.removeprefix("/static/") for address in page.addresses}
    styles = "".join(path.read_text() for path in files if path.suffix == ".css")
    faces = {Path(name).name for name in re.findall(r"url\([\"']?([^\"')]+\.woff2)", styles)}
    wanted = {name for name in faces if any(f"-{face}-" in name for face in FACES[language])}
    assert len(wanted) == len(FACES[language])
    files |= {collected / "fonts" / name for name in wanted}
    assert len(gzip.compress(html)) + sum(weight(path) for path in files) <= LIMIT[language]
