"""What happens seldom on the ground floor: nothing to write, nothing to wait for, half of several files."""

import io
from pathlib import Path

import pytest
from pypdf import PdfWriter

from records import files, formats, pages, papers
from records.clock import now
from records.models import Job, JobState, StoredFile
from records.templatetags import formats as filters
from records.verdicts import Refused
from tests.records import hostile
from tests.records.conftest import TESTER, Note
from tests.records.hostile import upload


def examined(name: str) -> files.Examined:
    return files.examine(upload(hostile.pdf(), name))


def test_of_several_files_all_are_kept_or_none(person, data_dir):
    def half():
        yield examined("first.pdf")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        files.keep_all(half(), by=person)
    assert not StoredFile.objects.exists()
    assert [path for path in Path(data_dir, "files").rglob("*") if path.is_file()] == []
    assert len(files.keep_all([examined("first.pdf"), examined("second.pdf")], by=person)) == 2


def test_a_pdf_without_a_page_is_refused():
    out = io.BytesIO()
    PdfWriter().write(out)
    with pytest.raises(Refused, match="This PDF cannot be read"):
        files.examine(upload(out.getvalue(), "empty.pdf"))


@pytest.mark.parametrize(
    "write",
    [formats.indian, formats.rupees, formats.rupees_short, formats.rupees_words, formats.day, formats.moment,
     formats.clock_time, filters.when, filters.when_exactly],
)  # fmt: skip
@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_written_for_no_value(write, value):
    assert write(value) == ""


def test_work_that_went_well_has_nothing_to_say():
    assert pages.sentences("") == []


@pytest.mark.django_db
@pytest.mark.usefixtures("note_kind")
def test_asking_again_for_a_paper_that_is_there_makes_nothing(data_dir):
    paper = papers.issue(Note(), subject="note:1", by=TESTER, render=False)
    paper.state, paper.pdf, paper.pdf_sha256, paper.ready_at = JobState.READY, "there.pdf", "0" * 64, now()
    paper.save()
    target = papers.path_of(paper)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"%PDF-")
    papers.ask_again(paper, by=TESTER)
    paper.refresh_from_db()
    assert (paper.state, Job.objects.count()) == (JobState.READY, 0)
    target.unlink()
    papers.ask_again(paper, by=TESTER)
    paper.refresh_from_db()
    assert (paper.state, Job.objects.get().name) == (JobState.QUEUED, "records.render")
