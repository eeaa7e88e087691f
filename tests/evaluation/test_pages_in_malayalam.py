"""Every page of the district's desk read in Malayalam: no English is left but what people wrote themselves."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from applications import actions as applicants
from applications import notices
from applications.models import Application, Clarification, DocumentKind, DocumentVersion, Profile
from evaluation import actions
from evaluation.actions.contests import settle
from evaluation.actions.ineligible import confirm, propose, reinstate
from evaluation.actions.moderation import moderate
from evaluation.actions.notes import log_call, write_note
from evaluation.actions.picks import pick
from evaluation.actions.returns import return_file
from evaluation.actions.transfer import transfer
from evaluation.actions.unlocking import unlock
from evaluation.actions.visits import Seen, record_visit
from evaluation.models import RoundRules
from records.clock import now, today
from records.models import Message
from tests.evaluation.conftest import World

Client = Callable[[User], Any]
WRITTEN = "കണ്ടത്"  # what somebody types in these tests, so that it is not taken for a text of the portal
READ = {"title", "alt", "placeholder", "aria-label", "data-message"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
KINDS = [
    *("clarification.asked", "clarification.reminded", "clarification.closed"),
    *("application.ineligible", "application.reinstated", "application.transferred"),
]
# What stays in Latin letters: a name before a post in the trail; what the rows of the tests say; short names.
KEPT = re.compile(
    r"\b[A-Z][a-z_]+\d?, (?=[\u0D00-\u0D7F])"
    r"|A second line\.|Seen on the papers\.|No exports, none planned\."
    r"|\b(?:A|CIN|CSV|DD|DPR|EPF|ESI|FSSAI|GST(?:IN)?|IFSC|IST|JPEG|K-SWIFT|KB|LLP|M1K|MB|NIC|PAN|PB|PDF|PIN|PNG|SHA|UDYAM|Udyam|XLSX|YYYY)\b"
    r"|\b[A-Z0-9]+(?:-[A-Z0-9]+)+\b|\b[0-9a-f]{8,}\b"
    r"|\b(?:Unit \d+|DIC|Taluk Office|Ernakulam(?: town)?|Thrissur(?: town)?|Spice oils|Balance sheet, page 2)\b"
    r"|\b(?:udyam|profile|financials)(?:\.pdf)?\b|\S+@\S+|https?://\S+"
)


class Reader(HTMLParser):
    """The words a person reads or hears on a page, apart from those marked as another language."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        foreign = tag != "html" and (given.get("lang") or "ml") != "ml"
        silent = tag in {"script", "style", "code"} or foreign or bool(self.open and self.open[-1][1])
        if not silent:
            self.found += [value for name, value in attrs if name in READ and value]
        if tag not in VOID:
            self.open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]):
            self.found.append(data)


def english_on(page: str) -> list[str]:
    """What is left in Latin letters, each once."""
    reader = Reader()
    reader.feed(page)
    return sorted({" ".join(words.split()) for words in reader.found if re.search(r"[A-Za-z]{2}", KEPT.sub("", words))})


def test_english_on_a_page_is_found() -> None:
    page = '<html lang="ml"><p>ഡെസ്ക്, Unit 3</p><p lang="en">Home</p><img alt="Page one"><b>Take  up</b></html>'
    assert english_on(page) == ["Page one", "Take up"]


@pytest.fixture
def reads(world: World, sign_in: Client, settings: Any, tmp_path: Path) -> Callable[..., None]:
    """Open a page as somebody who reads Malayalam, and look for English on it."""
    settings.MEDIA_ROOT = tmp_path
    User.objects.update(language="ml", full_name=WRITTEN)

    def look(user: User, name: str, *args: Any, query: str = "") -> None:
        user.refresh_from_db()
        answer = sign_in(user).get(reverse(name, args=args) + query)
        page = answer.content.decode()
        assert (answer.status_code, '<html lang="ml">' in page) == (200, True), name
        assert english_on(page) == [], (name, args, query, user.email)

    return look


def test_a_file_at_work(world: World, reads: Any) -> None:
    file = world.file("scrutiny")
    write_note(file, WRITTEN, by=world.officer)
    log_call(file, WRITTEN, spoke_to=WRITTEN, called_at=now() - timedelta(hours=1), by=world.officer)
    record_visit(file, Seen(visited_on=today(), people_met=WRITTEN, findings=WRITTEN), by=world.officer)
    for user in (world.officer, world.manager, world.gm):
        reads(user, "desk_file", file.reference)
        reads(user, "desk_notes", file.reference)
        reads(user, "desk_trail", file.reference)
    reads(world.officer, "desk_visit_new", file.reference)
    reads(world.gm, "desk_transfer", file.reference)
    reads(world.gm, "desk_hand_over")
    reads(world.gm, "desk_hand_over", query=f"?desk={world.dic.code}.{world.officer.pk}")
    version = DocumentVersion.objects.filter(slot__application=file)[0]
    reads(world.officer, "desk_document_read", file.reference, version.pk)
    reads(world.owner, "application", file.reference)
    reads(world.owner, "application_trail", file.reference)


def test_a_file_found_ineligible(world: World, reads: Any) -> None:
    file = world.file("scrutiny")
    reads(world.officer, "desk_ineligible", file.reference)
    propose(file, "place_of_unit", WRITTEN, by=world.officer)
    reads(world.officer, "desk_file", file.reference)
    for user in (world.officer, world.gm):
        reads(user, "desk_ineligible", file.reference)
    reads(world.gm, "desk")
    confirm(file, WRITTEN, by=world.gm)
    reads(world.gm, "desk_file", file.reference)
    reads(world.gm, "desk_reinstate", file.reference)
    reads(world.owner, "application", file.reference)
    reads(world.owner, "my")


def test_a_question_to_the_enterprise(world: World, reads: Any) -> None:
    file = world.file("scrutiny")
    reads(world.officer, "desk_ask", file.reference)
    fields, kinds = ["growth.plan", "financials.2025-26.profit"], [DocumentKind.objects.get(key="udyam")]
    applicants.ask(file, WRITTEN, fields=fields, kinds=kinds, by=world.officer)
    file.refresh_from_db()
    for name in ("application", "application_answer"):
        reads(world.owner, name, file.reference)
    reads(world.owner, "my")
    reads(world.officer, "desk_file", file.reference)
    reads(world.officer, "desk", query="?tab=with_applicant")
    Clarification.objects.update(due_on=today() - timedelta(days=1), reminders=2)
    reads(world.officer, "desk_file", file.reference)
    reads(world.officer, "desk_close_unanswered", file.reference)


def test_a_contested_number(world: World, reads: Any) -> None:
    first, file = world.file(), world.file("scrutiny")
    Profile.objects.filter(application=file).update(udyam_number=first.udyam_number)
    Application.objects.filter(pk=file.pk).update(contested=True, udyam_number=first.udyam_number)
    reads(world.officer, "desk_file", file.reference)
    reads(world.officer, "desk_contest", file.reference)
    settle(file, first, "other", WRITTEN, by=world.officer)
    reads(world.officer, "desk_contest", file.reference)
    reads(world.officer, "desk_file", file.reference)


def test_marks_unlocked_replaced_and_moderated(world: World, reads: Any) -> None:
    file = world.in_appraisal()
    reads(world.manager, "evaluators_balanced")
    reads(world.manager, "desk_evaluators", file.reference)
    first, second = world.named(file)
    reads(world.evaluator, "scorecard", file.reference)
    world.lock(first, 5, 5, 5, 5, 5)
    second = world.lock(second, 2, 2, 3, 2, 3)
    reads(world.evaluator, "scorecard", file.reference)
    for name in ("assessment_unlock", "assessment_replace"):
        reads(world.gm, name, file.reference, 1)
    reads(world.gm, "desk_moderate", file.reference)
    moderate(file, Decimal("61.00"), WRITTEN, by=world.gm)
    reads(world.gm, "desk_file", file.reference)
    unlock(second, WRITTEN, by=world.gm)
    reads(world.officer2, "scorecard", file.reference)
    reads(world.officer2, "desk_file", file.reference)
    reads(world.manager, "desk_file", file.reference)


def test_a_shortlist_with_choices_beside_the_ranks(world: World, reads: Any) -> None:
    RoundRules.objects.update(targets={"EKM": 1})
    files = [world.appraised(*marks) for marks in ((5, 5, 5, 5, 5), (5, 4, 4, 4, 5), (4, 3, 4, 3, 5), (2, 2, 3, 2, 3))]
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    reads(world.manager, "shortlist_pick", packet.number, files[1].reference, query="?choice=recommended")
    pick(packet, files[1], "recommended", WRITTEN, by=world.manager)
    pick(packet, files[0], "passed_over", WRITTEN, by=world.manager)
    reads(world.manager, "shortlist_pick", packet.number, files[1].reference)
    reads(world.manager, "shortlist", packet.number)
    reads(world.manager, "shortlists")
    actions.freeze(packet, by=world.manager)
    packet.refresh_from_db()
    for user in (world.manager, world.manager2, world.officer, world.gm, world.directorate):
        reads(user, "shortlist", packet.number)
    reads(world.manager, "shortlist_supersede", packet.number)
    reads(world.gm, "desk_return", files[2].reference)
    return_file(files[2], WRITTEN, by=world.gm)
    reads(world.gm, "shortlist", packet.number)
    reads(world.gm, "shortlists")
    reads(world.gm, "desk_file", files[2].reference)


def test_the_desk_and_its_filters(world: World, reads: Any) -> None:
    for state in ("submitted", "scrutiny", "withdrawn"):
        world.file(state, **({"ended_at": now()} if state == "withdrawn" else {}))
    world.in_appraisal()
    for user in (world.officer, world.manager, world.gm, world.evaluator):
        for query in ("?tab=all", "?tab=all&state=scrutiny&clock=over&size=micro&flags=no", "?tab=nothing&sort=what"):
            reads(user, "desk", query=query)
    reads(world.manager, "desk", query="?tab=all&tick=page")


def test_the_mails_to_an_enterprise_that_reads_malayalam(world: World, reads: Any) -> None:
    asked, closed, moved = world.file("scrutiny"), world.file("scrutiny"), world.file("scrutiny")
    question = applicants.ask(asked, WRITTEN, fields=["growth.plan"], by=world.officer)
    notices.reminded(asked, question)
    notices.closed_unanswered(asked, question)
    propose(closed, "place_of_unit", WRITTEN, by=world.officer)
    confirm(closed, WRITTEN, by=world.gm)
    reinstate(closed, world.officer, WRITTEN, by=world.gm)
    transfer(moved, world.other_dic, WRITTEN, by=world.gm)
    mails = Message.objects.filter(to_user=world.owner)
    assert {mail.language for mail in mails} == {"ml"}
    assert {mail.kind: english_on(f"{mail.title} {mail.body}") for mail in mails} == {kind: [] for kind in KINDS}
