"""Figures as pages, the reports made of them: who, with what, and what wrong input is answered."""

import csv
import io
import re
import zipfile
from html import unescape

import pytest

from accounts.models import Posting
from districts import calendar
from districts.models import District
from progress import actions, documents, queries, table
from records.clock import moved_to
from records.models import Job, JobState, Paper
from records.verdicts import Refused
from tests.progress.conftest import at, moved, text_of
from tests.racing import together

MONTH = "2026-05"


@pytest.fixture
def may(world):
    """One file received in Ernakulam in May 2026, one in Thrissur, read in July."""
    for office in (world.dic, world.other_dic):
        moved(world.file("submitted", office=office), "2026-05-01 10:00", ("2026-05-10 10:00", "submitted"))
    with moved_to(at("2026-07-15 12:00")):
        yield world


def make(client, **changes):
    return client.post("/reports/", {"district": "EKM", "month": MONTH, "language": "en"} | changes)


# ---- A district's page ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["officer", "manager", "gm", "directorate", "auditor"])
def test_the_districts_page_shows_the_reports_figures(may, sign_in, who):
    answer = sign_in(may.people[who]).get(f"/districts/EKM/progress/?month={MONTH}")
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Files as they stood at the end of 31-05-2026." in page
    assert re.search(r'<th scope="row">Received at DIC</th>.*?<td class="m-n">1</td>', page)
    assert page.count('<svg class="m-bar"') == 14 + 4 + 7 + 6 + 4
    assert ('href="/reports/?district=EKM&amp;month=2026-05#make"' in page) is (who != "auditor")


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("stranger", "Your post does not reach this district: Ernakulam."),
        ("owner", "This page is for officers of the Department."),
        ("evaluator", "This page is for officers of the Department."),
        ("administrator", "This page is for officers of the Department."),
        ("convenor", "This page is for officers of the Department."),
    ],
)
def test_another_districts_page_is_refused_with_its_reason(may, sign_in, who, sentence):
    answer = sign_in(may.people[who]).get("/districts/EKM/progress/")
    assert answer.status_code == 403
    assert sentence in text_of(answer)


def test_the_districts_page_begins_with_the_running_month(may, sign_in):
    page = text_of(sign_in(may.gm).get("/districts/EKM/progress/"))
    assert "Counted up to 15-07-2026, 12:00 IST." in page
    assert 'value="2026-07"' in page


@pytest.mark.parametrize(
    ("month", "sentence"),
    [
        ("2026-08", "This month has not begun. Choose this month or an earlier one."),
        ("hello", "Write the month as YYYY-MM, for example 2026-07."),
        ("1999-01", "Mission 1000 began in April 2023. Choose 2023-04 or a later month."),
        ("2" * 300, "Write at most 20 characters"),
    ],
)
@pytest.mark.parametrize(
    "address", ["/districts/EKM/progress/", "/reports/", "/reports/table.csv", "/reports/table.xlsx"]
)
def test_a_wrong_month_is_answered_with_its_sentence(may, sign_in, address, month, sentence):
    answer = sign_in(may.gm).get(f"{address}?month={month}")
    page = unescape(text_of(answer))
    assert answer.status_code == 400
    assert sentence in page
    assert "Counted up to 15-07-2026, 12:00 IST." in page
    assert month[:20] in page


def test_an_unknown_district_is_not_there(may, sign_in):
    client = sign_in(may.directorate)
    assert client.get("/districts/XYZ/progress/").status_code == 404
    assert client.get("/districts/ekm/progress/")["Location"] == "/districts/EKM/progress/"


# ---- The Directorate's page -----------------------------------------------------------------------------------
def test_the_directorate_sees_every_district_with_zeros_and_the_sum(may, sign_in):
    page = text_of(sign_in(may.directorate).get(f"/reports/?month={MONTH}"))
    for code in District.objects.values_list("code", flat=True):
        assert f'href="/districts/{code}/progress/?month={MONTH}"' in page
    sums = re.findall(r'<td class="m-n">([\d,]+)</td>', page[page.index("<tfoot>") : page.index("</tfoot>")])
    assert sums[:4] == ["2", "0", "0", "2"]
    assert f"{District.objects.count()} districts" in page


def test_a_general_manager_sees_the_own_district_only(may, sign_in):
    page = text_of(sign_in(may.gm).get("/reports/"))
    assert "1 district<" in page
    assert "TSR" not in page
    assert "<tfoot>" not in page


@pytest.mark.parametrize("who", ["owner", "evaluator", "convenor", "member", "handholder", "administrator", "agency"])
def test_who_reads_no_reports_is_told_so(may, sign_in, who):
    client = sign_in(may.people[who])
    for address in ("/reports/", "/reports/table.csv", "/reports/table.xlsx"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "Reports are read by officers of the district and of the Directorate." in text_of(answer)
    assert make(client).status_code == 403
    assert not Paper.objects.exists()


def test_the_exports_hold_exactly_the_table(may, sign_in):
    client = sign_in(may.directorate)
    answer = client.get(f"/reports/table.csv?month={MONTH}")
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    with moved_to(at("2026-07-15 12:00")):
        shown, total = queries.state_table(MONTH)
    expected = [[str(cell) for cell in line] for line in (table.header(), *table.lines(shown, total))]
    assert rows == expected
    assert answer["Content-Disposition"] == 'attachment; filename="districts-2026-05.csv"'
    book = client.get(f"/reports/table.xlsx?month={MONTH}")
    with zipfile.ZipFile(io.BytesIO(book.content)) as opened:
        sheet = opened.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall(r"<v>(\d+)</v>", sheet) == [cell for line in expected[1:] for cell in line[1:]]
    assert re.findall(r"<t[^>]*>(.*?)</t>", sheet) == [*expected[0], *(line[0] for line in expected[1:])]


def test_a_gms_export_has_the_own_district_and_no_sum(may, sign_in):
    rows = list(csv.reader(io.StringIO(b"".join(sign_in(may.gm).get("/reports/table.csv")).decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["District", "Ernakulam"]


def test_the_sum_of_two_districts_is_not_called_the_states(may, sign_in):
    Posting.objects.create(user=may.gm, role="gm", office=may.other_dic, starts=at("2026-01-01 10:00").date())
    client = sign_in(may.gm)
    rows = list(csv.reader(io.StringIO(b"".join(client.get("/reports/table.csv")).decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["District", "Ernakulam", "Thrissur", "All"]
    page = text_of(client.get("/reports/"))
    assert re.findall(r"<tfoot><tr><th[^>]*>(.*?)</th>", page) == ["All"]
    shown, _total = queries.state_table(MONTH)
    assert table.sum_label(shown[:1] * 14) == "Kerala"


# ---- Making a report ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["officer", "manager", "gm", "directorate"])
def test_a_report_is_made_on_the_page(may, sign_in, who):
    client = sign_in(may.people[who])
    answer = make(client)
    paper = Paper.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/reports/{paper.number}/")
    assert re.fullmatch(r"DR-EKM-202605-[A-Z2-9]{6}", paper.number)
    page = text_of(client.get(answer["Location"]))
    assert "The report is frozen and numbered. Its PDF is being made." in page
    assert "waits for the worker (queued)" in page
    listed = text_of(client.get("/reports/"))
    assert "1 report, newest first" in listed
    assert paper.number in listed


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"district": "TSR"}, "Choose one from the list"),
        ({"district": ""}, "Fill this in."),
        ({"month": "2026-09"}, "This month has not begun. Choose this month or an earlier one."),
        ({"month": ""}, "Fill this in."),
        ({"month": "<script>"}, "Write the month as YYYY-MM, for example 2026-07."),
        ({"language": "fr"}, "Choose one from the list"),
    ],
)
def test_a_wrong_report_makes_nothing_and_keeps_what_was_typed(may, sign_in, changes, sentence):
    answer = make(sign_in(may.gm), **changes)
    page = text_of(answer)
    assert answer.status_code == 400
    assert sentence in page
    assert "<script>" not in page.replace("<script src", "")
    if "month" in changes:
        assert f'value="{changes["month"]}"'.replace("<script>", "&lt;script&gt;") in page or not changes["month"]
    assert not Paper.objects.exists()


def test_an_auditor_makes_nothing(may, sign_in):
    client = sign_in(may.auditor)
    page = text_of(client.get("/reports/"))
    assert "An auditor reads everything and makes nothing." in page
    assert "Make the report" not in page
    answer = make(client)
    assert answer.status_code == 403
    assert "An auditor reads everything and makes nothing." in text_of(answer)
    assert not Paper.objects.exists()


def test_the_act_asks_the_rules_again(may):
    with pytest.raises(Refused, match="does not reach this district: Ernakulam"):
        actions.make_report(may.district, MONTH, by=may.other_gm)
    with pytest.raises(Refused, match="Choose English or Malayalam"):
        actions.make_report(may.district, MONTH, by=may.gm, language="fr")
    assert not Paper.objects.exists()


def test_a_second_click_gives_the_same_report(may):
    first = actions.make_report(may.district, MONTH, by=may.gm)
    assert actions.make_report(may.district, MONTH, by=may.gm) == first
    assert actions.make_report(may.district, MONTH, by=may.gm, language="ml") != first
    assert Paper.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("first_file")
def test_two_clicks_at_once_make_one_report(world):
    made = together(*[lambda: actions.make_report(world.district, MONTH, by=world.gm).number] * 4)
    assert set(made) == {Paper.objects.get().number}
    assert Job.objects.count() == 1


def test_a_later_report_of_the_month_supersedes_the_earlier(may, sign_in):
    old = actions.make_report(may.district, MONTH, by=may.gm)
    new = actions.make_report(may.district, MONTH, by=may.officer)
    other = actions.make_report(may.district, "2026-06", by=may.officer)
    old.refresh_from_db()
    assert (old.superseded_by, new.superseded_by, other.superseded_by) == (new, None, None)
    client = sign_in(may.gm)
    assert "A later report of this month stands in its place:" in text_of(client.get(f"/reports/{old.number}/"))
    assert "superseded by" in text_of(client.get("/reports/"))


# ---- The list of reports --------------------------------------------------------------------------------------
def test_reports_are_found_by_district_and_month(may, sign_in):
    made = {
        (code, month): actions.make_report(District.objects.get(code=code), month, by=may.directorate).number
        for code, month in (("EKM", MONTH), ("EKM", "2026-06"), ("TSR", MONTH))
    }
    client = sign_in(may.directorate)
    for query, expected in (
        ("", set(made)),
        ("district=EKM", {("EKM", MONTH), ("EKM", "2026-06")}),
        (f"month={MONTH}", {("EKM", MONTH), ("TSR", MONTH)}),
        (f"district=TSR&month={MONTH}", {("TSR", MONTH)}),
    ):
        page = text_of(client.get(f"/reports/?{query}"))
        assert {key for key, number in made.items() if number in page} == expected
    assert "No report matches" in text_of(client.get("/reports/?month=2024-01"))
    unknown = client.get("/reports/?district=XYZ")
    assert unknown.status_code == 400
    assert "Choose one of the districts in the list." in text_of(unknown)


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("gm", "Choose a district and a month and make the first."),
        ("auditor", "Reports that officers make will stand here."),
    ],
)
def test_no_report_yet_says_what_to_do(may, sign_in, who, words):
    page = text_of(sign_in(may.people[who]).get("/reports/"))
    assert "No report yet" in page
    assert words in page


def test_many_reports_come_in_pages_that_keep_the_filter(may, sign_in):
    for number in range(21):
        actions.make_report(may.district, MONTH, by=may.gm)
        Paper.objects.update(issued_by=f"user:{number}x")
    client = sign_in(may.gm)
    page = text_of(client.get("/reports/?district=EKM"))
    assert "21 reports, newest first" in page
    assert "?district=EKM&amp;page=2" in page
    assert len(set(re.findall(r"/reports/(DR-[^/]*)/\"", text_of(client.get("/reports/?page=2"))))) >= 1
    assert client.get("/reports/?page=99x").status_code == 200


def test_a_report_is_there_only_for_those_who_reach_the_district(may, sign_in):
    paper = actions.make_report(may.district, MONTH, by=may.gm)
    for who in may.people:
        answer = sign_in(may.people[who]).get(f"/reports/{paper.number}/")
        expected = 200 if who in {"officer", "officer2", "manager", "manager2", "gm", "directorate", "auditor"} else 404
        assert (who, answer.status_code) == (who, expected)
    assert sign_in(may.gm).get("/reports/DR-EKM-202605-AAAAAA/").status_code == 404


def test_the_page_of_a_report_keeps_the_frozen_figures(may, sign_in):
    paper = actions.make_report(may.district, MONTH, by=may.gm)
    moved(may.file("submitted"), "2026-05-01 10:00", ("2026-05-11 10:00", "submitted"))
    client = sign_in(may.gm)
    row = r'<th scope="row">Received at DIC</th>.*?<td class="m-n">(\d+)</td>'
    assert re.findall(row, text_of(client.get(f"/reports/{paper.number}/"))) == ["1"]
    assert re.findall(row, text_of(client.get(f"/districts/EKM/progress/?month={MONTH}"))) == ["2"]


def test_a_failed_report_says_why_and_is_made_again_on_request(may, sign_in):
    paper = actions.make_report(may.district, MONTH, by=may.gm)
    Paper.objects.update(state=JobState.FAILED, error="The PDF libraries are missing.")
    Job.objects.update(
        state=JobState.FAILED, error="The PDF libraries are missing.", finished_at=at("2026-07-15 12:00")
    )
    client = sign_in(may.gm)
    page = text_of(client.get(f"/reports/{paper.number}/"))
    assert "The PDF has failed." in page
    assert "The PDF libraries are missing." in page
    assert f'action="/papers/{paper.number}/"' in page
    assert "failed" in text_of(client.get("/reports/"))
    assert client.post(f"/papers/{paper.number}/").status_code in {302, 303}
    paper.refresh_from_db()
    assert (paper.state, Job.objects.filter(state=JobState.QUEUED).count()) == (JobState.QUEUED, 1)


@pytest.mark.parametrize("address", ["/reports/", "/districts/EKM/progress/"])
def test_lists_take_the_same_queries_for_1_and_3_rows(may, sign_in, address, django_assert_max_num_queries):
    calendar.holidays()
    client = sign_in(may.gm)
    seen = []
    for number in (1, 2):
        for _report in range(number):
            Paper.objects.update(issued_by="user:earlier")
            actions.make_report(may.district, "2026-07", by=may.gm)
        client.get(address)
        with django_assert_max_num_queries(15) as made:
            client.get(address)
        seen.append(len(made))
    assert seen[0] == seen[1]
    assert Paper.objects.count() == 3


def test_the_words_of_a_report_follow_the_reader(may):
    report = documents.report_of(may.district, MONTH, "ml")
    assert report.title_ml == "ജില്ലാ റിപ്പോർട്ട്, എറണാകുളം, 05-2026"
    assert (report.language, report.scope, report.number_prefix) == ("ml", "DIC-EKM", "DR-EKM-202605")
