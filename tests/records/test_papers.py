"""Papers: content frozen and hashed at issue, a number nobody guesses, a PDF made from the row and from nothing else."""

import hashlib
import json
import re
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar

import pytest
from django.db import DatabaseError, transaction

from records import jobs, papers
from records.clock import moved_to, now
from records.models import AuditEvent, Job, JobState, Paper
from tests.records.conftest import TESTER, Note, SecretNote
from tests.records.test_pdf import squeezed, text_of, without_pango

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("note_kind")]
__all__ = ["without_pango"]


def issue(document: Note | None = None, **options) -> Paper:
    return papers.issue(document or Note(), subject="note:1", by=TESTER, **options)


def made(paper: Paper, seconds: int = 0) -> Paper:
    """The paper after a worker, `seconds` from now, did what is due."""
    with moved_to(now() + timedelta(seconds=seconds)):
        for job in list(jobs.due()):
            jobs.run(job.pk)
    paper.refresh_from_db()
    return paper


def test_content_is_frozen_in_one_written_form_and_hashed():
    note = Note(text="ശ്രീ", rows=("one",))
    paper = issue(note)
    written = '{"rows":["one"],"text":"ശ്രീ"}'
    assert papers.canonical(paper.snapshot) == written
    assert paper.sha256 == hashlib.sha256(written.encode()).hexdigest() == papers.sha256_of(json.loads(written))
    paper.refresh_from_db()
    assert papers.sha256_of(paper.snapshot) == paper.sha256
    assert papers.sha256_of(replace(note, text="ശ്രീ.").__dict__) != paper.sha256


def test_the_row_says_who_issued_it_and_the_trail_holds_number_and_hash():
    paper = issue()
    assert (paper.kind, paper.subject, paper.scope, paper.audience) == ("tests.note", "note:1", "OFFICE-1", "owner")
    assert (paper.issued_by, paper.issued_by_label, str(paper)) == ("system:tester", "tester", paper.number)
    assert paper.released_at is not None
    line = AuditEvent.objects.get()
    assert (line.verb, line.scope, line.data) == (
        "paper.issue",
        "OFFICE-1",
        {"number": paper.number, "sha256": paper.sha256},
    )


def test_a_number_ends_in_six_random_characters_that_are_not_misread():
    numbers = {papers.new_number("NOTE-1") for _turn in range(500)}
    assert len(numbers) == 500
    assert all(re.fullmatch(r"NOTE-1-[ABCDEFGHJKLMNPQRSTUVWXYZ23456789]{6}", number) for number in numbers)
    assert {sign for number in numbers for sign in number[-6:]} == set(papers.ALPHABET)


def test_a_number_that_is_taken_is_not_given_twice(monkeypatch):
    taken = issue()
    offered = iter([taken.number, taken.number, "NOTE-1-FREE22"])
    monkeypatch.setattr(papers, "new_number", lambda _prefix: next(offered))
    assert issue().number == "NOTE-1-FREE22"
    monkeypatch.setattr(papers, "new_number", lambda _prefix: taken.number)
    with pytest.raises(RuntimeError, match="No free number"):
        issue()


@pytest.mark.prints
def test_the_pdf_is_made_from_the_row_whatever_became_of_the_rest():
    note = Note(text="Frozen words ശ്രീ")
    paper = made(issue(note))
    content = papers.path_of(paper).read_bytes()
    assert (paper.state, paper.pdf, paper.error) == ("ready", f"{paper.number}.pdf", "")
    assert paper.pdf_sha256 == hashlib.sha256(content).hexdigest()
    text = text_of(content)
    for words in ("Frozen words ശ്രീ", paper.number, f"SHA-256 {paper.sha256}", "ഒരു കുറിപ്പ്", "A note", "ഒരു ഓഫീസ്"):
        assert squeezed(words) in squeezed(text)


@pytest.mark.prints
def test_rendering_again_changes_nothing_once_it_is_there():
    paper = made(issue())
    when = papers.path_of(paper).stat().st_mtime_ns
    papers.render(Job.objects.get())
    assert papers.path_of(paper).stat().st_mtime_ns == when


@pytest.mark.prints
def test_what_people_typed_never_becomes_markup():
    typed = '<b>bold</b><img src="x"><script>1</script>&lt;i&gt; {{ paper.number }} "\''
    paper = issue(Note(text=typed, rows=(typed,)))
    html = papers.html_of(paper)
    body = html[html.index("<main>") :]
    assert [word for word in ("<b>", "<img", "<script", "<i>") if word in body] == []
    assert squeezed(text_of(papers.path_of(made(paper)).read_bytes())).count(squeezed(typed)) == 2


def test_the_code_on_a_paper_leads_to_its_verify_page(settings):
    settings.SITE_URL = "https://portal.example/"
    paper = issue()
    assert papers.verify_address(paper) == f"https://portal.example/verify/{paper.number}/"
    drawn = papers.qr_path(papers.verify_address(paper))
    assert f'viewBox="0 0 {drawn["size"]} {drawn["size"]}"' in papers.html_of(paper)
    assert drawn["path"] in papers.html_of(paper)


def test_a_correction_is_a_new_paper_and_the_old_one_says_so():
    old, new = issue(), issue(Note(text="Corrected."))
    papers.supersede(old, new, by=TESTER)
    old.refresh_from_db()
    assert old.superseded_by == new
    assert old.snapshot["text"] == "What is written stays."
    assert AuditEvent.objects.last().data == {"old": old.number, "new": new.number}


def test_papers_about_a_thing_are_the_released_ones():
    public, secret = issue(), issue(SecretNote())
    assert (secret.released_at, papers.public_facts(secret.number)) == (None, None)
    assert list(papers.papers_about("note:1")) == [public]
    assert list(papers.papers_about("note:1", "owner")) == [public]
    assert list(papers.papers_about("note:1", "public")) == []


def test_titles_follow_the_reader(settings):
    from django.utils import translation  # noqa: PLC0415 -- only this test turns the language

    paper = issue()
    for language, title, issuer in (("en", "A note", "Some office"), ("ml", "ഒരു കുറിപ്പ്", "ഒരു ഓഫീസ്")):
        with translation.override(language):
            assert (paper.title, paper.issuer) == (title, issuer)


def test_a_kind_nobody_registered_is_seen_by_nobody(person):
    @dataclass(frozen=True)
    class Unknown(Note):
        kind: ClassVar[str] = "tests.unknown"

    paper = issue(Unknown())
    assert not papers.may_see(person, paper)
    assert papers.kind_title(paper) == "A note"
    with pytest.raises(NotImplementedError):
        _ = papers.Document().number_prefix


@pytest.mark.prints
def test_a_paper_made_only_when_asked_for(person):
    paper = issue(render=False)
    assert Job.objects.count() == 0
    papers.ask_for(paper, by=person)
    papers.ask_for(paper, by=person)
    assert Job.objects.count() == 1
    assert made(paper).state == JobState.READY
    papers.ask_for(paper, by=person)
    assert Job.objects.count() == 1


def test_asking_brings_a_paper_made_in_bulk_to_the_front(person):
    bulk = [issue(priority=9) for _number in range(2)]
    papers.ask_for(bulk[1], by=person)
    assert [job.subject for job in jobs.due()] == [f"paper:{bulk[1].pk}", f"paper:{bulk[0].pk}"]
    assert Job.objects.count() == 2


@pytest.mark.prints
def test_a_paper_whose_pdf_is_gone_is_made_again_with_the_same_words(person):
    paper = made(issue())
    before = text_of(papers.path_of(paper).read_bytes())
    papers.path_of(paper).unlink()
    papers.ask_again(paper, by=person)
    assert made(paper).state == JobState.READY
    assert text_of(papers.path_of(paper).read_bytes()) == before


@pytest.mark.prints
def test_without_the_libraries_a_paper_fails_with_the_line_to_run_and_retry_makes_it(person, without_pango):
    paper = made(issue())
    assert paper.state == JobState.FAILED
    assert paper.error.startswith("The PDF libraries are missing on this machine. Run: apt-get install lib")
    shutil.rmtree(without_pango)
    papers.ask_for(paper, by=person)
    paper.refresh_from_db()
    assert (paper.state, paper.error) == ("queued", "")
    assert made(paper).state == JobState.READY
    assert Job.objects.count() == 1


@pytest.mark.prints
def test_when_every_try_failed_a_person_can_still_have_it_made(person, without_pango):
    paper = issue()
    for hours in range(5):
        made(paper, hours * 3600)
    assert Job.objects.get().state == JobState.FAILED
    assert paper.state == JobState.FAILED
    shutil.rmtree(without_pango)
    papers.ask_for(paper, by=person)
    assert made(paper).state == JobState.READY


def test_an_error_of_the_program_does_not_show_what_it_fell_over(monkeypatch):
    def broken(_paper: Paper) -> str:
        raise ValueError("asha@canary.example is not a number")

    monkeypatch.setattr(papers, "html_of", broken)
    paper = made(issue())
    assert (paper.state, paper.error) == ("failed", "The PDF could not be made (ValueError).")
    assert "canary" not in Job.objects.get().error


def test_a_paper_whose_workers_all_died_says_so():
    paper = issue()
    Paper.objects.update(state=JobState.RUNNING)
    Job.objects.update(state=JobState.RUNNING, attempts=4, heartbeat_at=now() - timedelta(minutes=5))
    jobs.sweep()
    paper.refresh_from_db()
    assert (paper.state, paper.error) == ("failed", "The worker stopped in the middle of this job each time.")


@pytest.mark.parametrize(
    "change",
    [{"state": "ready"}, {"state": "failed"}, {"state": "lost"}, {"audience": "everybody"}, {"number": "taken"}],
)
def test_the_database_repeats_the_law(change):
    paper, other = issue(), issue()
    if change == {"number": "taken"}:
        change = {"number": other.number}
    with pytest.raises(DatabaseError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(**change)
