"""The reports of all districts in one run: begun, watched, gone on with after a worker died, tried again, begun each month."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from districts.models import District
from progress import actions, runs, tasks
from progress.actions import runs as acts
from progress.models import ReportRun, RunReport
from records import jobs
from records.acts import system
from records.clock import moved_to, now
from records.models import AuditEvent, Job, JobState, Paper
from records.verdicts import Refused
from tests.progress.conftest import at, moved, text_of
from tests.progress.test_paper import said
from tests.progress.test_reports import MONTH, may
from tests.racing import plainly, together, when_all_are_there
from tests.records.test_workers import large

__all__ = ["large", "may"]


def start(client, month=MONTH):
    return client.post("/reports/run/", {"month": month})


def the_job() -> Job:
    return Job.objects.filter(name="progress.reports").latest("pk")


def current() -> Counter:
    """How many reports of each district and language stand."""
    papers = Paper.objects.filter(kind="progress.district_report", superseded_by__isnull=True)
    return Counter((paper.snapshot["district"], paper.language) for paper in papers)


def each_once() -> Counter:
    return Counter(
        {(code, word): 1 for code in District.objects.values_list("code", flat=True) for word in ("en", "ml")}
    )


def shown() -> JobState:
    return runs.state_of(runs.shown()[0])


# ---- Begun on the page ----------------------------------------------------------------------------------------
def test_a_run_is_begun_on_the_page_and_makes_each_report_once(may, sign_in):
    old = actions.make_report(may.district, MONTH, by=may.gm)
    client = sign_in(may.directorate)
    total = 2 * District.objects.count()
    assert start(client)["Location"] == "/reports/"
    page = text_of(client.get("/reports/"))
    assert f"{total} reports of {MONTH} are being made. You may leave this page." in page
    assert (f"0 of {total}<" in page, f'<progress max="{total}" value="0"' in page) == (True, True)
    assert "The administrator starts one with make run" in page
    jobs.run(the_job().pk)
    run = ReportRun.objects.get()
    assert (run.state, run.done, the_job().done, current()) == ("ready", total, total, each_once())
    old.refresh_from_db()
    assert old.superseded_by.snapshot["district"] == "EKM"
    assert set(Job.objects.filter(name="records.render").values_list("priority", flat=True)) == {1, 9}
    assert jobs.due().first().subject == f"paper:{old.pk}"  # what a person asked for goes first
    assert shown() == JobState.RUNNING
    Paper.objects.filter(pk__in=run.reports.values("paper")[:2]).update(state="ready", pdf="x.pdf", ready_at=now())
    piece = text_of(client.get(f"/reports/run/{run.pk}/"))
    assert (f"2 of {total}<" in piece, "hx-trigger" in piece, f"{total} of {total} are frozen" in piece) == (True,) * 3
    Paper.objects.update(state="ready", pdf="x.pdf", ready_at=now())
    piece = text_of(client.get(f"/reports/run/{run.pk}/"))
    assert (shown(), "hx-trigger" in piece, "The reports of the month" in piece) == (JobState.READY, False, True)
    assert AuditEvent.objects.get(verb="reports.start").data == {"month": MONTH, "reports": total}


@pytest.mark.parametrize(
    ("who", "month", "status", "sentence"),
    [
        ("gm", MONTH, 403, "The reports of all districts are made by the Directorate."),
        ("auditor", MONTH, 403, "An auditor reads everything and makes nothing."),
        ("convenor", MONTH, 403, "Reports are read by officers of the district and of the Directorate."),
        ("directorate", "2026-08", 400, "This month has not begun. Choose this month or an earlier one."),
        ("directorate", "soon", 400, "Write the month as YYYY-MM, for example 2026-07."),
        ("directorate", "", 400, "Fill this in."),
    ],
)
def test_who_may_not_and_which_month_cannot_be(may, sign_in, who, month, status, sentence):
    answer = start(sign_in(may.people[who]), month)
    assert (answer.status_code, sentence in text_of(answer)) == (status, True)
    assert not ReportRun.objects.exists()
    assert not Job.objects.exists()


def test_a_second_run_of_the_month_waits_for_the_first(may, sign_in):
    client = sign_in(may.directorate)
    assert [start(client).status_code for _press in range(2)] == [302, 302]  # a double click begins one
    with moved_to(at("2026-07-15 12:01")):
        answer = start(client)
        assert answer.status_code == 409
        assert "The reports of 2026-05 are being made already: 0 of " in text_of(answer)
        jobs.run(the_job().pk)
        assert start(client).status_code == 409  # frozen all, but no PDF is there
        assert start(client, "2026-06").status_code == 302
        Paper.objects.update(state="ready", pdf="x.pdf", ready_at=now())
        assert start(client).status_code == 302
    assert list(ReportRun.objects.values_list("month", flat=True)) == [MONTH, "2026-06", MONTH]


# ---- Stopped in the middle ------------------------------------------------------------------------------------
def test_a_run_whose_worker_died_goes_on_where_it_stopped(may):
    run = actions.start_run(MONTH, by=may.directorate)
    for district, language in list(runs.left(run))[:3]:
        actions.make_of_run(run, district, language)
    before = set(RunReport.objects.values_list("paper", flat=True))
    Job.objects.filter(pk=the_job().pk).update(
        state="running", attempts=1, heartbeat_at=now() - timedelta(seconds=61), started_at=now()
    )
    jobs.sweep()
    jobs.run(the_job().pk)
    assert (ReportRun.objects.get().state, current()) == ("ready", each_once())
    assert before < set(RunReport.objects.values_list("paper", flat=True))
    tasks.make_reports(the_job())  # once more, as after a message that came twice
    assert current() == each_once()
    assert Paper.objects.count() == len(each_once())


def test_a_run_that_failed_says_why_and_is_tried_again(may, sign_in):
    run = actions.start_run(MONTH, by=may.directorate)
    Job.objects.filter(pk=the_job().pk).update(
        state="running", attempts=5, heartbeat_at=now() - timedelta(seconds=61), started_at=now()
    )
    jobs.sweep()
    client = sign_in(may.directorate)
    page = text_of(client.get("/reports/"))
    for words in ("The run has stopped.", "The worker stopped in the middle of this work each time.", "Try again"):
        assert words in page
    assert "Try again" not in text_of(sign_in(may.auditor).get("/reports/"))
    assert sign_in(may.auditor).post(f"/reports/run/{run.pk}/").status_code == 403
    assert sign_in(may.directorate).post(f"/reports/run/{run.pk}/").status_code == 302
    jobs.run(the_job().pk)
    assert (ReportRun.objects.get().state, current()) == ("ready", each_once())
    Paper.objects.update(state="ready", pdf="x.pdf", ready_at=now())
    Paper.objects.filter(pk__in=Paper.objects.values("pk")[:2]).update(state="failed", error="No room.")
    assert shown() == JobState.FAILED
    client = sign_in(may.directorate)
    assert "2 PDFs have failed." in text_of(client.get("/reports/"))
    client.post(f"/reports/run/{run.pk}/")
    assert (shown(), Paper.objects.filter(state="queued").count()) == (JobState.RUNNING, 2)
    assert AuditEvent.objects.filter(verb="reports.again").count() == 2
    assert actions.make_of_run(run, may.district, "en") == len(each_once())  # made already: left as it is
    RunReport.objects.filter(district=may.district, language="en").delete()
    with pytest.raises(Refused, match="This run has ended"):
        actions.make_of_run(run, may.district, "en")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("first_file")
def test_two_workers_at_one_run_make_each_report_once(world):
    actions.start_run(MONTH, by=world.directorate)
    assert together(*[lambda: tasks.make_reports(the_job())] * 2) == [None, None]
    assert (current(), Paper.objects.count()) == (each_once(), len(each_once()))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("first_file")
def test_without_the_lock_both_would_make_it(world, monkeypatch):
    """The control: both look before either writes, and it is left to the database to refuse the second."""
    run = actions.start_run(MONTH, by=world.directorate)
    monkeypatch.setattr(acts, "lock_one", plainly)
    monkeypatch.setattr(acts, "make_report", when_all_are_there(acts.make_report))
    first = together(*[lambda: actions.make_of_run(run, world.district, "en")] * 2)
    assert sorted(type(one).__name__ for one in first) == sorted(("int", IntegrityError.__name__))
    assert current() == Counter({("EKM", "en"): 1})


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("first_file")
def test_two_people_at_once_begin_one_run(world):
    found = together(
        *[lambda: actions.start_run(MONTH, by=system("a")), lambda: actions.start_run(MONTH, by=system("b"))]
    )
    assert ReportRun.objects.count() == 1
    assert Job.objects.filter(name="progress.reports").count() == 1
    assert any(isinstance(one, ReportRun) for one in found)


@pytest.mark.postgres
def test_a_worker_that_is_killed_in_the_middle_of_a_run_is_followed_by_one_that_goes_on(large, tmp_path):
    """A real worker, stopped at the seventh district by a lock on its row, killed there, and followed by another."""
    log = tmp_path / "log"
    large.said("manage.py", "load_reference")
    large.outside("begin", "2026-04-02 10:00")
    large.said("manage.py", "district_report", "--all", "--month", MONTH)
    link = large.connect()
    link.cursor().execute("SELECT 1 FROM districts_district WHERE code = 'EKM' FOR UPDATE")
    done = "SELECT state, done FROM progress_reportrun"
    with large.celery(log) as worker:
        large.outside("sweep")
        large.wait(done, [("running", 12)], 90, log)
        worker.kill()
        worker.wait()
    link.close()
    large.ask("UPDATE records_job SET heartbeat_at = heartbeat_at - interval '61 seconds' WHERE state = 'running'")
    with large.celery(log):
        large.outside("sweep")
        large.wait(done, [("ready", 28)], 90, log)
    made = "SELECT count(*), count(DISTINCT (subject, language)), count(superseded_by_id) FROM records_paper"
    assert large.ask(made) == [(28, 28, 0)]
    assert large.ask("SELECT attempts FROM records_job WHERE name = 'progress.reports'") == [(2,)]


# ---- By itself, and from a shell ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("moment", "month"),
    [
        ("2026-07-31 23:59", ""),
        ("2026-08-01 00:59", ""),
        ("2026-08-01 01:00", "2026-07"),
        ("2026-08-07 23:59", "2026-07"),
        ("2026-08-08 00:00", ""),
        ("2027-01-01 05:00", "2026-12"),
    ],
)
def test_the_portal_makes_them_in_the_first_days_of_the_next_month(moment, month):
    with moved_to(at(moment)):
        assert runs.month_to_report() == month


def month_end() -> None:
    tasks.month_end(Job(name="progress.month_end"))


@pytest.mark.usefixtures("first_file")
def test_the_portal_begins_the_run_once_and_not_after_a_persons(world):
    with moved_to(at("2026-08-01 01:05")):
        actions.start_run("2026-07", by=world.directorate)
        month_end()
        jobs.run(the_job().pk)
        Paper.objects.update(state="ready", pdf="x.pdf", ready_at=now())
        month_end()
    assert ReportRun.objects.count() == 1
    with moved_to(at("2026-09-01 01:05")):
        for _hour in range(3):
            month_end()
        run = ReportRun.objects.first()
        assert (ReportRun.objects.count(), run.month, run.by_itself, run.state) == (2, "2026-08", True, "queued")
        jobs.run(the_job().pk)
        month_end()
    assert ReportRun.objects.count() == 2
    assert "progress.month_end" in jobs._timed


def test_no_report_is_issued_for_a_month_before_the_first_file(world, sign_in):
    """Neither by the portal itself, nor by a person, for one district or for all."""
    moved(world.file("draft"), "2026-08-01 00:00")  # the first moment of the month after
    with moved_to(at("2026-08-03 11:00")):
        month_end()
        with pytest.raises(Refused, match="No application had been begun by the end of 2026-07") as refused:
            actions.start_run("2026-07", by=world.directorate)
        assert refused.value.field == "month"
        with pytest.raises(Refused, match="No application had been begun"):
            actions.make_report(world.district, "2026-07", by=world.gm)
        client = sign_in(world.directorate)
        answer = client.post("/reports/run/", {"month": "2026-07"})
        assert "No application had been begun by the end of 2026-07" in text_of(answer)
        assert (ReportRun.objects.count(), Paper.objects.count()) == (0, 0)
        actions.start_run("2026-08", by=world.directorate)
    with moved_to(at("2026-09-01 01:05")):
        Job.objects.all().delete()
        ReportRun.objects.all().delete()
        month_end()
    assert [run.month for run in ReportRun.objects.all()] == ["2026-08"]


@pytest.mark.usefixtures("first_file")
def test_the_command_begins_the_run_of_all(world):
    out, err = said("--all", "--month", "2026-05")
    run = ReportRun.objects.get()
    assert out == f"Queued: {run.total} reports of 2026-05, run {run.pk}\n"
    assert "start one with `make run`" in err
    for words, sentence in (
        (["--month", "2026-05"], "Name one district, for example EKM, or say --all."),
        (["EKM", "--all", "--month", "2026-05"], "Name one district, for example EKM, or say --all."),
        (["--all", "--month", "2999-01"], "This month has not begun."),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("district_report", *words)


# ---- The page -------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("first_file")
def test_the_page_takes_the_same_queries_for_1_and_3_runs(may, sign_in, django_assert_max_num_queries):
    client = sign_in(may.directorate)
    seen = []
    for months in (["2026-04"], ["2026-05", "2026-06"]):
        for month in months:
            run = actions.start_run(month, by=may.directorate)
            actions.make_of_run(run, may.district, "en")
        client.get("/reports/")
        with django_assert_max_num_queries(20) as made:
            page = text_of(client.get("/reports/"))
        seen.append(len(made))
    assert (seen[0], page.count('class="m-job"')) == (seen[1], 3)
    assert page.index("All districts, 2026-06") < page.index("All districts, 2026-05")  # the newest first


def test_reports_are_found_by_language_and_by_whether_they_stand(may, sign_in):
    old = actions.make_report(may.district, MONTH, by=may.officer)
    new = actions.make_report(may.district, MONTH, by=may.gm)
    other = actions.make_report(may.district, MONTH, by=may.gm, language="ml")
    actions.make_report(may.district, "2026-07", by=may.gm)
    client = sign_in(may.gm)
    assert text_of(client.get("/reports/")).count("as of 15-07-2026, 12:00") == 1  # the running month's alone
    for query, expected in (
        (f"standing=current&month={MONTH}", {new, other}),
        ("standing=superseded", {old}),
        ("language=ml", {other}),
        (f"language=en&standing=current&month={MONTH}", {new}),
    ):
        page = text_of(client.get(f"/reports/?{query}"))
        assert {one for one in (old, new, other) if f'<a href="/reports/{one.number}/">' in page} == expected, query
    for query in ("standing=gone", "language=fr"):
        answer = client.get(f"/reports/?{query}")
        assert (answer.status_code, new.number in text_of(answer)) == (400, True)


def test_the_page_says_when_no_worker_answers(may, sign_in):
    client = sign_in(may.gm)
    words = "No worker answers at the moment."
    assert words in text_of(client.get("/reports/"))
    jobs.say_alive("test")
    assert words not in text_of(client.get("/reports/"))
