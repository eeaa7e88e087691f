"""Not yours is not there: every page and every post of another's file; no request from elsewhere; lists in constant queries."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from applications import actions
from applications.models import Application, DocumentVersion
from tests.applications.conftest import SignIn, World, person, posted

PAGES = [
    "", "enterprise/", "ownership/", "financials/", "employment/", "growth/", "bank/", "declaration/", "documents/",
    "submit/", "receipt/", "withdraw/",
]  # fmt: skip
POSTS = [
    ("enterprise/", {}), ("ownership/", {}), ("financials/", {}), ("employment/", {}), ("growth/", {"plan": "Mine now."}),
    ("bank/", {}), ("declaration/", {}), ("documents/", {"kind": "udyam"}), ("submit/", {}), ("recall/", {}),
    ("withdraw/", {"note": "Not mine."}),
]  # fmt: skip
ROOM = list(apps.get_app_config("applications").get_models())


def rows() -> dict[str, list[Any]]:
    """Every row of this room."""
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in ROOM}


@pytest.fixture(params=["draft", "submitted"])
def theirs(request: pytest.FixtureRequest, world: World) -> Application:
    """A file of the owner, looked at by others."""
    return world.complete() if request.param == "draft" else world.submitted()


def outsiders(world: World) -> list[Any]:
    return [
        world.rival,
        world.stranger,
        world.officer,
        person("gm", "gm", world.dic),
        person("auditor", "auditor", None),
        person("admin", "administrator", None),
        person("facilitator", "facilitator", None),
    ]


def bare(client: Client, reference: str) -> str:
    """The answer to a file's address without what differs anyway: the number and the form's token."""
    page = client.get(f"/applications/{reference}/").content.decode().replace(reference, "")
    return re.sub(r'value="\w{64}"', "", page)


def test_anothers_file_is_not_there_on_any_page(world: World, theirs: Application, sign_in: SignIn) -> None:
    for user in outsiders(world):
        client = sign_in(user)
        found = {page: client.get(f"/applications/{theirs.reference}/{page}").status_code for page in PAGES}
        assert found == dict.fromkeys(PAGES, 404), user.email
        assert bare(client, theirs.reference) == bare(client, "M1K-3-EKM-99999")


def test_no_post_to_anothers_file_changes_a_row(world: World, theirs: Application, sign_in: SignIn) -> None:
    before = rows()
    for user in outsiders(world):
        client = sign_in(user)
        found = {
            page: client.post(f"/applications/{theirs.reference}/{page}", data).status_code for page, data in POSTS
        }
        assert found == {page: 404 for page, _data in POSTS}, user.email
    assert rows() == before


def test_a_document_is_reached_through_its_own_file_only(world: World, sign_in: SignIn) -> None:
    theirs, own = world.submitted(), world.submitted(world.rival)
    version = DocumentVersion.objects.filter(slot__application=theirs)[0]
    rival = sign_in(world.rival)
    for reference in (theirs.reference, own.reference):
        assert rival.get(f"/applications/{reference}/documents/{version.pk}/").status_code == 404
    assert sign_in(world.stranger).get(f"/applications/{theirs.reference}/documents/{version.pk}/").status_code == 404
    answer = sign_in(world.officer).get(f"/applications/{theirs.reference}/documents/{version.pk}/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")


def test_a_draft_is_seen_by_nobody_but_its_enterprise(world: World, sign_in: SignIn) -> None:
    file = world.complete()
    version = DocumentVersion.objects.filter(slot__application=file)[0]
    for user in outsiders(world):
        assert sign_in(user).get(f"/applications/{file.reference}/documents/{version.pk}/").status_code == 404
        assert not Application.objects.visible_to(user).exists()


def test_a_draft_that_was_given_up_is_still_nobody_elses(world: World) -> None:
    actions.withdraw(world.complete(), by=world.owner, note="The plan changed.")
    recalled = actions.recall(world.submitted(), by=world.owner)
    actions.withdraw(recalled, by=world.owner, note="The plan changed.")
    assert Application.objects.visible_to(world.owner).count() == 2
    assert [user.email for user in outsiders(world) if Application.objects.visible_to(user).exists()] == []
    assert Application.objects.sent().count() == 0


def test_without_a_sign_in_every_page_leads_to_it(client: Client, world: World) -> None:
    file = world.submitted()
    for address in ["/enterprises/", "/enterprises/new/", "/applications/new/"] + [
        f"/applications/{file.reference}/{page}" for page in PAGES
    ]:
        answer = client.get(address)
        assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={address}")


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_post_without_this_sites_token_changes_nothing(world: World, sign_in: SignIn, token: str) -> None:
    file = world.complete()
    client = sign_in(world.owner)
    client.handler.enforce_csrf_checks = True
    before = rows()
    for page, data in POSTS:
        answer = client.post(f"/applications/{file.reference}/{page}", data | {"csrfmiddlewaretoken": token})
        assert answer.status_code == 403, page
    for address in ("/enterprises/new/", "/applications/new/", "/check/"):
        assert client.post(address, {"csrfmiddlewaretoken": token}).status_code == 403
    assert rows() == before


def test_the_pages_own_token_is_taken(world: World, sign_in: SignIn) -> None:
    file = world.draft()
    client = sign_in(world.owner)
    client.handler.enforce_csrf_checks = True
    client.get(f"/applications/{file.reference}/growth/")
    data = posted("growth", world.told(file, "growth")) | {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post(f"/applications/{file.reference}/growth/", data).status_code == 302


@pytest.mark.parametrize("page", ["recall/"])
def test_what_only_posts_does_not_answer_a_get(world: World, mine: Client, page: str) -> None:
    file = world.submitted()
    assert mine.get(f"/applications/{file.reference}/{page}").status_code == 405
    assert mine.delete(f"/applications/{file.reference}/").status_code == 405


@pytest.mark.parametrize(
    "reference", ["M1K-3-EKM-1", "m1k-3-ekm-00001", "M1K-3-EKM-00001'", "M1K-3-EKM-٠٠٠٠١", "%00", "../admin"]
)
def test_what_is_no_number_is_not_there(world: World, mine: Client, reference: str) -> None:
    world.submitted()
    assert mine.get(f"/applications/{reference}/").status_code == 404


def test_a_get_writes_nothing(world: World, mine: Client) -> None:
    for file in (world.complete(), world.submitted(world.owner, "UDYAM-KL-02-0000042")):
        before = rows()
        for page in PAGES:
            assert mine.get(f"/applications/{file.reference}/{page}").status_code in {200, 302}
        assert rows() == before


@pytest.mark.parametrize("page", ["", "documents/", "submit/"])
def test_a_files_pages_take_the_same_queries_however_much_it_holds(
    world: World, mine: Client, page: str, django_assert_max_num_queries: Any
) -> None:
    file = world.complete()
    address = f"/applications/{file.reference}/{page}"
    mine.get(address)
    with django_assert_max_num_queries(60) as first:
        mine.get(address)
    for number in range(2):
        owner = file.owners.all()[0]
        file.owners.create(name=f"Another {number}", share="1", gender=owner.gender, social_category="general")
        file.activities.create(nic_code=f"1{number}", description="More")
        file.plants.create(name="More", address="There", pin="682001")
        slot = file.slots.all()[number]
        version = slot.versions.all()[0]
        slot.versions.create(number=2, file=version.file, sent_by=world.owner)
    with django_assert_max_num_queries(60) as second:
        mine.get(address)
    assert len(second.captured_queries) == len(first.captured_queries)
