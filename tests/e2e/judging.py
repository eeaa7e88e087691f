"""The steps of an office, from the desk to the approved shortlist, as its people make them."""

import time

from tests.e2e.visitor import Visitor

WAIT = 240  # seconds: papers are made after what people wait for, by a niced child, while other tests have both cores
FIGURES = (
    "turnover:2023-24",
    "turnover:2024-25",
    "turnover:2025-26",
    "exports:2025-26",
    "profit:2025-26",
    "jobs",
    "women",
    "fixed_capital",
    "overdue",
    "began_on",
)
MARKS = {"growth": "4", "financial": "3", "plan": "4", "employment": "3", "exports": "2", "technology": "4"}


def take_up(person: Visitor, reference: str) -> None:
    """From the desk's list to the file, and take it up."""
    person.go("/desk/?tab=new")
    person.press(f"main th a[href='/desk/{reference}/']")
    person.press("#next form button.btn-primary")


def document(person: Visitor, kind_name: str) -> str:
    """The row of one document on the file's page."""
    return f"li.m-doc:has(.m-doc__name:text-is({kind_name!r}))"


def reject(person: Visitor, reference: str, kind_name: str) -> None:
    """Reject one document with a coded reason."""
    person.go(f"/desk/{reference}/")
    person.press(f"{document(person, kind_name)} a[href$='/reject/']")
    person.choose("reason", "unreadable")
    person.write("note", "Pages 6 to 9 are blurred.")
    person.press()


def accept_all(person: Visitor, reference: str) -> None:
    """Accept every document that waits to be read."""
    person.go(f"/desk/{reference}/")
    while person.page.locator("form[action$='/accept/'] button").count():
        person.press("form[action$='/accept/'] button")


def verify_all(person: Visitor, reference: str) -> None:
    """Verify every figure: as claimed, with its source."""
    for key in FIGURES:
        person.go(f"/desk/{reference}/figures/{key}/")
        person.write("source", "Balance sheet, page 2")
        person.press("main button[name=same]")


def end_scrutiny(person: Visitor, reference: str) -> None:
    person.go(f"/desk/{reference}/")
    person.press("#next form button.btn-primary")


def name_evaluators(person: Visitor, reference: str, *names: str) -> None:
    """Tick people by name."""
    person.go(f"/desk/{reference}/evaluators/")
    for name in names:
        box = person.find(f"label.m-choice:has-text({name!r}) input")
        value = box.get_attribute("value")
        assert value is not None
        person.choose("evaluators", value)
    person.press()


def mark(person: Visitor, reference: str) -> None:
    """Accept the assignment, mark every criterion with its reason."""
    person.go(f"/desk/{reference}/scorecard/")
    person.press("form[action$='/scorecard/accept/'] button")
    for key, value in MARKS.items():
        person.choose(f"mark_{key}", value)
        person.write(f"why_{key}", "Seen on the verified papers.")


def lock(person: Visitor) -> None:
    person.press("button[name=lock]")


def wait_for_words(person: Visitor, address: str, words: str, seconds: float = WAIT) -> None:
    """Open a page again and again until it says what a worker has to bring about."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        person.go(address)
        if words in person.text:
            return
        time.sleep(0.4)
    raise AssertionError(f"{words!r} did not come on {address}:\n{person.text}")


def wait_for(person: Visitor, address: str, selector: str, seconds: float = WAIT) -> None:
    """Open a page again and again until a worker has made what is looked for."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        person.go(address)
        if person.page.locator(selector).count():
            return
        time.sleep(0.4)
    raise AssertionError(f"{selector} did not come on {address}:\n{person.text}")
