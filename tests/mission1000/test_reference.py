"""`load_reference`: everything is there, and a second run changes nothing."""

import pytest

from applications.models import DocumentKind, Round
from districts.models import District, Holiday, Jurisdiction, Office, Taluk
from evaluation.models import Criterion, RoundRules, Rubric
from support.models import RoundCaps
from tests.mission1000.conftest import run

MODELS = (
    District, Taluk, Office, Jurisdiction, Holiday, DocumentKind, Round, Rubric, Criterion, RoundRules, RoundCaps,
)  # fmt: skip


def rows() -> dict[str, list[dict]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in MODELS}


@pytest.mark.django_db
def test_a_second_run_finds_everything_there_and_changes_no_row():
    run("load_reference")
    before = rows()
    run("load_reference")
    assert rows() == before
    assert {name: len(found) for name, found in before.items()} == {
        "District": 14, "Taluk": 78, "Office": 15, "Jurisdiction": 0, "Holiday": len(before["Holiday"]),
        "DocumentKind": 7, "Round": 1, "Rubric": 1, "Criterion": 6, "RoundRules": 1, "RoundCaps": 1,
    }  # fmt: skip


@pytest.mark.django_db
def test_there_is_a_line_for_each_room_from_the_bottom_up():
    lines = run("load_reference").splitlines()
    assert [line.partition(":")[0] for line in lines] == ["districts", "applications", "evaluation", "support"]


@pytest.mark.django_db
def test_what_somebody_entered_is_left_alone():
    run("load_reference")
    Office.objects.filter(code="DIC-EKM").update(address="Kakkanad")
    RoundCaps.objects.update(order_reference="G.O. 1/2026")
    run("load_reference")
    assert Office.objects.get(code="DIC-EKM").address == "Kakkanad"
    assert RoundCaps.objects.get().order_reference == "G.O. 1/2026"


@pytest.mark.django_db
def test_nothing_is_presented_as_confirmed():
    run("load_reference")
    assert (Round.objects.get().confirmed, Rubric.objects.get().confirmed, RoundRules.objects.get().confirmed) == (
        False, False, False,
    )  # fmt: skip
    assert RoundCaps.objects.get().order_reference == ""
