"""The public check: no sign-in, three colours, each rule with its reason and what would change it, in both languages."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from applications.eligibility_texts import WORDS
from applications.models import EligibilityResult, Round
from records.models import AuditEvent
from tests.applications.conftest import World

GOOD = {
    "udyam": "yes",
    "in_kerala": "yes",
    "sector": "manufacturing",
    "began_on": "01-04-2015",
    "sales_in_years": "3",
    "loans": "none",
    "other_subsidy": "no",
    "planned": "yes",
}
UNSURE = {name: "unsure" for name in GOOD if name != "began_on"} | {"began_on": ""}
HEADS = {"green": "<h1>Eligible</h1>", "yellow": "<h1>An officer will check</h1>"}
HEADS["red"] = "<h1>Not eligible in this round</h1>"


def ask(client: Client, **changes: str) -> Any:
    return client.post("/check/", GOOD | changes)


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_the_page_asks_eight_questions_without_a_sign_in(world: World, client: Client) -> None:
    page = text_of(client.get("/check/"))
    for question in ("registered on Udyam", "in Kerala", "mainly do", "operations begin", "sales", "loans", "subsidy"):
        assert question in page
    assert "31-03-2026" in page


@pytest.mark.parametrize(
    ("changes", "colour", "rule"),
    [
        ({}, "green", ""),
        ({"loans": "overdue"}, "yellow", "loans"),
        ({"began_on": ""}, "yellow", "years"),
        (UNSURE, "yellow", "udyam"),
        ({"udyam": "no"}, "red", "udyam"),
        ({"in_kerala": "no"}, "red", "kerala"),
        ({"sector": "trade"}, "red", "sector"),
        ({"began_on": "01-04-2023"}, "red", "years"),
        ({"began_on": "31-03-2023"}, "green", ""),
        ({"sales_in_years": "0"}, "red", "history"),
        ({"loans": "defaulter"}, "red", "loans"),
        ({"other_subsidy": "yes"}, "yellow", "subsidy"),
        ({"planned": "no"}, "yellow", "plan"),
    ],
)
def test_each_colour_with_its_reason_and_what_would_change_it(
    world: World, client: Client, changes: dict[str, str], colour: str, rule: str
) -> None:
    answer = ask(client, **changes)
    page = text_of(answer)
    assert answer.status_code == 200
    assert [name for name, head in HEADS.items() if head in page] == [colour]
    for words in WORDS.values():
        assert str(words.title) in page
    if rule:
        assert str(getattr(WORDS[rule], colour)) in page
        assert str(WORDS[rule].change) in page
        assert page.index(str(WORDS[rule].title)) < page.index(
            str(WORDS["sector" if rule != "sector" else "kerala"].title)
        )
    kept = EligibilityResult.objects.get()
    assert (kept.outcome, kept.version, kept.round, kept.application) == (colour, "1", world.round, None)
    assert set(kept.inputs) == set(GOOD)


def test_the_answer_in_malayalam(world: World, client: Client) -> None:
    client.cookies["django_language"] = "ml"
    page = text_of(ask(client, sector="trade"))
    assert '<html lang="ml">' in page
    with translation.override("ml"):
        assert str(WORDS["sector"].red) in page
        assert str(WORDS["sector"].change) in page


@pytest.mark.parametrize("signed_in", [False, True])
def test_what_is_kept_names_nobody(world: World, client: Client, mine: Client, signed_in: bool) -> None:
    ask(mine if signed_in else client)
    kept = str(EligibilityResult.objects.values().get()) + str(
        AuditEvent.objects.values().get(verb="eligibility.check")
    )
    assert "127.0.0.1" not in kept
    assert AuditEvent.objects.get(verb="eligibility.check").actor == "system:public check"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"began_on": "2015"}, "Enter the date as DD-MM-YYYY."),
        ({"began_on": "01-01-2999"}, "The date cannot be in the future."),
        ({"loans": "many"}, "Choose one from the list."),
        ({"udyam": "\x00"}, "This field"),
        ({"sales_in_years": "4"}, "Choose one from the list."),
        ({"planned": ""}, "Choose an answer."),
    ],
)
def test_a_wrong_answer_is_sent_back(world: World, client: Client, changes: dict[str, str], sentence: str) -> None:
    answer = ask(client, **changes)
    assert answer.status_code == 400
    assert sentence in text_of(answer) or "\x00" in changes.values()
    assert not EligibilityResult.objects.exists()


def test_an_empty_post_is_sent_back(world: World, client: Client) -> None:
    assert client.post("/check/").status_code == 400


def test_without_a_round_nothing_is_asked(client: Client, db: None) -> None:
    page = text_of(client.get("/check/"))
    assert "No round has been announced" in page
    assert "<fieldset" not in page
    assert ask(client).status_code == 200
    assert not EligibilityResult.objects.exists()


def test_between_rounds_the_latest_one_is_asked(world: World, client: Client) -> None:
    world.close_the_round()
    assert HEADS["green"] in text_of(ask(client))
    assert EligibilityResult.objects.get().round == Round.objects.get()


def test_too_many_checks_from_one_place_are_slowed(world: World, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("applications.views.check.MOST_AN_HOUR", 2)
    assert [ask(client).status_code for _turn in range(3)] == [200, 200, 429]
    assert EligibilityResult.objects.count() == 2
