"""The Directorate's watch: every figure opens exactly its rows, districts add up to the State, nothing unreleased is told."""

import html
import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import ROLE_PERMISSIONS, Permission, Role
from applications.models import Application, Round
from districts import reference
from districts.models import District
from evaluation.models import RoundRules
from progress import districtmap, queries
from progress.queries import FUNNEL
from progress.watch_filters import MEASURES
from progress.watch_list import FileList
from progress.watch_page import Watch
from progress.watching import AGE_KEYS, Narrow, Tally
from records.clock import now
from tests.evaluation.conftest import World
from tests.progress.conftest import Client, moved, text_of

DISTRICTS = 14
OTHERS = {"ineligible", "withdrawn", "lapsed", "selected", "reserve", "not_selected"}


@pytest.fixture
def kerala(db: None, request: pytest.FixtureRequest) -> World:
    """All 14 districts, and the world of the evaluation's tests in two of them."""
    reference.load()
    made: World = request.getfixturevalue("world")
    RoundRules.objects.update(targets={"EKM": 4, "TSR": 2, "WYD": 1})
    return made


def one_of_each(world: World) -> None:
    """A file in every state there is; the second half of them in another district."""
    for number, state in enumerate(dict(Application._meta.get_field("state").choices)):  # type: ignore[arg-type]
        office = world.other_dic if number % 2 else world.dic
        file = world.file("scrutiny", office=office)
        draft = {"submitted_at": None, "taken_up_at": None} if state in {"nominated", "draft", "lapsed"} else {}
        back = {"returns_to": "scrutiny"} if state in {"clarification", "committee_details"} else {}
        ended = {"ended_at": now()} if state in OTHERS else {}
        due = {"due_on": now().date().replace(year=2025)} if state in {"submitted", "scrutiny"} else {}
        Application.objects.filter(pk=file.pk).update(state=state, **draft, **back, **ended, **due)
    moved(
        world.file("scrutiny"), "2026-01-02 10:00", ("2026-01-05 10:00", "submitted"), ("2026-02-02 10:00", "scrutiny")
    )


def figures_of(page: str) -> list[tuple[int, str]]:
    """Every figure of a page that opens rows, with its address."""
    found = re.findall(r'<a href="(/watch/files/[^"]+)">([\d,]+)</a>', page)
    return [(int(number.replace(",", "")), html.unescape(address)) for address, number in found]


def opened(client: Any, address: str) -> tuple[int, int]:
    """The count a list states, and how many files it names or says it does not name."""
    page = text_of(client.get(address))
    stated = re.search(r'<strong id="count">([\d,]+) file', page)
    unnamed = re.search(r'id="unnamed">([\d,]+) draft', page)
    listed = len(re.findall(r'<span class="m-sub m-ref">M1K', page)) + (int(unnamed[1]) if unnamed else 0)
    return int(stated[1]) if stated else -1, listed


def test_every_figure_opens_exactly_its_rows(kerala: World, sign_in: Client) -> None:
    one_of_each(kerala)
    client = sign_in(kerala.directorate)
    page = text_of(client.get("/watch/?show=percent"))
    figures = set(figures_of(page))
    assert len(figures) > 60
    for number, address in figures:
        listing = FileList(kerala.directorate, dict(parse_qsl(address.partition("?")[2])))
        assert listing.form.left_out == []
        assert listing.files.count() + listing.unnamed_count == number, address
        if "stage" in address and "district" not in address:  # some as they are shown
            assert opened(client, address) == (number, number), address
    on_the_map = [html.unescape(url) for url in re.findall(r'<a href="([^"]+)" aria-label="[^"]+"><path', page)]
    assert len(on_the_map) == DISTRICTS
    assert "<h1>Thrissur, Selected</h1>" in text_of(client.get(on_the_map[7]))


def test_districts_add_up_to_the_state_zeros_included(kerala: World) -> None:
    one_of_each(kerala)
    watch = Watch(kerala.directorate, {})
    assert [place.order for place in watch.places] == list(range(1, DISTRICTS + 1))
    for table in (watch.against_target, watch.funnel, watch.holding, watch.waiting):
        assert [line.district for line in table.lines] == watch.places
        for number, cell in enumerate(table.total.cells):
            own = [line.cells[number].value for line in table.lines]
            assert cell.of_hundred or cell.value == sum(value or 0 for value in own), (table.key, table.heads[number])
    stages = [cell.value for cell in watch.funnel.total.cells]
    assert len(stages) == len(FUNNEL) + 1
    assert sum(value or 0 for value in stages[:-1]) == stages[-1] == Application.objects.count()
    holders = [cell.value or 0 for cell in watch.holding.total.cells]
    assert sum(holders[:-1]) == holders[-1] == watch.tally.count(Narrow(stage="open"))
    ages = [cell.value or 0 for cell in watch.waiting.total.cells]
    assert sum(ages[:4]) == ages[4] > ages[5] > 0
    assert watch.target.percent == 14  # 1 of 7


def test_the_ages_are_those_of_the_district_report(kerala: World) -> None:
    one_of_each(kerala)
    for day in ("2026-10-30", "2026-11-13", "2026-11-20", "2026-11-24"):
        moved(kerala.file("submitted"), "2026-10-01 10:00", (f"{day} 23:59", "submitted"))
        moved(kerala.file("submitted"), "2026-10-01 10:00", (f"{day} 00:00", "submitted"))
    places = list(District.objects.all())
    report = {
        row.district.code: row.figures for row in queries.by_district(queries.this_month(), places) if row.district
    }
    tally = Tally(places, None, kerala.directorate)
    for code in ("EKM", "TSR"):
        ages = [tally.count(Narrow(district=code, stage="with_dic", age=key)) for key in AGE_KEYS]
        assert ages == report[code].ages
        states = {key: tally.count(Narrow(district=code, stage=key)) for key, _states in FUNNEL}
        assert states == report[code].states


def test_what_no_figure_of_the_page_shows_is_not_taken_for_nought(kerala: World) -> None:
    tally = Tally(list(District.objects.all()), None, kerala.directorate)
    with pytest.raises(ValueError, match="no figure of the watch"):
        tally.count(Narrow(holder="gm", stage="appraised"))


def test_a_decision_that_is_not_released_reads_like_any_file_before_the_committee(
    kerala: World, sign_in: Client
) -> None:
    files = [kerala.file("scrutiny") for _number in range(2)]
    for file, state in zip(files, ("committee", "decided"), strict=True):
        Application.objects.filter(pk=file.pk).update(state=state)
    client = sign_in(kerala.directorate)
    page = text_of(client.get("/watch/files/?stage=committee"))
    assert page.count('<span class="m-tag m-tag--committee">Before the State-Level Approval Committee</span>') == 2
    sheet = b"".join(client.get("/watch/files/export.csv").streaming_content).decode()
    assert sheet.count("Before the State-Level Approval Committee") == 2
    for text in (page, sheet, text_of(client.get("/watch/"))):
        assert "Decided" not in text


def test_round_and_measure_come_from_lists_and_survive_a_reload(kerala: World, sign_in: Client) -> None:
    one_of_each(kerala)
    Round.objects.create(
        number=4, opens_at=now().replace(year=2027), closes_at=now().replace(year=2028), cut_off="2027-03-31"
    )
    client = sign_in(kerala.auditor)
    page = text_of(client.get("/watch/"))
    assert "Round 3, 14 districts" in page  # the open one, not the newest
    assert "Make a district report" not in page
    assert "Round 4, 14 districts" in text_of(client.get("/watch/?round=4&show=late"))
    for measure in MEASURES:
        page = text_of(client.get(f"/watch/?round=all&show={measure}"))
        assert "All rounds, 14 districts" in page
        assert f'<option value="{measure}" selected>' in page
        assert len(re.findall(r'class="q[1-5]" d="', page)) == DISTRICTS
    page = text_of(client.get("/watch/?round=99&show=state__in&nothing=1"))
    assert "so it was left out: Round, Show on the map." in page
    assert "Round 3, 14 districts" in page
    page = text_of(client.get("/watch/files/?district=ZZZ&stage=sent&late=no&sort=pan&round=0"))
    assert "so it was left out: Round, District, Clock, Order." in page
    assert "<h1>Handed in</h1>" in page


def test_questions_do_not_grow_with_the_files(kerala: World, sign_in: Client) -> None:
    client, asked = sign_in(kerala.directorate), []
    for more in (1, 2):
        for _number in range(more):
            kerala.file("scrutiny")
            kerala.file("draft")
        found = []
        for address in ("/watch/", "/watch/files/", "/watch/table.csv", "/watch/files/export.csv"):
            client.get(address)
            with CaptureQueriesContext(
                connection,
            ) as queries_:
                answer = client.get(address)
                b"".join(answer.streaming_content) if answer.streaming else answer.content
            found.append(len(queries_))
        asked.append(found)
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 14, asked


def test_the_steps_of_the_map_are_ordered_and_hold_every_figure() -> None:
    for most in (0, 1, 4, 5, 9, 100, 1284):
        values = [0, most // 2, most, None]
        size = districtmap.step_size(values)
        assert most // size < districtmap.STEPS
        assert len(districtmap.key_of(size)) == districtmap.STEPS
    assert districtmap.key_of(districtmap.step_size([9])) == [
        (1, "0–1"),
        (2, "2–3"),
        (3, "4–5"),
        (4, "6–7"),
        (5, "8–9"),
    ]
    assert districtmap.key_of(1, " %")[0] == (1, "0 %")
    assert districtmap.key_of(districtmap.step_size([3, None], 20), " %")[4] == (5, "80–99 %")


def test_the_watch_is_for_who_sees_the_state() -> None:
    assert {role for role, held in ROLE_PERMISSIONS.items() if Permission.SEE_STATE in held} == {
        Role.DIRECTORATE,
        Role.AUDITOR,
    }
