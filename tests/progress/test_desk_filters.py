"""What the desk is narrowed by: each filter, two together, odd addresses, what is taken away."""

import io
import re
import zipfile
from urllib.parse import urlsplit

import pytest

from applications.models import Application
from progress.filters import CONDITIONS, DeskFilter
from tests.progress.conftest import MOBILE, PAN, desk_page, known, listed, search_for, text_of, with_traits


@pytest.fixture
def two(world):
    """Two files of the office: the first has everything a filter asks for, the second the contrary."""
    first, second = world.file("scrutiny"), world.file("scrutiny")
    with_traits(
        first, sector="manufacturing", size="small", turnover=61_800_000, exports=True, women_led=True, sc_st=True,
        priority_sector="food", flags=2,
    )  # fmt: skip
    with_traits(second, sector="service", size="micro", turnover=5_000_000)
    Application.objects.filter(pk=first.pk).update(contested=True)
    return first, second


# ---- Filters --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "which"),
    [
        ("activity=manufacturing", 0), ("activity=service", 1), ("size=small", 0), ("size=micro", 1), ("export=yes", 0),
        ("export=no", 1), ("women=yes", 0), ("women=no", 1), ("scst=yes", 0), ("scst=no", 1), ("sector=food", 0),
        ("sector=any", 0), ("contested=yes", 0), ("contested=no", 1), ("flags=yes", 0), ("flags=no", 1),
        ("activity=manufacturing&size=micro", None), ("export=yes&women=yes", 0), ("size=micro&contested=no", 1),
    ],
)  # fmt: skip
def test_each_filter_alone_and_two_together(two, world, sign_in, query, which):
    client = sign_in(world.officer)
    wanted = [] if which is None else [two[which].reference]
    assert listed(client, query) == wanted
    assert listed(client, f"tab=mine&{query}") == wanted


def test_taluk_state_and_round_narrow_the_list(two, world, sign_in):
    file = world.file("clarification")
    client = sign_in(world.officer)
    assert len(listed(client, f"taluk={world.taluk.pk}&round=3")) == 3
    assert listed(client, f"taluk={world.taluk.pk}&state=clarification") == [file.reference]
    other = world.other_dic.district.taluks.first()
    page = desk_page(client, f"taluk={other.pk}")
    assert "so it was left out: Taluk." in page
    assert "<strong>3 files</strong>" in page


def test_a_file_without_traits_is_a_no_and_shows_no_turnover(world, sign_in):
    file = world.file("scrutiny")
    client = sign_in(world.officer)
    assert listed(client, "export=no") == listed(client, "flags=no") == [file.reference]
    assert listed(client, "export=yes") == []
    assert '"₹ crore, claimed">–<' in desk_page(client)


def test_the_list_says_what_it_is_narrowed_by_and_clears_it(two, world, sign_in):
    client = sign_in(world.officer)
    page = desk_page(client, "tab=mine&size=small&export=no&sort=-turnover")
    assert "Size: <strong>Small</strong>" in page
    assert 'href="/desk/?tab=mine&amp;export=no&amp;sort=-turnover">Remove' in page
    assert "No file matches" in page
    assert '<a href="/desk/?tab=mine">Clear the search and the filters</a>' in page
    assert '<a href="/desk/?tab=all&amp;size=small&amp;export=no&amp;sort=-turnover">Look among all files</a>' in page
    page = desk_page(client, "tab=mine&size=small")
    assert "<strong>1 file</strong>" in page
    assert '<option value="small" selected>Small</option>' in page
    assert '"₹ crore, claimed">6.18<' in page


def test_the_form_makes_an_address_that_survives_reload_and_paging(two, world, sign_in):
    client = sign_in(world.officer)
    where = search_for(client, "", tab="mine", size="small", export="", sort="clock")
    assert where == "/desk/?tab=mine&size=small"
    assert listed(client, urlsplit(where).query) == [two[0].reference]
    assert search_for(client, " ", sort="-turnover") == "/desk/?sort=-turnover"
    assert len(search_for(client, "", size="x" * 5000)) < 300


def test_every_filter_has_its_condition_and_an_evaluator_no_hints(world):
    assert set(CONDITIONS) == set(DeskFilter.base_filters) - {"sort"}


# ---- Odd addresses --------------------------------------------------------------------------------------------
ODD = ["", "x", "-1", "0", "9" * 400, "\x00", "%00", "' OR 1=1 --", "<script>", "💥", "\u202e", "a" * 3000, "yes\n", "[]",
       "None", "1e9", "pan-", "pan-zzzzzzzzzzzzzzzz", "mobile-0123456789abcdef0", "--clock", "-", "_", "../", "%"]  # fmt: skip


# What each of the four reads beside the filters.
READS = {
    "/desk/": ("tab", "page", "tick"),
    "/desk/export.xlsx": ("tab",),
    "/desk/next/": ("tab", "after"),
    "/desk/search/": ("tab", "page", "after"),
}


def goes_through(client, address, **asked):
    """Whatever is asked for, there is a list, a file, or the way to one."""
    search = address == "/desk/search/"
    answer = client.post(address, asked) if search else client.get(address, asked)
    assert answer.status_code in ({302} if search else {200, 302}), (address, list(asked))


@pytest.mark.parametrize("odd", ODD)
def test_no_address_breaks_the_desk(two, world, sign_in, odd):
    """Each filter by itself at one of the four in turn; all at once at each of them: an error in one shows there too."""
    client = sign_in(world.officer)
    for turn, name in enumerate(DeskFilter.base_filters, ODD.index(odd)):
        goes_through(client, list(READS)[turn % len(READS)], **{name: odd})
    for address, names in READS.items():
        goes_through(client, address, **dict.fromkeys(DeskFilter.base_filters, odd))
        goes_through(client, address, **dict.fromkeys(("tab", *DeskFilter.base_filters), odd))
        for name in names:
            goes_through(client, address, **{name: odd})


def test_what_is_not_known_is_left_out_and_said_so(two, world, sign_in):
    client = sign_in(world.officer)
    page = desk_page(client, "tab=nowhere&size=huge&export=yes&unheard=of&sort=password")
    assert "so it was left out: Size, Order, Queue." in page
    assert listed(client, "tab=nowhere&size=huge&export=yes") == [two[0].reference]
    assert "left out" not in desk_page(client, "unheard=of")


# ---- Taken away -----------------------------------------------------------------------------------------------
def test_the_export_is_the_list(two, world, sign_in):
    Application.objects.filter(pk=two[0].pk).update(udyam_number="UDYAM-KL-02-9999999")
    known(two[0], "Spice")
    first = two[0].enterprise
    first.name_en = "=1+1 Spices"
    first.save()
    client = sign_in(world.officer)
    answer = client.get("/desk/export.csv?tab=mine&size=small")
    text = answer.getvalue().decode()
    assert answer["Content-Disposition"].startswith('attachment; filename="desk-')
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == listed(client, "tab=mine&size=small")
    assert "'=1+1 Spices" in text
    assert "61800000" in text
    for canary in (PAN, MOBILE):
        assert canary not in text
    book = client.get("/desk/export.xlsx?tab=mine&sort=-turnover")
    with zipfile.ZipFile(io.BytesIO(book.content)) as opened:
        sheet = opened.read("xl/worksheets/sheet1.xml").decode()
    numbers = [text for text in re.findall(r"<t[^>]*>(.*?)</t>", sheet) if text.startswith("M1K-")]
    assert numbers == listed(client, "tab=mine&sort=-turnover") == [file.reference for file in two]
    assert "<f>" not in sheet


def test_an_evaluators_export_has_no_hints(world, sign_in):
    world.named(world.in_appraisal())
    heads = [
        sign_in(world.people[who]).get("/desk/export.csv").getvalue().decode().splitlines()[0]
        for who in ("evaluator", "officer")
    ]
    assert ["Things to look at" in head for head in heads] == [False, True]


def test_the_page_links_to_the_export_of_what_it_shows(two, world, sign_in):
    page = text_of(sign_in(world.officer).get("/desk/?tab=mine&size=small"))
    assert 'Export this 1: <a href="/desk/export.xlsx?tab=mine&amp;size=small">XLSX</a>' in page


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_export_takes_the_same_queries_for_1_and_3_files(world, sign_in, ending, django_assert_max_num_queries):
    client, seen = sign_in(world.officer), []
    for number in (1, 2):
        for _file in range(number):
            with_traits(world.file("scrutiny"), sector="trade")
        client.get("/desk/")
        with django_assert_max_num_queries(8) as made:
            answer = client.get(f"/desk/export.{ending}?tab=all")
            assert answer.getvalue() if ending == "csv" else answer.content
        seen.append(len(made))
    assert seen[0] == seen[1]
