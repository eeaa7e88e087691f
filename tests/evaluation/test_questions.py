"""The desk asks, reads and closes; marks older than an answer say so; the appraisal waits for what was sent."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from applications import actions as applications
from applications.clarifications import default_due
from applications.models import Application, Clarification, DocumentKind, DocumentVersion
from applications.states import State
from evaluation import actions
from evaluation.actions import questions
from evaluation.actions.assessments import Given, save_marks, step_back
from evaluation.models import Mark
from evaluation.queries.answers import older_marks
from records.clock import moved_to, now, today
from records.models import AuditEvent, Job
from records.verdicts import Refused
from tests.applications.test_documents import pdf
from tests.evaluation.conftest import CRITERIA, SYSTEM, World
from tests.evaluation.test_pages import desk, text_of

Client = Callable[[User], Any]
FIELD = "enterprise.main_products"


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def told(file: Application, **changes: Any) -> dict[str, Any]:
    """What a browser posts."""
    due = default_due(file)
    return {"question": "Which unit?", "fields_opened": [FIELD], "due_on": f"{due:%d-%m-%Y}"} | changes


def ask(world: World, file: Application, *fields: str, kinds: tuple[str, ...] = ()) -> Clarification:
    papers = DocumentKind.objects.filter(key__in=kinds)
    return applications.ask(file, "Which unit?", fields=fields, kinds=papers, by=world.officer)


def answer(world: World, file: Application, *kinds: str) -> None:
    held = Application.objects.get(pk=file.pk)
    for key in kinds:
        upload = SimpleUploadedFile("new.pdf", pdf(), "application/pdf")
        applications.receive_document(held, DocumentKind.objects.get(key=key), upload, by=world.owner)
    applications.answer(held, "Here it is.", by=world.owner)


def newest(file: Application, key: str) -> DocumentVersion:
    return DocumentVersion.objects.filter(slot__application=file, slot__kind__key=key).order_by("-number")[0]


# ---- The page on which the desk asks --------------------------------------------------------------------------
def test_an_officer_asks_from_the_file(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    client = sign_in(world.officer)
    assert f'href="{desk(file, "ask/")}"' in text_of(client.get(desk(file)))
    form = text_of(client.get(desk(file, "ask/")))
    for words in (
        f'value="{FIELD}"',
        'value="financials.2025-26.profit"',
        "Domestic turnover, 2025-26",
        "Send the question",
    ):
        assert words in form
    assert "true_statement" not in form
    kind = DocumentKind.objects.get(key="financials")
    assert client.post(desk(file, "ask/"), told(file, kinds=[kind.pk])).status_code == 302
    question = Clarification.objects.get()
    assert {(item.field, item.kind) for item in question.items.all()} == {(FIELD, None), ("", kind)}
    page = text_of(client.get(desk(file)))
    for words in ("Question 1", "With applicant", "Which unit?", "Main products or services", "Spice oils"):
        assert words in page
    assert f"question 1 is with the applicant until {question.due_on:%d-%m-%Y}" in page
    assert "Question 1 sent to the applicant, to be answered by " in page


@pytest.mark.parametrize(
    ("changes", "said", "status"),
    [
        ({"question": ""}, "Write the question.", 400),
        ({"fields_opened": []}, "Choose at least one field or document", 400),
        ({"fields_opened": ["bank.seal_id"]}, "This field cannot be opened.", 400),
        ({"kinds": ["9" * 25]}, "Choose documents from the list.", 400),
        ({"kinds": ["udyam"]}, "Choose documents from the list.", 400),
        ({"due_on": "tomorrow"}, "Enter the date as DD-MM-YYYY.", 400),
        ({"due_on": "01-01-2020"}, "Choose a day after today.", 409),
        ({"fields_opened": ["growth.cost_other"]}, "at least one more of these amounts", 409),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    world: World, sign_in: Client, changes: dict[str, Any], said: str, status: int
) -> None:
    file = world.file("scrutiny")
    typed = told(file, question="My words") | changes
    answer = sign_in(world.officer).post(desk(file, "ask/"), typed)
    page = text_of(answer)
    assert (answer.status_code, said in page, "One thing to fix" in page) == (status, True, True)
    assert ("My words" in page) == ("question" not in changes)
    for key in typed["fields_opened"]:
        assert key == "bank.seal_id" or re.search(rf'value="{re.escape(key)}"[^>]* checked', page)
    assert not Clarification.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("owner", 404), ("gm", 403), ("auditor", 403)])
def test_nobody_else_asks(world: World, sign_in: Client, who: str, status: int) -> None:
    file = world.file("scrutiny")
    client = sign_in(world.people[who])
    assert {client.get(desk(file, "ask/")).status_code, client.post(desk(file, "ask/"), told(file)).status_code} == {
        status
    }
    assert "Ask the applicant" not in text_of(client.get(desk(file)))


def test_who_stepped_back_asks_nothing(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    step_back(world.named(file)[1], "I know the owner.", by=world.officer2)
    response = sign_in(world.officer2).post(desk(file, "ask/"), told(file))
    assert response.status_code == 409
    with pytest.raises(Refused):
        questions.ask(file, "Why?", fields=[FIELD], kinds=[], due_on=today(), by=world.officer2)
    assert not Clarification.objects.exists()


def test_a_file_that_is_not_being_checked_is_not_asked_about(world: World, sign_in: Client) -> None:
    file = world.file("submitted")
    response = sign_in(world.officer).get(desk(file, "ask/"))
    assert response.status_code == 409
    assert re.search(r"disabled aria-describedby=\"whynot\"", text_of(response))


# ---- Answers --------------------------------------------------------------------------------------------------
def test_an_answer_is_read_once_with_before_and_after(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    ask(world, file, kinds=("udyam",))
    client = sign_in(world.officer)
    address = desk(file, "questions/1/read/")
    assert client.post(address).status_code == 409
    answer(world, file, "udyam")
    page = text_of(client.get(desk(file)))
    for words in ("1 answer to read", "Here it is.", "Version 1, udyam.pdf", "Version 2, new.pdf", "Mark as read"):
        assert words in page
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 302
    assert client.post(desk(file, "questions/2/read/")).status_code == 404
    assert AuditEvent.objects.filter(verb="clarification.read").count() == 1
    after = text_of(client.get(desk(file)))
    assert "Mark as read" not in after
    assert "Answer to question 1 read" in after


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("owner", 404), ("gm", 403), ("auditor", 403)])
def test_nobody_else_reads_or_closes(world: World, sign_in: Client, who: str, status: int) -> None:
    file = world.file("scrutiny")
    ask(world, file, kinds=("udyam",))
    client = sign_in(world.people[who])
    for tail in ("questions/1/read/", "close-unanswered/"):
        assert client.post(desk(file, tail), {"note": "Late"}).status_code == status
    assert Application.objects.get(pk=file.pk).state == State.CLARIFICATION


def test_closing_waits_for_two_reminders_and_the_day(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    question = ask(world, file, kinds=("udyam",))
    client = sign_in(world.officer)
    page = text_of(client.get(desk(file)))
    assert 'disabled aria-describedby="why-open"' in page
    assert f"The applicant can answer until {question.due_on:%d-%m-%Y}." in page
    address = desk(file, "close-unanswered/")
    assert client.post(address, {"note": "No answer"}).status_code == 409
    Clarification.objects.update(reminders=2, due_on=today() - timedelta(days=1))
    page = text_of(client.get(desk(file)))
    assert f'<a class="btn btn-primary" href="{address}">Close: not answered</a>' in page
    assert client.post(address, {"note": ""}).status_code == 400
    assert client.post(address, {"note": "No answer"}).status_code == 302
    assert Application.objects.get(pk=file.pk).state == State.LAPSED
    assert "Closed: the question was not answered" in text_of(client.get(desk(file)))


def test_questions_take_the_same_queries_for_1_and_3(
    world: World, sign_in: Client, django_assert_max_num_queries: Any
) -> None:
    file = world.file("scrutiny")
    client = sign_in(world.manager)
    made = []
    for many in (1, 2):
        for _question in range(many):
            ask(world, file, kinds=("udyam",))
            answer(world, file, "udyam")
            file.refresh_from_db()
        client.get(desk(file))
        with django_assert_max_num_queries(40) as seen:
            assert text_of(client.get(desk(file))).count("Here it is.") == Clarification.objects.count()
        made.append(len(seen))
    assert made[0] == made[1]


# ---- Marks older than an answer -------------------------------------------------------------------------------
def test_marks_given_before_an_answer_are_flagged_until_they_change(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    card = world.named(file)[0]
    sheet = {key: Given(mark=3, justification="Seen.") for key in CRITERIA if key != "exports"}
    with moved_to(now() - timedelta(hours=2)):
        card = save_marks(card, sheet, version=card.version, by=world.evaluator)
    with moved_to(now() - timedelta(hours=1)):
        ask(world, file, kinds=("udyam",))
        answer(world, file, "udyam")
    marks = list(Mark.objects.filter(assessment=card))
    assert older_marks(file, marks) == {mark.pk for mark in marks if mark.mark}
    page = text_of(sign_in(world.evaluator).get(desk(file, "scorecard/")))
    assert page.count("The applicant answered a question after you gave this mark.") == 5
    card = save_marks(
        card, sheet | {"growth": Given(mark=4, justification="Seen.")}, version=card.version, by=world.evaluator
    )
    left = {mark.criterion.key for mark in Mark.objects.filter(assessment=card) if mark.pk in older_marks(file, [mark])}
    assert left == {key for key in CRITERIA if key not in {"growth", "exports"}}


def test_an_answer_during_scrutiny_flags_nothing(world: World) -> None:
    file = world.verified(world.file("scrutiny"))
    ask(world, file, kinds=("udyam",))
    answer(world, file, "udyam")
    with pytest.raises(Refused, match="1 document to accept"):
        actions.pass_scrutiny(file, by=world.officer)
    actions.judge_document(newest(file, "udyam"), accept=True, by=world.officer)
    file = actions.pass_scrutiny(file, by=world.officer)
    card = world.lock(world.named(file)[0], 4, 3, 4, 3, 5)
    assert older_marks(file, Mark.objects.filter(assessment=card)) == set()


def test_flags_stand_in_the_panel_once_the_marks_are_open(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    cards = world.named(file)
    with moved_to(now() - timedelta(hours=2)):
        world.lock(cards[0], 4, 3, 4, 3, 5)
    ask(world, file, kinds=("udyam",))
    answer(world, file, "udyam")
    client = sign_in(world.officer)
    assert "Given before the applicant’s answer." not in text_of(client.get(desk(file)))
    actions.judge_document(newest(file, "udyam"), accept=True, by=world.officer)
    world.lock(cards[1], 4, 3, 4, 3, 5)
    assert actions.appraise(file, by=SYSTEM)
    assert text_of(client.get(desk(file))).count("Given before the applicant’s answer.") == 6
    assert "Given before the applicant’s answer." in text_of(sign_in(world.evaluator).get(desk(file, "scorecard/")))


# ---- The appraisal waits --------------------------------------------------------------------------------------
def test_the_appraisal_waits_for_a_document_sent_with_the_answer(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    cards = world.named(file)
    ask(world, file, kinds=("udyam", "other_paper"))
    with pytest.raises(Refused, match="no longer being appraised"):
        world.lock(cards[0], 4, 3, 4, 3, 5)
    answer(world, file, "udyam")
    for card in cards:
        world.lock(card, 4, 3, 4, 3, 5)
    assert not actions.appraise(file, by=SYSTEM)
    assert "A document the applicant sent is still to be judged" in text_of(sign_in(world.gm).get(desk(file)))
    Job.objects.filter(name="evaluation.appraise").delete()
    actions.judge_document(newest(file, "udyam"), accept=True, by=world.officer)
    assert Job.objects.filter(name="evaluation.appraise").count() == 1
    assert actions.appraise(file, by=SYSTEM)


def test_a_document_rejected_in_the_appraisal_can_be_sent_again(world: World) -> None:
    file = world.in_appraisal()
    actions.judge_document(newest(file, "udyam"), accept=False, reason="unreadable", by=world.officer)
    upload = SimpleUploadedFile("new.pdf", pdf(), "application/pdf")
    kind = DocumentKind.objects.get(key="udyam")
    assert applications.receive_document(file, kind, upload, by=world.owner).number == 2


def test_an_answer_in_the_appraisal_lets_the_portal_look_whether_it_is_settled(world: World) -> None:
    file = world.in_appraisal()
    ask(world, file, kinds=("udyam",))
    answer(world, file, "udyam")
    assert Job.objects.filter(name="evaluation.appraise", payload={"application": file.pk}).exists()
