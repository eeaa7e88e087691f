"""The steps of an officer's day beyond the straight path, and what the enterprise does in between."""

from datetime import date
from pathlib import Path

from PIL import Image

from tests.e2e import judging
from tests.e2e.visitor import Visitor

EXPORTS = "financials.2025-26.turnover_export"


def take_up_several(person: Visitor, *references: str) -> None:
    """Tick files on the desk and take them up in one press."""
    person.go("/desk/?tab=all")
    for reference in references:
        person.choose("file", reference)
    person.press("main button[name=act][value=take_up]")


def read_and_reject(person: Visitor, reference: str, kind: str) -> None:
    """Read a paper page by page, and reject it beside its image."""
    open_paper(person, reference, kind)
    person.unfold("#reject summary")
    person.choose("reason", "unreadable")
    person.write("note", "Pages 6 to 9 are blurred.")
    person.press("#reject form button")


def read_and_accept(person: Visitor, reference: str, kind: str) -> None:
    open_paper(person, reference, kind)
    person.press("form[action*='/accept/'] button")


def open_paper(person: Visitor, reference: str, kind: str) -> None:
    """From the file to the paper, whose first page the worker draws when it is opened."""
    person.go(f"/desk/{reference}/")
    person.press(f"{judging.document(person, kind)} a[href$='/read/']")
    person.portal.wait_for_the_worker()
    person.go(person.path)
    assert "Page 1 of" in (person.find("#paper img").get_attribute("alt") or "")


def ask(person: Visitor, reference: str, question: str) -> None:
    """Ask for one figure; only that opens."""
    person.go(f"/desk/{reference}/")
    person.press(f"main a[href='/desk/{reference}/ask/']")
    person.write("question", question)
    person.unfold(f"details:has(input[value='{EXPORTS}']) summary")
    person.choose("fields_opened", EXPORTS)
    person.press()


def answer(person: Visitor, reference: str, rupees: str) -> None:
    """From the home to the question, correct the figure, send the answer."""
    person.go("/my/")
    person.press(f"main a[href='/applications/{reference}/answer/']")
    person.write("year-2025-26-turnover_export", rupees)
    person.write("answer", "The shipping bills of March were counted twice.")
    person.press("main button[value=send]")


def visit(person: Visitor, reference: str, day: date, folder: Path) -> None:
    """Record a visit with a photograph."""
    picture = folder / "unit.jpg"
    Image.effect_noise((640, 480), 40).save(picture)
    person.go(f"/desk/{reference}/visits/new/")
    person.write("visited_on", day.strftime("%d-%m-%Y"))
    person.write("people_met", "The owner and the foreman")
    person.write("findings", "Two lines at work; the new shed is half built.")
    person.find("main input[type=file]").set_input_files(str(picture))
    person.press()


def note(person: Visitor, reference: str, text: str) -> None:
    person.go(f"/desk/{reference}/notes/")
    person.write("text", text)
    person.press("#write button")
