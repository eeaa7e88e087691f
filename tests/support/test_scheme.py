"""`/scheme/`: what stands there comes from the round's own rows, and what is not published says so."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from applications.models import DocumentKind, Round
from records.clock import now
from support import queries, reference
from support.models import RoundCaps
from tests.mission1000.conftest import text_of


@pytest.fixture
def call(db) -> Round:
    call_command("load_reference", verbosity=0, stdout=StringIO())
    return Round.objects.get()


def test_caps_are_made_once_for_each_round(call):
    Round.objects.create(
        number=4, opens_at=now() + timedelta(days=300), closes_at=now() + timedelta(days=400), cut_off=call.cut_off
    )
    assert [reference.load(), reference.load()] == ["caps of 2 rounds", "caps of 2 rounds"]
    assert list(RoundCaps.objects.values_list("round__number", flat=True).order_by("round__number")) == [3, 4]


def test_the_page_shows_the_caps_of_the_round(call, client):
    RoundCaps.objects.update(dpr_cap=1_50_000, capital_rate=Decimal("0.35"), capital_cap=3_00_00_000, interest_years=5)
    page = text_of(client.get("/scheme/"))
    for words in ("Up to ₹1.5 lakh", "Up to ₹3 crore", "35 % of the fixed capital", "for 5 years"):
        assert words in page


def test_an_order_that_is_not_known_is_to_be_confirmed(call, client):
    unknown = "the Government Order is to be confirmed by the Department"
    assert unknown in text_of(client.get("/scheme/"))
    RoundCaps.objects.update(order_reference="G.O. 1/2026")
    page = text_of(client.get("/scheme/"))
    assert unknown not in page
    assert "G.O. 1/2026" in page


def test_the_page_shows_dates_years_and_sectors_of_the_round(call, client):
    page = text_of(client.get("/scheme/"))
    for words in (
        call.cut_off.strftime("%d-%m-%Y"),
        "3 full years on",
        "Manufacturing, Service",
        "this round is not open to trade alone",
        "The round is open.",
        "to be confirmed by the Department",
        "Pass mark of the round: 60",
    ):
        assert words in page


def test_a_round_open_to_trade_does_not_turn_trade_away(call, client):
    Round.objects.update(activities=["manufacturing", "service", "trade"])
    page = text_of(client.get("/scheme/"))
    assert "not open to trade alone" not in page
    assert "Manufacturing, Service, Trade" in page


def test_the_open_round_is_shown_before_a_newer_one(call):
    newer = Round.objects.create(
        number=4, opens_at=now() + timedelta(days=300), closes_at=now() + timedelta(days=400), cut_off=call.cut_off
    )
    assert queries.round_shown() == call
    Round.objects.filter(pk=call.pk).update(closes_at=now() - timedelta(days=1))
    assert queries.round_shown() == newer


def test_a_closed_round_says_so(call, client):
    Round.objects.update(closes_at=now() - timedelta(days=1))
    assert "The round is not open now." in text_of(client.get("/scheme/"))


def test_without_a_round_the_page_still_says_what_the_mission_is(db, client):
    page = text_of(client.get("/scheme/"))
    assert "No round has been announced" in page
    assert "The amounts are to be confirmed by the Department." in page


def test_the_papers_are_those_the_round_asks_for(call, client):
    page = text_of(client.get("/scheme/papers/"))
    asked = DocumentKind.objects.filter(asked_at_start=True)
    assert page.count("<li><strong>") == asked.count() == 6
    for kind in asked:
        assert f"<li><strong>{kind.name_en}</strong><br>{kind.hint_en}</li>" in page
    Round.objects.update(required_documents=["udyam"])
    assert text_of(client.get("/scheme/papers/")).count("<li><strong>") == 1


def test_the_list_of_papers_is_in_malayalam_too(call, client):
    client.cookies["django_language"] = "ml"
    page = text_of(client.get("/scheme/papers/"))
    for kind in DocumentKind.objects.filter(asked_at_start=True):
        assert kind.name_ml in page


@pytest.mark.parametrize("address", ["/scheme/", "/scheme/papers/"])
def test_a_page_asks_the_same_whatever_the_number_of_rounds(call, client, django_assert_num_queries, address):
    for number in (4, 5):
        with django_assert_num_queries(2):
            client.get(address)
        Round.objects.create(
            number=number,
            opens_at=now() + timedelta(days=number * 100),
            closes_at=now() + timedelta(days=number * 100 + 50),
            cut_off=call.cut_off,
        )
