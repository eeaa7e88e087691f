"""Pages of the long lists: put together they are the list, from whichever end each was read."""

from datetime import timedelta

import pytest

from applications.models import Application
from districts.models import Office, Taluk
from progress import desk
from progress.filters import ORDERS
from progress.listing import Listing
from progress.paging import OnePage
from progress.watch_list import ORDERS as WATCHED
from progress.watch_list import FileList
from records.clock import today
from tests.evaluation.conftest import World

SIZE = 2


def five_files(world: World) -> None:
    """Files that stand alike in most orders; two have no clock."""
    for number, state in enumerate(["submitted", "scrutiny", "scrutiny", "clarification", "clarification"]):
        file = world.file(state)
        due_on = today() + timedelta(days=number // 2) if number < 3 else None
        Application.objects.filter(pk=file.pk).update(due_on=due_on)


@pytest.mark.parametrize("sort", [key for by in ORDERS for key in (by, f"-{by}")])
def test_the_pages_of_a_desk_are_its_list(world: World, sort: str) -> None:
    five_files(world)
    listing = Listing(world.officer, {"tab": "all", "sort": sort})
    pages = [listing.page(desk.rows(world.officer), str(number), SIZE) for number in (1, 2, 3)]
    assert [file.reference for page in pages for file in page] == listing.references
    assert [len(page) for page in pages] == [2, 2, 1]


@pytest.mark.parametrize("sort", [key for by in WATCHED for key in (by, f"-{by}")])
def test_the_pages_of_the_state_are_its_list(world: World, sort: str) -> None:
    five_files(world)
    listing = FileList(world.directorate, {"round": "all", "sort": sort})
    pages = [listing.page(str(number), SIZE) for number in (1, 2, 3)]
    assert [file.reference for page in pages for file in page] == [file.reference for file in listing.files]
    assert [len(page) for page in pages] == [2, 2, 1]


def test_a_file_of_a_taluk_office_has_its_district(world: World) -> None:
    file = world.file("submitted")
    taluk = Taluk.objects.filter(district=world.district).first()
    office = Office.objects.create(code="TIO-EKM-9", kind="taluk", district=world.district, name_en="Taluk office")
    Application.objects.filter(pk=file.pk).update(office=office, taluk=taluk)
    listing = Listing(world.officer, {"tab": "all"})
    (shown,) = listing.page(desk.rows(world.officer), "1", SIZE)
    assert (shown.office, shown.office.district) == (office, world.district)


def test_a_list_that_shrank_meanwhile_has_an_empty_page(world: World) -> None:
    assert OnePage(Application.objects.all(), Application.objects.all(), 3)[2:4] == []
    assert OnePage(Application.objects.all(), Application.objects.all(), 0)[0:2] == []
