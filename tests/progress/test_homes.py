"""The first page, where each role is sent, the applicant's home, the desk."""

import re
from datetime import timedelta

import pytest

from applications.models import Application, DocumentVersion, Enterprise, EnterpriseMember, Round
from districts import calendar
from evaluation import actions
from evaluation.models import Assessment, Shortlist
from progress import charts
from records.clock import now, today
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
     ("directorate", "/reports/"), ("auditor", "/reports/"), ("administrator", "/staff/")],
)  # fmt: skip
def test_home_sends_each_role_to_its_home(world, sign_in, who, address):
    client = sign_in(world.people[who])
    answer = client.get("/home/")
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("who", ["facilitator", "agency", "convenor", "member", "handholder"])
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
    assert "day 0 of 15" in page
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
    with django_assert_num_queries(19):
        client.get("/my/")
    world.file(state)
    world.file(state)
    with django_assert_num_queries(19):
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


# ---- The desk -------------------------------------------------------------------------------------------------
def test_an_empty_desk_says_what_will_fill_it(world, sign_in):
    page = text_of(sign_in(world.officer).get("/desk/"))
    assert "Nothing waits on your desk" in page
    assert "Files appear here when enterprises submit them" in page


def test_the_desk_is_ordered_by_age_and_says_who_holds_each_file(world, sign_in):
    new, old = world.file(), world.file("scrutiny")
    Application.objects.filter(pk=old.pk).update(since=now().replace(year=now().year - 1), contested=True)
    page = text_of(sign_in(world.manager).get("/desk/"))
    assert page.index(old.reference) < page.index(new.reference)
    assert "2 files" in page
    assert "DIC officer, DIC Ernakulam" in page
    assert "not taken up" in page
    assert "days over" in page
    assert "Day 0 of 5" in page
    assert page.count("the same Udyam number or PAN stands in another application") == 1
    assert f'href="/desk/{new.reference}/"' in page


@pytest.mark.parametrize(
    ("state", "shown"),
    [("new", 0), ("scrutiny", 1), ("appraisal", 2), ("with_applicant", 3), ("all", None), ("nonsense", None)],
)
def test_each_queue_of_the_desk_has_its_address(world, sign_in, state, shown):
    files = [world.file(one) for one in ("submitted", "scrutiny", "appraisal", "clarification")]
    answer = sign_in(world.officer).get(f"/desk/?state={state}")
    page = text_of(answer)
    assert answer.status_code == 200
    there = [place for place, file in enumerate(files) if file.reference in page]
    assert there == ([0, 1, 2, 3] if shown is None else [shown])
    assert ("There is no such queue; all files are shown." in page) is (state == "nonsense")


def test_an_empty_queue_leads_back_to_all(world, sign_in):
    world.file()
    page = text_of(sign_in(world.officer).get("/desk/?state=appraised"))
    assert "No file in the queue “Appraised”" in page
    assert '<a href="/desk/">Show all files on the desk</a>' in page


def test_the_evaluator_sees_files_given_and_no_district(world, sign_in):
    other = world.in_appraisal()
    file = world.in_appraisal()
    world.named(file)
    page = text_of(sign_in(world.evaluator).get("/desk/"))
    assert file.reference in page
    assert other.reference not in page
    assert "Your scorecard: Accepted" in page
    assert "/progress/" not in page


def test_another_districts_desk_is_another(world, sign_in):
    file = world.file()
    page = text_of(sign_in(world.stranger).get("/desk/"))
    assert file.reference not in page
    assert "Thrissur" in page


@pytest.mark.parametrize(
    ("state", "who", "what"),
    [("draft", "manager", "to freeze"), ("frozen", "officer", "to check"), ("checked", "gm", "to approve")],
)
def test_a_packet_waits_for_the_person_whose_turn_it_is(world, sign_in, state, who, what):
    world.appraised()
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    if state != "draft":
        actions.freeze(packet, by=world.manager)
    if state == "checked":
        actions.check(packet, by=world.officer)
    waits = {
        name: f"{packet.number}</a>" in text_of(sign_in(world.people[name]).get("/desk/"))
        for name in ("officer", "officer2", "manager", "gm", "evaluator", "stranger")
    }
    # a draft may be frozen by its manager; officer2 scored the file, so may not check; officer did not
    assert [name for name, waiting in waits.items() if waiting] == [who]
    assert f"<strong>{what}</strong>" in text_of(sign_in(world.people[who]).get("/desk/"))


def test_appraised_files_wait_for_a_shortlist(world, sign_in):
    world.appraised()
    assert "DIC Ernakulam, Round 3: 1 appraised file is ready." in text_of(sign_in(world.manager).get("/desk/"))
    assert "appraised file is ready" not in text_of(sign_in(world.officer).get("/desk/"))


@pytest.mark.parametrize("who", ["owner", "directorate", "administrator", "auditor", "handholder"])
def test_who_has_no_desk_is_told_so(world, sign_in, who):
    answer = sign_in(world.people[who]).get("/desk/")
    assert answer.status_code == 403
    assert "The desk is for officers, managers, General Managers and evaluators." in text_of(answer)


@pytest.mark.parametrize("who", ["officer", "manager", "gm", "evaluator"])
def test_the_desk_takes_at_most_12_queries_the_same_for_1_and_3_files(
    world, sign_in, who, django_assert_max_num_queries
):
    calendar.holidays()
    client = sign_in(world.people[who])
    seen = []
    for number in (1, 2):
        for _file in range(number):
            world.named(world.in_appraisal())
        call, _made = Round.objects.get_or_create(
            number=number + 2, defaults={"opens_at": now(), "closes_at": now() + timedelta(days=1), "cut_off": today()}
        )
        Shortlist.objects.create(number=f"SL-{number}", round=call, office=world.dic, serial=1, made_by=world.manager)
        client.get("/desk/")
        with django_assert_max_num_queries(12) as made:
            assert client.get("/desk/").status_code == 200
        seen.append(len(made))
    assert seen[0] == seen[1]
    assert Assessment.objects.count() == 6


def test_a_long_desk_comes_in_pages_that_keep_the_queue(world, sign_in):
    for _file in range(26):
        world.file()
    client = sign_in(world.officer)
    page = text_of(client.get("/desk/?state=new"))
    assert "26 files" in page
    assert "?state=new&amp;page=2" in page
    assert text_of(client.get("/desk/?state=new&page=2")).count("/desk/M1K-") == 1
    for nonsense in ("0", "-1", "99", "x", "9" * 400):
        assert client.get(f"/desk/?page={nonsense}").status_code == 200
