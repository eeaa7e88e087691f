"""Journey 3: a meeting from its agenda to the letters, as convenor, members and enterprise make it, in a real browser."""

from pathlib import Path
from typing import Any

import pytest

from tests.e2e import committee
from tests.e2e.portal import Portal
from tests.e2e.test_journeys import HANDS, pdf_text
from tests.e2e.visitor import Visitor, Visitors

pytestmark = pytest.mark.prints
STALE = 20 * 60  # seconds since the second factor: whoever decides is asked anew
SELECTED = "തിരഞ്ഞെടുത്തു"
QUESTION = "Which products does the new line make? Name the largest."


@pytest.fixture(scope="session")
def packets(portal: Portal) -> dict[str, Any]:
    """An approved shortlist for each kind of hands, of three files."""
    found: dict[str, Any] = portal.ask("packet_rows.make")
    return found


def people(visitors: Visitors, packet: dict[str, Any], hands: str) -> tuple[Visitor, Visitor]:
    """The convenor, whose second factor is too old for a decision, and the owner of the first file, who reads Malayalam."""
    convenor = visitors.known("convenor@demo.test", factor_age=STALE, **HANDS[hands])
    return convenor, visitors.known(packet["owners"][0], "ml", **HANDS[hands])


@pytest.mark.parametrize("hands", [hands for hands in HANDS if hands != "mouse"])
def test_one_release_tells_what_a_meeting_decided(
    visitors: Visitors, packets: dict[str, Any], tmp_path: Path, hands: str
):
    packet = packets[hands]
    first, second, _third = packet["files"]
    convenor, owner = people(visitors, packet, hands)
    number = committee.call(convenor)
    committee.fill(convenor, packet["packet"])
    committee.open_session(convenor)
    committee.decide_out_of_rank(convenor, number, second)
    committee.decide_the_others(convenor, number)
    assert "2 decided." in convenor.text
    committee.release(convenor, visitors.known("convenor2@demo.test"), number)
    reads_the_outcome(owner, packet, first, tmp_path)


def reads_the_outcome(owner: Visitor, packet: dict[str, Any], reference: str, folder: Path) -> str:
    """From the home to the result and its letter, in Malayalam; the letter's text."""
    owner.go("/my/")
    owner.press(f"main a[href='/applications/{reference}/']")
    owner.press(f"main a[href='/applications/{reference}/result/']")
    assert SELECTED in owner.page.inner_text("h1")
    number = committee.letter_number(owner.text)
    text = pdf_text(owner, number, folder)
    assert number in text
    assert packet["malayalam"][0] in text
    assert SELECTED in text
    owner.go(f"/verify/{number}/")
    assert owner.page.locator(".m-note--good").count() == 1
    for kept in (packet["names"][0], packet["malayalam"][0], reference, SELECTED):
        assert kept not in owner.text
    return text


def test_a_meeting_with_a_recusal_a_question_and_a_decision_taken_up_again(
    visitors: Visitors, portal: Portal, packets: dict[str, Any], tmp_path: Path
):
    packet = packets["mouse"]
    first, second, third = packet["files"]
    convenor, owner = people(visitors, packet, "mouse")
    members = {name: visitors.known(f"{name}@demo.test") for name in ("member1", "member2")}
    number = committee.call(convenor)
    committee.fill(convenor, packet["packet"])
    committee.open_session(convenor)
    recuse(members["member1"], number, second, packet["names"][1])
    vote(members["member2"], number, first)
    seek_details(convenor, owner, number, packet)
    committee.decide_out_of_rank(convenor, number, second)
    decide_and_reopen(convenor, number, first)
    is_refused(convenor, number, first, third)
    committee.decide_the_others(convenor, number)
    assert "2 decided." in convenor.text
    knows_nothing(owner, first)
    preview(convenor, number, packet)
    committee.release(convenor, visitors.known("convenor2@demo.test"), number)
    said = committee.mail_to(portal, packet["owners"][0], SELECTED, f"/applications/{first}/result/")
    assert committee.letter_number(said) in reads_the_outcome(owner, packet, first, tmp_path)
    for address in packet["owners"][1:]:
        committee.mail_to(portal, address, "/result/")
    assert packet["names"][1] not in committee.item(members["member1"], number, second).text


def recuse(member: Visitor, number: str, reference: str, name: str) -> None:
    """A member declares a conflict of interest; from then on the number is all there is, and no vote is taken."""
    assert name in committee.item(member, number, reference).text
    member.press("main a[href$='/recuse/']")
    member.write("reason", "My brother is a partner of the enterprise.")
    member.press()
    assert f"You are recused from {reference}." in member.text
    for address in (f"/committee/{number}/", f"/committee/{number}/{reference}/"):
        member.go(address)
        assert reference in member.text
        assert "recused" in member.text
        assert name not in member.text
    assert "/vote/" not in member.page.content()
    member.go(f"/committee/{number}/{reference}/vote/")
    assert "You are recused from this file: another person does this." in member.text


def vote(member: Visitor, number: str, reference: str) -> None:
    committee.item(member, number, reference)
    member.press("form[action$='/vote/'] button[value=selected]")
    assert "Your vote is kept: Selected." in member.text


def seek_details(convenor: Visitor, owner: Visitor, number: str, packet: dict[str, Any]) -> None:
    """The question is with the enterprise at once; its answer brings the file back."""
    reference = packet["files"][0]
    committee.item(convenor, number, reference)
    convenor.press("main a[href$='/details/']")
    convenor.write("question", QUESTION)
    convenor.unfold("details:has(input[value='enterprise.main_products']) summary")
    convenor.choose("fields_opened", "enterprise.main_products")
    convenor.press()
    assert "SLAC sought details" in convenor.text
    committee.mail_to(convenor.portal, packet["owners"][0], QUESTION)
    owner.go("/my/")
    owner.press(f"main a[href='/applications/{reference}/answer/']")
    assert QUESTION in owner.text
    owner.write("main_products", "Ginger oil and nutmeg butter")
    owner.write("answer", "ഇഞ്ചിയെണ്ണയാണ് ഏറ്റവും കൂടുതൽ.")
    owner.press("main button[value=send]")
    assert "ഇഞ്ചിയെണ്ണയാണ്" in committee.item(convenor, number, reference).text


def decide_and_reopen(convenor: Visitor, number: str, reference: str) -> None:
    """Decide as proposed in one press, and take the decision up again with the reason."""
    committee.item(convenor, number, reference)
    convenor.press("form[action$='/decide/'] button.btn-primary")
    convenor.press("main a[href$='/reopen/']")
    convenor.press()
    assert "Write why the decision is taken up again." in convenor.text
    convenor.write("reason", "The answer is read once more.")
    convenor.press()
    assert "The decision is taken up again." in convenor.text


def is_refused(convenor: Visitor, number: str, *undecided: str) -> None:
    """With files undecided there is no release: the page names them."""
    convenor.go(f"/committee/{number}/release/")
    assert convenor.find("form[action$='/release/'] button").is_disabled()
    said = convenor.find("#whynot").inner_text()
    assert said == f"Not decided yet: {', '.join(undecided)}. Decide them, put them off, or return them."


def knows_nothing(owner: Visitor, reference: str) -> None:
    """Before the release the enterprise reads that the Committee has its file, and no more."""
    for address in ("/my/", f"/applications/{reference}/", f"/applications/{reference}/result/"):
        owner.go(address)
        assert SELECTED not in owner.text
    assert owner.page.locator("main a[href*='/papers/LT-']").count() == 0


def preview(convenor: Visitor, number: str, packet: dict[str, Any]) -> None:
    """The letter as it will be, in both languages."""
    reference = packet["files"][0]
    convenor.go(f"/committee/{number}/release/")
    assert committee.OUT_OF_RANK in convenor.text
    convenor.press(f"main a[href$='/letters/{reference}/']")
    assert SELECTED in convenor.text
    convenor.press("nav a[hreflang=en]")
    assert "is selected for the MSME Scale Up Mission" in convenor.text
    convenor.press(f"nav a[href='/committee/{number}/release/']")
    convenor.go(f"/committee/{number}/")
