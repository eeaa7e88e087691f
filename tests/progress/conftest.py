"""The world of the evaluation's tests, with moves written at chosen moments and people of every other role."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from applications.models import Application, Traits, Transition
from districts.models import District, Office
from records.clock import INDIA
from tests.evaluation.conftest import World, build_world, person, signed_in

Client = Callable[[User], Any]


@pytest.fixture
def world(db: None) -> World:
    """Two districts with their people; the third has nothing in it."""
    made = build_world()
    for role in (Role.FACILITATOR, Role.AGENCY, Role.CONVENOR, Role.MEMBER):
        made.people[role.value] = person(role.value, role, None)
    made.people["handholder"] = person("handholder", Role.HANDHOLDER, made.dic)
    District.objects.get_or_create(
        code="KSD",
        defaults={"order": 14, "lgd": 594, "udyam_code": "14", "name_en": "Kasaragod", "name_ml": "കാസർഗോഡ്"},
    )
    empty = District.objects.get(code="KSD")
    Office.objects.get_or_create(
        code="DIC-KSD", defaults={"kind": "dic", "district": empty, "name_en": "DIC Kasaragod"}
    )
    District.objects.filter(code="EKM").update(name_ml="എറണാകുളം")
    made.district.refresh_from_db()
    return made


@pytest.fixture
def sign_in(client: Any) -> Client:
    """A client signed in as somebody, second factor given."""

    return lambda user: signed_in(client, user)


def at(text: str) -> datetime:
    """A moment in India, written "2026-05-31 23:59"."""
    return datetime.fromisoformat(text).replace(tzinfo=INDIA)


def moved(file: Application, begun: str, *moves: tuple[str, str]) -> Application:
    """A file begun as a draft at a moment, with these moves (moment, target); its state is the last one's."""
    source = "draft"
    for moment, target in moves:
        Transition.objects.create(application=file, move="test", source=source, target=target, at=at(moment))
        source = target
    since = at(moves[-1][0]) if moves else at(begun)
    Application.objects.filter(pk=file.pk).update(begun_at=at(begun), since=since)
    return file


def text_of(answer: Any) -> str:
    """A page without its line breaks."""
    return " ".join(answer.content.decode().split())


def desk_page(client: Any, query: str = "") -> str:
    """The desk under an address."""
    answer = client.get(f"/desk/?{query}" if query else "/desk/")
    assert answer.status_code == 200, (query, answer.status_code)
    return text_of(answer)


def listed(client: Any, query: str = "") -> list[str]:
    """The references of the list, in its order."""
    return re.findall(r'<span class="m-sub m-ref">([^<]+)</span>', desk_page(client, query))


def with_traits(file: Application, **values: Any) -> Application:
    """What lists know of the file, as it would be worked out when it is handed in."""
    Traits.objects.update_or_create(application=file, defaults=values)
    return file


PAN, MOBILE = "QXZPD7319K", "9847319582"  # of a person who has only these


def known(file: Application, name: str) -> Application:
    """The file with numbers that identify it; the others have none like them."""
    profile = file.profile
    profile.pan, profile.mobile, profile.name_en = PAN, MOBILE, f"{name} Traders"
    profile.save()
    return file


def search_for(client, text: str, **more: str) -> str:
    """Where a search leads."""
    answer = client.post("/desk/search/", {"q": text, **more})
    assert answer.status_code == 302
    return answer["Location"]


@pytest.fixture
def first_file(world: World) -> Application:
    """A draft of long ago: there is something to report of every month since."""
    return moved(world.file("draft"), "2026-04-02 10:00")
