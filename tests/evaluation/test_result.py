"""What the enterprise, the office and the public learn of an outcome: nothing before the release, then each their part."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from applications.models import Application
from evaluation.actions import decisions, letters
from evaluation.models import Shortlist
from evaluation.states import DecisionReason, Outcome
from records import papers
from records.models import Message, Paper
from tests.evaluation.conftest import World
from tests.evaluation.sitting import Sitting, sit
from tests.evaluation.test_letters import decided, letter_of, three, work
from tests.evaluation.test_release import text_of

SignIn = Callable[[Any], Any]
# What differs between two pages whatever stands on them.
OF_THE_PAGE = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|"X-CSRFToken": "[^"]*"')


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sit(world)


def about(page: str, file: Application) -> str:
    """A page without what names its file, so that those of two files can be compared."""
    for own in (file.reference, file.enterprise.name_en, file.enterprise.name_ml, file.enterprise.udyam_number):
        page = page.replace(own, "-")
    return OF_THE_PAGE.sub("", page)


def test_before_the_release_every_page_of_a_decided_file_reads_alike(sitting: Sitting, sign_in: SignIn) -> None:
    decided(sitting, ("81.00", "recommended"), ("66.00", "reserve"), ("44.00", "below"))
    client, pages = sign_in(sitting.world.owner), set()
    for file in Application.objects.select_related("enterprise"):
        page = client.get(f"/applications/{file.reference}/result/")
        assert page.status_code == 200
        pages.add(about(page.content.decode(), file))
        assert "application_result" not in text_of(client.get(f"/applications/{file.reference}/"))
        assert f"/applications/{file.reference}/result/" not in text_of(client.get("/my/"))
    assert len(pages) == 1
    said = pages.pop()
    assert "No result yet" in said
    assert "Before the State-Level Approval Committee" in said
    assert Message.objects.filter(kind="application.decided").count() == 0
    stranger = User.objects.create(email="stranger2@test.example", full_name="Stranger")
    for reader in (stranger, sitting.world.officer, sitting.convenor):
        assert sign_in(reader).get(f"/applications/{file.reference}/result/").status_code == 404


def test_after_the_release_it_says_outcome_marks_reasons_letter_and_what_comes_next(
    sitting: Sitting, sign_in: SignIn
) -> None:
    release = three(sitting)
    selected, reserve, below = [row.application for row in release.decisions.order_by("rank")]
    client = sign_in(sitting.world.owner)
    assert "Your letter is being written." in text_of(client.get(f"/applications/{below.reference}/result/"))
    work()
    page = text_of(client.get(f"/applications/{below.reference}/result/"))
    for said in (
        "<h1>Not selected</h1>",
        "44.00 of 100",
        "Total: 44.00 of 100. Pass mark: 60. Below the pass mark.",
        "Most points were lost at:",
        "You can ask for reconsideration until",
        "write to the General Manager of DIC Ernakulam",
        "The time of 30 days is to be confirmed by the Department.",
        "can apply again when the next round opens",
        letter_of(below).number,
        "(queued)",
    ):
        assert said in page
    assert not re.search(r"Evaluator \d|evaluator1|Officer2|officer2", page)
    page = text_of(client.get(f"/applications/{reserve.reference}/result/"))
    assert re.search(r"Place on the reserve list</dt><dd>1</dd>", page)
    assert "handholding" in text_of(client.get(f"/applications/{selected.reference}/result/"))
    for address in ("/my/", f"/applications/{selected.reference}/"):
        page = text_of(client.get(address))
        assert "The State-Level Approval Committee has decided: Selected." in page
        assert f'href="/applications/{selected.reference}/result/"' in page


def test_the_page_says_what_the_letter_froze_also_after_the_rules_changed(sitting: Sitting, sign_in: SignIn) -> None:
    file = three(sitting).decisions.get(outcome="not_selected").application
    work()
    sitting.world.round.rules.__class__.objects.update(reconsideration_days=7)
    page = text_of(sign_in(sitting.world.owner).get(f"/applications/{file.reference}/result/"))
    assert f"until {letter_of(file).snapshot['until']}" in page
    assert "30 days" in page


def test_a_reason_out_of_rank_and_one_of_the_district_are_told(sitting: Sitting, sign_in: SignIn) -> None:
    spare, passed = sitting.file("66.00", "reserve"), sitting.file("65.00", "passed_over")
    Shortlist.objects.get().rows.filter(application=passed).update(reason="Its loan is overdue.")
    meeting = sitting.in_session(spare, passed)
    why = "The only exporter of its taluk."
    decisions.decide(sitting.item(spare), Outcome.SELECTED, DecisionReason.MERIT, why, by=sitting.convenor)
    decisions.decide(sitting.item(passed), Outcome.NOT_SELECTED, DecisionReason.PASSED_OVER, by=sitting.convenor)
    sitting.release(meeting)
    client = sign_in(sitting.world.owner)
    page = text_of(client.get(f"/applications/{spare.reference}/result/"))
    assert f"The Committee decided otherwise than the ranking proposed. Reason: {why}" in page
    page = text_of(client.get(f"/applications/{passed.reference}/result/"))
    assert "The reason on the district’s shortlist: Its loan is overdue." in page


def test_a_file_that_ended_before_a_decision_says_so(sitting: Sitting, sign_in: SignIn) -> None:
    file = sitting.world.file("draft")
    Application.objects.filter(pk=file.pk).update(state="withdrawn", ended_at=file.begun_at)
    page = text_of(sign_in(sitting.world.owner).get(f"/applications/{file.reference}/result/"))
    assert "ended before the State-Level Approval Committee decided about it: Withdrawn." in page


def test_the_office_reads_the_decision_after_the_release_only(sitting: Sitting, sign_in: SignIn) -> None:
    meeting = decided(sitting, ("66.00", "reserve"))
    file = Application.objects.get()
    world = sitting.world
    for reader in (world.officer, world.directorate):
        page = text_of(sign_in(reader).get(f"/desk/{file.reference}/"))
        assert ("Decision of the Committee" in page, "On the reserve list" in page) == (False, False)
    sitting.release(meeting)
    work()
    for reader in (world.officer, world.directorate):
        page = text_of(sign_in(reader).get(f"/desk/{file.reference}/"))
        assert "<strong>On the reserve list</strong>, place 1." in page
        assert f'href="/papers/{letter_of(file).number}/"' in page


def test_verify_says_one_thing_for_every_outcome_and_nothing_of_an_unreleased_paper(
    sitting: Sitting, client: Any
) -> None:
    release = three(sitting)
    work()
    pages = set()
    for row in release.decisions.select_related("letter", "application__enterprise"):
        paper = row.letter
        assert re.fullmatch(r"LT-3-EKM-[A-HJ-NP-Z2-9]{6}", paper.number)
        page = text_of(client.get(f"/verify/{paper.number}/"))
        assert "<dd>Letter of the State-Level Approval Committee</dd>" in page
        assert "<dd>State-Level Approval Committee</dd>" in page
        for own in (paper.number, paper.sha256):
            assert own in page
            page = page.replace(own, "-")
        pages.add(OF_THE_PAGE.sub("", re.sub(r"\d\d-\d\d-\d{4}, \d\d:\d\d", "", page)))
    (said,) = pages
    assert not re.search(r"Selected|reserve list|Unit \d|\d\d\.\d\d|M1K-", said)
    Paper.objects.filter(pk=paper.pk).update(released_at=None)
    answers = [client.get(f"/verify/{number}/") for number in (paper.number, "LT-3-EKM-AAAAAA")]
    assert [answer.status_code for answer in answers] == [404, 404]
    unreleased, unknown = (OF_THE_PAGE.sub("", text_of(answer)) for answer in answers)
    assert unreleased.replace(paper.number, "-") == unknown.replace("LT-3-EKM-AAAAAA", "-")


def test_a_superseded_letter_says_so(sitting: Sitting, client: Any) -> None:
    row = three(sitting).decisions.first()
    work()
    old = letter_of(row.application)

    @letters.act
    def replaced() -> Paper:
        new = papers.issue(letters.letters.letter_of(row), subject=row.application, by=sitting.convenor)
        papers.supersede(old, new, by=sitting.convenor)
        return new

    new = replaced()
    assert "Superseded" in text_of(client.get(f"/verify/{old.number}/"))
    assert "Valid" in text_of(client.get(f"/verify/{new.number}/"))


def test_it_reads_in_malayalam(sitting: Sitting, sign_in: SignIn) -> None:
    file = three(sitting).decisions.get(outcome="not_selected").application
    work()
    sitting.world.owner.language = "ml"
    sitting.world.owner.save()
    page = text_of(sign_in(sitting.world.owner).get(f"/applications/{file.reference}/result/"))
    assert "<h1>തിരഞ്ഞെടുത്തില്ല</h1>" in page
