"""Approved shortlists for a meeting, made by the demonstration's acts: of three files, one recommended, one reserve, one below."""

from random import Random
from typing import Any

from django.db import transaction

from applications import demo as applicants
from applications.models import Application, Round
from districts.models import District, Office
from evaluation import demo, demo_desk
from evaluation.models import RoundRules
from evaluation.states import Recommendation

PLACES = {"mouse": "KLM", "keyboard": "ALP", "no-scripts": "IDK", "phone": "PKD"}  # a district for each kind of hands
LEANS = (1, 1, -1)
FIRST = 2000  # the same number makes the same person and PAN: test_desk_journey.py has those from 900 up to 999


def scored(call: Round, place: District, number: int, lean: int) -> Application:
    """A file from the hand of somebody who reads Malayalam to its marks."""
    rng = Random(number)
    owner = applicants.owner(number, rng)
    owner.language = "ml"
    owner.save(update_fields=["language"])
    file = demo_desk.take_up(applicants.submitted(call, place, rng, by=owner), rng)
    return demo.score(demo_desk.end_scrutiny(file, rng), rng, lean=lean)


def packet(call: Round, code: str, first: int) -> dict[str, Any]:
    """The approved shortlist of one district, and what the tests need of it; the files as they are ranked."""
    place, office = District.objects.get(code=code), Office.objects.get(code=f"DIC-{code}")
    for number, lean in enumerate(LEANS, first):
        scored(call, place, number, lean)
    made = demo.approve(demo.check(demo.freeze(office, call)))
    rows = list(made.rows.select_related("application__enterprise", "application__filed_by").order_by("rank"))
    wanted = [Recommendation.RECOMMENDED, Recommendation.RESERVE, Recommendation.BELOW]
    assert [row.recommendation for row in rows] == wanted
    return {
        "packet": made.number,
        "files": [row.application.reference for row in rows],
        "names": [row.application.enterprise.name_en for row in rows],
        "malayalam": [row.application.enterprise.name_ml for row in rows],
        "owners": [row.application.filed_by.email for row in rows],
    }


def make() -> dict[str, Any]:
    """Make the shortlists, each with a target of one; what the tests need of them."""
    with transaction.atomic(), demo_desk.known_people():
        rules = RoundRules.objects.get(round__number=3)
        rules.targets |= dict.fromkeys(PLACES.values(), 1)
        rules.save(update_fields=["targets"])
        return {
            hands: packet(rules.round, code, FIRST + 10 * number) for number, (hands, code) in enumerate(PLACES.items())
        }
