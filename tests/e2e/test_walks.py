"""Every link of every role in both languages, followed; every page seen under axe and at both widths, or one that is the same.

A walk follows links by plain HTTP: each must answer with 200. A page goes to the browser when a piece of it has a skeleton
(tests/e2e/skeleton.py) that no test of this run has shown to it in this language; what is left then differs from pages
that were seen in nothing that axe or a window's width could see. One role alone, any order: each run sees for itself all
that it walks. Which page was seen how is kept in `.pytest_cache/v/seen/` after the run.
"""

from collections.abc import Iterator

import pytest

from tests.e2e.crawl import Crawler, leads_to_a_page, name_of
from tests.e2e.faults import faults
from tests.e2e.portal import Portal
from tests.e2e.skeleton import Element, Shown
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
    role: str,
    language: str,
):
    person, found, seen = arrive(guests, role, language), {}, shown[language]
    with Crawler(filled, person.cookies, who=role, language=language) as crawler:
        for path, page in walk(crawler, ROLES[role], set() if role == "visitor" else PUBLIC):
            if seen.is_new(crawler.who, path, page) and (said := faults(person.go(path))):
                found[path] = said
    assert found == {}
