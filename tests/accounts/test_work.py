"""Work that stopped: an administrator sees what, about what and why, and has it tried again."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from progress.models import ReportRun
from records import jobs
from records.clock import moved_to, now
from records.models import AuditEvent, Job, JobState, Message, Paper
from tests.accounts.conftest import People, Window, text_of

PAGE, RETRY = "/staff/jobs/", "/staff/jobs/retry/"
SECRET = "asha@secret.example"


@pytest.fixture
def handle() -> Iterator[Callable[..., None]]:
    """Register a job handler for one test."""
    before = dict(jobs._handlers)
    yield lambda name, function, **more: jobs.handler(name, **more)(function)
    jobs._handlers.clear()
    jobs._handlers.update(before)


@pytest.fixture
def chief(window: Window, someone: People) -> User:
    user = someone("administrator", name="chief")
    window.sign_in(user)
    return user


def failed(name: str = "records.mail", subject: str = "", error: str = "", **payload: Any) -> Job:
    """A job that no worker tries again."""
    return Job.objects.create(
        name=name, subject=subject, payload=payload, state=JobState.FAILED, attempts=4, finished_at=now(), error=error
    )


def tried(job: Job) -> None:
    """As often as it may be, each time when it is due."""
    for _turn in range(job.most_attempts + 2):
        with moved_to(now() + timedelta(hours=_turn)):
            jobs.run(job.pk)


def test_a_poison_job_stops_is_listed_and_is_done_when_its_cause_is_mended(
    window: Window, chief: User, handle: Callable[..., None]
):
    done: list[str] = []
    broken = [True]

    def sometimes(job: Job) -> None:
        done.append(job.subject)
        if broken:
            raise RuntimeError(f"{SECRET} has no mailbox")

    handle("tests.poison", sometimes, attempts=3, title="Testing a poison")
    job = jobs.enqueue("tests.poison", "note:77", payload={"note": 77})
    tried(job)
    assert done == ["note:77"] * 3
    page = text_of(window.get(PAGE))
    for words in ("Testing a poison (1)", ">77<", "An error that nobody expected.", "Try again"):
        assert words in page
    assert SECRET not in page
    broken.clear()
    answer = window.post(RETRY, {"job": job.pk}, follow=True)
    assert "1 piece of work is queued again." in text_of(answer)
    jobs.run(job.pk)
    assert (len(done), "Nothing has stopped" in text_of(window.get(PAGE))) == (4, True)
    event = AuditEvent.objects.get(verb="job.retry")
    assert (event.actor, event.subject, event.data) == (f"user:{chief.pk}", f"job:{job.pk}", {"name": "tests.poison"})


@pytest.mark.parametrize(
    ("name", "error", "sentence"),
    [
        (
            "records.render",
            "The worker stopped in the middle of this job each time.",
            "in the middle of this work each",
        ),
        ("records.render", "The PDF could not be made (ValueError).", "The PDF could not be made."),
        ("records.mail", f"{{'{SECRET}': (550, b'no')}}", "The mail server could not be reached, or did not take"),
        ("records.pages", "page 3: too much", "Page 3 cannot be drawn"),
        ("records.pages", f"page 3: {SECRET}", "An error that nobody expected"),
        ("tests.gone", "Nothing is registered under tests.gone", "does not know this kind of work"),
        ("evaluation.letters", f"{SECRET}", "Some letters could not be written"),
    ],
)
def test_a_reason_is_a_sentence_and_nothing_of_what_it_was_about(
    window: Window, chief: User, name: str, error: str, sentence: str
):
    failed(name, "paper:1", error)
    page = text_of(window.get(PAGE))
    assert (sentence in page, SECRET in page) == (True, False)


def test_all_of_a_kind_are_queued_behind_what_a_person_waits_for(window: Window, chief: User):
    several = [failed(subject=f"message:{number}", message=number) for number in range(3)]
    other = failed("records.pages", "pages:1", "page 1: not drawn")
    assert "3 pieces of work are queued again." in text_of(window.post(RETRY, {"kind": "records.mail"}, follow=True))
    found = Job.objects.filter(pk__in=[job.pk for job in several])
    assert set(found.values_list("state", "attempts", "priority")) == {("queued", 0, jobs.IN_BULK)}
    assert [job.pk for job in jobs.stopped()] == [other.pk]
    assert AuditEvent.objects.get(verb="job.retry").data == {"name": "records.mail", "number": 3}
    assert "Nothing of it is stopped any more" in text_of(window.post(RETRY, {"kind": "records.mail"}, follow=True))


def test_what_a_later_job_does_or_did_is_not_listed(db: None):
    failed("records.render", "paper:1", paper=1)
    failed("applications.remind", clarification=1)
    still = failed("applications.remind", clarification=2)
    Job.objects.create(name="records.render", subject="paper:1", payload={"paper": 1})
    Job.objects.create(name="applications.remind", payload={"clarification": 1})
    assert [job.pk for job in jobs.stopped()] == [still.pk]


@pytest.mark.parametrize("sent", [{}, {"job": "x"}, {"job": "9" * 40}, {"kind": "\0"}, {"job": "1"}])
def test_what_is_not_stopped_is_not_queued(window: Window, chief: User, sent: dict[str, str]):
    Job.objects.create(pk=1, name="records.mail", state=JobState.READY, finished_at=now())
    assert "Nothing of it is stopped any more" in text_of(window.post(RETRY, sent, follow=True))
    assert (Job.objects.get().state, AuditEvent.objects.filter(verb="job.retry").count()) == ("ready", 0)


def test_the_thing_itself_says_again_that_it_waits(chief: User):
    paper = Paper.objects.create(number="A-1", kind="t", subject="t:1", snapshot={}, state="failed", error="x")
    mail = Message.objects.create(address=SECRET, kind="t", language="en", title="t", body="b", state="failed")
    run = ReportRun.objects.create(month="2026-05", total=28, state="failed", error="x", ended_at=now())
    for name, payload in (("render", {"paper": paper.pk}), ("mail", {"message": mail.pk})):
        jobs.retry(failed(f"records.{name}", f"{name}:1", **payload), by=chief)
    jobs.retry(failed("progress.reports", "reports:1", run=run.pk), by=chief)
    for row in (paper, mail, run):
        row.refresh_from_db()
        assert (row.state, row.error) == ("queued", "")


def test_a_run_stays_stopped_while_another_of_its_month_goes_on(window: Window, chief: User):
    run = ReportRun.objects.create(month="2026-05", total=28, state="failed", error="x", ended_at=now())
    job = failed("progress.reports", "reports:1", run=run.pk)
    ReportRun.objects.create(month="2026-05", total=28)
    for sent in ({"job": job.pk}, {"kind": "progress.reports"}):
        assert "something else does the same already" in text_of(window.post(RETRY, sent, follow=True))
    job.refresh_from_db()
    assert (job.state, AuditEvent.objects.filter(verb="job.retry").count()) == ("failed", 0)


def test_what_waits_and_who_lives(window: Window, chief: User):
    Job.objects.all().delete()
    assert "No worker answers." in text_of(window.get(PAGE))
    Job.objects.create(name="records.mail", not_before=now() - timedelta(hours=3))
    Job.objects.create(name="records.mail", not_before=now() + timedelta(hours=3))
    Job.objects.create(name="records.mail", state="running", started_at=now() - timedelta(hours=2), heartbeat_at=now())
    jobs.say_alive("celery")
    page = text_of(window.get(PAGE)).replace("\xa0", " ")
    assert "No worker answers." not in page
    assert "the oldest for 3 hours" in page
    assert "the oldest for 2 hours" in page


def test_one_row_or_three_ask_the_database_alike(window: Window, chief: User):
    asked = []
    for _turn in range(2):
        for number in range(3):
            paper = Paper.objects.create(number=f"A-{_turn}{number}", kind="t", subject="t:1", snapshot={})
            failed("records.render", f"paper:{paper.pk}", paper=paper.pk)
        window.get(PAGE)
        with CaptureQueriesContext(connection) as seen:
            assert window.get(PAGE).status_code == 200
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 12


def test_the_page_is_reached_from_the_administrators_home(window: Window, chief: User):
    assert f'href="{PAGE}"' in text_of(window.get("/staff/"))


def test_every_kind_of_work_has_words(settings):
    assert [name for name, one in jobs._handlers.items() if not name.startswith("tests.") and not one.title] == []
