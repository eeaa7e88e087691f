"""Submit once, recall, withdraw; the receipt, its hash and its PDF."""

import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.test import Client

from applications import actions, documents, queries
from applications.models import Application, EligibilityResult, Transition
from evaluation.actions import take_up
from records import jobs, papers
from records.clock import ist
from records.formats import moment
from records.models import AuditEvent, Job, Message, Paper, StoredFile
from records.templatetags.formats import when_exactly
from records.verdicts import Refused
from tests.applications.conftest import PLAIN, SignIn, World, applicant


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def receipts(file: Application) -> list[Paper]:
    return list(papers.papers_about(file, "owner").filter(kind="application.receipt"))


def counts() -> tuple[int, ...]:
    """Submitted files, transitions, papers, mails, results kept."""
    return (
        Application.objects.sent().count(),
        Transition.objects.count(),
        Paper.objects.count(),
        Message.objects.count(),
        EligibilityResult.objects.count(),
    )


def test_one_press_one_receipt_at_once(world: World, mine: Client) -> None:
    file = world.complete()
    answer = mine.post(f"/applications/{file.reference}/submit/", follow=True)
    page = text_of(answer)
    file.refresh_from_db()
    assert answer.redirect_chain == [(f"/applications/{file.reference}/receipt/", 302)]
    assert counts() == (1, 1, 1, 1, 1)
    assert f"{ist(file.submitted_at):%d-%m-%Y}" in page
    assert f"{ist(file.submitted_at):%H:%M}" in page
    assert "IST" in page
    for word in (file.reference, file.submitted_hash, receipts(file)[0].number):
        assert word in page
    assert Job.objects.filter(name="records.render", state="queued").count() == 1
    assert AuditEvent.objects.filter(verb="application.submit", data__new="submitted").count() == 1


def test_a_second_press_leads_to_the_same_receipt(world: World, mine: Client) -> None:
    file = world.complete()
    addresses = {mine.post(f"/applications/{file.reference}/submit/").url for _turn in range(3)}
    assert addresses == {f"/applications/{file.reference}/receipt/"}
    assert counts() == (1, 1, 1, 1, 1)


def test_an_incomplete_file_is_refused_with_what_is_missing(world: World, mine: Client) -> None:
    file = world.draft()
    answer = mine.post(f"/applications/{file.reference}/submit/")
    assert answer.status_code == 409
    assert "Fill in: Date of Udyam registration." in text_of(answer)
    todo = queries.missing_to_submit(file)
    assert f"{len(todo)} things are missing before you can submit." in text_of(answer)
    assert {item.section for item in todo} == {
        "enterprise", "ownership", "financials", "employment", "growth", "bank", "documents", "declaration",
    }  # fmt: skip
    assert counts() == (0, 0, 0, 0, 0)


def test_after_the_last_date_nothing_is_submitted(world: World, mine: Client) -> None:
    file = world.complete()
    world.close_the_round()
    answer = mine.post(f"/applications/{file.reference}/submit/")
    assert answer.status_code == 409
    assert "The last date is over." in text_of(answer)
    assert counts() == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("key", "changes", "sentence"),
    [
        ("enterprise", {"began_on": date(2023, 4, 1)}, "had not been in operation for three full years"),
        ("enterprise", {"sector": "trade"}, "This round is open to manufacturing and services, not to trade alone."),
        ("bank", {"in_insolvency": True}, "Enterprises in insolvency, or declared wilful defaulters, cannot apply."),
    ],
)
def test_red_refuses_with_its_rule_and_what_would_change_it(world: World, mine: Client, key, changes, sentence) -> None:
    file = world.complete()
    actions.save_section(file, key, world.told(file, key) | changes, by=world.owner)
    answer = mine.post(f"/applications/{file.reference}/submit/")
    assert answer.status_code == 409
    assert sentence in text_of(answer)
    assert counts() == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("key", "changes", "rule"),
    [
        ("bank", {"loan_status": "overdue", "loan_outstanding": 5, "default_details": "Since May."}, "loans"),
        ("bank", {"other_subsidy": True}, "subsidy"),
    ],
)
def test_yellow_passes_and_is_kept_with_rules_inputs_result_and_version(world: World, key, changes, rule) -> None:
    file = world.complete()
    actions.save_section(file, key, world.told(file, key) | changes, by=world.owner)
    actions.submit(file, by=world.owner)
    kept = EligibilityResult.objects.get(application=file)
    assert (kept.outcome, kept.version, kept.round) == ("yellow", world.round.rules_version, world.round)
    assert {row["rule"]: row["outcome"] for row in kept.reasons if row["outcome"] != "green"} == {rule: "yellow"}
    assert kept.inputs["began_on"] == file.profile.began_on.isoformat()
    assert kept.inputs["other_subsidy"] == (rule == "subsidy")
    assert [flag.key for flag in queries.soft_flags(file)] == ["eligibility"]


def test_a_good_file_is_green_and_without_a_flag(world: World) -> None:
    file = world.submitted()
    assert EligibilityResult.objects.get().outcome == "green"
    assert queries.soft_flags(file) == []
    assert not file.contested


def test_the_hash_can_be_made_again_from_the_receipt_and_from_the_file(world: World) -> None:
    file = world.submitted()
    [paper] = receipts(file)
    snapshot = paper.snapshot
    assert documents.content_hash(file.reference, snapshot["sections"]) == file.submitted_hash
    take_up(file, by=world.officer)
    for version in file.slots.all()[0].versions.all():
        actions.judge_document(version, accept=True, by=world.officer)
    again = Application.objects.get(pk=file.pk)
    assert documents.content_hash(again.reference, documents.content_of(again, "en")) == file.submitted_hash
    assert papers.sha256_of(snapshot) == paper.sha256


def test_no_receipt_holds_a_number_unmasked(world: World) -> None:
    file = world.submitted()
    hidden = (file.profile.pan, file.profile.gstin, file.profile.mobile, file.bank.account_number)
    assert [value for value in hidden if value in str(receipts(file)[0].snapshot)] == []
    assert [value for value in hidden if value in Message.objects.get().body] == []


def test_recall_until_the_dic_takes_it_up(world: World, mine: Client) -> None:
    file = world.submitted()
    first = receipts(file)[0]
    answer = mine.post(f"/applications/{file.reference}/recall/", follow=True)
    assert "Recalled." in text_of(answer)
    file.refresh_from_db()
    assert (file.state, file.submitted_at, file.submitted_hash, file.udyam_number) == ("draft", None, "", "")
    actions.save_section(file, "growth", world.told(file, "growth") | {"plan": "Another plan."}, by=world.owner)
    again = actions.submit(file, by=world.owner)
    newest, oldest = receipts(again)
    assert (oldest, oldest.superseded_by) == (first, newest)
    assert newest.superseded_by is None
    assert again.submitted_hash == newest.snapshot["content_hash"] != oldest.snapshot["content_hash"]
    take_up(again, by=world.officer)
    refused = mine.post(f"/applications/{file.reference}/recall/")
    assert refused.status_code == 409
    assert "This cannot be done now. The file is: Being checked by your DIC." in text_of(refused)


@pytest.mark.parametrize("how", ["recall", "withdraw"])
def test_a_receipt_whose_application_was_taken_back_does_not_verify_as_valid(
    world: World, mine: Client, client: Client, how: str
) -> None:
    file = world.submitted()
    receipt = receipts(file)[0]
    address = f"/verify/{receipt.number}/"
    assert "is valid" in text_of(client.get(address))
    page = text_of(mine.get(f"/applications/{file.reference}/"))
    assert f"The round closes on {moment(file.round.closes_at)} IST: " in page
    if how == "recall":
        actions.recall(file, by=world.owner)
    else:
        actions.withdraw(file, by=world.owner, note="The expansion is put off.")
    word = {"recall": "Recalled", "withdraw": "Withdrawn"}[how]
    since = file.transitions.get(move=how).at
    page = text_of(client.get(address))
    assert f"{word}, {when_exactly(since)} IST." in page
    assert f"<dd>{word}</dd>" in page
    assert "is valid" not in page
    assert "put off" not in page  # the reason is nobody else's
    if how == "recall":
        newest = receipts(actions.submit(file, by=world.owner))[0]
        assert "Replaced by a later paper." in text_of(client.get(address))
        assert "is valid" in text_of(client.get(f"/verify/{newest.number}/"))


def test_withdraw_needs_a_reason_and_lets_the_enterprise_begin_again(world: World, mine: Client) -> None:
    file = world.submitted()
    address = f"/applications/{file.reference}/withdraw/"
    for note in ("", "   ", "<b>", "9" * 1001):
        assert mine.post(address, {"note": note}).status_code == 400
    assert mine.post(address, {"note": "The expansion is put off."}).status_code == 302
    file.refresh_from_db()
    assert file.state == "withdrawn"
    last = file.transitions.last()
    assert (last.move, last.source, last.target, last.by, last.note) == (
        "withdraw",
        "submitted",
        "withdrawn",
        world.owner,
        "The expansion is put off.",
    )
    assert mine.post(address, {"note": "Again."}).status_code == 409
    with pytest.raises(Refused, match="Withdrawn"):
        actions.submit(file, by=world.owner)
    assert actions.begin(file.enterprise, world.round, by=world.owner).reference == "M1K-3-EKM-00002"


def test_the_same_udyam_number_or_pan_is_for_the_officer_and_blocks_nothing(world: World, sign_in: SignIn) -> None:
    number = "UDYAM-KL-02-0777777"
    first = world.submitted(udyam_number=number)
    second = world.submitted(world.rival, udyam_number=number)
    third = world.complete(applicant("third"))
    profile = world.told(third, "enterprise") | {"pan": first.profile.pan, "gstin": ""}
    actions.save_section(third, "enterprise", profile, by=third.filed_by)
    third = actions.submit(third, by=third.filed_by)
    assert [file.contested for file in (first, second, third)] == [False, True, True]
    assert [len(queries.soft_flags(file)) for file in (first, second, third)] == [2, 1, 1]
    theirs = sign_in(world.rival)
    for page in ("", "receipt/", "enterprise/"):
        shown = text_of(theirs.get(f"/applications/{second.reference}/{page}"))
        assert first.reference not in shown
        assert "contested" not in shown.lower()


def test_a_district_that_differs_is_a_flag_only(world: World) -> None:
    file = world.submitted(udyam_number="UDYAM-KL-13-0000009")
    assert [flag.key for flag in queries.soft_flags(file)] == ["udyam_district"]
    other = world.submitted(world.rival, udyam_number="UDYAM-TN-02-0000009")
    assert [flag.key for flag in queries.soft_flags(other)] == ["udyam_state"]


def test_only_the_enterprise_submits(world: World) -> None:
    file = world.complete()
    for user in (world.rival, world.officer, world.stranger):
        with pytest.raises(Refused, match="Only the enterprise can do this"):
            actions.submit(file, by=user)
    assert counts() == (0, 0, 0, 0, 0)


def test_the_receipt_may_be_left_until_somebody_asks(world: World) -> None:
    actions.submit(world.complete(), by=world.owner, render=False)
    assert not Job.objects.filter(name="records.render").exists()
    assert Paper.objects.get().state == "queued"


def words_of(path: object) -> str:
    """The text of a PDF without white space, composed."""
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True)
    return unicodedata.normalize("NFC", "".join(done.stdout.split()))


@pytest.mark.prints
@pytest.mark.parametrize("language", ["en", "ml"])
def test_the_pdf_gives_every_word_of_the_sections_back(world: World, language: str) -> None:
    assert shutil.which("pdftotext"), "apt-get install poppler-utils"
    owner = applicant("speaker", language)
    file = actions.submit(world.complete(owner, told=replace(PLAIN, exporter=False)), by=owner)
    for job in Job.objects.filter(name="records.render"):
        jobs.run(job.pk)
    [paper] = receipts(file)
    assert (paper.state, paper.error, paper.language) == ("ready", "", language)
    text = words_of(papers.path_of(paper))
    wanted = [file.reference, file.submitted_hash, paper.number, paper.snapshot["enterprise_ml"]]
    for section in paper.snapshot["sections"]:
        wanted += [section["title"], *(word for pair in section["pairs"] for word in pair)]
        wanted += [cell for table in section["tables"] for row in (table["columns"], *table["rows"]) for cell in row]
    missing = [word for word in wanted if unicodedata.normalize("NFC", "".join(word.split())) not in text]
    assert missing == []


@pytest.mark.prints
def test_long_names_of_files_stay_in_their_column_of_the_receipt(world: World) -> None:
    file = world.complete()
    long = {
        "udyam": "Balance_Sheet_and_Profit_and_Loss_Account_audited_final_signed_scanned_2025-2026_copy_of_copy.pdf",
        "profile": "രാജ്യസഹകരണസംഘങ്ങളുടെക്ഷേമനിധിരജിസ്‌ട്രേഷൻസർട്ടിഫിക്കറ്റുംഅനുബന്ധരേഖകളും.pdf",
    }
    for key, name in long.items():
        StoredFile.objects.filter(pk=file.slots.get(kind__key=key).versions.get().file_id).update(name=name)
    actions.submit(Application.objects.get(pk=file.pk), by=world.owner)
    jobs.run(Job.objects.get(name="records.render").pk)
    path = papers.path_of(receipts(file)[0])
    told = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True).stdout
    [page] = [page for page in told.split("<page ")[1:] if "Balance_" in page]
    words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)<', page)
    shown = [(*map(float, box), word) for *box, word in words]
    hashes = [word for word in shown if re.fullmatch(r"[0-9a-f]{16}", word[4])]
    assert len(hashes) == 6 + 1  # and at the foot of the page
    beside = [(one[4], other[4]) for one in hashes for other in shown if other != one and _overlap(one, other)]
    assert beside == []
    assert all(name.replace(" ", "") in words_of(path).replace("\u200b", "") for name in long.values())


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] - 1 and other[1] < one[3] - 1
