"""No side doors of the Committee: of a file one is recused from nothing is said anywhere; of a decision nothing before its release."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Posting, User
from accounts.roles import Role
from applications.models import Application
from districts.models import Office
from evaluation.actions import decisions
from evaluation.models import Meeting
from evaluation.states import DecisionReason, Outcome
from records.clock import moved_to, now
from records.models import Job, Message, Paper
from tests.architecture.access_world import routes
from tests.evaluation.conftest import World, signed_in
from tests.evaluation.sitting import Sitting, sit
from tests.evaluation.test_letters import work

NAME, NAME_ML, TOTAL, REMARK, REASON, CONFLICT = (
    *("Canaryworks", "കാനറിവർക്സ്", "78.13", "remark-canary", "reason-canary", "conflict-canary"),
)
CANARIES = (NAME, NAME_ML, TOTAL, REMARK, REASON, CONFLICT)
WALKED = re.compile(
    r"^/($|committee|desk|home|my|applications|enterprises|districts|reports|watch|papers|verify|staff)"
)
LEFT_OUT = re.compile(r"/documents/\d+/|/receipt/|\.xlsx$")  # readings that are written down; a zip shows no words
NAMED = re.compile(r"\(\?P<(\w+)>(?:\[[^]]*\]|[^()])*\)")


def plain(pattern: str) -> str:
    """An address with its blanks as <name>, however the pattern writes them."""
    made = NAMED.sub(r"<\1>", pattern.replace("M1K-\\d{1,3}-[A-Z]{3}-\\d{5}", "x").replace("^", ""))
    return "/" + re.sub(r"<\w+:(\w+)>", r"<\1>", made).replace("\\", "").replace("$", "")


def addresses(file: Application, meeting: Meeting) -> Iterator[str]:
    """Every address of the portal that can be filled from one file and one meeting, and every paper's."""
    words = {"reference": file.reference, "key": "bank", "code": "EKM", "pk": "1", "ending": "csv", "section": "bank"}
    papers = list(Paper.objects.values_list("number", flat=True)) or ["XX-3"]
    for _name, pattern in routes():
        made = plain(pattern)
        numbers = ["1"]
        if made.startswith("/committee/"):
            numbers = [meeting.number]
        elif made.startswith(("/papers/", "/verify/")):
            numbers = papers
        elif "shortlists" in made:
            numbers = ["SL-3-EKM-01"]
        for number in dict.fromkeys(numbers):
            address = made.replace("<number>", number)
            for blank, word in words.items():
                address = address.replace(f"<{blank}>", word)
            if "<" not in address and WALKED.match(address) and not LEFT_OUT.search(address):
                yield address


def text(answer: Any) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return unescape(re.sub(r'(name="csrfmiddlewaretoken" value=)"\w+"', r"\1", body.decode("utf-8", "replace")))


def pages(reader: User | None, file: Application, meeting: Meeting) -> dict[str, str]:
    """What a reader finds at every address: the status and the words."""
    client = signed_in(Client(), reader) if reader else Client()
    found = {}
    for address in dict.fromkeys(addresses(file, meeting)):
        answer = client.get(address)
        found[address] = f"{answer.status_code} {answer.headers.get('Location', '')} {text(answer)}"
    assert len(found) > 50, len(found)
    return found


def sayings(found: dict[str, str]) -> list[str]:
    """Where a canary sings."""
    return [f"{address}: {word}" for address, body in found.items() for word in CANARIES if word in body]


def posts(reader: User, file: Application, meeting: Meeting) -> list[str]:
    """The same for what is answered to presses of every button of the file, and of many files."""
    client, found = signed_in(Client(), reader), {}
    for address in dict.fromkeys(addresses(file, meeting)):
        if file.reference in address or "committee" in address:
            data = {"file": [file.reference], "outcome": "selected", "code": "within_target"}
            found[address] = text(client.post(address, data, follow=True))
    return sayings(found)


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sit(world)


def tabled(sitting: Sitting) -> tuple[Application, Meeting]:
    """Two files in session, the first with names and a total that stand nowhere else, a member and a convenor recused from it."""
    file, other = sitting.file(TOTAL), sitting.file()
    old, enterprise = file.enterprise.name_en, file.enterprise
    enterprise.name_en, enterprise.name_ml = NAME, NAME_ML
    enterprise.save()
    frozen = json.dumps(sitting.packet.snapshot, ensure_ascii=False)
    frozen = frozen.replace(f'"{old}"', f'"{NAME}"').replace(f'"{old.replace("Unit", "യൂണിറ്റ്")}"', f'"{NAME_ML}"')
    sitting.packet.snapshot = json.loads(frozen)
    sitting.packet.save()
    meeting = sitting.in_session(file, other)
    for member in (sitting.member, sitting.convenor2):
        decisions.recuse(sitting.item(file), member, f"A cousin, {CONFLICT}.", by=sitting.convenor)
    return file, meeting


def judge(sitting: Sitting, file: Application) -> None:
    """A vote and a decision out of rank, with words that stand nowhere else."""
    decisions.vote(sitting.item(file), Outcome.RESERVE, f"Small, {REMARK}.", by=sitting.member2)
    reason = f"A loan, {REASON}."
    decisions.decide(sitting.item(file), Outcome.RESERVE, DecisionReason.FINDING, reason, by=sitting.convenor)


@pytest.mark.parametrize("who", ["member", "convenor2"])
def test_a_recused_reader_finds_nothing_of_the_file_before_and_after_the_release(sitting: Sitting, who: str) -> None:
    """Not even that it was voted on or decided: every page is the same byte by byte."""
    file, meeting = tabled(sitting)
    reader = getattr(sitting, who)
    with moved_to(now()):
        before = pages(reader, file, meeting)
        judge(sitting, file)
        after = pages(reader, file, meeting)
    assert sayings(before) + sayings(after) + posts(reader, file, meeting) == []
    assert [address for address in before if before[address] != after[address]] == []
    assert file.reference in before[f"/committee/{meeting.number}/"]
    assert "recused" in before[f"/committee/{meeting.number}/{file.reference}/"]
    assert "Meeting called" in before[f"/committee/{meeting.number}/trail/"]
    other = meeting.items.exclude(application=file).get()
    decisions.decide_as_proposed(other, by=sitting.convenor)
    sitting.release(meeting, by=sitting.third())
    work()
    assert sayings(pages(reader, file, meeting)) + posts(reader, file, meeting) == []
    told = [*Message.objects.filter(to_user=reader).values_list("title", "body"), *(one.body for one in mail.outbox)]
    assert not any(word in str([row for row in told if reader.email in str(row)]) for word in CANARIES)


def test_the_walk_finds_what_is_open_to_the_others(sitting: Sitting) -> None:
    """The control: who is not recused finds each canary, by the same walk."""
    file, meeting = tabled(sitting)
    judge(sitting, file)
    item = f"/committee/{meeting.number}/{file.reference}/"
    for reader in (sitting.convenor, sitting.member2):
        found = sayings(pages(reader, file, meeting))
        assert {line for line in found if line.startswith(f"{item}: ")} >= {f"{item}: {word}" for word in CANARIES}
        assert f"/committee/{meeting.number}/agenda.csv: {NAME}" in found
    found = sayings(pages(sitting.convenor, file, meeting))
    assert f"/desk/{file.reference}/: {NAME}" in found
    assert f"/desk/shortlists/SL-3-EKM-01/: {TOTAL}" in found
    assert f"/desk/shortlists/SL-3-EKM-01/marks.csv: {TOTAL}" in found


def test_a_directorate_officer_who_sits_in_the_committee_finds_nothing_on_the_watch_either(sitting: Sitting) -> None:
    """Two posts, one person: the lists of the Directorate leave the file out too."""
    file, meeting = tabled(sitting)
    both, office = sitting.world.directorate, Office.objects.get(code="DIRECTORATE")
    Posting.objects.create(user=both, role=Role.MEMBER, office=office, starts=date(2024, 1, 1), additional_charge=True)
    asked = ("/watch/files/", "/watch/files/export.csv", f"/desk/{file.reference}/", f"/committee/{meeting.number}/")
    found = [text(signed_in(Client(), both).get(address)) for address in asked]
    assert [NAME in body for body in found] == [True, True, True, True]
    decisions.recuse(sitting.item(file), User.objects.get(pk=both.pk), "A cousin.", by=sitting.convenor)
    found = [text(signed_in(Client(), both).get(address)) for address in asked]
    assert [NAME in body for body in found] == [False, False, False, False]
    other = meeting.items.exclude(application=file).get().application.reference
    assert [other in body for body in found] == [True, True, False, True]
    page = text(signed_in(Client(), both).get("/watch/"))  # nor does a figure count a file more than its rows
    assert set(re.findall(r'<a href="/watch/files/[^"]*stage=committee[^"]*">([\d,]+)</a>', page)) == {"1"}


OUTSIDE = ("officer", "gm", "evaluator", "owner", None)


def everything(
    sitting: Sitting, file: Application, meeting: Meeting, readers: tuple[str | None, ...] = OUTSIDE
) -> dict[str, str]:
    """What everybody outside the Committee finds, with the mails and jobs beside the pages."""
    found: dict[str, str] = {}
    for who in readers:
        reader = sitting.world.people[who] if who else None
        found |= {f"{who} {address}": body for address, body in pages(reader, file, meeting).items()}
    kept = Job.objects.values_list("name", "payload"), Message.objects.values_list("title", "body"), mail.outbox
    return found | {"aside": str([list(rows) for rows in kept])}


def test_nobody_outside_the_committee_learns_an_outcome_before_the_release(sitting: Sitting) -> None:
    """A file decided one way, then the other: to the DIC and the applicant every page is the same byte by byte."""
    file, meeting = tabled(sitting)
    other = meeting.items.exclude(application=file).get()
    item = sitting.item(file)
    with moved_to(now()):
        words = "Its papers are in order."  # one of the two members is recused: there is no quorum
        decisions.decide(item, Outcome.SELECTED, DecisionReason.WITHIN_TARGET, words, by=sitting.convenor)
        selected = everything(sitting, file, meeting)
        decisions.reopen(item, "A loan came to light.", by=sitting.convenor)
        reason = f"A loan, {REASON}."
        decisions.decide(item, Outcome.NOT_SELECTED, DecisionReason.FINDING, reason, by=sitting.convenor)
        refused = everything(sitting, file, meeting)
    assert [address for address in selected if selected[address] != refused[address]] == []
    assert [address for address, body in refused.items() if REASON in body] == []
    decisions.decide_as_proposed(other, by=sitting.convenor)
    sitting.release(meeting, by=sitting.third())
    work()
    released = everything(sitting, file, meeting, ("gm", "owner"))
    told = {address for address in released if refused.get(address) != released[address]}
    assert {f"owner /applications/{file.reference}/", f"gm /desk/{file.reference}/", "aside"} <= told
