"""Several connections at once, on PostgreSQL: once is once. Control runs without the lock show what it is for."""

import threading
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actions, demo
from applications.actions import moves, sections
from applications.models import (
    Application,
    Clarification,
    DocumentKind,
    DocumentVersion,
    Enterprise,
    ReferenceCounter,
    Revision,
    Transition,
)
from evaluation.actions import take_up
from records.acts import system
from records.models import AuditEvent, Job, Message, Paper
from records.verdicts import Refused
from tests.applications.conftest import SignIn, World, applicant, build_world
from tests.racing import after_all_have_read, together

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    return build_world()


def handed_in() -> tuple[int, ...]:
    """Submitted files, transitions, receipts, render jobs, mails, lines of the trail."""
    return (
        Application.objects.sent().count(),
        Transition.objects.filter(move="submit").count(),
        Paper.objects.filter(kind="application.receipt").count(),
        Job.objects.filter(name="records.render").count(),
        Message.objects.filter(kind="application.received").count(),
        AuditEvent.objects.filter(verb="application.submit").count(),
    )


def test_fifty_parallel_posts_make_one_application_one_number_one_receipt(world: World, sign_in: SignIn) -> None:
    file = world.complete()
    browsers = [sign_in(world.owner) for _turn in range(50)]
    address = f"/applications/{file.reference}/submit/"
    answers = together(*(lambda browser=browser: browser.post(address) for browser in browsers))
    assert {answer.status_code for answer in answers} == {302}
    assert {answer.url for answer in answers} == {f"/applications/{file.reference}/receipt/"}
    assert handed_in() == (1, 1, 1, 1, 1, 1)
    assert list(ReferenceCounter.objects.values_list("last", flat=True)) == [1]


def test_control_without_the_row_lock_two_posts_make_two_receipts(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = world.complete()
    browsers = [sign_in(world.owner) for _turn in range(2)]
    monkeypatch.setattr(moves, "lock_one", after_all_have_read())
    together(*(lambda browser=browser: browser.post(f"/applications/{file.reference}/submit/") for browser in browsers))
    assert handed_in() == (1, 2, 2, 2, 2, 2)


def test_two_with_the_same_udyam_number_at_once_are_both_taken_and_the_later_is_contested(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = "UDYAM-KL-02-0555555"
    files = [world.complete(user, number) for user in (world.owner, world.rival)]
    both_have_asked = threading.Barrier(2)
    real = moves.queries.others_with_the_same_number

    class Asked:
        def __init__(self, file: Application) -> None:
            self.file = file

        def exists(self) -> bool:
            found = real(self.file).exists()
            both_have_asked.wait(timeout=20)
            return found

        def __getattr__(self, name: str) -> Any:
            return getattr(real(self.file), name)

    monkeypatch.setattr(moves.queries, "others_with_the_same_number", Asked)
    said = together(*(lambda file=file: actions.submit(file, by=file.filed_by) for file in files))
    assert sorted(file.contested for file in said) == [False, True]
    assert handed_in() == (2, 2, 2, 2, 2, 2)


def test_many_begin_at_once_and_the_numbers_have_no_gap_and_no_double(world: World) -> None:
    units = [world.enterprise(applicant(f"many{number}")) for number in range(12)]
    said = together(*(lambda unit=unit: actions.begin(unit, world.round, by=unit.made_by).reference for unit in units))
    assert sorted(said) == [f"M1K-3-EKM-{number:05}" for number in range(1, 13)]


def test_control_without_the_counters_lock_two_take_the_same_number(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ReferenceCounter.objects.create(round=world.round, district=world.district)
    units = [world.enterprise(user) for user in (world.owner, world.rival)]
    both_have_read = threading.Barrier(2)

    def read(rows: Any) -> list[Any]:
        counters = list(rows)
        both_have_read.wait(timeout=20)
        return counters

    monkeypatch.setattr(import_module("applications.actions.begin"), "lock", read)
    said = together(*(lambda unit=unit: actions.begin(unit, world.round, by=unit.made_by).reference for unit in units))
    assert [type(word).__name__ for word in said if not isinstance(word, str)] == ["IntegrityError"]


def test_one_enterprise_begins_once(world: World, sign_in: SignIn) -> None:
    unit = world.enterprise()
    browsers = [sign_in(world.owner) for _turn in range(8)]
    what = {"enterprise": str(unit.pk)}
    answers = together(*(lambda browser=browser: browser.post("/applications/new/", what) for browser in browsers))
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/applications/M1K-3-EKM-00001/")}
    assert Application.objects.count() == 1


def test_an_enterprise_is_added_once(world: World) -> None:
    number = "UDYAM-KL-02-0333333"
    said = together(*(lambda: world.enterprise(udyam_number=number) for _turn in range(4)))
    assert sorted(type(word).__name__ for word in said) == ["Enterprise", "Refused", "Refused", "Refused"]
    assert Enterprise.objects.count() == 1


def test_two_tabs_save_at_once_and_one_is_told(world: World) -> None:
    file = world.draft()
    said = together(
        *(
            lambda plan=plan: actions.save_section(file, "growth", {"plan": plan}, by=world.owner, version=0)
            for plan in ("The first tab", "The second tab")
        )
    )
    assert sorted(type(word).__name__ for word in said) == ["Revision", "Stale"]
    assert Revision.objects.count() == 1


def test_control_without_the_row_lock_two_tabs_are_not_told_apart(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = world.draft()
    actions.save_section(file, "growth", {"plan": "Before"}, by=world.owner)
    monkeypatch.setattr(sections, "lock_one", after_all_have_read())
    both_have_asked = threading.Barrier(2)
    real = sections._check_years
    monkeypatch.setattr(sections, "_check_years", lambda *args: (real(*args), both_have_asked.wait(timeout=20)))
    said = together(
        *(
            lambda plan=plan: actions.save_section(file, "growth", {"plan": plan}, by=world.owner, version=1)
            for plan in ("The first tab", "The second tab")
        )
    )
    assert "Stale" not in {type(word).__name__ for word in said}
    assert "IntegrityError" in {type(word).__name__ for word in said}  # the revision's number is taken twice


def test_the_same_document_at_once_is_kept_once(world: World) -> None:
    file = world.draft()
    kind = DocumentKind.objects.get(key="udyam")
    content = demo.paper("The same paper")
    together(
        *(
            lambda: actions.receive_document(file, kind, SimpleUploadedFile("a.pdf", content), by=world.owner)
            for _turn in range(4)
        )
    )
    assert DocumentVersion.objects.count() == 1


def test_recall_and_take_up_at_once_exactly_one_wins(world: World) -> None:
    file = world.submitted()
    said = together(lambda: actions.recall(file, by=world.owner), lambda: take_up(file, by=world.officer))
    assert sorted(isinstance(word, Refused) for word in said) == [False, True]
    file.refresh_from_db()
    assert file.transitions.count() == 2
    assert (file.state, file.officer) in {("draft", None), ("scrutiny", world.officer)}


def test_an_answer_sent_twice_at_once_moves_the_file_once(world: World) -> None:
    file = take_up(world.submitted(), by=world.officer)
    question = actions.ask(file, "Why?", fields=["bank.licences"], by=world.officer)
    said = together(*[lambda: actions.answer(file, "One", by=world.owner)] * 2)
    assert [row.pk for row in said] == [question.pk] * 2
    assert Transition.objects.filter(application=file, move="answer").count() == 1


def test_an_answer_and_a_withdrawal_at_once_leave_no_question_open(world: World) -> None:
    file = take_up(world.submitted(), by=world.officer)
    question = actions.ask(file, "Why?", fields=["bank.licences"], by=world.officer)
    together(
        lambda: actions.answer(file, "Here", by=world.owner),
        lambda: actions.withdraw(file, by=world.owner, note="Sold"),
    )
    question.refresh_from_db()
    assert not question.is_open
    assert Application.objects.get(pk=file.pk).state == "withdrawn"


def test_two_reminders_at_once_are_one(world: World) -> None:
    file = take_up(world.submitted(), by=world.officer)
    question = actions.ask(file, "Why?", fields=["bank.licences"], by=world.officer)
    Clarification.objects.update(asked_at=question.asked_at - timedelta(days=30))
    question.refresh_from_db()
    said = together(*[lambda: actions.remind(question, by=system("reminders"))] * 2)
    assert sorted(said) == [False, True]
    assert Message.objects.filter(kind="clarification.reminded").count() == 1
