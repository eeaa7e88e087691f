"""What happened so far, as the enterprise reads it: its own acts and its DIC's in plain words, nothing of the inside."""

from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from applications import actions
from applications.models import Application, DocumentVersion, EnterpriseMember
from applications.states import State
from evaluation.actions import take_up
from evaluation.actions.notes import write_note
from records import audit
from records.acts import act
from records.clock import now
from records.models import Paper
from tests.applications.conftest import SignIn, World


@act
def said(verb: str, file: Application, by: Any, note: str = "", **data: Any) -> None:
    """A line of a verb, as the act that records it writes it."""
    audit.record(verb, file, by=by, note=note, scope=file.office.code, data=data)


def page_of(client: Client, file: Application, rest: str = "") -> str:
    answer = client.get(f"/applications/{file.reference}/trail/{rest}")
    assert answer.status_code == 200
    return unescape(" ".join(answer.content.decode().split()))


def test_it_says_in_the_enterprises_words_what_happened(world: World, sign_in: SignIn) -> None:
    file = take_up(world.submitted(), by=world.officer)
    colleague = User.objects.create(email="colleague@test.example", full_name="Anu Nair")
    EnterpriseMember.objects.create(enterprise=file.enterprise, user=colleague)
    version = DocumentVersion.objects.filter(slot__application=file, slot__kind__key="udyam").get()
    actions.judge_document(version, accept=False, reason="unreadable", note="Page 2 is dark", by=world.officer)
    actions.ask(file, "Which is right?", fields=["enterprise.main_products"], by=world.officer)
    actions.answer(Application.objects.get(pk=file.pk), "Oils.", by=colleague)
    page = page_of(sign_in(world.owner), file)
    for words in (
        "Application begun",
        "Section saved: Ownership",
        "Application sent to your DIC",
        "Paper issued: ",
        "Your DIC took up your application",
        "Cannot be read: Page 2 is dark",
        "Your DIC asked for details: question 1, answer by ",
        'Question 1 answered<br><span class="m-quiet">Anu Nair</span>',
        'Application sent to your DIC<br><span class="m-quiet">You</span>',
    ):
        assert words in page, words
    assert world.officer.full_name not in page
    assert "DIC officer" not in page
    assert "Section saved" not in page_of(sign_in(world.owner), file, "?kind=questions")
    assert (
        f'href="/applications/{file.reference}/trail/"'
        in sign_in(world.owner).get(f"/applications/{file.reference}/").content.decode()
    )


def test_nothing_of_the_inside_is_there(world: World, sign_in: SignIn) -> None:
    file = take_up(world.submitted(), by=world.officer)
    write_note(file, "canary", by=world.officer)
    for verb in (
        "application.figure",
        "application.give",
        "file.open",
        "application.propose_ineligible",
        "application.hold",
    ):
        said(verb, file, world.officer, "canary", key="jobs", other="canary")
    for verb in (
        "application.appraise",
        "application.moderate",
        "application.decide",
        "application.reopen",
        "vote.cast",
    ):
        said(verb, file, world.officer, "canary")
    for verb in ("application.find_ineligible", "application.transfer", "application.reinstate", "application.return"):
        said(verb, file, world.officer, "canary", old=str(State.APPRAISED))
    before = page_of(sign_in(world.owner), file)
    assert "canary" not in before
    assert "once more" in before  # reinstated: told, without its reason
    assert "appraises your application" not in before  # to the enterprise it was being appraised all the time
    said("application.return", file, world.officer, "canary", old=str(State.SHORTLISTED))
    assert "Your DIC appraises your application once more" in page_of(sign_in(world.owner), file)


def test_shortlisted_or_not_reads_alike_and_a_letter_waits_for_its_release(world: World, sign_in: SignIn) -> None:
    files = [take_up(world.submitted(), by=world.officer) for _number in range(2)]
    for file, verb in zip(files, ("application.shortlist", "application.leave_out"), strict=True):
        said(verb, file, world.officer)
        Paper.objects.create(
            number=f"L-{file.pk}", kind="letter", title_en="Letter of selection", title_ml="", subject=file.trail_key,
            audience="owner", snapshot={}, sha256="0" * 64, template_version="1", issued_by="x", issued_by_label="x",
        )  # fmt: skip
        said("paper.issue", file, world.officer, number=f"L-{file.pk}")
        page = page_of(sign_in(world.owner), file)
        assert page.count("Your DIC sent your application to the Directorate") == 1
        assert "Letter of selection" not in page
    Paper.objects.update(released_at=now())
    assert f"Letter of selection, L-{files[0].pk}" in page_of(sign_in(world.owner), files[0])


def test_it_is_the_enterprises_own_and_takes_the_same_queries_for_1_and_3_lines(world: World, sign_in: SignIn) -> None:
    counts = []
    for lines in (1, 3):
        file = world.draft()
        for year in range(lines - 1):
            said("clarification.remind", file, world.owner, number=year + 1)
        client = sign_in(world.owner)
        page_of(client, file)
        with CaptureQueriesContext(connection) as made:
            assert page_of(client, file).count("<time") == lines
        counts.append(len(made))
    assert counts[0] == counts[1] < 16, counts
    for other in (world.rival, world.officer):
        assert sign_in(other).get(f"/applications/{file.reference}/trail/").status_code == 404
