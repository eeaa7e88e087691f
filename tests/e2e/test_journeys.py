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
UDYAM = {"mouse": "UDYAM-KL-02-0004211", "keyboard": "UDYAM-KL-02-0004212", "no-scripts": "UDYAM-KL-02-0004213"}


@pytest.mark.parametrize("hands", HANDS)
def test_an_enterprise_checks_signs_up_applies_and_holds_a_receipt(visitors: Visitors, tmp_path: Path, hands: str):
    person = visitors.new(**HANDS[hands])
    applying.check(person)
    assert "Eligible" in person.text
    applying.sign_up(person, f"{hands}@journey.test")
    assert person.path == "/my/"
    reference = applying.whole(person, UDYAM.get(hands, "UDYAM-KL-02-0004214"), tmp_path)
    received = person.text
    assert reference in received
    assert re.search(r"\b[0-9a-f]{64}\b", received)
    number = re.search(r"R-\d+-EKM-\d{5}-[A-Z0-9]{6}", received)
    assert number is not None
    judging.wait_for_words(person, f"/applications/{reference}/receipt/", "Acknowledgement of application (PDF)")
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


def test_submitting_twice_leads_to_the_same_receipt(visitors: Visitors, tmp_path: Path):
    person = visitors.new()
    applying.sign_up(person, "twice@journey.test")
    reference = applying.begin(person, "UDYAM-KL-02-0004220")
    applying.fill(person, reference)
    applying.upload(person, reference, tmp_path)
    person.go(f"/applications/{reference}/submit/")
    person.find("main form button.btn-primary").dblclick(no_wait_after=True)
    person.page.wait_for_timeout(2000)  # the second click may cut the first answer off: no one navigation is waited for
    person.page.wait_for_load_state()
    judging.wait_for_words(person, f"/applications/{reference}/", "R-3-EKM-")
    assert len(set(re.findall(r"R-\d+-EKM-\d{5}-[A-Z0-9]{6}", person.text))) == 1


def test_what_is_wrong_is_said_and_what_was_typed_stays(visitors: Visitors):
    person = visitors.new(width=360)
    applying.sign_up(person, "wrong@journey.test")
    reference = applying.begin(person, "UDYAM-KL-02-0004230")
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
    """The people of the DIC, each at a window of their own."""
    names = ("officer.ekm", "officer2.ekm", "taluk.ekm", "manager.ekm", "gm.ekm")
    return {name: visitors.new().sign_in(f"{name}@demo.test") for name in names}


def test_a_file_goes_from_receipt_to_an_approved_shortlist(
    visitors: Visitors, office: dict[str, Visitor], tmp_path: Path
):
    owner = visitors.new()
    applying.sign_up(owner, "shortlist@journey.test")
    reference = applying.whole(owner, "UDYAM-KL-02-0004240", tmp_path)
    scrutinise(office["officer.ekm"], owner, reference, tmp_path)
    evaluate(office, reference)
    number = approve(office, reference)
    text = pdf_text(office["gm.ekm"], number, tmp_path)
    assert reference in text
    assert applying.MALAYALAM_NAME in text
    owner.go(f"/verify/{number}/")
    assert "is valid" in owner.text
    owner.go(f"/applications/{reference}/")
    assert "With the Directorate" in owner.text


def scrutinise(officer: Visitor, owner: Visitor, reference: str, folder: Path) -> None:
    """Take up, reject one document, get it again, accept all, verify all."""
    judging.take_up(officer, reference)
    judging.reject(officer, reference, "Financial statements or turnover details")
    owner.go(f"/applications/{reference}/documents/")
    assert "Pages 6 to 9 are blurred." in owner.text
    owner.send("financials", applying.paper(folder, "clearer"))
    judging.accept_all(officer, reference)
    judging.verify_all(officer, reference)
    judging.end_scrutiny(officer, reference)
    assert "Field visit and appraisal" in officer.text


def evaluate(office: dict[str, Visitor], reference: str) -> None:
    """Two evaluators, blind until both have locked."""
    manager, first, second = office["manager.ekm"], office["taluk.ekm"], office["officer2.ekm"]
    names = [window.portal.manage("shell", "-v0", "-c", NAME_OF.format(email)) for window, email in evaluators(office)]
    judging.name_evaluators(manager, reference, *names)
    judging.mark(first, reference)
    judging.lock(first)
    second.go(f"/desk/{reference}/")
    assert "Seen on the verified papers." not in second.text
    judging.mark(second, reference)
    judging.lock(second)
    judging.wait_for_words(manager, f"/desk/{reference}/", "Appraised")


NAME_OF = "from accounts.models import User; print(User.objects.get(email='{}').full_name)"


def evaluators(office: dict[str, Visitor]) -> list[tuple[Visitor, str]]:
    return [(office[name], f"{name}@demo.test") for name in ("taluk.ekm", "officer2.ekm")]


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
    judging.wait_for_words(office["gm.ekm"], packet, "(PDF)")
    number = re.search(r"SL-\d+-EKM-\d+-[A-Z0-9]{6}", office["gm.ekm"].text)
    assert number is not None
    return number[0]
