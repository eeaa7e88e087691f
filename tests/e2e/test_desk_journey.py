"""Journey 2 as officers, enterprise, evaluators, manager and General Manager make it, in a real browser."""

import re
from pathlib import Path

import pytest

from records.clock import today
from tests.e2e import applying, desk, judging
from tests.e2e.portal import Portal
from tests.e2e.test_journeys import HANDS, pdf_text
from tests.e2e.visitor import Visitor, Visitors

pytestmark = pytest.mark.prints
FINANCIALS = "Financial statements or turnover details"
QUESTION = "Your export sales of 2025-26 are more than the shipping bills. Correct the figure."
OWNERS = {hands: 900 + number for number, hands in enumerate(HANDS)}  # packet_rows.py has those from 2000 on
STAFF = ("officer.ekm", "officer2.ekm", "taluk.ekm", "manager.ekm", "gm.ekm")
ALL, SOME = 20, 2  # repetitions of one form


@pytest.fixture
def office(visitors: Visitors, hands: str) -> dict[str, Visitor]:
    """Everybody of the office with the same hands."""
    return {name: visitors.known(f"{name}@demo.test", **HANDS[hands]) for name in STAFF}


@pytest.mark.parametrize("hands", HANDS)
def test_a_file_goes_from_the_desk_to_an_approved_shortlist(
    visitors: Visitors, portal: Portal, office: dict[str, Visitor], tmp_path: Path, hands: str
):
    """All hands come to every page and operate every kind of control. What is one form again and again (ten figures, the
    other five documents, the second scorecard) is done to its end with the mouse; with the other hands twice through the
    page, once for the scorecard, and the rest by the rooms' own acts. Only the owner signs in through the pages.
    """
    number = OWNERS[hands]
    (reference,) = portal.ask("file_acts.handed_in", [number])
    owner = visitors.new(**HANDS[hands]).sign_in(f"owner{number}@demo.test")
    most = ALL if hands == "mouse" else SOME
    scrutinise(office["officer.ekm"], owner, reference, tmp_path, most)
    desk.visit(office["officer.ekm"], reference, today(), tmp_path)
    assert "half built" in office["officer.ekm"].text
    evaluate(office, reference, both=hands == "mouse")
    paper = approve(office, reference)
    assert reference in pdf_text(office["gm.ekm"], paper, tmp_path)
    owner.go(f"/applications/{reference}/")
    assert "With the Directorate" in owner.text


def scrutinise(officer: Visitor, owner: Visitor, reference: str, folder: Path, most: int) -> None:
    """Read and reject one paper, ask for one figure; the answer comes back, and the scrutiny ends."""
    judging.take_up(officer, reference)
    desk.read_and_reject(officer, reference, FINANCIALS)
    desk.note(officer, reference, "Spoke of it with the manager.")
    desk.ask(officer, reference, QUESTION)
    assert "Paused at day 0" in officer.text
    owner.go(f"/applications/{reference}/documents/")
    assert "Pages 6 to 9 are blurred." in owner.text
    assert "Spoke of it" not in owner.text
    desk.answer(owner, reference, "100000")
    officer.go("/desk/?tab=to_check")
    officer.press(f"main th a[href='/desk/{reference}/']")
    assert "The shipping bills of March were counted twice." in officer.text
    assert "1,00,000" in officer.text
    owner.go(f"/applications/{reference}/documents/")
    owner.send("financials", applying.paper(folder, "clearer"))
    desk.read_and_accept(officer, reference, FINANCIALS)
    judging.accept(officer, reference, most)
    judging.verify(officer, reference, most)
    if most < ALL:
        officer.portal.ask("file_acts.accept_and_verify_the_rest", reference)
    judging.end_scrutiny(officer, reference)
    assert "Field visit and appraisal" in officer.text


def evaluate(office: dict[str, Visitor], reference: str, *, both: bool) -> None:
    """Two evaluators; the second sees nothing of the first before locking."""
    manager, first, second = office["manager.ekm"], office["taluk.ekm"], office["officer2.ekm"]
    emails = ("taluk.ekm@demo.test", "officer2.ekm@demo.test")
    judging.name_evaluators(manager, reference, *(manager.portal.ask("acts.full_name", email) for email in emails))
    judging.mark(first, reference)
    judging.lock(first)
    for address in (f"/desk/{reference}/", f"/desk/{reference}/scorecard/", "/desk/?tab=mine"):
        second.go(address)
        assert judging.SEEN not in second.text
        assert "70.00" not in second.text
    if both:
        judging.mark(second, reference)
        judging.lock(second)
    else:
        manager.portal.ask("file_acts.mark_and_lock", reference, emails[1])
    judging.done(manager, f"/desk/{reference}/", "Appraised")


def approve(office: dict[str, Visitor], reference: str) -> str:
    """Pass the file over and think again; then three people: freeze, check, approve."""
    manager = office["manager.ekm"]
    manager.go("/desk/shortlists/")
    manager.press("main form button.btn-primary")
    packet = manager.path
    manager.press(f"main a[href*='/picks/{reference}/']")
    manager.write("reason", "The unit moves to another district.")
    manager.press("main form button.btn-primary")
    assert "The unit moves to another district." in manager.text
    manager.press(f"main a[href*='/picks/{reference}/']")
    manager.press()
    for name in ("manager.ekm", "officer.ekm", "gm.ekm"):
        office[name].go(packet)
        office[name].press("#next form button.btn-primary")
    judging.done(office["gm.ekm"], packet, "(PDF)")
    number = re.search(r"SL-\d+-EKM-\d+-[A-Z0-9]{6}", office["gm.ekm"].text)
    assert number is not None
    return number[0]


@pytest.mark.parametrize("hands", ["mouse", "phone"])
def test_several_files_at_once_say_what_was_skipped_and_the_next_one_follows(
    visitors: Visitors, portal: Portal, office: dict[str, Visitor], hands: str
):
    first, second, third = portal.ask("file_acts.handed_in", [OWNERS[hands] + 20 * step for step in (1, 2, 3)])
    officer, other = office["officer.ekm"], office["officer2.ekm"]
    judging.take_up(other, third)
    officer.go("/desk/?tab=all")
    for reference in (first, third):
        officer.choose("file", reference)
    officer.press("main button[name=act][value=take_up]")
    assert "1 taken up, 1 skipped" in officer.text
    assert third in officer.text
    officer.go(f"/desk/?tab=all&q={second[-5:]}")
    assert second in officer.text
    assert first not in officer.text.replace(third, "")
    officer.go(f"/desk/next/?tab=all&after={second}")
    assert re.fullmatch(r"/desk/M1K-3-EKM-\d{5}/(\?.*)?", officer.path)
    assert second not in officer.path
