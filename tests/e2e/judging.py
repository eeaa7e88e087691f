"""The steps of an office, from the desk to the approved shortlist, as its people make them."""

from tests.e2e.visitor import Visitor

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
SEEN = "Seen on the verified papers."
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


def accept(person: Visitor, reference: str, most: int) -> None:
    """Accept documents that wait to be read, so many at most."""
    person.go(f"/desk/{reference}/")
    button = "form[action$='/accept/'] button"
    while most and person.page.locator(button).count():
        person.press(button)
        most -= 1


def verify(person: Visitor, reference: str, most: int) -> None:
    """Verify the first figures: as claimed, with their source."""
    for key in FIGURES[:most]:
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
        person.write(f"why_{key}", SEEN)


def lock(person: Visitor) -> None:
    person.press("button[name=lock]")


def done(person: Visitor, address: str, words: str, *, in_bulk: bool = False) -> None:
    """Open a page that says by now what a worker had to bring about."""
    person.portal.wait_for_the_worker(in_bulk=in_bulk)
    person.go(address)
    assert words in person.text, f"{words!r} did not come on {address}:\n{person.text}"
