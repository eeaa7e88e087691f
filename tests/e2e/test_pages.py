"""Every page of every role, in both languages: axe finds nothing, nothing runs off a phone, no link leads nowhere."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import Resolver404, resolve

from tests.e2e.visitor import Portal, Visitor, Visitors

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
AXE = Axe()
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
# The same for everybody: the visitor walks them.
PUBLIC = {
    "home", "scheme", "scheme_papers", "check", "faq", "districts", "district", "verify", "verify_number", "privacy",
    "accessibility", "sitemap", "demo",
}  # fmt: skip
NOT_OURS = ("/admin/", "/static/")


def arrive(guests: Visitors, role: str, language: str) -> Visitor:
    """Somebody of this role, reading this language."""
    person = guests.new() if role == "visitor" else guests.known(f"{role}@demo.test")
    return person.go(ROLES[role]).read(language)


def name_of(path: str) -> str:
    """The name of the address, so that of many files one is visited."""
    try:
        found = resolve(urlsplit(path).path)
    except Resolver404:
        return path
    return f"{found.view_name} {found.kwargs.get('key', '')}"


LINKS = "all => all.map(a => new URL(a.getAttribute('href'), document.baseURI).href)"  # those of a drawing too


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
        links = person.page.eval_on_selector_all("a[href]", LINKS)
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


# Pages of one file at one point, which no walk comes to for sure: whose page it is, and its address with names of `desk_rows`.
CASES: dict[str, tuple[str, ...]] = {
    "officer": (
        "/desk/?q=nothing-like-it",
        "/desk/?tab=all&state=scrutiny&sort=-turnover",
        "/desk/{asked}/",
        "/desk/{contested}/",
        "/desk/{scrutiny}/documents/{paper}/read/",
    ),
    "manager": ("/desk/{named}/", "/desk/shortlists/{draft}/"),
    "gm": ("/desk/{ineligible}/", "/desk/{proposed}/", "/desk/{apart}/", "/desk/hand-over/"),
    "other_manager": ("/desk/shortlists/{frozen}/",),
    "owner": ("/my/", "/applications/{ineligible}/", "/applications/{late}/"),
    "convenor": (
        "/committee/",
        "/committee/{session}/",
        "/committee/{session}/?show=undecided&sort=-total&tick=page",
        "/committee/{session}/trail/",
        "/committee/{session}/{tabled}/",
        "/committee/{session}/{decided}/",
        "/committee/{session}/{tabled}/documents/{agenda_paper}/read/",
        "/committee/{session}/release/",
        "/committee/{session}/letters/{decided}/?language={language}",
        "/committee/{over}/release/",
    ),
    "member": ("/committee/{session}/", "/committee/{session}/{recused}/", "/committee/{session}/{tabled}/"),
    "applicant": (
        "/applications/{decided}/result/",
        "/applications/{selected}/result/",
        "/applications/{not_selected}/result/",
        "/applications/{not_selected}/trail/",
        "/applications/{sought}/answer/",
    ),
    "directorate": ("/watch/?show=percent&round=all", "/watch/files/?stage=sent&sort=-days", "/desk/{decided}/trail/"),
}
# Pages with one form, which is sent as it stands: each says what is missing.
FORMS: dict[str, tuple[str, ...]] = {
    "officer": (
        "/desk/{scrutiny}/ask/",
        "/desk/{scrutiny}/notes/",
        "/desk/{scrutiny}/visits/new/",
        "/desk/{scrutiny}/ineligible/",
        "/desk/{contested}/contest/",
        "/desk/{late}/close-unanswered/",
    ),
    "manager": (
        "/desk/evaluators/",
        "/desk/{named}/evaluations/1/replace/",
        "/desk/shortlists/{draft}/picks/{appraised}/",
    ),
    "gm": (
        "/desk/{scrutiny}/transfer/",
        "/desk/hand-over/?desk={desk}",
        "/desk/{proposed}/ineligible/",
        "/desk/{ineligible}/reinstate/",
        "/desk/{apart}/moderate/",
        "/desk/{apart}/evaluations/1/unlock/",
        "/desk/{appraised}/return/",
        "/districts/KTM/progress/narrative/",
    ),
    "other_manager": ("/desk/shortlists/{frozen}/supersede/",),
    "owner": ("/applications/{asked}/answer/",),
    "convenor": (
        "/committee/new/",
        "/committee/{planned}/",
        "/committee/{planned}/agenda/",
        "/committee/{planned}/edit/",
        "/committee/{session}/{tabled}/recuse/",
        "/committee/{session}/{tabled}/decide/",
        "/committee/{session}/{tabled}/details/",
        "/committee/{session}/{tabled}/put-off/",
        "/committee/{session}/{tabled}/return/",
        "/committee/{session}/{decided}/reopen/",
        "/committee/{session}/{sought}/details/end/",
    ),
    "member": ("/committee/{session}/{tabled}/vote/",),
}
MAKE_ROWS = "from tests.e2e.desk_rows import make; make()"
ENTER = "from tests.e2e.desk_rows import enter; enter({!r})"


@pytest.fixture(scope="session")
def rows(filled: Portal) -> dict[str, Any]:
    """Files at every point of the desk, and the addresses of those who work on them."""
    found: dict[str, Any] = json.loads(filled.manage("shell", "-v0", "-c", MAKE_ROWS).splitlines()[-1])
    return found


def cookies(portal: Portal, email: str) -> dict[str, Any]:
    """What a browser keeps of somebody who signs in now."""
    return cookies_of(portal, portal.manage("shell", "-v0", "-c", ENTER.format(email)).splitlines()[-1])


def cookies_of(portal: Portal, session: str) -> dict[str, Any]:
    """What a browser keeps of the session with this key."""
    cookie = {"name": "sessionid", "value": session, "domain": urlsplit(portal.base).hostname, "path": "/"}
    return {"cookies": [{**cookie, "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}]}


def send_as_it_stands(person: Visitor) -> None:
    """Empty every text of the page's form, untick its boxes, and send it."""
    form = "form:has(button.btn-primary:enabled)"
    if not person.page.locator(f"main {form}").count():  # it waits for a document: send that form, without a file
        form = "form[enctype]"
    for selector in (f"main {form} textarea", f"main {form} input[type=text]"):
        for field in person.page.locator(selector).all():
            field.evaluate("field => { field.value = '' }")
    person.page.eval_on_selector_all(f"main {form} :checked", "all => all.forEach(a => { a.checked = false })")
    person.press(f"main {form} button[type=submit]")


def dead_links(person: Visitor) -> list[str]:
    """Links of the page to addresses that no page has."""
    links = person.page.eval_on_selector_all("a[href]", LINKS)
    own = [urlsplit(link).path for link in links if link.startswith(person.portal.base)]
    return [path for path in own if name_of(path) == path and not path.startswith(NOT_OURS)]


def visit_page(person: Visitor, address: str, language: str) -> str:
    """What is wrong with a page, in one language."""
    person.go(address).read(language)
    assert person.path == address
    return faults(person) + "".join(dead_links(person))


@pytest.mark.parametrize("language", ["en", "ml"])
@pytest.mark.parametrize("who", CASES)
def test_pages_of_one_file_and_forms_in_error(
    guests: Visitors, filled: Portal, rows: dict[str, Any], who: str, language: str
):
    person, found = guests.new(cookies=cookies(filled, rows["people"][who])), {}
    for address in (*CASES[who], *FORMS.get(who, ())):
        found[address] = visit_page(person, address.format(language=language, **rows), language)
        assert "btn-primary" in person.page.content() or address not in FORMS.get(who, ()), address
    for address in FORMS.get(who, ()):
        person.go(address.format(**rows))
        send_as_it_stands(person)
        assert person.page.locator(".m-errors, main [role=alert]").count(), address
        found[f"{address}, in error"] = faults(person)
    assert {address: said for address, said in found.items() if said} == {}


MALAYALAM = re.compile(r"[\u0d00-\u0d7f]")


def test_the_language_stays_with_the_person(guests: Visitors):
    person = arrive(guests, "applicant", "ml")
    person.go("/districts/")
    assert person.page.get_attribute("html", "lang") == "ml"
    assert MALAYALAM.search(person.page.inner_text("h1"))
    person.press("form[data-language] button")
    assert person.page.get_attribute("html", "lang") == "en"
