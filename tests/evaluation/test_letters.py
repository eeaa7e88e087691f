"""The letters of a release: written by the worker one at a time, each once with its mails, in the applicant's language."""

import re
import subprocess
import unicodedata
from typing import Any

import pytest

from accounts.models import User
from applications.models import Application, EnterpriseMember
from evaluation import tasks
from evaluation.actions import decisions, letters
from evaluation.models import Decision, Meeting, Release, Shortlist
from evaluation.states import DecisionReason, Outcome, Recommendation
from records import jobs, papers
from records.models import AuditEvent, Job, Message, Paper
from tests.evaluation.conftest import World, person
from tests.evaluation.sitting import Sitting, sit
from tests.evaluation.test_paper import words_of

KIND = "evaluation.letter"
USUAL = {
    Recommendation.RECOMMENDED: (Outcome.SELECTED, DecisionReason.WITHIN_TARGET),
    Recommendation.RESERVE: (Outcome.RESERVE, DecisionReason.ON_RESERVE),
    Recommendation.BELOW: (Outcome.NOT_SELECTED, DecisionReason.BELOW),
}


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sit(world)


def decided(sitting: Sitting, *rows: tuple[str, str]) -> Meeting:
    """A meeting in session with one file a (total, recommendation), each decided as ranked."""
    files = [sitting.file(total, recommendation) for total, recommendation in rows]
    meeting = sitting.in_session(*files)
    for file, (_total, recommendation) in zip(files, rows, strict=True):
        outcome, code = USUAL[Recommendation(recommendation)]
        decisions.decide(sitting.item(file), outcome, code, by=sitting.convenor)
    return meeting


def released(sitting: Sitting, *rows: tuple[str, str]) -> Release:
    return sitting.release(decided(sitting, *rows))


def three(sitting: Sitting) -> Release:
    return released(sitting, ("81.00", "recommended"), ("66.00", "reserve"), ("44.00", "below"))


def work() -> Job:
    """Every job of letters that waits, as a worker would do it; the last one."""
    while job := jobs.due().filter(name="evaluation.letters").first():
        jobs.run(job.pk)
    return Job.objects.filter(name="evaluation.letters").latest("pk")


def letter_of(file: Application) -> Paper:
    return Paper.objects.get(kind=KIND, subject=f"application:{file.reference}")


def told() -> dict[str, int]:
    """Mails about decisions by the file they are about."""
    found: dict[str, int] = {}
    for subject in Message.objects.filter(kind="application.decided").values_list("subject", flat=True):
        found[subject] = found.get(subject, 0) + 1
    return found


def test_nobody_is_told_before_the_worker_and_everybody_after_it(sitting: Sitting) -> None:
    second = User.objects.create(email="second@test.example", full_name="Second", language="ml")
    release = three(sitting)
    for file in Application.objects.all():
        EnterpriseMember.objects.create(enterprise=file.enterprise, user=second)
    assert (Paper.objects.filter(kind=KIND).count(), told()) == (0, {})
    job = work()
    assert (job.state, job.done, job.of) == ("ready", 3, 3)
    assert {row.letter.language for row in release.decisions.select_related("letter")} == {"en"}
    assert set(told().values()) == {2}
    titles = set(Message.objects.filter(kind="application.decided", language="en").values_list("title", flat=True))
    references = [row.application.reference for row in release.decisions.order_by("rank")]
    words = ("Selected", "On the reserve list", "Not selected")
    assert titles == {f"Application {one}: {word}" for one, word in zip(references, words, strict=True)}
    body = Message.objects.get(kind="application.decided", to_user=second, title__contains=references[1]).body
    assert f"/applications/{references[1]}/result/" in body
    assert Message.objects.filter(kind="application.decided", to_user=second, language="ml").count() == 3
    assert AuditEvent.objects.filter(verb="paper.issue", data__number__startswith="LT-3-EKM-").count() == 3
    assert set(Job.objects.filter(name="records.render").values_list("priority", flat=True)) == {9}


def test_run_again_and_again_it_writes_nothing_twice(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    """One letter cannot be written, later it can: the others are there, each once, and so is this one then."""
    release, honest = three(sitting), letters.notices.decided
    poison = release.decisions.order_by("pk")[1].application.reference

    def failing(file: Application, *rest: Any) -> None:
        honest(file, *rest)
        if file.reference == poison:
            raise OSError("The disk is full.")

    monkeypatch.setattr(letters.notices, "decided", failing)
    job = work()
    assert (job.state, job.error) == ("queued", "1 of 3 letters could not be written.")
    assert Paper.objects.filter(kind=KIND).count() == 2
    assert (len(told()), f"application:{poison}" in told()) == (2, False)
    monkeypatch.setattr(letters.notices, "decided", honest)
    for _turn in range(2):
        tasks.write_letters(Job.objects.get(pk=job.pk))
    assert Paper.objects.filter(kind=KIND).count() == 3
    assert sorted(told().values()) == [1, 1, 1]
    assert letters.write_letter(Decision.objects.first(), by=sitting.convenor) is None


def test_after_a_slice_whatever_is_more_urgent_has_its_turn(sitting: Sitting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    three(sitting)
    work()
    assert Job.objects.filter(name="evaluation.letters", state="ready").count() == 2
    assert Paper.objects.filter(kind=KIND).count() == 3


def test_what_a_letter_freezes_adds_up_and_names_no_evaluator(sitting: Sitting) -> None:
    release = three(sitting)
    packet = Shortlist.objects.get()
    packet.snapshot["rows"][2]["evaluations"][1]["marks"]["growth"] = 1
    packet.snapshot["rows"][2]["moderation"] = {"total": "44.00", "reason": "Asha read an old sheet.", "post": "GM"}
    packet.save()
    work()
    frozen = letter_of(release.decisions.get(outcome="not_selected").application).snapshot
    growth = frozen["criteria"][0]
    assert (growth["mark"], growth["low"]["en"], growth["high"]["en"]) == ("2.5", "Falling", "20 to 30 %")
    points = sum(float(one["points"]) for one in frozen["criteria"] if one["mark"])
    assert abs(points - float(frozen["computed"])) < 0.04
    assert [one["mark"] for one in frozen["criteria"] if one["key"] == "exports"] == [""]
    assert (frozen["moderated"], "Asha" in str(frozen), "evaluator" in str(frozen)) == (True, False, False)
    assert [row.place for row in release.decisions.order_by("rank")] == [None, 1, None]


def test_who_reads_a_letter(sitting: Sitting) -> None:
    world, recused = sitting.world, person("member3", "member", None)
    meeting = decided(sitting, ("81.00", "recommended"))
    file = Application.objects.get()
    decisions.CommitteeRecusal.objects.create(
        application=file, member=recused, reason="A friend's firm.", recorded_by=recused
    )
    sitting.release(meeting)
    work()
    letter = letter_of(file)
    reads = [world.owner, world.officer, world.gm, world.directorate, world.auditor, sitting.convenor, sitting.member]
    other = User.objects.create(email="other@test.example", full_name="Other")
    not_theirs = [recused, other, world.stranger, world.evaluator, world.administrator]
    assert [papers.may_see(user, letter) for user in reads] == [True] * len(reads)
    assert [papers.may_see(user, letter) for user in not_theirs] == [False] * len(not_theirs)


@pytest.mark.prints
def test_the_pdf_gives_every_word_back_in_malayalam(sitting: Sitting) -> None:
    User.objects.filter(pk=sitting.world.owner.pk).update(language="ml")
    packet = sitting.packet
    file = three(sitting).decisions.get(outcome="not_selected").application
    work()
    paper = letter_of(file)
    jobs.run(Job.objects.get(subject=f"paper:{paper.pk}").pk)
    paper.refresh_from_db()
    assert (paper.state, paper.error, paper.language) == ("ready", "", "ml")
    text = words_of(papers.path_of(paper))
    frozen = paper.snapshot
    expected = [paper.number, paper.sha256, file.reference, frozen["total"], frozen["until"], "തിരഞ്ഞെടുത്തില്ല"]
    expected += [paper.title_en, "സംസ്ഥാനതല അംഗീകാര സമിതിയുടെ കത്ത്", "യോഗ്യതാ മാർക്ക്", "മാതൃകാ പ്രദർശനം, ഔദ്യോഗിക സൈറ്റല്ല"]
    expected += [file.enterprise.name_ml, *(one["ml"] for one in packet.snapshot["criteria"])]
    expected += [one["low"]["ml"] for one in frozen["criteria"] if one["mark"]]
    missing = [word for word in expected if unicodedata.normalize("NFC", "".join(word.split())) not in text]
    assert missing == []
    told = subprocess.run(["pdfinfo", papers.path_of(paper)], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Tagged:\s+yes", told)
