"""The first page, where each role is sent, the applicant's home. The desk has files of its own."""

import re

import pytest

from applications.models import DocumentVersion, Enterprise, EnterpriseMember, Round
from districts import calendar
from evaluation import actions
from progress import charts
from records.clock import now
from tests.progress.conftest import text_of


def filled(page: str) -> list[str]:
    """The words of every filled button."""
    return re.findall(r'class="btn btn-primary"[^>]*>([^<]*)<', page)


# ---- The first page -------------------------------------------------------------------------------------------
def test_the_first_page_says_what_it_is_with_an_open_round(world, client):
    answer = client.get("/")
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Help for 1,000 Kerala enterprises to grow to ₹100 crore" in page
    assert "Round 3 is open." in page
    assert "30 days left." in page
    assert filled(page) == ["Check if you can apply"]
    for address in ("/check/", "/accounts/login/", "/accounts/signup/", "/scheme/", "/districts/EKM/"):
        assert f'href="{address}"' in page
    assert 'aria-label="0 of 1,000 squares filled"' in page


def test_the_first_page_without_a_round(world, client):
    Round.objects.update(opens_at=now().replace(year=2020), closes_at=now().replace(year=2021))
    page = text_of(client.get("/"))
    assert "No round is open." in page
    assert "When the Department opens one, its dates stand here." in page
    Round.objects.update(opens_at=now().replace(year=2090), closes_at=now().replace(year=2091))
    assert "Round 3 opens on" in text_of(client.get("/"))


def test_the_first_page_in_malayalam_is_malayalam(world, client):
    client.cookies["django_language"] = "ml"
    answer = client.get("/")
    assert '<html lang="ml">' in answer.content.decode()
    assert "എറണാകുളം" in text_of(answer)


def test_somebody_signed_in_gets_the_first_page_with_a_way_to_their_own(world, sign_in):
    page = text_of(sign_in(world.owner).get("/"))
    assert 'href="/home/">Go to my page<' in page


def test_a_selected_enterprise_fills_a_square(world, client):
    world.file("selected", ended_at=now())
    assert 'aria-label="1 of 1,000 squares filled"' in text_of(client.get("/"))


@pytest.mark.parametrize(
    ("selected", "drawn"), [(0, (0, 200, 0)), (412, (200, 80, 120)), (1000, (500, 200, 0)), (1203, (500, 200, 0))]
)
def test_the_thousand_squares(selected, drawn):
    squares = charts.thousand(selected)
    assert (squares.number, (squares.full, squares.top, squares.rest)) == (selected, drawn)


# ---- Where each role goes -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "address"),
    [("owner", "/my/"), ("officer", "/desk/"), ("evaluator", "/desk/"), ("manager", "/desk/"), ("gm", "/desk/"),
     ("directorate", "/watch/"), ("auditor", "/watch/"), ("administrator", "/staff/"),
     ("convenor", "/committee/"), ("member", "/committee/")],
)  # fmt: skip
def test_home_sends_each_role_to_its_home(world, sign_in, who, address):
    client = sign_in(world.people[who])
    answer = client.get("/home/")
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("who", ["facilitator", "agency", "handholder"])
def test_a_role_without_a_home_reads_what_it_can_do_today(world, sign_in, who):
    client = sign_in(world.people[who])
    answer = client.get("/home/")
    page = text_of(answer)
    assert answer.status_code == 200
    assert "What you can do here today" in page
    assert "Later " in page
    for address in re.findall(r'href="(/[^"]*)"', page):
        if not address.startswith("/static/"):
            assert client.get(address).status_code in {200, 302}, address


def test_home_asks_a_visitor_to_sign_in(client, db):
    assert client.get("/home/")["Location"] == "/accounts/login/?next=/home/"


# ---- The applicant --------------------------------------------------------------------------------------------
def test_an_applicant_without_an_enterprise_is_told_what_to_do(world, sign_in):
    page = text_of(sign_in(world.owner).get("/my/"))
    assert "No enterprise yet" in page
    assert filled(page) == ["Add an enterprise"]


def test_a_draft_says_what_is_missing_and_has_the_one_filled_button(world, sign_in):
    file = world.file("draft")
    page = text_of(sign_in(world.owner).get("/my/"))
    assert "Not yet submitted" in page
    assert re.search(r"Your turn: \d+ things are missing\.", page)
    assert filled(page) == ["Continue with: Enterprise and Udyam"]
    assert f'href="/applications/{file.reference}/enterprise/"' in page
    assert "30 days left." in page


def test_a_draft_of_a_closed_round_cannot_be_sent(world, sign_in):
    world.file("draft")
    Round.objects.update(opens_at=now().replace(year=2020), closes_at=now().replace(year=2021))
    page = text_of(sign_in(world.owner).get("/my/"))
    assert "The round has closed; this application was not sent in time and can only be read." in page
    assert filled(page) == []


def test_a_file_under_scrutiny_has_its_clock_and_nothing_to_do(world, sign_in):
    file = actions.take_up(world.file(), by=world.officer)
    page = text_of(sign_in(world.owner).get("/my/"))
    assert "Being checked by your DIC" in page
    assert "Day 0 of 15" in page
    assert "Nothing for you to do now. The file is with DIC Ernakulam." in page
    assert f'href="/applications/{file.reference}/documents/"' in page
    assert filled(page) == []


def test_a_rejected_document_is_the_applicants_turn(world, sign_in):
    file = world.file("scrutiny")
    version = DocumentVersion.objects.filter(slot__application=file).first()
    actions.judge_document(version, accept=False, reason="unreadable", by=world.officer)
    page = text_of(sign_in(world.owner).get("/my/"))
    assert "Your turn: 1 document was rejected." in page
    assert filled(page) == ["Send it again"]


def test_an_enterprise_that_has_not_applied_is_offered_the_open_round(world, sign_in):
    file = world.file("withdrawn", ended_at=now())
    page = text_of(sign_in(world.owner).get("/my/"))
    assert filled(page) == ["Begin the application"]
    assert f'href="/applications/new/?enterprise={file.enterprise_id}"' in page


def test_internal_words_and_other_peoples_files_are_not_shown(world, sign_in):
    world.appraised()
    other = world.file("scrutiny")
    EnterpriseMember.objects.filter(enterprise=other.enterprise).delete()
    page = text_of(sign_in(world.owner).get("/my/"))
    assert "Being appraised" in page
    assert other.reference not in page
    for word in ("Appraised", "shortlist,", "scorecard"):
        assert word not in page


@pytest.mark.parametrize("who", ["officer", "directorate", "administrator", "convenor"])
def test_a_post_has_no_applications_of_its_own(world, sign_in, who):
    answer = sign_in(world.people[who]).get("/my/")
    assert answer.status_code == 403
    assert "This page is for applicants." in text_of(answer)


@pytest.mark.parametrize("state", ["draft", "scrutiny"])
def test_my_takes_the_same_queries_for_1_and_3_files(world, sign_in, state, django_assert_num_queries):
    calendar.holidays()
    world.file(state)
    client = sign_in(world.owner)
    client.get("/my/")
    with django_assert_num_queries(20):
        client.get("/my/")
    world.file(state)
    world.file(state)
    with django_assert_num_queries(20):
        assert "3 applications" in text_of(client.get("/my/"))


def test_many_enterprises_come_in_pages(world, sign_in):
    for number in range(21):
        enterprise = Enterprise.objects.create(
            name_en=f"Mill {number:02}", udyam_number=f"UDYAM-KL-02-{number:07}", district=world.district, taluk=world.taluk,
            made_by=world.owner,
        )  # fmt: skip
        EnterpriseMember.objects.create(enterprise=enterprise, user=world.owner)
    client = sign_in(world.owner)
    page = text_of(client.get("/my/"))
    assert "21 enterprises" in page
    assert "Mill 20" not in page
    assert "Mill 20" in text_of(client.get("/my/?page=2"))
    assert client.get("/my/?page=x").status_code == 200
