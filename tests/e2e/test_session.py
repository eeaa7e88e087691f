"""A session that nobody uses: it warns, one key keeps it, and what was typed comes back to the same person only."""

import pytest
from playwright.sync_api import Route

from accounts.sessions import APPLICANT_IDLE, GRAIN, WARNING
from tests.e2e.visitor import PASSWORD, Visitor, Visitors

FORM = "/enterprises/new/"
WARNS = APPLICANT_IDLE - GRAIN - WARNING  # seconds
BAR = "form[data-stay]"


@pytest.fixture
def person(visitors: Visitors) -> Visitor:
    """An applicant with a form half filled in, whose browser's clock stands still but for the test that moves it."""
    someone = visitors.known("applicant@demo.test")
    visitors.profiles.stop_the_clock(someone.page.context)
    someone.go(FORM)
    someone.write("name_en", "Half a name")
    someone.write("udyam_number", "UDYAM-KL-02-00")
    return someone


def typed(person: Visitor, name: str) -> str:
    return person.find(f"main [name='{name}']").input_value()


def end_the_session(person: Visitor) -> None:
    """As the server does after half an hour: the browser's key opens nothing any more."""
    person.page.context.clear_cookies(name="sessionid")


def call_it_pan(person: Visitor) -> None:
    """Let a field of this form pass for one whose column is sealed."""
    person.find("main [name='udyam_number']").evaluate("field => { field.name = 'pan'; }")


def sign_in_here(person: Visitor, email: str) -> None:
    """On the page that came by itself, with the way back in its address."""
    person.write("login", email)
    person.write("password", PASSWORD)
    person.press()


def test_the_page_warns_two_minutes_before_and_one_key_keeps_the_session(person: Visitor):
    bar = person.find(BAR)
    assert bar.is_hidden()
    person.page.clock.fast_forward((WARNS - 1) * 1000)
    assert bar.is_hidden()
    person.page.clock.fast_forward(1100)
    assert bar.is_visible()
    assert "Your session ends in 2 minutes" in bar.inner_text()
    with person.page.expect_response("**/accounts/stay/") as answer:
        person.page.keyboard.press("Shift")
    assert answer.value.status == 204
    bar.wait_for(state="hidden")
    assert typed(person, "name_en") == "Half a name"
    person.page.clock.fast_forward((WARNS - 5) * 1000)
    assert bar.is_hidden()


def test_the_button_keeps_the_session_too(person: Visitor):
    person.page.clock.fast_forward((WARNS + 1) * 1000)
    with person.page.expect_response("**/accounts/stay/") as answer:
        person.find(f"{BAR} button").click()
    assert answer.value.status == 204
    person.find(BAR).wait_for(state="hidden")


def test_at_the_end_the_page_goes_and_what_was_typed_comes_back_after_the_sign_in(person: Visitor):
    end_the_session(person)
    with person.page.expect_navigation():
        person.page.clock.fast_forward((WARNS + WARNING + 1) * 1000)
    assert person.path == "/accounts/login/?next=/enterprises/new/"
    sign_in_here(person, "applicant@demo.test")
    assert person.path == FORM
    assert (typed(person, "name_en"), typed(person, "udyam_number")) == ("Half a name", "UDYAM-KL-02-00")


def test_a_form_sent_too_late_comes_back_without_what_is_sealed(person: Visitor):
    call_it_pan(person)
    end_the_session(person)
    person.press()
    assert "Your session has ended" in person.text
    sign_in_here(person, "applicant@demo.test")
    assert person.path == FORM
    assert (typed(person, "name_en"), typed(person, "udyam_number")) == ("Half a name", "")


def test_somebody_else_gets_nothing_of_what_was_typed(person: Visitor):
    end_the_session(person)
    person.press()
    sign_in_here(person, "agency@demo.test")
    assert person.path == FORM
    assert person.page.evaluate("sessionStorage.length") == 0


def test_a_form_that_was_sent_leaves_nothing_behind(person: Visitor):
    person.press()
    assert person.path == FORM
    assert person.page.evaluate("sessionStorage.length") == 0


def test_changing_the_language_keeps_the_whole_form(person: Visitor):
    for language in ("ml", "en"):
        call_it_pan(person)
        with person.page.expect_navigation():
            person.find(f"form[data-language] button[value={language}]").click()
        assert person.page.evaluate("document.documentElement.lang") == language
        assert (typed(person, "name_en"), typed(person, "udyam_number")) == ("Half a name", "UDYAM-KL-02-00")


def test_what_the_proxy_refused_waits_on_the_page_it_was_typed_on(person: Visitor):
    """As nginx answers a body that is too large: the portal's page in place of the form's answer, nothing passed on."""

    def refuse(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        page = person.page.request.get(f"{person.portal.base}/too-large/", headers={"referer": route.request.url})
        route.fulfill(status=413, content_type="text/html", body=page.body())

    person.page.route(f"**{FORM}", refuse)
    person.press()
    assert "What you sent is too large" in person.find("h1").inner_text()
    with person.page.expect_navigation():
        person.find("main a.btn-primary").click()
    assert person.page.url.endswith(FORM)
    assert typed(person, "name_en") == "Half a name"
