"""The demonstration's own enterprises: whole, plausible, of all kinds, and the same for the same Random."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict

from applications import demo, identifiers, queries
from applications.classification import classify
from applications.forms import EnterpriseForm
from applications.models import Application
from applications.pages import SectionPage
from applications.sections import missing
from records.models import Job
from tests.applications.conftest import World, posted


def people(rng: Random, count: int) -> list[Any]:
    return [demo.owner(number, rng) for number in range(1, count + 1)]


def test_an_owner_is_made_once_verified_under_the_demonstrations_name(world: World) -> None:
    first, again = demo.owner(4, Random(1)), demo.owner(4, Random(2))
    assert first == again
    assert (first.email, first.is_applicant) == ("owner4@demo.test", True)
    assert first.emailaddress_set.get().verified
    assert first.check_password(demo.PASSWORD)


def test_what_is_told_passes_the_forms_as_if_typed(world: World) -> None:
    rng = Random(5)
    for user in people(rng, 4):
        file = demo.complete(world.round, world.district, rng, by=user)
        for key in demo.TELL:
            page = SectionPage(file, key, posted_of(file, key))
            assert page.is_valid(), [form.errors for form in page.forms]
        unit = file.enterprise
        form = EnterpriseForm(
            {
                "name_en": unit.name_en,
                "name_ml": unit.name_ml,
                "udyam_number": unit.udyam_number,
                "district": unit.district_id,
                "taluk": unit.taluk_id,
            }
        )
        assert form.is_valid(), form.errors
        assert identifiers.pan_fits(file.profile.pan, file.profile.constitution)


def posted_of(file: Application, key: str) -> Any:
    """The section as its page would send it again."""
    told = demo.TELL[key](file, demo.story(Random(key)), Random(key))
    query = QueryDict(mutable=True)
    query.update(posted(key, told))
    return query


def test_all_kinds_occur_and_only_soft_flags(world: World) -> None:
    rng = Random(2)
    files = [demo.submitted(world.round, world.district, rng, by=user) for user in people(rng, 24)]
    latest = [file.financial_years.last() for file in files]
    sizes = Counter(classify(y.plant_machinery, y.turnover_domestic, y.year) for y in latest)
    assert min(sizes["micro"], sizes["small"], sizes["medium"]) > 0
    assert {file.profile.sector for file in files} == {"manufacturing", "service"}
    assert 0 < sum(1 for y in latest if y.turnover_export) < 24
    assert 0 < sum(1 for file in files if file.owners.all()[0].gender == "female") < 24
    flags = Counter(flag.key for file in files for flag in queries.soft_flags(file))
    assert set(flags) <= {"udyam_district", "eligibility"}
    assert flags["udyam_district"] > 0
    assert not Job.objects.filter(name="records.render").exists()


@pytest.mark.parametrize(("filled", "done"), [(0, 0), (0.3, 2), (0.5, 4), (0.875, 7), (1, 8)])
def test_a_draft_is_filled_as_far_as_asked(world: World, filled: float, done: int) -> None:
    rng = Random(3)
    file = demo.draft(world.round, world.district, rng, by=demo.owner(1, rng), filled=filled)
    assert file.state == "draft"
    assert {todo.section for todo in missing(file)} == set(demo.KEYS[done:])


def test_the_contested_pair_is_told_to_the_officer(world: World) -> None:
    rng = Random(9)
    first, second = demo.contested(world.round, world.district, rng, by=tuple(people(rng, 2)))
    assert (first.contested, second.contested) == (False, True)
    assert first.udyam_number == second.udyam_number


def told(world: World, seed: int) -> list[Any]:
    """What one seed tells, and then undone."""
    rng = Random(seed)
    with transaction.atomic():
        file = demo.submitted(world.round, world.district, rng, by=demo.owner(1, rng))
        said = [file.udyam_number, file.profile.pan, file.growth.cost, file.bank.account_number, file.submitted_hash]
        transaction.set_rollback(True)
    return said


def test_the_same_random_tells_the_same(world: World) -> None:
    assert told(world, 21) == told(world, 21) != told(world, 22)


def test_papers_are_pdfs_that_say_whose_they_are() -> None:
    one, other = demo.paper("Demonstration paper, M1K-3-EKM-00001: udyam"), demo.paper("Another (one)\\")
    assert one.startswith(b"%PDF-")
    assert b"M1K-3-EKM-00001" in one
    assert len(one) == len(other)
    assert one != other
