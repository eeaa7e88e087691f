"""Journey 1, and the straight path of journey 2, in a real browser against a live portal with a real worker."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e import applying, judging
from tests.e2e.visitor import Visitor, Visitors

pytestmark = pytest.mark.prints
HANDS = {
    "mouse": {},
    "keyboard": {"keyboard": True},
    "no-scripts": {"javascript": False},
    "phone": {"width": 360},
}
COMPLETE, WRONG, SHORTLISTED = 980, 981, 982  # owners; test_desk_journey.py has those from 900 up to 963
UDYAM = {"mouse": "UDYAM-KL-02-0004211", "keyboard": "UDYAM-KL-02-0004212", "no-scripts": "UDYAM-KL-02-0004213"}


@pytest.mark.parametrize("hands", HANDS)
def test_an_enterprise_checks_signs_up_applies_and_holds_a_receipt(visitors: Visitors, tmp_path: Path, hands: str):
    """All hands fill every page. With the mouse all six documents are sent, with the others two, and the rest by the rooms'
    own act.
    """
    person = visitors.new(**HANDS[hands])
    applying.check(person)
    assert "Eligible" in person.text
    applying.sign_up(person, f"{hands}@journey.test")
    assert person.path == "/my/"
    reference = applying.whole(person, UDYAM.get(hands, "UDYAM-KL-02-0004214"), tmp_path, 6 if hands == "mouse" else 2)
    received = person.text
    assert reference in received
    assert re.search(r"\b[0-9a-f]{64}\b", received)
    number = re.search(r"R-\d+-EKM-\d{5}-[A-Z0-9]{6}", received)
    assert number is not None
    judging.done(person, f"/applications/{reference}/receipt/", "Acknowledgement of application (PDF)")
    assert applying.MALAYALAM_NAME in pdf_text(person, number[0], tmp_path)
    person.go(f"/verify/{number[0]}/")
    assert "is valid" in person.text
    assert applying.NAME not in person.text


def pdf_text(person: Visitor, number: str, folder: Path) -> str:
    """The text of a paper as the person who may read it fetches it."""
    answer = person.page.request.get(f"{person.portal.base}/papers/{number}/")
    assert answer.headers["content-type"] == "application/pdf"
    file = folder / "paper.pdf"
    file.write_bytes(answer.body())
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout


def test_submitting_twice_leads_to_the_same_receipt(visitors: Visitors):
    reference = visitors.portal.ask("file_acts.complete", COMPLETE)
    person = visitors.known(f"owner{COMPLETE}@demo.test")
    person.go(f"/applications/{reference}/submit/")
    person.find("main form button.btn-primary").dblclick(no_wait_after=True)
    person.page.wait_for_url("**/receipt/")  # the second click may cut the first answer off
    judging.done(person, f"/applications/{reference}/", "R-3-EKM-")
    assert len(set(re.findall(r"R-\d+-EKM-\d{5}-[A-Z0-9]{6}", person.text))) == 1


def test_what_is_wrong_is_said_and_what_was_typed_stays(visitors: Visitors):
    reference = visitors.portal.ask("file_acts.complete", WRONG)
    person = visitors.known(f"owner{WRONG}@demo.test", width=360)
    person.go(f"/applications/{reference}/enterprise/")
    applying.enterprise(person)
    person.write("pan", "AAKPV48")
    person.press("main button[name=go][value=stop]")
    assert person.path == f"/applications/{reference}/enterprise/"
    assert "Enter the PAN as ABCDE1234F." in person.text
    assert person.find("[name=pan]").input_value() == "AAKPV48"
    assert person.find("[name=main_products]").input_value() == "Spice oils and oleoresins"
    assert person.page.evaluate("document.activeElement.className").startswith("m-errors")


@pytest.fixture
def office(visitors: Visitors) -> dict[str, Visitor]:
    """The people of the DIC, each at a window of their own. One signs in through the pages, with the second factor."""
    names = ("officer2.ekm", "taluk.ekm", "manager.ekm", "gm.ekm")
    people = {name: visitors.known(f"{name}@demo.test") for name in names}
    return people | {"officer.ekm": visitors.new().sign_in("officer.ekm@demo.test")}


def test_a_file_goes_from_receipt_to_an_approved_shortlist(
    visitors: Visitors, office: dict[str, Visitor], tmp_path: Path
):
    """The straight path: a document is rejected on the page for it. What test_desk_journey.py does to its end, such as the
    scorecards, is done by the rooms' own acts.
    """
    (reference,) = visitors.portal.ask("file_acts.handed_in", [SHORTLISTED])
    owner = visitors.known(f"owner{SHORTLISTED}@demo.test")
    scrutinise(office["officer.ekm"], owner, reference, tmp_path)
    evaluate(office["manager.ekm"], reference)
    number = approve(office, reference)
    text = pdf_text(office["gm.ekm"], number, tmp_path)
    assert reference in text
    assert visitors.portal.ask("file_acts.malayalam_name", reference) in text
    owner.go(f"/verify/{number}/")
    assert "is valid" in owner.text
    owner.go(f"/applications/{reference}/")
    assert "With the Directorate" in owner.text


def scrutinise(officer: Visitor, owner: Visitor, reference: str, folder: Path) -> None:
    """Take up, reject one document, get it again, accept and verify."""
    judging.take_up(officer, reference)
    judging.reject(officer, reference, "Financial statements or turnover details")
    owner.go(f"/applications/{reference}/documents/")
    assert "Pages 6 to 9 are blurred." in owner.text
    owner.send("financials", applying.paper(folder, "clearer"))
    judging.accept(officer, reference, 1)
    judging.verify(officer, reference, 1)
    officer.portal.ask("file_acts.accept_and_verify_the_rest", reference)
    judging.end_scrutiny(officer, reference)
    assert "Field visit and appraisal" in officer.text


def evaluate(manager: Visitor, reference: str) -> None:
    """The manager names two evaluators; both lock."""
    emails = ("taluk.ekm@demo.test", "officer2.ekm@demo.test")
    judging.name_evaluators(manager, reference, *(manager.portal.ask("acts.full_name", email) for email in emails))
    for email in emails:
        manager.portal.ask("file_acts.mark_and_lock", reference, email)
    judging.done(manager, f"/desk/{reference}/", "Appraised")


def approve(office: dict[str, Visitor], reference: str) -> str:
    """Three people: freeze, check, approve; the number of the paper once its PDF is there."""
    manager = office["manager.ekm"]
    manager.go("/desk/shortlists/")
    manager.press("main form button.btn-primary")
    assert reference in manager.text
    packet = manager.path
    for name in ("manager.ekm", "officer.ekm", "gm.ekm"):
        office[name].go(packet)
        office[name].press("#next form button.btn-primary")
    judging.done(office["gm.ekm"], packet, "(PDF)")
    number = re.search(r"SL-\d+-EKM-\d+-[A-Z0-9]{6}", office["gm.ekm"].text)
    assert number is not None
    return number[0]
