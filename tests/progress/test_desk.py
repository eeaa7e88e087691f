"""The desk: tabs, order by the clock, tiles, lines and what waits on a file."""

import re
from datetime import date, timedelta

import pytest

from applications.models import Application, Clarification, DocumentVersion, EnterpriseMember, Round, Transition
from districts import calendar
from evaluation import actions
from evaluation.models import Assessment, Ineligibility, Shortlist
from progress.listing import Listing
from records.clock import now, today
from records.models import StoredFile
from tests.progress.conftest import desk_page, listed, text_of, with_traits


def due(file: Application, days: int, **values) -> Application:
    """The file due so many calendar days from today (less than none: past)."""
    Application.objects.filter(pk=file.pk).update(due_on=today() + timedelta(days=days), **values)
    return file


def asked(file: Application, by, *, answered: bool = False) -> Clarification:
    """A question to the applicant, and its answer."""
    return Clarification.objects.create(
        application=file, number=1, question="Which machine?", state_asked="scrutiny", asked_by=by,
        asked_at=now() - timedelta(days=1), due_on=today(),
        answered_by=file.filed_by if answered else None, answered_at=now() if answered else None,
    )  # fmt: skip


def sent_again(file: Application, by) -> DocumentVersion:
    """A document rejected, and its next version."""
    version = DocumentVersion.objects.filter(slot__application=file).first()
    DocumentVersion.objects.filter(pk=version.pk).update(
        state="rejected", reason="unreadable", judged_by=by, judged_at=now()
    )
    return DocumentVersion.objects.create(
        slot=version.slot, number=2, state="received", file=StoredFile.objects.first(), sent_by=file.filed_by
    )


def proposed(file: Application, by) -> Ineligibility:
    return Ineligibility.objects.create(
        application=file, rule="years", rules_version="1", reason="Began in 2025.", proposed_by=by
    )


# ---- Tabs -----------------------------------------------------------------------------------------------------
def test_each_tab_holds_what_its_name_says(world, sign_in):
    new, given = world.file(), world.file()
    Application.objects.filter(pk=given.pk).update(officer=world.officer)
    mine, other, asked_back = world.file("scrutiny"), world.file("scrutiny"), world.file("clarification")
    Application.objects.filter(pk=other.pk).update(officer=world.officer2)
    score = world.in_appraisal()
    Application.objects.filter(pk=score.pk).update(officer=world.officer2)
    world.named(score, world.officer, world.evaluator)
    appraised, closed = world.appraised(), world.file("withdrawn", ended_at=now())
    client = sign_in(world.officer)
    tabs = {
        "new": {new, given},
        "mine": {given, mine, score},
        "with_applicant": {asked_back},
        "to_check": set(),
        "shortlist": {appraised},
        "all": {new, given, mine, other, asked_back, score, appraised, closed},
    }
    for tab, files in tabs.items():
        assert set(listed(client, f"tab={tab}")) == {file.reference for file in files}, tab
    counts = re.findall(r'\?tab=(\w+)"[^>]*>[^<]*<span class="m-count">(\d+)</span>', desk_page(client))
    assert dict(counts) == {tab: str(len(files)) for tab, files in tabs.items()}


def test_to_check_holds_answers_papers_sent_again_and_for_the_gm_proposals(world, sign_in):
    answer, paper, proposal, plain = (world.file("scrutiny") for _n in range(4))
    asked(answer, world.officer, answered=True)
    sent_again(paper, world.officer)
    proposed(proposal, world.officer)
    assert set(listed(sign_in(world.officer2), "tab=to_check")) == {answer.reference, paper.reference}
    assert listed(sign_in(world.gm), "tab=to_check") == [proposal.reference]
    page = desk_page(sign_in(world.officer), "tab=all")
    for words in ("Read the answer", "Judge the paper sent again", "Verify 9 figures"):
        assert re.search(rf">{words[:6]}", page), words
    Clarification.objects.update(read_by=world.officer, read_at=now())
    assert listed(sign_in(world.officer2), "tab=to_check") == [paper.reference]
    assert plain.reference not in listed(sign_in(world.gm), "tab=to_check")


@pytest.mark.parametrize(
    ("who", "state", "tab"),
    [
        ("officer", "scrutiny", "mine"),
        ("officer2", "submitted", "new"),
        ("officer2", "clarification", "with_applicant"),
        ("gm", "submitted", "new"),
        ("gm", "scrutiny", "all"),
        ("evaluator", "scrutiny", "mine"),
    ],
)
def test_the_first_tab_shown_is_one_with_work(world, sign_in, who, state, tab):
    world.file(state)
    page = desk_page(sign_in(world.people[who]))
    assert re.search(rf'\?tab={tab}" aria-current="page"', page)


def test_the_gm_begins_with_what_is_to_be_checked(world, sign_in):
    proposed(world.file("scrutiny"), world.officer)
    world.file()
    assert '?tab=to_check" aria-current="page"' in desk_page(sign_in(world.gm))


def test_an_evaluator_has_the_files_given_and_no_hints(world, sign_in):
    other, file = world.in_appraisal(), world.in_appraisal()
    with_traits(file, flags=2)
    Application.objects.filter(pk=file.pk).update(contested=True)
    first, _second = world.named(file)
    client = sign_in(world.evaluator)
    page = desk_page(client)
    assert listed(client) == [file.reference]
    assert other.reference not in page
    assert "Your scorecard: Accepted" in page
    assert f'href="/desk/{file.reference}/scorecard/">Open your scorecard<' in page
    for word in ("Contested", "to look at", "To look at", "/progress/", "m-bulk", "received in"):
        assert word not in page, word
    world.lock(first, 4, 3, 4, 3, 5)
    assert listed(client, "tab=mine") == []
    assert listed(client, "tab=all") == [file.reference]


def test_an_empty_desk_says_what_will_fill_it(world, sign_in):
    page = desk_page(sign_in(world.officer))
    assert "Nothing waits on your desk" in page
    assert "Files appear here when enterprises submit them" in page


def test_an_empty_queue_leads_to_all(world, sign_in):
    world.file()
    page = desk_page(sign_in(world.officer), "tab=with_applicant")
    assert "No file in the queue “With applicant”" in page
    assert '<a href="/desk/?tab=all">Show all files</a>' in page


@pytest.mark.parametrize(
    ("state", "shown"),
    [("new", 0), ("scrutiny", 1), ("appraisal", 2), ("with_applicant", 3), ("all", None), ("nonsense", None)],
)
def test_addresses_from_before_go_on_working(world, sign_in, state, shown):
    files = [world.file(one) for one in ("submitted", "scrutiny", "appraisal", "clarification")]
    client = sign_in(world.officer)
    wanted = files if shown is None else [files[shown]]
    assert set(listed(client, f"state={state}")) == {file.reference for file in wanted}
    assert ("so it was left out: State." in desk_page(client, f"state={state}")) is (state == "nonsense")


@pytest.mark.parametrize("who", ["owner", "directorate", "administrator", "auditor", "handholder"])
def test_who_has_no_desk_is_told_so(world, sign_in, who):
    answer = sign_in(world.people[who]).get("/desk/")
    assert answer.status_code == 403
    assert "The desk is for officers, managers, General Managers and evaluators." in text_of(answer)


# ---- Order ----------------------------------------------------------------------------------------------------
def test_the_least_time_left_stands_first_and_what_is_paused_last(world, sign_in):
    later, over, soon = due(world.file(), 20), due(world.file("scrutiny"), -9), due(world.file("scrutiny"), 1)
    paused = world.file("clarification", clock_used=8)
    Application.objects.filter(pk=over.pk).update(since=now() - timedelta(days=60))
    client = sign_in(world.manager)
    page = desk_page(client, "tab=all")
    assert listed(client, "tab=all") == [file.reference for file in (over, soon, later, paused)]
    assert "<strong>4 files</strong>, the least time left first" in page
    assert "Paused at day 8" in page
    assert re.search(r"\d+ days over", page)
    assert "with DIC officer, DIC Ernakulam" in page
    assert "not taken up" in page


@pytest.mark.parametrize("key", ["clock", "enterprise", "state", "taluk", "turnover"])
def test_each_head_turns_the_order_round(world, sign_in, key):
    first, second = (
        with_traits(due(world.file(), 3), turnover=1),
        with_traits(due(world.file("scrutiny"), 4), turnover=2),
    )
    Application.objects.filter(pk=second.pk).update(since=now())
    client = sign_in(world.officer)
    up, down = listed(client, f"tab=all&sort={key}"), listed(client, f"tab=all&sort=-{key}")
    assert up == [first.reference, second.reference]
    assert down == (up if key == "taluk" else up[::-1])  # both lie in one taluk
    page = desk_page(client, f"tab=all&sort={key}")
    assert page.count('aria-sort="ascending"') == 1
    assert f'aria-sort="ascending"><a href="/desk/?tab=all&amp;sort=-{key}"' in page
    assert f'href="/desk/?tab=all{"" if key == "clock" else f"&amp;sort={key}"}"' in desk_page(
        client, f"tab=all&sort=-{key}"
    )


def test_both_sides_read_the_same_clock(world, sign_in):
    file = world.file("clarification", clock_used=8)
    Transition.objects.create(application=file, move="take_up", source="submitted", target="scrutiny")
    for who, address in (("owner", "/my/"), ("officer", f"/desk/{file.reference}/"), ("officer", "/desk/?tab=all")):
        assert "Paused at day 8" in text_of(sign_in(world.people[who]).get(address)), address
    Application.objects.filter(pk=file.pk).update(state="scrutiny", since=now() - timedelta(days=90), clock_used=0)
    pages = [text_of(sign_in(world.owner).get("/my/")), text_of(sign_in(world.officer).get(f"/desk/{file.reference}/"))]
    said = [re.search(r"\d+ days over", page) for page in pages]
    assert None not in said
    assert len({found.group() for found in said}) == 1


# ---- Tiles ----------------------------------------------------------------------------------------------------
def test_each_tile_is_the_count_of_its_list(world, sign_in):
    due(world.file(), -9), due(world.file(), 0), due(world.file("scrutiny"), 60)
    back = world.file("scrutiny", clock_used=19)  # came back from the applicant with more days used than allowed
    due(back, 0)
    asked(world.file("scrutiny"), world.officer, answered=True)
    proposed(world.file("scrutiny"), world.officer)
    seen = {}
    for who in ("officer", "gm", "evaluator"):
        client = sign_in(world.people[who])
        tiles = re.findall(
            r'm-tile__n"><a href="/desk/\?([^"]+)">([\d,]+)</a></span><span class="m-tile__what">([^<]+)<',
            desk_page(client),
        )
        for query, figure, _what in tiles:
            assert len(listed(client, query.replace("&amp;", "&"))) == int(figure), (who, query)
        seen[who] = {what: int(figure) for _query, figure, what in tiles}
    received = {"received in Ernakulam, Round 3": 6}
    assert seen["officer"] == {"past their day": 2, "due within 3 days": 1, "answers to read": 1} | received
    assert seen["gm"] == {"past their day": 2, "due within 3 days": 1, "proposals to answer": 1} | received
    assert seen["evaluator"] == {"past their day": 0, "due within 3 days": 0}
    assert "0 on the district shortlist, target 8" in desk_page(sign_in(world.gm))


@pytest.mark.parametrize("offset", range(-12, 13))
def test_the_filter_past_their_day_says_what_the_clock_says(world, sign_in, offset):
    file = actions.take_up(world.file(), by=world.officer)
    begun = now() - timedelta(days=20)
    day = (
        calendar.add_working_days(begun.date(), 15, world.district) if offset == 0 else today() + timedelta(days=offset)
    )
    # the day the clock counts from is chosen so that its own last day is `day`
    start = day
    while calendar.add_working_days(start, 15, world.district) > day:
        start -= timedelta(days=1)
    last = calendar.add_working_days(start, 15, world.district)
    Application.objects.filter(pk=file.pk).update(since=now() - (today() - start), due_on=last)
    client = sign_in(world.officer)
    over = "over</span>" in desk_page(client, "tab=all")
    assert (listed(client, "clock=over") == [file.reference]) is over
    assert (listed(client, "clock=near") == [file.reference]) <= (not over)


# ---- Packets --------------------------------------------------------------------------------------------------
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


# ---- Next file ------------------------------------------------------------------------------------------------
def test_next_walks_the_list_in_its_order_and_ends_with_a_sentence(world, sign_in):
    second, first, other = due(world.file(), 9), due(world.file(), 2), due(world.file("scrutiny"), 1)
    client = sign_in(world.officer)
    query = "tab=new"
    assert client.get(f"/desk/next/?{query}&after={first.reference}")["Location"] == f"/desk/{second.reference}/"
    end = client.get(f"/desk/next/?{query}&after={second.reference}")
    assert end["Location"] == "/desk/?tab=new"
    assert "That was the last file of this list." in desk_page(client, "tab=new")
    # one that has left the list is followed by the first that is still in it
    assert client.get(f"/desk/next/?{query}&after={other.reference}")["Location"] == f"/desk/{first.reference}/"
    assert client.get("/desk/next/?tab=shortlist")["Location"] == "/desk/?tab=shortlist"
    assert "No file is left in this list." in desk_page(client, "tab=shortlist")


def test_a_file_leads_to_the_next_of_the_list_it_was_opened_from(world, sign_in):
    first, second = due(world.file(), 2), due(world.file(), 9)
    client = sign_in(world.officer)
    desk_page(client, "tab=new&state=submitted")
    client.post(f"/desk/{first.reference}/take-up/")
    page = text_of(client.get(f"/desk/{first.reference}/"))
    link = re.search(r'href="(/desk/next/[^"]+)"', page)
    assert link
    address = link.group(1).replace("&amp;", "&")
    assert address == f"/desk/next/?after={first.reference}&tab=new&state=submitted"
    assert client.get(address)["Location"] == f"/desk/{second.reference}/"


# ---- Size -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["officer", "manager", "gm", "evaluator"])
@pytest.mark.parametrize("query", ["", "tab=all&q=unit&clock=over", "tab=all&q="])
def test_the_desk_takes_at_most_12_queries_the_same_for_1_and_3_files(
    world, sign_in, who, query, django_assert_max_num_queries
):
    calendar.holidays()
    client = sign_in(world.people[who])
    seen = []
    for number in (1, 2):
        for _file in range(number):
            asked(due(world.in_appraisal(), -40), world.officer, answered=True)
            world.named(due(world.in_appraisal(), -40))
        call, _made = Round.objects.get_or_create(
            number=number + 2, defaults={"opens_at": now(), "closes_at": now() + timedelta(days=1), "cut_off": today()}
        )
        Shortlist.objects.create(number=f"SL-{number}", round=call, office=world.dic, serial=1, made_by=world.manager)
        desk_page(client, query)
        with django_assert_max_num_queries(12) as made:
            desk_page(client, query)
        seen.append(len(made))
    assert seen[0] == seen[1]
    assert Assessment.objects.count() == 6


def test_some_hundred_rows_are_one_question(world, django_assert_num_queries):
    one = world.file()
    rows = [
        Application(
            reference=f"M1K-3-EKM-9{number:04}", round=one.round, enterprise=one.enterprise, district=one.district,
            taluk=one.taluk, office=one.office, state="withdrawn", filed_by=one.filed_by, submitted_at=one.submitted_at,
            ended_at=now(),
        )
        for number in range(300)
    ]  # fmt: skip
    Application.objects.bulk_create(rows)
    world.officer.postings_now()
    calendar.holidays()
    listing = Listing(world.officer, {"tab": "all", "q": ""})
    assert world.dic.pk in listing.offices
    with django_assert_num_queries(1):
        assert len(list(listing.files[:25])) == 25
    with django_assert_num_queries(1):
        assert (listing.count, listing.tab.count) == (301, 301)


def test_a_long_desk_comes_in_pages_that_keep_the_filters(world, sign_in):
    for _file in range(26):
        world.file()
    client = sign_in(world.officer)
    page = desk_page(client, "tab=new&size=&state=submitted")
    assert "26 files" in page
    assert "?tab=new&amp;size=&amp;state=submitted&amp;page=2" in page
    assert len(listed(client, "tab=new&state=submitted&page=2")) == 1
    for nonsense in ("0", "-1", "99", "x", "9" * 400):
        desk_page(client, f"page={nonsense}")


def test_somebody_relieved_is_called_by_the_last_post_held(world, sign_in):
    world.file("scrutiny")
    world.officer.postings.update(ends=date(2026, 1, 31))
    assert "with DIC officer, DIC Ernakulam" in desk_page(sign_in(world.manager), "tab=all")


def test_own_files_of_a_member_stay_visible_but_say_who_acts(world, sign_in):
    """A post gives nobody power over their own enterprise's file; the list still shows it to the office."""
    file = world.file()
    EnterpriseMember.objects.create(enterprise=file.enterprise, user=world.officer)
    assert listed(sign_in(world.officer), "tab=new") == [file.reference]


def test_no_one_is_sent_to_the_shortlists_who_may_not_read_them(world, sign_in):
    file = world.appraised()
    page = text_of(sign_in(world.manager).get("/desk/?tab=all"))
    assert "Put into a shortlist" in page
    for reader in (world.evaluator, world.officer):
        client = sign_in(reader)
        assert "Put into a shortlist" not in text_of(client.get("/desk/?tab=all"))
        links = "/desk/shortlists/" in client.get(f"/desk/{file.reference}/").content.decode()
        assert links is (client.get("/desk/shortlists/").status_code == 200)
