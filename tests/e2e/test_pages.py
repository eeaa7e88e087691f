"""Pages of one file at one point, and forms sent as they stand, in both languages: axe finds nothing, no link is dead, nothing runs off."""

from typing import Any

import pytest

from tests.e2e.crawl import Crawler, dead
from tests.e2e.faults import faults
from tests.e2e.portal import Portal
from tests.e2e.skeleton import Shown
from tests.e2e.visitor import Visitor, Visitors

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


@pytest.fixture(scope="session")
def rows(filled: Portal) -> dict[str, Any]:
    """Files at every point of the desk, and the addresses of those who work on them."""
    found: dict[str, Any] = filled.ask("desk_rows.make")
    return found


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


def visit(person: Visitor, crawler: Crawler, seen: Shown, address: str) -> str:
    """What is wrong with a page. Who has seen one like it sees no more of it: tests/e2e/test_walks.py."""
    at, page = crawler.get(address)
    assert at == address
    wrong = "".join(dead(crawler.links(at, page)))
    return wrong + faults(person.go(at)) if seen.is_new(crawler.who, at, page) else wrong


@pytest.mark.parametrize("language", ["en", "ml"])
@pytest.mark.parametrize("who", CASES)
def test_pages_of_one_file_and_forms_in_error(
    guests: Visitors, filled: Portal, shown: dict[str, Shown], rows: dict[str, Any], who: str, language: str
):
    person, found = guests.known(rows["people"][who], language), {}
    with Crawler(filled, person.cookies, who=f"{who} of one file", language=language) as crawler:
        for address in (*CASES[who], *FORMS.get(who, ())):
            found[address] = visit(person, crawler, shown[language], address.format(language=language, **rows))
    for address in FORMS.get(who, ()):
        person.go(address.format(**rows))
        send_as_it_stands(person)
        assert person.page.locator(".m-errors, main [role=alert]").count(), address
        found[f"{address}, in error"] = faults(person)
    assert {address: said for address, said in found.items() if said} == {}
