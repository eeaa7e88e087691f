"""The page of a question: only what was opened can be changed on it, whatever a browser sends."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from applications import actions
from applications.models import Application, Clarification, DocumentKind, Revision
from applications.states import State
from evaluation.actions import take_up
from records.clock import moved_to, now
from records.models import Message
from tests.applications.conftest import SignIn, World
from tests.applications.test_documents import pdf

FIELDS = (
    "enterprise.main_products",
    "enterprise.began_on",
    "enterprise.activities",
    "ownership.owners",
    "financials.2025-26.turnover_export",
    "growth.2026-27.exports",
    "bank.in_insolvency",
)


def in_scrutiny(world: World) -> Application:
    return take_up(world.submitted(), by=world.officer)


def asked(world: World, *fields: str, **more: Any) -> Application:
    file = in_scrutiny(world)
    actions.ask(file, "Which is right: 12 or 15 lakh?", fields=fields, by=world.officer, **more)
    return Application.objects.get(pk=file.pk)


def address(file: Application) -> str:
    return f"/applications/{file.reference}/answer/"


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def controls(page: str) -> set[str]:
    """Names of everything that can be filled in or pressed on the page's own forms."""
    main = page.partition('<main id="main">')[2].partition("</main>")[0]
    return set(re.findall(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"', main))


def owners(*shares: str) -> dict[str, str]:
    found = {"owners-TOTAL_FORMS": str(len(shares)), "owners-INITIAL_FORMS": "0"}
    for n, share in enumerate(shares):
        row = {"name": f"Owner {n}", "share": share, "gender": "female", "social_category": "general"}
        found |= {f"owners-{n}-{name}": value for name, value in row.items()}
    return found


def test_the_page_shows_the_question_and_only_what_was_opened(world: World, mine: Client) -> None:
    file = asked(world, *FIELDS)
    answer = mine.get(address(file))
    page = text_of(answer)
    due = Clarification.objects.get().due_on
    assert answer.status_code == 200
    for words in ("Question 1 from DIC Ernakulam", "Which is right: 12 or 15 lakh?", f"Answer by {due:%d-%m-%Y}."):
        assert words in page
    assert "Paused at day 0" in page
    names = {re.sub(r"-\d-", "-N-", name) for name in controls(page)}
    assert names - {"csrfmiddlewaretoken", "version", "go", "answer"} == {
        "main_products", "began_on", "in_insolvency", "year-2025-26-turnover_export", "year-2026-27-exports",
        *(f"activities-{part}" for part in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")),
        *(f"owners-{part}" for part in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")),
        *(f"activities-N-{part}" for part in ("nic_code", "description")),
        *(f"owners-N-{part}" for part in ("name", "share", "gender", "social_category")),
    } | {name for name in names if name.endswith("-DELETE")}  # fmt: skip
    assert re.findall(r'btn btn-primary"[^>]*>([^<]+)<', page) == ["Send the answer"]


def test_forged_fields_change_nothing(world: World, mine: Client) -> None:
    file = asked(world, "bank.licences", "financials.2025-26.profit")
    before = {key: actions.sections.read_plain(file, key) for key in ("enterprise", "bank", "financials")}
    forged = {
        "version": version(text_of(mine.get(address(file)))), "go": "save", "licences": "FSSAI",
        "year-2025-26-profit": "12,34,567", "year-2025-26-turnover_export": "1", "year-2024-25-profit": "2",
        "ifsc": "ABCD0123456", "account_number": "1112223334", "pan": "ABCDE1234F", "state": "scrutiny",
    }  # fmt: skip
    assert mine.post(address(file), forged).status_code == 302
    after = {key: actions.sections.read_plain(file, key) for key in before}
    assert after["enterprise"] == before["enterprise"]
    assert after["bank"] == before["bank"] | {"licences": "FSSAI"}
    years = [dict(row) for row in before["financials"]["financial_years"]]
    years[2]["profit"] = "1234567"
    assert after["financials"]["financial_years"] == years
    assert mine.post(f"/applications/{file.reference}/bank/", forged).status_code == 409
    assert actions.sections.read_plain(file, "bank") == after["bank"]


def test_save_then_send_then_send_again(world: World, mine: Client) -> None:
    file = asked(world, "bank.licences")
    typed = {"version": version(text_of(mine.get(address(file)))), "licences": "FSSAI", "answer": "Renewed."}
    answer = mine.post(address(file), typed | {"go": "save"}, follow=True)
    page = text_of(answer)
    assert "Saved. Your answer is not sent yet." in page
    assert "Renewed.</textarea>" in page
    assert Application.objects.get(pk=file.pk).state == State.CLARIFICATION
    sending = typed | {"go": "send", "version": version(page)}
    assert mine.post(address(file), sending).headers["Location"] == f"/applications/{file.reference}/"
    assert mine.post(address(file), sending | {"answer": "Twice."}).status_code == 302
    assert Clarification.objects.get().answer == "Renewed."
    assert Application.objects.get(pk=file.pk).state == State.SCRUTINY
    read = text_of(mine.get(address(file)))
    for words in ("Question 1", "Renewed.", "Licences held", "FSSAI"):
        assert words in read


@pytest.mark.parametrize(
    ("fields", "typed", "said"),
    [
        (("bank.licences",), {"go": "send", "answer": " "}, "Write a short answer."),
        (("financials.2025-26.profit",), {"year-2025-26-profit": ""}, "Fill this in. Where there was none, write 0."),
        (("financials.2025-26.profit",), {"year-2025-26-profit": "much"}, "Enter the amount in rupees, digits only."),
        (("ownership.owners",), owners("60", "30"), "They add up to 90."),
        (("enterprise.began_on",), {"began_on": "01-01-2999"}, "The date cannot be in the future."),
        (("growth.2026-27.turnover",), {"year-2026-27-turnover": "1"}, "of which exports, 2026-27: Exports are a part"),
        (("bank.licences",), {"licences": "<b>"}, "The signs < and > cannot be used here."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    world: World, mine: Client, fields: tuple[str, ...], typed: dict[str, str], said: str
) -> None:
    file = asked(world, *fields)
    kept = Revision.objects.count()
    answer = mine.post(address(file), {"go": "save", "version": "0", "answer": "Typed words"} | typed)
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert "One thing to fix" in text_of(answer)
    assert ("Typed words" in text_of(answer)) == ("answer" not in typed)
    assert Revision.objects.count() == kept


def test_another_owner_gets_a_row_before_the_shares_are_whole(world: World, mine: Client) -> None:
    file = asked(world, "ownership.owners", "bank.licences")
    answer = mine.post(address(file), {"go": "row-owners", "version": "0", "licences": "A", **owners("60")})
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Not saved yet." in page
    assert 'name="owners-1-share"' in page


def test_a_stale_tab_sees_both_and_chooses(world: World, mine: Client) -> None:
    file = asked(world, "bank.licences")
    old = version(text_of(mine.get(address(file))))
    actions.save_answer_fields(file, {"bank.licences": "From the other tab"}, by=world.owner)
    typed = {"version": old, "go": "send", "licences": "From this tab", "answer": "Mine"}
    answer = mine.post(address(file), typed)
    page = text_of(answer)
    assert answer.status_code == 409
    for words in ("This page was changed elsewhere", "From the other tab", "From this tab", "Mine"):
        assert words in page
    assert Application.objects.get(pk=file.pk).bank.licences == "From the other tab"
    assert mine.post(address(file), typed | {"go": "anyway"}).status_code == 302
    held = Application.objects.get(pk=file.pk)
    assert (held.bank.licences, held.state) == ("From this tab", State.CLARIFICATION)


def test_a_refused_answer_keeps_what_was_saved_and_can_be_sent_again(world: World, mine: Client) -> None:
    file = asked(world, "bank.licences", "bank.ifsc")
    typed = {"go": "send", "licences": "FSSAI", "ifsc": "", "answer": "There is none."}
    first = mine.post(address(file), typed | {"version": version(text_of(mine.get(address(file))))})
    assert first.status_code == 409
    assert "Fill in: IFSC" in text_of(first)
    again = typed | {"version": version(text_of(first)), "ifsc": "ABCD0123456"}
    assert mine.post(address(file), again).status_code == 302
    assert Application.objects.get(pk=file.pk).state == State.SCRUTINY


def test_documents_are_sent_from_the_page(world: World, mine: Client) -> None:
    file = asked(world, kinds=[DocumentKind.objects.get(key="other")])
    page = text_of(mine.get(address(file)))
    assert re.search(r'value="send" disabled aria-describedby="why-not"', page)
    assert set(re.findall(r'name="kind" value="([^"]+)"', page)) == {"other"}
    wrong = SimpleUploadedFile("a.txt", b"words", "text/plain")
    refused = mine.post(address(file), {"kind": "other", "file": wrong})
    assert (refused.status_code, "This kind of file is not accepted." in text_of(refused)) == (400, True)
    upload = {"file": SimpleUploadedFile("bills.pdf", pdf(), "application/pdf")}
    assert mine.post(address(file), {"kind": "udyam"} | upload).status_code == 400
    upload["file"].seek(0)
    assert mine.post(address(file), {"kind": "other"} | upload).headers["Location"] == f"{address(file)}#other"
    assert mine.post(address(file), {"go": "send", "answer": "The bills."}).status_code == 302
    assert "Version 1, bills.pdf" in text_of(mine.get(address(file)))


def test_what_comes_after_the_end_is_refused_with_what_was_typed(world: World, mine: Client) -> None:
    file = asked(world, "bank.licences")
    actions.withdraw(file, by=world.owner, note="Sold")
    answer = mine.post(address(file), {"go": "save", "licences": "Typed late", "answer": "Words"})
    assert answer.status_code == 409
    for words in ("No question is open", "Typed late", "Words"):
        assert words in text_of(answer)
    assert mine.post(address(file), {"go": "send", "answer": "Words"}).status_code == 409


@pytest.mark.parametrize("who", ["rival", "officer", "stranger"])
def test_the_page_is_the_enterprises_alone(world: World, sign_in: SignIn, who: str) -> None:
    file = asked(world, "bank.licences")
    client = sign_in(getattr(world, who))
    for answer in (client.get(address(file)), client.post(address(file), {"go": "save", "licences": "Mine"})):
        assert answer.status_code == 404
    assert not Revision.objects.filter(by=getattr(world, who)).exists()


def test_what_is_sealed_reads_masked_before_and_after(world: World, mine: Client) -> None:
    file = asked(world, "bank.account_number")
    old, new = file.bank.account_number, "55556666777788"
    page = mine.get(address(file)).content.decode()
    typed = {"version": version(page), "account_number": new, "answer": "New account", "go": "send"}
    assert mine.post(address(file), typed).status_code == 302
    read = text_of(mine.get(address(file)))
    assert [value for value in (old, new) if value in read] == []
    assert f"••{new[-4:]}" in read


def test_the_home_and_the_file_lead_to_the_question(world: World, mine: Client) -> None:
    with moved_to(now() - timedelta(days=12)):
        file = asked(world, "bank.licences")
    due = f"{Clarification.objects.get().due_on:%d-%m-%Y}"
    for page in (text_of(mine.get("/my/")), text_of(mine.get(f"/applications/{file.reference}/"))):
        assert f"Your DIC needs details from you: answer by {due}." in page
        assert f'href="{address(file)}"' in page
        assert re.findall(r'btn btn-primary"[^>]*>([^<]+)<', page) == ["Answer"]
        assert "Paused at day" in page
    named = text_of(mine.get(f"/applications/{file.reference}/documents/"))
    assert 'name="kind"' not in named


@pytest.mark.parametrize("language", ["en", "ml"])
def test_the_page_takes_the_same_queries_for_1_and_3_earlier_questions(
    world: World, mine: Client, language: str, django_assert_max_num_queries: Any
) -> None:
    mine.cookies["django_language"] = language
    file = asked(world, *FIELDS)
    made = []
    for _round in range(2):
        with django_assert_max_num_queries(45) as seen:
            assert mine.get(address(file)).status_code == 200
        made.append(len(seen))
        for _question in range(2):
            actions.answer(file, "As it stands.", by=world.owner)
            actions.ask(file, "And this?", fields=FIELDS, by=world.officer)
    assert made[1] <= made[0] + 2  # the earlier ones and their items, whatever their number


def test_the_mail_is_in_the_language_of_each_member(world: World) -> None:
    world.owner.language = "ml"
    world.owner.save()
    asked(world, "bank.licences")
    assert [row.language for row in Message.objects.filter(kind="clarification.asked")] == ["ml"]
