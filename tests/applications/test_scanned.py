"""A document and the virus scanner: closed to the office until clamd has answered, and what happens when it finds something."""

import pytest
from django.core import mail
from django.test import Client

from applications import actions
from applications.models import Application, DocumentVersion
from evaluation.actions import take_up
from records import jobs
from records.models import AuditEvent, Job, Message
from tests.applications.conftest import SignIn, World
from tests.applications.test_documents import fetch, pdf, send
from tests.applications.test_sections import text_of
from tests.records.clamd import EICAR, clamd

WAITS = "It waits for the virus scanner, and opens to the office after that."
BAD = b"\n%" + EICAR


@pytest.fixture
def daemon(settings):
    with clamd() as found:
        settings.SCANNER = found.address
        yield found


def newest(file: Application) -> DocumentVersion:
    return DocumentVersion.objects.filter(slot__application=file, slot__kind__key="udyam").latest("number")


def scan() -> None:
    for job in Job.objects.filter(name="records.scan", state="queued"):
        jobs.run(job.pk)


def page_of(client: Client, file: Application) -> str:
    return text_of(client.get(f"/applications/{file.reference}/documents/"))


def test_a_document_opens_to_the_office_when_it_is_clean(world: World, mine: Client, sign_in: SignIn, daemon) -> None:
    file, officer = world.complete(), sign_in(world.officer)
    before = newest(file).number
    assert send(mine, file, pdf()).status_code == 302
    assert (newest(file).state, WAITS in page_of(mine, file)) == ("awaiting_scan", True)
    assert send(mine, file, pdf()).status_code == 302  # the same again: it is there already
    actions.submit(Application.objects.get(pk=file.pk), by=world.owner)
    assert fetch(officer, file, newest(file))[0].status_code == 404
    scan()
    assert (newest(file).state, newest(file).number) == ("received", before + 1)
    assert "Virus-scanned: nothing found." in page_of(mine, file)
    assert fetch(officer, file, newest(file))[0].status_code == 200


def test_an_infected_document_is_told_to_the_enterprise_and_replaced(
    world: World, mine: Client, sign_in: SignIn, daemon
) -> None:
    file = world.draft()
    send(mine, file, pdf() + BAD)
    scan()
    assert newest(file).state == "infected"
    assert "A virus was found in this file, and nobody opens it." in page_of(mine, file)
    message = Message.objects.get(kind="document.infected")
    assert (message.to_user, file.reference in message.title, "Eicar" in message.body) == (world.owner, True, False)
    assert AuditEvent.objects.get(verb="document.infected").actor == "system:scanner"
    send(mine, file, pdf(pages=2))
    scan()
    assert (newest(file).state, newest(file).number) == ("received", 2)
    assert mail.outbox == []


def test_an_infected_document_is_replaced_while_the_office_checks_the_papers(
    world: World, mine: Client, daemon
) -> None:
    file = world.complete()
    send(mine, file, pdf() + BAD)
    file = actions.submit(Application.objects.get(pk=file.pk), by=world.owner)  # the deadline waits for no scanner
    scan()
    assert newest(file).state == "infected"
    take_up(file, by=world.officer)
    assert send(mine, file, pdf(pages=2)).status_code == 302
    scan()
    assert newest(file).state == "received"


def test_a_document_replaced_before_it_was_scanned_stays_replaced(world: World, mine: Client, daemon) -> None:
    file = world.draft()
    send(mine, file, pdf() + BAD)
    send(mine, file, pdf(pages=2))
    scan()
    states = DocumentVersion.objects.filter(slot__application=file).order_by("number").values_list("state", flat=True)
    assert list(states) == ["replaced", "received"]
    assert not Message.objects.filter(kind="document.infected").exists()
