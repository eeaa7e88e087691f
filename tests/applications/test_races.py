"""Several connections at once, on PostgreSQL: once is once. Control runs without the lock show what it is for."""

import threading
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from applications import actions, demo
from applications.actions import moves, sections
from applications.models import (
    Application,
    DocumentKind,
    DocumentVersion,
    Enterprise,
    ReferenceCounter,
    Revision,
    Transition,
)
from evaluation.actions import take_up
from records.models import AuditEvent, Job, Message, Paper
from records.verdicts import Refused
from tests.applications.conftest import SignIn, World, applicant, build_world

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
Verb = Callable[[], Any]


@pytest.fixture
def world() -> World:
    return build_world()


def race(verbs: Iterable[Verb]) -> list[Any]:
    """Run each in its own thread and connection, started together: what each gave back, or its refusal or error."""
    verbs = list(verbs)
    start = threading.Barrier(len(verbs))
    said: list[Any] = []

    def run(verb: Verb) -> None:
        start.wait(timeout=20)
        try:
            said.append(verb())
        except Exception as error:  # noqa: BLE001 -- what a thread ran into is looked at by the test
            said.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(said) == len(verbs)
    return said


def without_the_lock(monkeypatch: pytest.MonkeyPatch, module: Any, threads: int = 2) -> None:
    """Take the guard off: rows are read plainly, and all have read before any writes."""
    all_have_read = threading.Barrier(threads)

    def read(model: Any, key: Any) -> Any:
        row = model._default_manager.get(pk=key)
        all_have_read.wait(timeout=20)
        return row

    monkeypatch.setattr(module, "lock_one", read)


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
    answers = race(lambda browser=browser: browser.post(address) for browser in browsers)
    assert {answer.status_code for answer in answers} == {302}
    assert {answer.url for answer in answers} == {f"/applications/{file.reference}/receipt/"}
    assert handed_in() == (1, 1, 1, 1, 1, 1)
    assert list(ReferenceCounter.objects.values_list("last", flat=True)) == [1]


def test_control_without_the_row_lock_two_posts_make_two_receipts(
    world: World, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = world.complete()
    browsers = [sign_in(world.owner) for _turn in range(2)]
    without_the_lock(monkeypatch, moves)
    race(lambda browser=browser: browser.post(f"/applications/{file.reference}/submit/") for browser in browsers)
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

    monkeypatch.setattr(moves.queries, "others_with_the_same_number", Asked)
    said = race(lambda file=file: actions.submit(file, by=file.filed_by) for file in files)
    assert sorted(file.contested for file in said) == [False, True]
    assert handed_in() == (2, 2, 2, 2, 2, 2)


def test_many_begin_at_once_and_the_numbers_have_no_gap_and_no_double(world: World) -> None:
    units = [world.enterprise(applicant(f"many{number}")) for number in range(12)]
    said = race(lambda unit=unit: actions.begin(unit, world.round, by=unit.made_by).reference for unit in units)
    assert sorted(said) == [f"M1K-3-EKM-{number:05}" for number in range(1, 13)]


def test_control_without_the_counters_lock_two_take_the_same_number(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ReferenceCounter.objects.create(round=world.round, district=world.district)
    units = [world.enterprise(user) for user in (world.owner, world.rival)]
    without_the_lock(monkeypatch, import_module("applications.actions.begin"))
    said = race(lambda unit=unit: actions.begin(unit, world.round, by=unit.made_by).reference for unit in units)
    assert [type(word).__name__ for word in said if not isinstance(word, str)] == ["IntegrityError"]


def test_one_enterprise_begins_once(world: World, sign_in: SignIn) -> None:
    unit = world.enterprise()
    browsers = [sign_in(world.owner) for _turn in range(8)]
    answers = race(
        lambda browser=browser: browser.post("/applications/new/", {"enterprise": str(unit.pk)}) for browser in browsers
    )
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/applications/M1K-3-EKM-00001/")}
    assert Application.objects.count() == 1


def test_an_enterprise_is_added_once(world: World) -> None:
    number = "UDYAM-KL-02-0333333"
    said = race(lambda: world.enterprise(udyam_number=number) for _turn in range(4))
    assert sorted(type(word).__name__ for word in said) == ["Enterprise", "Refused", "Refused", "Refused"]
    assert Enterprise.objects.count() == 1


def test_two_tabs_save_at_once_and_one_is_told(world: World) -> None:
    file = world.draft()
    said = race(
        lambda plan=plan: actions.save_section(file, "growth", {"plan": plan}, by=world.owner, version=0)
        for plan in ("The first tab", "The second tab")
    )
    assert sorted(type(word).__name__ for word in said) == ["Revision", "Stale"]
    assert Revision.objects.count() == 1


def test_control_without_the_row_lock_two_tabs_are_not_told_apart(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = world.draft()
    actions.save_section(file, "growth", {"plan": "Before"}, by=world.owner)
    without_the_lock(monkeypatch, sections)
    both_have_asked = threading.Barrier(2)
    real = sections._check_years
    monkeypatch.setattr(sections, "_check_years", lambda *args: (real(*args), both_have_asked.wait(timeout=20)))
    said = race(
        lambda plan=plan: actions.save_section(file, "growth", {"plan": plan}, by=world.owner, version=1)
        for plan in ("The first tab", "The second tab")
    )
    assert "Stale" not in {type(word).__name__ for word in said}
    assert "IntegrityError" in {type(word).__name__ for word in said}  # the revision's number is taken twice


def test_the_same_document_at_once_is_kept_once(world: World) -> None:
    file = world.draft()
    kind = DocumentKind.objects.get(key="udyam")
    content = demo.paper("The same paper")
    race(
        lambda: actions.receive_document(file, kind, SimpleUploadedFile("a.pdf", content), by=world.owner)
        for _turn in range(4)
    )
    assert DocumentVersion.objects.count() == 1


def test_recall_and_take_up_at_once_exactly_one_wins(world: World) -> None:
    file = world.submitted()
    said = race([lambda: actions.recall(file, by=world.owner), lambda: take_up(file, by=world.officer)])
    assert sorted(isinstance(word, Refused) for word in said) == [False, True]
    file.refresh_from_db()
    assert file.transitions.count() == 2
    assert (file.state, file.officer) in {("draft", None), ("scrutiny", world.officer)}
