"""Every page of every role, in both languages: axe finds nothing, nothing runs off a phone, no link leads nowhere."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve

from tests.e2e.visitor import Visitor, Visitors

ROLES = {
    "visitor": "/sitemap/",
    "applicant": "/my/",
    "officer.ekm": "/desk/",
    "taluk.ekm": "/desk/",
    "manager.tsr": "/desk/",
    "gm.ekm": "/desk/",
    "directorate": "/reports/",
    "auditor": "/reports/",
    "admin": "/staff/",
    "convenor": "/home/",
}
AXE = Axe()
# Pages that end the visit, or answer with a file.
NOT_VISITED = {
    "account_logout",
    "application_document",
    "desk_document",
    "shortlist_marks",
    "reports_table",
    "paper",
    "totp_qr",
}
# The same for everybody: the visitor walks them.
PUBLIC = {
    "home", "scheme", "scheme_papers", "check", "faq", "districts", "district", "verify", "verify_number", "privacy",
    "accessibility", "sitemap", "demo",
}  # fmt: skip
NOT_OURS = ("/admin/", "/static/")


def arrive(guests: Visitors, role: str, language: str) -> Visitor:
    """Somebody of this role, reading this language."""
    person = guests.new() if role == "visitor" else guests.known(f"{role}@demo.test")
    if person.go(ROLES[role]).path.startswith("/accounts/login/"):  # nobody used that session for too long
        guests.forget(f"{role}@demo.test")
        person = guests.known(f"{role}@demo.test").go(ROLES[role])
    if person.page.get_attribute("html", "lang") != language:
        person.press("form[data-language] button")
    return person


def name_of(path: str) -> str:
    """The name of the address, so that of many files one is visited."""
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return path
    return f"{found.view_name} {found.kwargs.get('key', '')}"


def walk(person: Visitor, start: str, left_out: set[str]) -> Iterator[str]:
    """Follow every link from a page; one page for each name of address. Each must answer with 200."""
    waiting, seen = [start], {f"{name} " for name in left_out}
    while waiting:
        path = waiting.pop(0)
        if name_of(path) in seen or name_of(path).split()[0] in NOT_VISITED or path.startswith(NOT_OURS):
            continue
        seen.add(name_of(path))
        answer = person.page.goto(person.portal.base + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        yield path
        links = person.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        own = [urlsplit(link) for link in links if link.startswith(person.portal.base)]
        waiting += [link.path + (f"?{link.query}" if link.query else "") for link in own]


WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def faults(person: Visitor) -> str:
    """What axe finds on the page, and what the eye would: wider than the window, at a desk and on a phone."""
    result = AXE.run(person.page)
    found = result.generate_report() if result.violations_count else ""
    for width in (360, 1280):
        person.page.set_viewport_size({"width": width, "height": 900})
        if (wider := person.page.evaluate(WIDER)) > 0:
            found += f"{wider} px wider than a window of {width} px"
    return found


@pytest.mark.parametrize("language", ["en", "ml"])
@pytest.mark.parametrize("role", ROLES)
def test_axe_finds_nothing_no_link_is_dead_and_nothing_runs_off(guests: Visitors, role: str, language: str):
    person = arrive(guests, role, language)
    found = {
        path: said
        for path in walk(person, ROLES[role], set() if role == "visitor" else PUBLIC)
        if (said := faults(person))
    }
    assert found == {}


MALAYALAM = re.compile(r"[\u0d00-\u0d7f]")


def test_the_language_stays_with_the_person(guests: Visitors):
    person = arrive(guests, "applicant", "ml")
    person.go("/districts/")
    assert person.page.get_attribute("html", "lang") == "ml"
    assert MALAYALAM.search(person.page.inner_text("h1"))
    person.press("form[data-language] button")
    assert person.page.get_attribute("html", "lang") == "en"
