"""Each form once in error, in both languages: it says what to do at the field and in the summary, and axe finds nothing."""

import pytest

from tests.e2e.faults import faults
from tests.e2e.test_walks import arrive
from tests.e2e.visitor import Visitor, Visitors

# Who, from where (a part of a link's address to follow, or an address), which button.
FORMS = {
    "check": ("visitor", "/check/", "main form button.btn-primary"),
    "sign up": ("visitor", "/accounts/signup/", "main form button.btn-primary"),
    "sign in": ("visitor", "/accounts/login/", "main form button.btn-primary"),
    "reset": ("visitor", "/accounts/password/reset/", "main form button.btn-primary"),
    "verify": ("visitor", "/verify/", "main form button.btn-primary"),
    "enterprise": ("applicant", "/enterprises/new/", "main form button.btn-primary"),
    "staff": ("admin", "/staff/add/", "main form button.btn-primary"),
}


@pytest.mark.parametrize("language", ["en", "ml"])
@pytest.mark.parametrize("form", FORMS)
def test_an_empty_form_says_what_to_do(guests: Visitors, form: str, language: str):
    role, address, button = FORMS[form]
    person = arrive(guests, role, language)
    person.go(address)
    person.press(button)
    assert person.page.locator(".m-errors").count() == 1, person.text
    assert faults(person) == ""


def draft(person: Visitor) -> str:
    """The address of the applicant's draft."""
    person.go("/my/")
    link = person.page.eval_on_selector("main a[href^='/applications/M1K']", "a => a.getAttribute('href')")
    return "/".join(link.split("/")[:3]) + "/"


WRONG = {
    "enterprise": {"pan": "AAKPV48", "pin": "12", "mobile": "12345"},
    "ownership": {"owners-0-name": "A", "owners-0-share": "40"},
    "financials": {"year-2023-24-turnover_domestic": "-5"},
    "employment": {"year-2023-24-women_permanent": "many"},
    "growth": {"cost_machinery": "six crore"},
    "bank": {"ifsc": "SBI", "account_number": "12"},
}


@pytest.mark.parametrize("language", ["en", "ml"])
@pytest.mark.parametrize("key", WRONG)
def test_a_section_in_error_keeps_what_was_typed(
    guests: Visitors,
    key: str,
    language: str,
):
    person = arrive(guests, "applicant", language)
    person.go(f"{draft(person)}{key}/")
    for name, text in WRONG[key].items():
        person.write(name, text)
    person.press("main button[name=go][value=on]")
    assert person.page.locator(".m-errors").count() == 1, person.text
    assert {name: person.find(f"[name='{name}']").input_value() for name in WRONG[key]} == WRONG[key]
    assert faults(person) == ""


@pytest.mark.parametrize("language", ["en", "ml"])
def test_a_document_without_a_file_says_so(guests: Visitors, language: str):
    person = arrive(guests, "applicant", language)
    person.go(f"{draft(person)}documents/")
    person.press("main li.m-doc form button")
    assert person.page.locator(".m-errors").count() == 1, person.text
    assert faults(person) == ""


@pytest.mark.parametrize("language", ["en", "ml"])
def test_a_run_of_a_month_that_has_not_begun_says_so(guests: Visitors, language: str):
    person = arrive(guests, "directorate", language)
    person.go("/reports/")
    person.reach("#run_month").fill("2099-01")
    person.press("#all form button")
    assert person.page.locator(".m-errors").count() == 1, person.text
    assert person.find("#run_month").input_value() == "2099-01"
    assert faults(person) == ""
