"""What an applicant has to do is one list: home, the file's page, the notice after an act and mails say the same."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications import actions as applications
from applications.models import Application, DocumentKind, DocumentVersion, Round
from applications.to_do import tasks_of
from evaluation import actions
from records.clock import now
from records.models import Message
from tests.applications.test_documents import pdf, send
from tests.progress.conftest import text_of

NOTHING = "Nothing for you to do now."
REJECTED = "Your turn: 1 document was rejected."
INFECTED = "Your turn: a virus was found in 1 document."
ASKED = "Your DIC needs details from you: answer by"


def rejected(world, state: str) -> Application:
    """A file one of whose documents stands rejected: judged in scrutiny, whatever came after."""
    file = world.file("scrutiny")
    actions.judge_document(of(file, "financials"), accept=False, reason="unreadable", by=world.officer)
    if state == "clarification":
        applications.ask(
            Application.objects.get(pk=file.pk),
            "Which year?",
            kinds=DocumentKind.objects.filter(key="udyam"),
            by=world.officer,
        )
    else:
        Application.objects.filter(pk=file.pk).update(state=state)
    return Application.objects.with_file().get(pk=file.pk)


def of(file: Application, key: str) -> DocumentVersion:
    return DocumentVersion.objects.filter(slot__application=file, slot__kind__key=key).latest("number")


def pages(client, file: Application) -> list[str]:
    return [text_of(client.get(address)) for address in ("/my/", f"/applications/{file.reference}/")]


@pytest.mark.parametrize("state", ["submitted", "scrutiny", "appraisal", "clarification"])
def test_a_rejected_document_is_to_be_sent_again_and_can_be(world, sign_in, state):
    file, client = rejected(world, state), sign_in(world.owner)
    for page in pages(client, file):
        assert (REJECTED in page, NOTHING in page, "Send it again" in page) == (True, False, True)
    assert send(client, file, pdf(pages=2), "financials").status_code == 302
    assert of(file, "financials").state == "received"
    for page in pages(client, file):
        assert (REJECTED in page, NOTHING in page) == (False, state != "clarification")


@pytest.mark.parametrize("state", ["submitted", "scrutiny", "clarification", "appraised", "committee"])
def test_an_infected_document_is_to_be_sent_again_and_can_be(world, sign_in, state):
    file, client = world.file("scrutiny"), sign_in(world.owner)
    DocumentVersion.objects.filter(pk=of(file, "financials").pk).update(state="infected")
    if state == "clarification":
        applications.ask(file, "Which year?", kinds=DocumentKind.objects.filter(key="udyam"), by=world.officer)
    else:
        Application.objects.filter(pk=file.pk).update(state=state)
    for page in pages(client, file):
        assert (INFECTED in page, NOTHING in page) == (True, False)
    assert send(client, file, pdf(pages=2), "financials").status_code == 302


@pytest.mark.parametrize("state", ["appraised", "committee", "decided", "selected", "lapsed"])
def test_a_document_nobody_judges_any_more_is_not_asked_for(world, sign_in, state):
    ended = {"ended_at": now()} if state in {"selected", "lapsed"} else {}
    file, client = rejected(world, "scrutiny"), sign_in(world.owner)
    Application.objects.filter(pk=file.pk).update(state=state, **ended)
    assert tasks_of(Application.objects.with_file().get(pk=file.pk)) == []
    assert REJECTED not in "".join(pages(client, file))
    assert send(client, file, pdf(pages=2), "financials").status_code == 400


def test_a_question_and_a_rejected_document_stand_beside_each_other(world, sign_in):
    file, client = rejected(world, "clarification"), sign_in(world.owner)
    for page in pages(client, file):
        assert 0 < page.index(ASKED) < page.index(REJECTED)
        assert page.count('class="btn btn-primary"') == 1
    page = text_of(client.get(f"/applications/{file.reference}/documents/"))
    assert page.count('type="file"') == 2  # the one that is asked for, the one that was rejected


def test_the_notice_after_an_act_says_what_is_left(world, sign_in):
    file, client = rejected(world, "clarification"), sign_in(world.owner)
    send(client, file, pdf(pages=3), "udyam")
    client.get(f"/applications/{file.reference}/documents/")  # here the notice of that one is read
    answered = client.post(
        f"/applications/{file.reference}/answer/", {"answer": "It is 2025-26.", "go": "send", "version": "0"}
    )
    page = text_of(client.get(answered["Location"]))
    assert "Your answer was sent." in page
    assert "There is nothing more for you to do now." not in page
    assert page.count(REJECTED) == 2  # the notice, and the page itself
    send(client, file, pdf(pages=2), "financials")
    assert "There is nothing more for you to do now." in text_of(
        client.get(f"/applications/{file.reference}/documents/")
    )


@pytest.mark.parametrize(
    ("rest", "said"), [(False, "You need not do anything now."), (True, "1 document was rejected.")]
)
def test_a_mail_says_what_is_left(world, rest, said):
    file = world.file("scrutiny")
    both = [of(file, "financials"), of(file, "udyam")]
    applications.judge_documents(both, accept=False, reason="unreadable", by=world.officer)
    applications.judge_documents(both[:1] if rest else both, accept=True, by=world.officer)
    for message in Message.objects.filter(kind="document.accepted"):
        assert said in message.body
        assert ("You need not do anything now." in message.body) != rest


def test_a_mail_says_it_in_the_readers_language(world):
    world.owner.language = "ml"
    world.owner.save()
    file = rejected(world, "scrutiny")
    applications.judge_documents([of(file, "udyam")], accept=False, reason="unreadable", by=world.officer)
    applications.judge_documents([of(file, "udyam")], accept=True, by=world.officer)
    body = Message.objects.get(kind="document.accepted").body
    assert "രേഖ" in body
    assert "rejected" not in body


def test_a_draft_of_a_closed_round_has_nothing_to_do_on_both_pages(world, sign_in):
    file, client = world.file("draft"), sign_in(world.owner)
    Round.objects.update(opens_at=now().replace(year=2020), closes_at=now().replace(year=2021))
    for page in pages(client, file):
        assert "The round has closed; this application was not sent in time and can only be read." in page
        assert "Your turn:" not in page


def test_a_list_of_files_asks_no_query_a_file(world, sign_in):
    client = sign_in(world.owner)
    counts = []
    for number in (1, 2):
        for _turn in range(number):
            rejected(world, "clarification")
        client.get("/my/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/my/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
