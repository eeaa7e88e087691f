"""Journey 4, the report: from the map to rows, to a table, to a district's report, as the Directorate goes, in a real browser."""

import re
from pathlib import Path

import pytest

from records.clock import today
from tests.e2e import judging
from tests.e2e.faults import faults
from tests.e2e.test_journeys import HANDS, pdf_text
from tests.e2e.visitor import Visitor, Visitors

pytestmark = pytest.mark.prints
WHO = "directorate@demo.test"
STALE = 20 * 60  # seconds since the second factor: too old for a table of names


@pytest.fixture
def director(guests: Visitors, hands: str) -> Visitor:
    return guests.known(WHO, factor_age=STALE, **HANDS[hands]).go("/watch/")


@pytest.mark.parametrize("hands", HANDS)
def test_the_directorate_goes_from_the_map_to_the_rows_and_takes_a_report_away(director: Visitor, tmp_path: Path):
    opens_the_rows(director)
    takes_the_table_away(director)
    director.go("/watch/")
    director.press("main a[href='/reports/#make']")
    number = makes_a_report(director)
    text = pdf_text(director, number, tmp_path)
    for words in (number, "Ernakulam", today().strftime("%m-%Y")):
        assert words in text


def opens_the_rows(person: Visitor) -> None:
    """The figure on the map is the number of rows it opens."""
    person.go("/watch/")
    land = "svg.m-map a[aria-label^='Ernakulam']"
    figure = re.search(r"\d+", person.find(land).get_attribute("aria-label") or "")
    person.press(land)
    assert figure is not None
    assert f"{figure[0]} file" in person.find("#count").inner_text()
    assert person.page.locator("main tbody tr").count() == int(figure[0])


def takes_the_table_away(person: Visitor) -> None:
    """The list as a table: the second factor is asked anew, then the file comes."""
    rows = person.page.locator("main tbody .m-ref").all_inner_texts()
    person.press("main a[href*='/export.csv']")
    assert "/reauthenticate/" in person.path
    person.write("code", person.portal.code(WHO))
    button = person.reach("main form button.btn-primary")
    with person.page.expect_download() as coming:
        if person.keyboard:
            person.page.keyboard.press("Enter")
        else:
            button.click(no_wait_after=True)
    lines = coming.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == rows


def makes_a_report(person: Visitor) -> str:
    """Queue the report of Ernakulam for this month; its number, once its PDF is there."""
    person.reach("#make_district").select_option("EKM")
    person.press("#make form button.btn-primary")
    number = person.path.split("/")[2]
    judging.done(person, f"/reports/{number}/", "(PDF)")
    return number


@pytest.mark.parametrize("hands", ["mouse"])
def test_a_later_report_stands_in_the_place_of_the_earlier_and_no_month_is_ahead(guests: Visitors, director: Visitor):
    manager = guests.known("gm.ekm@demo.test").go("/reports/")
    earlier = makes_a_report(manager)
    director.go("/reports/")
    later = makes_a_report(director)
    manager.go(f"/reports/{earlier}/")
    assert "Superseded." in manager.text
    assert later in manager.text
    # Of this month alone: on the first day of a month the portal makes those of all districts for the last one.
    director.go(f"/reports/?month={today():%Y-%m}")
    assert f"superseded by {later}" in director.text
    ahead = f"{today().year + 1}-01"
    director.reach("#make_month").fill(ahead)
    director.press("#make form button.btn-primary")
    assert "This month has not begun. Choose this month or an earlier one." in director.text
    assert director.find("#make_month").input_value() == ahead


@pytest.mark.parametrize("language", ["en", "ml"])
def test_the_page_of_a_report_that_is_being_made_follows_the_worker_by_itself(guests: Visitors, language: str):
    manager = guests.known("gm.ekm@demo.test", language).go("/reports/")
    number = makes_a_report(manager)
    manager.portal.ask("file_acts.say_of_paper", number, "running")
    manager.go(f"/reports/{number}/")
    assert manager.page.locator("main progress").count() == 1
    assert faults(manager) == ""
    manager.portal.ask("file_acts.say_of_paper", number, "ready")
    manager.find(f"main .m-job a[href='/papers/{number}/']").wait_for()
    assert manager.page.locator("main progress").count() == 0
