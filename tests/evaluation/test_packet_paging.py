"""The page of a long ranking: rows in pages, the lines and totals said on each, what is done on a page comes back to it."""

from typing import Any

import pytest
from django.test import Client

from applications.actions import withdraw
from applications.models import Application
from evaluation import actions, packetfile, ranking
from evaluation.models import Pick, RoundRules, Shortlist, VerifiedFigure
from tests.evaluation.conftest import World

# Totals that fall from file to file; the last one is below the pass mark.
FALLING = ((5, 5, 5, 5, 5), (5, 5, 4, 4, 5), (5, 4, 4, 4, 5), (4, 3, 4, 3, 5), (2, 2, 3, 2, 3))
Draft = tuple[Shortlist, list[Application]]


@pytest.fixture
def draft(world: World, monkeypatch: pytest.MonkeyPatch) -> Draft:
    """Five files, two a page; one recommended and one in reserve."""
    monkeypatch.setattr(packetfile, "ON_A_PAGE", 2)
    files = [world.appraised(*marks) for marks in FALLING]
    RoundRules.objects.update(targets={"EKM": 1})
    return actions.make_packet(world.dic, world.round, by=world.manager), files


def shown(answer: Any) -> list[str]:
    return [row["reference"] for row in answer.context["rows"]]


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("freezing", [False, True])
def test_pages_follow_each_other_in_rank_order(world: World, draft: Draft, sign_in: Any, freezing: bool) -> None:
    packet, files = draft
    if freezing:
        actions.freeze(packet, by=world.manager)
    client: Client = sign_in(world.officer)
    here = packet.get_absolute_url()
    pages = [shown(client.get(here, {"page": number})) for number in (1, 2, 3)]
    assert pages == [[file.reference for file in part] for part in (files[:2], files[2:4], files[4:])]
    assert shown(client.get(here)) == pages[0]
    assert shown(client.get(here, {"page": "99"})) == pages[2]
    assert shown(client.get(here, {"page": "x"})) == pages[0]
    assert shown(client.get(here, {"print": "1"})) == [*pages[0], *pages[1], *pages[2]]


def test_each_page_says_the_totals_and_the_way_to_the_lines(world: World, draft: Draft, sign_in: Any) -> None:
    packet, files = draft
    client: Client = sign_in(world.officer)
    here = packet.get_absolute_url()
    for number in (1, 2, 3):
        page = text_of(client.get(here, {"page": number}))
        assert "Appraised: 5. Recommended: 1. Reserve: 1. Below the pass mark 60: 1." in page
        assert f'<a href="{here}?page=1#{files[1].reference}">Rank 2: Reserve list</a>' in page
        assert (
            f'<a href="{here}?page=2#{files[2].reference}">Rank 3: Beyond the target and the reserve list</a>' in page
        )
        assert f'<a href="{here}?page=3#{files[4].reference}">Rank 5: Below the pass mark 60</a>' in page
        assert f"{number} of 3" in page
        assert f'href="{here}?print=1"' in page
        assert page.count('class="m-cut"') == 1
    assert f'id="{files[4].reference}"' in page
    printed = text_of(client.get(here, {"print": "1"}))
    assert printed.count('class="m-cut"') == 3
    assert f'<a href="{here}?print=1#{files[4].reference}">Rank 5' in printed


def test_a_short_ranking_has_no_pages(
    world: World, draft: Draft, sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packetfile, "ON_A_PAGE", 5)
    page = text_of(sign_in(world.officer).get(draft[0].get_absolute_url()))
    assert "m-pages" not in page
    assert "page=" not in page


def test_a_choice_comes_back_to_its_page_and_keeps_what_was_typed(world: World, draft: Draft, sign_in: Any) -> None:
    packet, files = draft
    client: Client = sign_in(world.manager)
    here = packet.get_absolute_url()
    address = f"{here}picks/{files[3].reference}/?choice=recommended&page=2"
    assert address.replace("&", "&amp;") in text_of(client.get(here, {"page": 2}))
    assert f'href="{here}?page=2#{files[3].reference}"' in text_of(client.get(address))
    refused = client.post(address, {"recommendation": "passed_over", "reason": "Keep this text."})
    assert refused.status_code == 409
    assert "Keep this text." in text_of(refused)
    answer = client.post(address, {"recommendation": "recommended", "reason": "The only coir unit."})
    assert (
        answer.headers["Location"] == f"{here}?page=1#{files[3].reference}"
    )  # it stands with the recommended ones now
    page = text_of(client.get(here))
    assert "<strong>Out of rank: taken before rank 1.</strong> The only coir unit." in page
    undo = f"{here}picks/{files[3].reference}/?page=1"
    assert undo in page
    assert client.post(undo, {"undo": "1"}).headers["Location"] == f"{here}?page=2#{files[3].reference}"
    assert not Pick.objects.exists()


@pytest.mark.parametrize("page", ["", "x", "1e9", "-1", "99999", "//evil.test"])
def test_a_made_up_page_comes_back_to_the_first(world: World, draft: Draft, page: str) -> None:
    packet, files = draft
    assert packetfile.back_to(packet, files[0], page) == packet.get_absolute_url()


def test_a_refused_act_stays_on_its_page(world: World, draft: Draft, sign_in: Any) -> None:
    packet, files = draft
    here = packet.get_absolute_url()
    page = text_of(sign_in(world.manager).get(here, {"page": 2}))
    assert f'action="{here}freeze/?page=2"' in page
    actions.freeze(packet, by=world.manager)
    answer = sign_in(world.manager).post(f"{here}freeze/?page=2")
    assert answer.status_code == 409
    assert shown(answer) == [file.reference for file in files[2:4]]
    assert f'<a href="{here}?page=3">Next</a>' in text_of(answer)


def test_changes_since_the_freeze_are_found_from_every_page(world: World, draft: Draft, sign_in: Any) -> None:
    packet, files = draft
    actions.freeze(packet, by=world.manager)
    file = files[3]
    VerifiedFigure.objects.create(application=file, key="jobs", value=77, source="Muster roll", by=world.officer)
    withdraw(files[4], by=world.owner, note="Sold.")
    client: Client = sign_in(world.gm)
    here = packet.get_absolute_url()
    first = text_of(client.get(here))
    assert f'<a class="m-ref" href="{here}?page=2#{file.reference}">{file.reference}</a>' in first
    assert "Returned or given up: 1." in first
    second = text_of(client.get(here, {"page": 2}))
    assert "A verified figure is no longer what was frozen." in second
    assert f'href="/desk/{file.reference}/return/"' in second
    assert "Withdrawn" in text_of(client.get(here, {"page": 3}))


def test_the_outline_ranks_as_the_freeze_does(world: World, draft: Draft) -> None:
    packet, _files = draft
    outline = ranking.outline_of(packet)
    frozen = actions.freeze(packet, by=world.manager).snapshot
    assert frozen is not None
    assert {**frozen, "rows": []} == {**outline, "rows": []}
    assert [{key: row[key] for key in outline["rows"][0]} for row in frozen["rows"]] == outline["rows"]


@pytest.mark.parametrize("freezing", [False, True])
def test_the_page_asks_as_much_for_every_page(
    world: World, draft: Draft, sign_in: Any, django_assert_max_num_queries: Any, freezing: bool
) -> None:
    packet, _files = draft
    if freezing:
        actions.freeze(packet, by=world.manager)
    client: Client = sign_in(world.manager)
    for page in ({"page": 1}, {"page": 3}, {"print": 1}):
        with django_assert_max_num_queries(18):
            assert client.get(packet.get_absolute_url(), page).status_code == 200
