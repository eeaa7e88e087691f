"""Every link of every role in both languages, followed; every page seen under axe and at both widths, or one that is the same.

A walk follows links by plain HTTP: each must answer with 200. A page goes to the browser when a piece of it has a skeleton
(tests/e2e/skeleton.py) that no walk of this run has shown to it in this language; what is left then differs from pages
that were seen in nothing that axe or a window's width could see. `--lf`, one role alone, any order: each run sees for itself
all that it walks. Which page was seen how is kept in `.pytest_cache/v/walks/` after the run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.e2e.crawl import Crawler, leads_to_a_page, name_of
from tests.e2e.faults import faults
from tests.e2e.portal import Portal
from tests.e2e.skeleton import Element, pieces
from tests.e2e.visitor import Visitor, Visitors

ROLES = {
    "visitor": "/sitemap/",
    "applicant": "/my/",
    "officer.ekm": "/desk/",
    "taluk.ekm": "/desk/",
    "manager.tsr": "/desk/",
    "gm.ekm": "/desk/",
    "directorate": "/watch/",
    "auditor": "/watch/",
    "admin": "/staff/",
    "convenor": "/home/",
}
# The same for everybody: the visitor walks them.
PUBLIC = {
    "home", "scheme", "scheme_papers", "check", "faq", "districts", "district", "verify", "verify_number", "privacy",
    "accessibility", "sitemap", "demo",
}  # fmt: skip


@dataclass
class Shown:
    """What walks have shown to the browser in one language: for each piece of a page, which page had it first."""

    first: dict[str, str] = field(default_factory=dict)

    def how(self, page: Element, name: str) -> str:
        """ "browser", or the pages that show the same; from now on this page's pieces count as shown."""
        found = pieces(page)
        new = [piece for piece in found if piece not in self.first]
        same = dict.fromkeys(self.first[piece] for piece in found if piece in self.first)
        self.first |= dict.fromkeys(new, name)
        return "browser" if new else f"as {', '.join(same)}"


@pytest.fixture(scope="module")
def shown() -> dict[str, Shown]:
    return {language: Shown() for language in ("en", "ml")}


@pytest.fixture(scope="module")
def kept(request: pytest.FixtureRequest) -> Iterator[dict[str, dict[str, str]]]:
    """Role and language, each with its pages and how each was seen."""
    walks: dict[str, dict[str, str]] = {}
    yield walks
    if cache := request.config.cache:
        for walk, pages in walks.items():
            cache.set(f"walks/{walk}", pages)


def walk(crawler: Crawler, start: str, left_out: set[str]) -> Iterator[tuple[str, Element]]:
    """Follow every link from a page; one page for each name of address."""
    waiting, seen = [start], {f"{name} " for name in left_out}
    while waiting:
        path = waiting.pop(0)
        if name_of(path) in seen or not leads_to_a_page(path):
            continue
        seen.add(name_of(path))
        at, page = crawler.get(path)
        yield at, page
        waiting += crawler.links(at, page)


def arrive(guests: Visitors, role: str, language: str) -> Visitor:
    """Somebody of this role, reading this language."""
    return guests.new(language) if role == "visitor" else guests.known(f"{role}@demo.test", language)


@pytest.mark.parametrize("language", ["en", "ml"])
@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_no_link_is_dead_and_nothing_runs_off(
    guests: Visitors,
    filled: Portal,
    shown: dict[str, Shown],
    kept: dict[str, dict[str, str]],
    role: str,
    language: str,
):
    person, found, how = arrive(guests, role, language), {}, {}
    with Crawler(filled, person.cookies) as crawler:
        for path, page in walk(crawler, ROLES[role], set() if role == "visitor" else PUBLIC):
            how[path] = shown[language].how(page, f"{role} {path}")
            assert page.all_values("html", "lang") == [language], path
            if how[path] == "browser" and (said := faults(person.go(path))):
                found[path] = said
    kept[f"{role} {language}"] = how
    assert found == {}
