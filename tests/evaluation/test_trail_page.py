"""The trail as a page: for the office, with its table, its kinds and its pages; blind where the file's page is blind."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Posting, User
from applications.models import Application, DocumentVersion, EnterpriseMember
from evaluation import actions, trail
from evaluation.actions.moderation import moderate
from evaluation.actions.notes import write_note
from evaluation.models import Decision
from evaluation.trail.listing import ON_A_PAGE
from records import audit
from records.acts import act, system
from records.clock import moved_to, now
from records.models import AuditEvent, Paper
from tests.evaluation.conftest import World

Client = Callable[[User], Any]


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return unescape(" ".join(answer.content.decode().split()))


def address(file: Application, rest: str = "") -> str:
    return f"/desk/{file.reference}/trail/{rest}"


def table(client: Any, file: Application, rest: str = "") -> list[list[str]]:
    """The CSV, header first."""
    answer = client.get(f"/desk/{file.reference}/trail.csv{rest}")
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode().lstrip("\ufeff"))))


@act
def said(verb: str, file: Application, by: User, note: str = "", **data: Any) -> None:
    """A line of a verb, as the act that records it writes it."""
    audit.record(verb, file, by=by, note=note, scope=file.office.code, data=data)


# ---- What a line says -----------------------------------------------------------------------------------------
def test_each_line_says_who_did_what_with_its_facts(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    paper = DocumentVersion.objects.get(slot__application=file, slot__kind__key="financials")
    with moved_to(now() - timedelta(days=1)):
        actions.judge_document(paper, accept=False, reason="unreadable", note="Page 2 is dark", by=world.officer)
    actions.verify_figure(file, "turnover:2024-25", Decimal(52600000), "Page 3", by=world.officer)
    actions.verify_figure(file, "turnover:2024-25", Decimal(52500000), "Page 4", by=world.officer)
    said("file.open", file, world.auditor, f"file:{paper.file_id}")
    page = text_of(sign_in(world.gm).get(address(file)))
    for words in (
        "Verified Turnover 2024-25 as ₹5,26,00,000",
        "Verified Turnover 2024-25 as ₹5,25,00,000",
        "Document rejected: financials, version 1: Cannot be read: Page 2 is dark",
        "Financial paper opened: financials, version 1",
        "Officer, DIC officer, DIC Ernakulam",
        "4 entries",
    ):
        assert words in page, words
    assert page.index("Financial paper opened") < page.index("5,25,00,000") < page.index("5,26,00,000")
    assert page.count('id="day-') == 2
    assert "as it was written" not in page  # for who reads trails by post
    assert 'href="/desk/' + file.reference + '/trail/"' in text_of(sign_in(world.gm).get(f"/desk/{file.reference}/"))


def test_the_post_of_then_is_read_in_the_readers_language(world: World, sign_in: Client) -> None:
    world.dic.name_ml = "ജില്ലാ വ്യവസായ കേന്ദ്രം, എറണാകുളം"
    world.dic.save()
    Posting.objects.filter(user=world.manager).update(title="Manager (Credit)")
    Posting.objects.filter(user=world.manager2).update(title="Nodal officer")
    file = world.file()
    said("application.give", file, world.officer, "Officer2")
    said("application.give", file, User.objects.get(pk=world.manager.pk), "Officer2")
    said("application.give", file, User.objects.get(pk=world.manager2.pk), "Officer2")
    said("application.give", file, world.owner, "Officer2")
    with translation.override("ml"):
        who = [line.who for line in trail.lines(file)[0]]
    assert who == [
        "Owner",
        "Manager2, Nodal officer, ജില്ലാ വ്യവസായ കേന്ദ്രം, എറണാകുളം",
        "Manager, മാനേജർ (വായ്പ), ജില്ലാ വ്യവസായ കേന്ദ്രം, എറണാകുളം",
        "Officer, ജില്ലാ വ്യവസായ കേന്ദ്രം ഓഫീസർ, ജില്ലാ വ്യവസായ കേന്ദ്രം, എറണാകുളം",
    ]
    assert AuditEvent.objects.filter(actor_label="Manager, Manager (Credit), DIC Ernakulam").exists()


# ---- The list -------------------------------------------------------------------------------------------------
def test_kinds_narrow_it_and_the_table_holds_exactly_what_is_shown(world: World, sign_in: Client) -> None:
    file = world.verified(world.file("scrutiny"))
    write_note(file, "=cmd", by=world.officer)
    said("application.give", file, world.gm, "=1+1")
    client = sign_in(world.manager)
    page = text_of(client.get(address(file, "?kind=figures")))
    assert "10 entries</strong>: Figures" in page
    assert "Verified" in page
    assert "Document accepted" not in page
    assert [row[3][:8] for row in table(client, file, "?kind=figures")[1:]] == ["Verified"] * 10
    whole = table(client, file)
    assert whole[0] == ["Day", "Time, IST", "Kind", "What", "Note", "Who"]
    assert (len(whole), whole[1][2:5]) == (16, ["Moves", "Given to an officer", "'=1+1"])
    assert "No entry" in text_of(client.get(address(file, "?kind=questions")))
    page = text_of(client.get(address(file, "?kind=%27or&page=x")))
    assert "it was left out" in page
    assert "15 entries" in page


def test_it_is_read_in_pages_or_printed_whole(world: World, sign_in: Client) -> None:
    file = world.file()
    for number in range(ON_A_PAGE + 2):
        said("application.note", file, world.officer, number=number + 1)
    client = sign_in(world.officer)
    first, second = (text_of(client.get(address(file, rest))) for rest in ("", "?kind=casework&page=2"))
    assert ("Office note 52 written" in first, "Office note 2 written" in first) == (True, False)
    assert ("Office note 2 written" in second, "Office note 52 written" in second) == (True, False)
    assert 'href="?kind=casework&page=1"' in second
    whole = text_of(client.get(address(file, "?print=1")))
    assert "Office note 52 written" in whole
    assert "Office note 2 written" in whole


def test_it_takes_the_same_queries_for_1_and_3_lines(world: World, sign_in: Client) -> None:
    counts = []
    for lines in (1, 3):
        file = world.file("scrutiny")
        for year in range(lines):
            actions.verify_figure(file, "jobs", Decimal(40 + year), "Muster roll", by=world.officer)
        client = sign_in(world.officer)
        client.get(address(file))
        with CaptureQueriesContext(connection) as made:
            client.get(address(file))
        counts.append(len(made))
    assert counts[0] == counts[1] < 32, counts


def test_only_an_auditor_reads_whether_the_lines_are_as_written(world: World, sign_in: Client) -> None:
    file = world.file()
    said("application.take_up", file, world.officer)
    whole = "Each line shown here is as it was written."
    assert whole in text_of(sign_in(world.auditor).get(address(file)))
    assert whole not in text_of(sign_in(world.directorate).get(address(file)))
    AuditEvent.objects.bulk_create(
        [AuditEvent(sequence=9999, at=now(), verb="application.give", actor="system:x", actor_label="x",
                    subject=file.trail_key, previous_hash="0" * 64, hash="0" * 64)]
    )  # fmt: skip
    assert "is not as it was written" in text_of(sign_in(world.auditor).get(address(file)))


# ---- What is not there ----------------------------------------------------------------------------------------
def test_nobody_reads_that_somebody_marked_before_all_have(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    first, second = world.named(file)
    world.lock(first, 4, 3, 4, 3, 5)
    for who in ("officer", "officer2", "manager", "gm", "directorate", "auditor"):
        for rest in (f"/desk/{file.reference}/", address(file)):
            page = text_of(sign_in(world.people[who]).get(rest))
            assert ("Marks locked" in page, "Evaluator named: no. 1" in page or rest[-2] != "l") == (False, True), who
        assert "Marks locked" not in str(table(sign_in(world.people[who]), file))
    assert sign_in(world.evaluator).get(address(file)).status_code == 404
    world.lock(second, 4, 3, 4, 3, 5)
    assert text_of(sign_in(world.officer).get(address(file))).count("Marks locked") == 2


def test_ones_own_marks_are_no_secret_to_oneself(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    _first, second = world.named(file)
    world.lock(second, 4, 3, 4, 3, 5)
    assert "Marks locked: evaluator 2" in text_of(sign_in(world.officer2).get(address(file)))
    assert "Marks locked" not in text_of(sign_in(world.officer).get(address(file)))


def test_who_stepped_back_reads_nothing_of_evaluators_and_marks(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    _first, second = world.named(file)
    actions.step_back(second, "I know the owner.", by=world.officer2)
    world.named(file, world.manager2)
    for number, one in enumerate(file.assessments.exclude(state="recused").order_by("number")):
        world.lock(one, *((5, 5, 5, 5, 4) if number else (3, 3, 3, 3, 3)))
    moderate(file, Decimal(80), "Because.", by=world.gm)
    for who, reads in ((world.officer, True), (world.officer2, False)):
        page, lines = text_of(sign_in(who).get(address(file))), str(table(sign_in(who), file))
        for words in (
            "Evaluator named",
            "Evaluator stepped back",
            "Marks locked",
            "Two totals settled",
            "I know the owner",
        ):
            assert (words in page, words in lines) == (reads, reads), words
        assert ("?kind=evaluation" in page) is reads
        assert "Scrutiny ended" in page


def test_nothing_of_a_decision_is_read_before_its_release(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    said("application.put_on_agenda", file, world.directorate)
    said("application.decide", file, world.directorate, "Strong plan")
    letter = Paper.objects.create(
        number="L-1", kind="letter", title_en="Letter of selection", title_ml="", subject=file.trail_key,
        audience="owner", snapshot={}, sha256="0" * 64, template_version="1", issued_by="x", issued_by_label="x",
    )  # fmt: skip
    said("paper.issue", file, world.directorate, number="L-1")
    assert Decision.objects.count() == 0
    for who, reads in (("gm", False), ("officer", False), ("directorate", True), ("auditor", True)):
        page = text_of(sign_in(world.people[who]).get(address(file)))
        found = [words in page for words in ("Decided by the Committee: Strong plan", "Letter of selection, L-1")]
        assert found == [reads, reads], who
        assert "Put on the agenda" in page
    said("application.select", file, world.directorate)
    Paper.objects.filter(pk=letter.pk).update(released_at=now())
    said("application.reopen", file, world.directorate, "Anew")
    page = text_of(sign_in(world.gm).get(address(file)))
    assert ["Strong plan" in page, "Letter of selection" in page, "Anew" in page] == [True, True, False]


def test_a_verb_without_its_row_is_not_shown(world: World, sign_in: Client) -> None:
    file = world.file()
    said("vote.cast", file, world.gm, "Selected")
    said("application.take_up", file, world.officer)
    page = text_of(sign_in(world.auditor).get(address(file)))
    assert ("vote" in page, "1 entry</strong>" in page) == (False, True)


def test_an_officer_who_acts_for_the_enterprise_reads_none(world: World, sign_in: Client) -> None:
    file = world.file()
    EnterpriseMember.objects.create(enterprise=file.enterprise, user=world.officer)
    client = sign_in(world.officer)
    assert client.get(address(file)).status_code == 404
    assert client.get(f"/desk/{file.reference}/trail.csv").status_code == 404
    assert client.post(address(file)).status_code == 405
    assert sign_in(world.stranger).get(address(file)).status_code == 404


def test_what_the_portal_did_by_itself_is_the_portals(world: World) -> None:
    file = world.file()

    @act
    def freed() -> None:
        audit.record("application.free", file, by=system("contests"))

    freed()
    assert trail.lines(file)[0][0].who == "The portal"
