"""The report on paper, made by the real job, and by the command."""

import io
import shutil
import subprocess
import unicodedata
from contextlib import redirect_stderr, redirect_stdout

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import gettext

from applications.models import DocumentVersion
from progress import actions, documents
from progress.management.commands import district_report as command
from records import jobs, papers
from records.clock import moved_to, today
from records.formats import indian
from records.models import Job, Paper
from tests.progress.conftest import at, moved


def words_of(path) -> str:
    """The text of a PDF without white space, composed."""
    assert shutil.which("pdftotext"), "apt-get install poppler-utils"
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True)
    return squeezed(done.stdout)


def squeezed(text: str) -> str:
    return unicodedata.normalize("NFC", "".join(text.split()))


def rendered(paper: Paper) -> Paper:
    for job in Job.objects.filter(name="records.render", subject=f"paper:{paper.pk}"):
        jobs.run(job.pk)
    paper.refresh_from_db()
    assert (paper.state, paper.error) == ("ready", "")
    return paper


@pytest.mark.prints
@pytest.mark.parametrize("language", ["en", "ml"])
def test_the_pdf_gives_back_every_word_and_figure(world, language):
    moved(world.file("submitted"), "2026-05-01 10:00", ("2026-05-10 10:00", "submitted"))
    DocumentVersion.objects.filter(pk=DocumentVersion.objects.values("pk")[:1]).update(
        state="rejected", reason="unreadable", judged_at=at("2026-05-20 10:00"), judged_by=world.officer
    )
    said_of_it = "Two officers were away.\n\nക്ഷേത്രപരിസരത്തെ യൂണിറ്റുകളുടെ സ്ഥലപരിശോധന പൂർത്തിയായി; ₹6.18 കോടി."
    with moved_to(at("2026-07-15 12:00")):
        actions.write_narrative(world.district, "2026-05", said_of_it, seen=0, by=world.gm)
        paper = rendered(actions.make_report(world.district, "2026-05", by=world.gm, language=language))
    text = words_of(papers.path_of(paper))
    with translation.override(language):
        shown = documents.report_context(paper.snapshot)
    expected = [paper.number, paper.sha256, "ജില്ലാ റിപ്പോർട്ട്, എറണാകുളം, 05-2026", "District report, Ernakulam, 05-2026"]
    for bars in ("states", "ages", "rejected", "decisions", "holders"):
        expected += [f"{bar.label}{indian(bar.number)}" for bar in shown[bars]]
    expected += ["05-2026", "31-05-2026", *(part for _language, part in shown["narrative"]["paragraphs"])]
    expected += [shown["narrative"]["post"] + ", 15-07-2026"]
    with translation.override(language):
        expected += [gettext("received") + "1", gettext("decided") + "0", gettext("Received") + "0" * 11 + "1"]
    assert [word for word in expected if squeezed(word) not in text] == []
    assert paper.language == language


@pytest.mark.usefixtures("first_file")
def test_the_paper_is_made_from_the_snapshot_alone(world):
    paper = actions.make_report(world.district, "2026-05", by=world.gm)
    before = papers.html_of(paper)
    moved(world.file("submitted"), "2026-05-01 10:00", ("2026-05-10 10:00", "submitted"))
    assert papers.html_of(Paper.objects.get(pk=paper.pk)) == before
    assert papers.sha256_of(paper.snapshot) == paper.sha256


# ---- The command ----------------------------------------------------------------------------------------------
def said(*words: str) -> tuple[str, str]:
    """What the command prints and complains."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        call_command("district_report", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.usefixtures("first_file")
def test_the_command_prints_the_number_last_and_says_how_to_start_a_worker(world):
    out, err = said("ekm", "--month", "2026-05")
    paper = Paper.objects.get()
    assert out.split()[-1] == paper.number
    assert (paper.language, paper.issued_by) == ("en", "system:command district_report")
    assert "start one with `make run`" in err
    jobs.say_alive("test")
    out, err = said("EKM", "--month", "2026-05", "--language", "ml")
    assert out.split()[-1] == Paper.objects.get(language="ml").number
    assert err == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["XYZ", "--month", "2026-05"], "There is no district 'XYZ'. The codes are: "),
        (["EKM", "--month", "2999-01"], "This month has not begun."),
        (["EKM", "--month", "May"], "Write the month as YYYY-MM"),
        (["EKM", "--month", "2020-01"], "Mission 1000 began in April 2023."),
    ],
)
def test_the_command_refuses_with_a_sentence(world, words, sentence):
    with pytest.raises(CommandError, match=sentence):
        said(*words)
    assert not Paper.objects.exists()


@pytest.mark.usefixtures("first_file")
def test_the_command_does_not_wait_for_a_worker_that_is_not_there(world, monkeypatch):
    monkeypatch.setattr(command, "FOR_A_WORKER", 0)
    out = io.StringIO()
    with pytest.raises(CommandError, match="No worker answers: start one with `make run`"):
        call_command("district_report", "EKM", "--month", "2026-05", "--wait", stdout=out)
    assert out.getvalue().split()[-1] == Paper.objects.get().number


class WorkerBeside(io.StringIO):
    """Where the command prints, with a worker beside it that does what is due as soon as something is printed."""

    def write(self, text: str) -> int:
        for job in list(jobs.due()):
            jobs.run(job.pk)
        return super().write(text)


@pytest.mark.usefixtures("first_file")
@pytest.mark.prints
def test_the_command_waits_until_the_pdf_is_there(world):
    jobs.say_alive("test")
    out = WorkerBeside()
    call_command("district_report", "EKM", "--month", today().strftime("%Y-%m"), "--wait", stdout=out)
    paper = Paper.objects.get()
    assert out.getvalue().split() == ["Queued:", paper.number, "Ready:", paper.number]
    assert papers.path_of(paper).exists()
