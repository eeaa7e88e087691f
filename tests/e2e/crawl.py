"""The pages of a portal by plain HTTP, as a browser with somebody's cookies would ask for them, and where they lead."""

from http.client import HTTPConnection, HTTPResponse
from typing import Self
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

from tests.e2e.portal import Portal
from tests.e2e.skeleton import Element, read

MOST_TURNS = 5  # redirects in a row
# Pages that end the visit, or answer with a file.
NOT_VISITED = {
    "account_logout",
    "agenda_document",
    "agenda_document_page",
    "agenda_table",
    "application_document",
    "desk_document",
    "desk_document_page",
    "desk_contest_certificate",
    "desk_export",
    "desk_trail_csv",
    "desk_visit_photo",
    "shortlist_marks",
    "reports_table",
    "watch_table",
    "watch_files_export",
    "paper",
    "totp_qr",
}
NOT_OURS = ("/admin/", "/static/")


def name_of(path: str) -> str:
    """The name of the address, so that of many files one is visited."""
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return urlsplit(path).path
    return f"{found.view_name} {found.kwargs.get('key', '')}"


def leads_to_a_page(path: str) -> bool:
    """Whether it is one of the portal's own pages that people read."""
    return name_of(path).split()[0] not in NOT_VISITED and not path.startswith(NOT_OURS)


def own_links(base: str, links: list[str]) -> list[str]:
    """Of whole addresses those inside the portal, without its own address."""
    own = [urlsplit(link) for link in links if link.startswith(f"{base}/")]
    return [link.path + (f"?{link.query}" if link.query else "") for link in own]


def dead(paths: list[str]) -> list[str]:
    """Addresses that no page has."""
    return [path for path in paths if name_of(path) == urlsplit(path).path and not path.startswith(NOT_OURS)]


class Crawler:
    """Somebody who reads pages without a browser. One connection is kept: each new one would wait for the last to close."""

    def __init__(self, portal: Portal, cookies: dict[str, str], *, who: str, language: str) -> None:
        self.who = who
        self._language = language
        self._base = portal.base
        self._cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._link = HTTPConnection(urlsplit(portal.base).netloc, timeout=60)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._link.close()

    def _ask(self, path: str) -> tuple[HTTPResponse, str]:
        self._link.request("GET", path, headers={"Cookie": self._cookies})
        answer = self._link.getresponse()
        return answer, answer.read().decode()

    def get(self, path: str) -> tuple[str, Element]:
        """The page at an address, and the address it has at the end of all redirects: with 200, in the reader's language."""
        for _turn in range(MOST_TURNS):
            answer, text = self._ask(path)
            if answer.status not in {301, 302}:
                assert answer.status == 200, (path, answer.status)
                page = read(text)
                assert page.all_values("html", "lang") == [self._language], path
                return path, page
            path = urljoin(path, answer.headers["Location"])
        raise AssertionError(f"{path} leads in a circle")

    def links(self, path: str, page: Element) -> list[str]:
        """Where the links of a page lead inside the portal."""
        return own_links(self._base, [urljoin(self._base + path, link) for link in page.all_values("a", "href")])
