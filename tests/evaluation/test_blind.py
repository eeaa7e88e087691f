"""Blind: while totals are hidden no page, table, refusal, mail, job or line of the trail says the first one's marks."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from applications.models import Application, DocumentVersion
from evaluation import actions
from evaluation.actions.moderation import moderate
from evaluation.actions.unlocking import unlock
from evaluation.models import Assessment, Shortlist
from records.models import AuditEvent, Job, Message
from tests.architecture.access_world import routes
from tests.evaluation.conftest import SYSTEM, World

Client = Callable[[User], Any]
CANARY, TOTAL, EXACT = "canary-7431", "97.78", "880/9"
READERS = ("officer", "officer2", "evaluator", "manager", "manager2", "gm", "directorate", "auditor", "owner")
SPEAKS = re.compile(r"^/(desk|home|my|applications|districts|reports|watch|staff)\b")  # what may tell of a file


def high(assessment: Assessment) -> Assessment:
    """Lock with a total and a reason that stand nowhere else."""
    marks = {"growth": 5, "financial": 5, "plan": 5, "employment": 5, "technology": 4}
    given = {key: actions.Given(mark=mark, justification=f"Seen, {CANARY}.") for key, mark in marks.items()}
    given["exports"] = actions.Given(not_applicable=True, justification=f"None, {CANARY}.")
    held = actions.lock_marks(assessment, given, version=assessment.version, by=assessment.evaluator)
    assert held.total_exact == EXACT
    return held


def addresses(file: Application, packet: Shortlist) -> Iterator[str]:
    """Every address of the portal that can be filled from one file and one packet."""
    version = DocumentVersion.objects.filter(slot__application=file).first()
    assert version
    words = {
        "<str:reference>": file.reference,
        "<int:number>": "1",
        "<int:pk>": str(version.pk),
        "<str:key>": "jobs",
        "<str:section>": "bank",
        "<str:code>": "EKM",
        "<slug:code>": "EKM",
    }
    for _name, pattern in routes():
        words["<str:number>"] = packet.number if "shortlists" in pattern else "1"
        address = f"/{pattern}"
        for placeholder, word in words.items():
            address = address.replace(placeholder, word)
        if "<" not in address and "(" not in address and SPEAKS.match(address):
            yield address


def walk(client: Any, file: Application, packet: Shortlist) -> list[str]:
    """The addresses at which something of the first one's marks is said, in an answer to GET or to an empty POST."""
    found, walked = [], 0
    for address in addresses(file, packet):
        for send in (
            (client.get, client.post) if file.reference in address and "step-back" not in address else (client.get,)
        ):
            answer = send(address)
            walked += 1
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = body.decode("utf-8", "replace")
            found += [f"{address}: {word}" for word in (CANARY, TOTAL, EXACT) if word in text]
    assert walked > 50, walked
    return found


def aside() -> str:
    """What is written beside the pages: the trail, jobs, mails kept and sent."""
    kept = [
        *AuditEvent.objects.values_list("note", "data"),
        *Job.objects.values_list("payload", "error"),
        *Message.objects.values_list(),
        *((sent.subject, sent.body) for sent in mail.outbox),
    ]
    return str(kept)


@pytest.fixture
def packet(world: World) -> Shortlist:
    world.appraised(3, 3, 4, 3, 5)
    return actions.make_packet(world.dic, world.round, by=world.manager)


def named(world: World) -> tuple[Application, Assessment, Assessment]:
    """Evaluated by the taluk office and the second officer; the first has locked."""
    file = world.in_appraisal()
    first, second = world.named(file)
    return file, high(first), second


@pytest.mark.parametrize("who", READERS)
def test_one_has_locked(world: World, sign_in: Client, packet: Shortlist, who: str) -> None:
    file, first, _second = named(world)
    if who == "evaluator":  # the first one's own scorecard is theirs; look at everything else
        found = [line for line in walk(sign_in(first.evaluator), file, packet) if "/scorecard/" not in line]
    else:
        found = walk(sign_in(world.people[who]), file, packet)
    assert found == []
    assert not any(word in aside() for word in (CANARY, TOTAL, EXACT))


@pytest.mark.parametrize("who", [who for who in READERS if who not in {"gm", "evaluator"}])
def test_both_have_locked_and_do_not_settle_it(world: World, sign_in: Client, packet: Shortlist, who: str) -> None:
    """A third may be named from among these: the manager too."""
    file, _first, second = named(world)
    world.lock(second, 3, 3, 4, 3, 5)
    assert walk(sign_in(world.people[who]), file, packet) == []
    answer = sign_in(world.manager).post(f"/desk/{file.reference}/evaluators/", {"evaluators": [world.manager.pk, 1]})
    assert answer.status_code == 400
    assert TOTAL not in answer.content.decode()


@pytest.mark.parametrize("who", ["officer2", "evaluator", "manager2", "gm", "directorate"])
def test_after_an_unlock_the_totals_are_blind_again(world: World, sign_in: Client, packet: Shortlist, who: str) -> None:
    file, _first, second = named(world)
    world.lock(second, 5, 5, 5, 5, 5)
    assert actions.appraise(file, by=SYSTEM)
    assert TOTAL in sign_in(world.officer).get(f"/desk/{file.reference}/").content.decode()
    unlock(second, "The wrong year was read.", by=world.gm)
    found = [
        line
        for line in walk(sign_in(world.people[who]), file, packet)
        if who != "evaluator" or "/scorecard/" not in line
    ]
    assert found == []
    assert not any(word in aside() for word in (CANARY, TOTAL, EXACT))


def test_the_walk_finds_what_is_open(world: World, sign_in: Client, packet: Shortlist) -> None:
    """The control: once all have locked and it is settled, the same walk finds marks on the file and in the packet."""
    file, _first, second = named(world)
    world.lock(second, 3, 3, 4, 3, 5)
    moderate(file, Decimal(80), "Because.", by=world.gm)
    assert actions.appraise(file, by=SYSTEM)
    found = walk(sign_in(world.officer), file, packet)
    assert f"/desk/{file.reference}/: {CANARY}" in found
    assert f"/desk/shortlists/{packet.number}/: {TOTAL}" in found
    assert f"/desk/shortlists/{packet.number}/marks.csv: {EXACT}" in found
