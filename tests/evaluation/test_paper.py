"""The shortlist on paper: rendered from the snapshot by the worker, every word of it comes back out of the PDF."""

import shutil
import subprocess
import unicodedata

import pytest

from evaluation import actions
from evaluation.models import RoundRules
from records import jobs, papers
from records.models import Job
from tests.evaluation.conftest import World


def words_of(path: object) -> str:
    """The text of a PDF without white space, composed."""
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True)
    return unicodedata.normalize("NFC", "".join(done.stdout.split()))


@pytest.mark.prints
def test_the_pdf_holds_every_word_of_the_snapshot(world: World) -> None:
    assert shutil.which("pdftotext"), "apt-get install poppler-utils"
    RoundRules.objects.update(targets={"EKM": 1})
    for marks in ((5, 5, 4, 4, 5), (4, 3, 4, 3, 5), (2, 2, 3, 2, 3)):
        world.appraised(*marks)
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    actions.freeze(packet, by=world.manager)
    actions.check(packet, by=world.officer)
    paper = actions.approve(packet, by=world.gm).paper
    assert paper
    for job in Job.objects.filter(name="records.render", subject=f"paper:{paper.pk}"):
        jobs.run(job.pk)
    paper.refresh_from_db()
    assert (paper.state, paper.error) == ("ready", "")
    text = words_of(papers.path_of(paper))
    expected = [paper.number, paper.sha256, packet.number, "ജില്ലാ ചുരുക്കപ്പട്ടിക", "റാങ്ക്", "മാനദണ്ഡം തിരിച്ചുള്ള മാർക്ക്"]
    for row in paper.snapshot["ranking"]["rows"]:
        expected += [
            row["reference"],
            row["name_en"],
            row["name_ml"],
            row["total"],
            *(e["total"] for e in row["evaluations"]),
        ]
    for criterion in paper.snapshot["ranking"]["criteria"]:
        expected += [criterion["en"], criterion["ml"]]
    expected += ["Recommended", "Reserve 1", "Not recommended: below 60", "DIC manager, DIC Ernakulam"]
    expected += ["DIC officer, DIC Ernakulam", "General Manager, DIC, DIC Ernakulam", "Approved by", "6.18"]
    expected += ["after the tie chain (growth record, employment, earlier submission) share a rank"]
    missing = [word for word in expected if unicodedata.normalize("NFC", "".join(word.split())) not in text]
    assert missing == []
