"""The steps of a meeting, from its call to the release, as convenor and members make them."""

import email
import re
from email.policy import default

from records.clock import today
from tests.e2e import judging
from tests.e2e.portal import Portal
from tests.e2e.visitor import Visitor

OUT_OF_RANK = "Its new line runs since June; the marks do not show it yet."


def confirm(person: Visitor) -> None:
    """Give the second factor where it is asked anew; what was sent is carried out after it."""
    if "/reauthenticate/" in person.path:
        person.write("code", person.portal.code("convenor@demo.test"))
        person.press()


def tick_all(person: Visitor, name: str) -> None:
    """Tick every box of this name."""
    for box in person.page.locator(f"main [name='{name}']").all():
        value = box.get_attribute("value")
        assert value is not None
        person.choose(name, value)


def call(convenor: Visitor) -> str:
    """From the Committee's home, call a meeting for today; its number."""
    convenor.go("/committee/")
    convenor.press("main a[href='/committee/new/']")
    convenor.choose("round", "3")
    convenor.write("day", today().strftime("%d-%m-%Y"))
    convenor.write("hour", "11:00")
    convenor.write("place", "Directorate, Vikas Bhavan")
    convenor.press()
    return convenor.path.split("/")[2]


def fill(convenor: Visitor, packet: str) -> None:
    """From the empty agenda: put a whole shortlist on it."""
    convenor.press("main a[href$='/agenda/']")
    convenor.choose("packet", packet)
    convenor.press()
    assert "3 put on the agenda." in convenor.text


def open_session(convenor: Visitor) -> None:
    """Open the meeting with everybody present."""
    tick_all(convenor, "present")
    chair = convenor.page.locator("main select[name='chair'] option").last.get_attribute("value")
    assert chair
    convenor.choose("chair", chair)
    convenor.press("form[action$='/open/'] button")
    assert "The meeting is open." in convenor.text


def item(person: Visitor, number: str, reference: str) -> Visitor:
    """One file of the agenda."""
    return person.go(f"/committee/{number}/{reference}/")


def decide_out_of_rank(convenor: Visitor, number: str, reference: str) -> None:
    """Select a file of the reserve list: without words it is not written down, and what was chosen stays."""
    item(convenor, number, reference)
    convenor.press(f"main p a[href$='/{reference}/decide/']")
    convenor.choose("outcome", "selected")
    convenor.choose("code", "merit")
    convenor.press()
    assert "Write why the Committee decided out of rank: it is printed." in convenor.text
    chosen = "all => all.filter(box => box.checked).map(box => box.value)"
    assert convenor.page.eval_on_selector_all("main input[type=radio]", chosen) == ["selected", "merit"]
    convenor.write("reason", OUT_OF_RANK)
    convenor.press()
    assert "/reauthenticate/" in convenor.path  # the second factor of the sign-in is too old
    confirm(convenor)
    assert "Written down: Selected. Nobody is told before the release." in convenor.text


def decide_the_others(convenor: Visitor, number: str) -> None:
    """Tick what is left on the agenda, and decide it as proposed."""
    convenor.go(f"/committee/{number}/")
    convenor.press("main a[href*='tick=page']")
    convenor.press("#decide-many button")
    confirm(convenor)


def release(convenor: Visitor, other: Visitor, number: str) -> None:
    """From the agenda to the release, prepared by one and done by the other; wait until the worker has made the letters."""
    convenor.press(f"main a[href='/committee/{number}/release/']")
    convenor.press("form[action$='/release/'] button[name=prepare]")
    confirm(convenor)
    assert "You prepared this release" in convenor.text
    other.go(f"/committee/{number}/release/")
    assert "Going out:" in other.text
    other.press("form[action$='/release/'] button[name=release]")
    judging.done(other, f"/committee/{number}/release/", "3 of 3 letters made", in_bulk=True)


def mail_to(portal: Portal, address: str, *words: str) -> str:
    """The text of the newest mail to an address that holds these words."""
    for raw in reversed(portal.mails()):
        mail = email.message_from_bytes(raw.encode(), policy=default)
        body = mail.get_body(("plain",))
        text = f"{mail['subject']}\n{body.get_content() if body else ''}"
        if address in str(mail["to"]) and all(word in text for word in words):
            return text
    raise AssertionError(f"no mail to {address} with {words}")


def letter_number(text: str) -> str:
    """The number of a letter, as pages, mails and the paper itself print it."""
    found = re.search(r"LT-\d+-[A-Z]{3}-[A-Z0-9]{6}", text)
    assert found is not None, text
    return found[0]
