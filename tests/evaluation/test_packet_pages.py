"""What the pages and the paper of a packet say: equal ranks, the tie chain, posts in both languages, who can check it."""

import shutil
import subprocess
import unicodedata
from typing import Any

import pytest
from django.utils import translation

from accounts.models import Posting
from applications.actions import withdraw
from evaluation import actions
from evaluation.actions.picks import pick
from evaluation.actions.returns import return_file
from evaluation.models import Assessment, RoundRules, Shortlist
from evaluation.queries.checkers import checkers_of
from evaluation.tasks import context
from records import jobs, papers
from records.models import Job
from tests.evaluation.conftest import World

BEST, FAIR, POOR = (5, 5, 5, 5, 5), (4, 3, 4, 3, 5), (2, 2, 3, 2, 3)


def frozen(world: World) -> Shortlist:
    return actions.freeze(actions.make_packet(world.dic, world.round, by=world.manager), by=world.manager)


def approved(world: World) -> Shortlist:
    packet = frozen(world)
    actions.check(packet, by=world.officer)
    return actions.approve(packet, by=world.gm)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_equal_files_share_a_rank_on_page_and_paper(world: World, sign_in: Any) -> None:
    first, second, third = (world.appraised(*marks) for marks in (BEST, FAIR, FAIR))
    third.submitted_at = second.submitted_at
    third.save(update_fields=["submitted_at"])
    last = world.appraised(*POOR)
    packet = approved(world)
    assert packet.paper
    ranks = {row["reference"]: row["rank"] for row in context(packet.paper.snapshot)["rows"]}
    assert ranks == {first.reference: 1, second.reference: 2, third.reference: 2, last.reference: 4}
    page = text_of(sign_in(world.officer).get(packet.get_absolute_url()))
    shown = [page.count(f"<strong>{rank}</strong></td>") for rank in (1, 2, 3, 4)]
    assert shown == [1, 2, 0, 1]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Equal marks are put in order by: growth record, employment, earlier submission."),
        ("ml", "ഇതുവരെയുള്ള വളർച്ച, തൊഴിൽ"),
    ],
)
def test_the_tie_chain_is_said_in_words(world: World, sign_in: Any, language: str, said: str) -> None:
    world.appraised()
    packet = frozen(world)
    world.officer.language = language
    world.officer.save(update_fields=["language"])
    client = sign_in(world.officer)
    client.cookies["django_language"] = language
    page = text_of(client.get(packet.get_absolute_url()))
    assert said in page
    assert "submitted_at" not in page


def test_posts_are_kept_in_both_languages(world: World) -> None:
    Posting.objects.filter(user=world.gm).update(title="General Manager")
    world.appraised()
    with translation.override("ml"):
        packet = approved(world)
        assert packet.post("approved") == "ജനറൽ മാനേജർ, DIC Ernakulam"
    assert packet.post("approved") == packet.approved_post == "General Manager, DIC Ernakulam"
    assert packet.paper
    signed = packet.paper.snapshot["approved"]
    assert (signed["post"], signed["post_ml"]) == (packet.approved_post, packet.approved_post_ml)
    for step in ("frozen", "checked"):
        assert getattr(packet, f"{step}_post_ml") not in {"", getattr(packet, f"{step}_post")}


def test_a_paper_of_before_is_still_made(world: World) -> None:
    """Snapshots of the first template have no choices, no returns, no second language of posts."""
    world.appraised()
    packet = approved(world)
    assert packet.paper
    paper = packet.paper
    for row in paper.snapshot["ranking"]["rows"]:
        for key in ("out_of_rank", "before", "reason", "moderation"):
            del row[key]
    for key in ("returned", "replaces"):
        del paper.snapshot[key]
    for step in ("prepared", "checked", "approved"):
        del paper.snapshot[step]["post_ml"]
    del paper.snapshot["ranking"]["supersedes"]
    assert packet.number in papers.html_of(paper)


# ---- Who can check it -----------------------------------------------------------------------------------------
def test_the_page_says_who_can_check(world: World, sign_in: Any) -> None:
    world.appraised()
    packet = frozen(world)
    barred = [one.barred for one in checkers_of(packet)]
    assert sorted(barred) == ["", "", "prepared it", "scores 1 file in it"]
    page = text_of(sign_in(world.gm).get(packet.get_absolute_url()))
    assert "Who can check it" in page
    assert "Nobody can check this shortlist." not in page


def test_a_packet_nobody_can_check_says_what_to_do(world: World, sign_in: Any) -> None:
    world.appraised()
    packet = frozen(world)
    one = Assessment.objects.first()
    assert one
    for number, person in enumerate((world.officer, world.manager2), start=8):
        Assessment.objects.create(
            application=one.application,
            evaluator=person,
            rubric=one.rubric,
            number=number,
            assigned_by=world.gm,
            state="recused",
            recuse_reason="I know the owner.",
        )
    assert all(one.barred for one in checkers_of(packet))
    page = text_of(sign_in(world.gm).get(packet.get_absolute_url()))
    assert "Nobody can check this shortlist." in page
    assert "has to be posted to DIC Ernakulam" in page
    assert "Who can check it" not in text_of(sign_in(world.gm).get(approve_by_another(world, packet)))


def approve_by_another(world: World, packet: Shortlist) -> str:
    """A second officer is posted, checks, and the GM approves: the way out the page names."""
    Assessment.objects.filter(evaluator=world.officer).delete()
    actions.check(packet, by=world.officer)
    return actions.approve(packet, by=world.gm).get_absolute_url()


# ---- The list -------------------------------------------------------------------------------------------------
def test_the_list_counts_what_stands_newest_first(world: World, sign_in: Any) -> None:
    RoundRules.objects.update(targets={"EKM": 2}, reserve_percent=50)
    files = [world.appraised(*marks) for marks in (BEST, FAIR, FAIR, POOR)]
    packet = approved(world)
    return_file(files[0], "An answer came late.", by=world.gm)
    world.appraised()
    second = frozen(world)
    answer = sign_in(world.officer).get("/desk/shortlists/")
    rows = answer.context["rows"]
    assert [row.number for row in rows] == [second.number, packet.number]
    old = rows[1]
    assert (old.files, old.recommended, old.reserve, old.returned) == (4, 1, 1, 1)
    assert "returned: 1" in text_of(answer)


# ---- The paper ------------------------------------------------------------------------------------------------
@pytest.mark.prints
def test_the_corrected_paper_holds_every_choice_and_return(world: World) -> None:
    assert shutil.which("pdftotext"), "apt-get install poppler-utils"
    RoundRules.objects.update(targets={"EKM": 2}, reserve_percent=50)
    files = [world.appraised(*marks) for marks in (BEST, (5, 5, 4, 4, 5), (5, 4, 4, 4, 5), FAIR, (4, 3, 3, 3, 4))]
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    pick(packet, files[0], "passed_over", "Its owner asked to wait.", by=world.manager)
    pick(packet, files[4], "recommended", "കയർ മേഖലയിലെ ഏക യൂണിറ്റ്.", by=world.manager)
    actions.freeze(packet, by=world.manager)
    withdraw(files[3], by=world.owner, note="Sold.")
    actions.check(packet, by=world.officer)
    old = actions.approve(packet, by=world.gm).paper
    return_file(files[1], "An answer came late.", by=world.gm)
    packet.refresh_from_db()
    assert packet.paper
    assert old
    for job in Job.objects.filter(name="records.render", subject=f"paper:{packet.paper.pk}"):
        jobs.run(job.pk)
    done = subprocess.run(
        ["pdftotext", "-raw", str(papers.path_of(packet.paper)), "-"], capture_output=True, text=True, check=True
    )
    text = unicodedata.normalize("NFC", "".join(done.stdout.split()))
    expected = [
        "Out of rank: taken before rank 3.",
        "കയർ മേഖലയിലെ ഏക യൂണിറ്റ്.",
        "Passed over.",
        "Its owner asked to wait.",
    ]
    expected += ["Reserve list", "Returned to the appraisal on", "Withdrawn by the enterprise"]
    expected += [f"Corrected paper: it replaces {old.number}.", packet.paper.number, "(growth record, employment"]
    expected += [packet.approved_post_ml, "ഇതുവരെയുള്ള വളർച്ച, തൊഴിൽ"]
    missing = [word for word in expected if unicodedata.normalize("NFC", "".join(word.split())) not in text]
    assert missing == []
