"""The pages: each move through its page, one refused, bad input, who sees what, constant queries."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from applications.models import Application, DocumentVersion
from evaluation import actions
from evaluation.models import Assessment, Shortlist, VerifiedFigure
from records.models import AuditEvent, Paper
from tests.evaluation.conftest import SYSTEM, World

Client = Callable[[User], Any]


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def desk(file: Application, rest: str = "") -> str:
    return f"/desk/{file.reference}/{rest}"


# ---- The file -------------------------------------------------------------------------------------------------
def test_an_officer_takes_the_file_up(world: World, sign_in: Client) -> None:
    file = world.file()
    client = sign_in(world.officer)
    page = text_of(client.get(desk(file)))
    assert "Take up" in page
    assert "Nobody has taken this file up." in page
    answer = client.post(desk(file, "take-up/"), follow=True)
    assert "You took this file up." in text_of(answer)
    file.refresh_from_db()
    assert (file.state, file.officer) == ("scrutiny", world.officer)


def test_two_officers_one_file(world: World, sign_in: Client) -> None:
    file = world.file()
    actions.take_up(file, by=world.officer2)
    answer = sign_in(world.officer).post(desk(file, "take-up/"))
    assert answer.status_code == 409
    assert "took this file up on" in text_of(answer)
    file.refresh_from_db()
    assert file.officer == world.officer2


@pytest.mark.parametrize("who", ["stranger", "other_gm", "owner", "evaluator", "administrator"])
def test_not_yours_is_not_there(world: World, sign_in: Client, who: str) -> None:
    file = world.file()
    client = sign_in(world.people[who])
    for rest in ("", "figures/jobs/", "evaluators/", "scorecard/"):
        assert client.get(desk(file, rest)).status_code == 404
    assert client.post(desk(file, "take-up/")).status_code == 404
    file.refresh_from_db()
    assert file.state == "submitted"


@pytest.mark.parametrize("who", ["gm", "directorate", "auditor"])
def test_may_not_is_a_403_with_its_reason(world: World, sign_in: Client, who: str) -> None:
    file = world.file("scrutiny")
    client = sign_in(world.people[who])
    assert client.get(desk(file)).status_code == 200
    for rest in ("take-up/", "end-scrutiny/", "figures/jobs/"):
        answer = client.post(desk(file, rest))
        assert answer.status_code == 403
        assert "officer of this office" in text_of(answer)


@pytest.mark.parametrize(("who", "up"), [("gm", "/desk/"), ("directorate", "/desk/shortlists/")])
def test_the_way_back_from_a_file_is_open_to_its_reader(world: World, sign_in: Client, who: str, up: str) -> None:
    client = sign_in(world.people[who])
    page = text_of(client.get(desk(world.file("scrutiny"))))
    crumb = page[page.index('class="m-crumb"') :]
    assert crumb.split('href="')[1].split('"')[0] == up
    assert client.get(up).status_code == 200


def test_one_place_in_the_head_is_the_current_one(world: World, sign_in: Client) -> None:
    client = sign_in(world.people["gm"])
    for address, current in (("/desk/", "/desk/"), ("/desk/shortlists/", "/desk/shortlists/")):
        nav = client.get(address).context["nav"]
        assert [item["url"] for item in nav if item["current"]] == [current]


def test_a_draft_is_not_on_the_desk(world: World, sign_in: Client) -> None:
    assert sign_in(world.officer).get(desk(world.file("draft"))).status_code == 404


def test_what_is_left_stands_under_the_button(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    page = text_of(sign_in(world.officer).get(desk(file)))
    assert "Before scrutiny can end: figures to verify: 10; documents to accept: 3." in page
    assert 'disabled aria-describedby="whynot"' in page
    answer = sign_in(world.officer).post(desk(file, "end-scrutiny/"))
    assert answer.status_code == 409
    world.verified(file)
    answer = sign_in(world.officer).post(desk(file, "end-scrutiny/"), follow=True)
    assert "Evaluators can now be named." in text_of(answer)


# ---- Figures --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("turnover:2025-26", "₹6,18,00,000", "₹6,18,00,000"),
        ("profit:2025-26", "-4,00,000", "−₹4,00,000"),
        ("jobs", "44", "44"),
        ("overdue", "yes", "Yes"),
        ("began_on", "14-06-2016", "14-06-2016"),
    ],
)
def test_a_figure_is_verified(world: World, sign_in: Client, key: str, value: str, kept: str) -> None:
    file = world.file("scrutiny")
    client = sign_in(world.officer)
    assert client.get(desk(file, f"figures/{key}/")).status_code == 200
    answer = client.post(desk(file, f"figures/{key}/"), {"value": value, "source": "Ledger, page 3"}, follow=True)
    assert kept in text_of(answer)
    assert "1 of 10 verified" in text_of(answer)


def test_as_claimed_needs_only_the_source(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    client = sign_in(world.officer)
    answer = client.post(desk(file, "figures/jobs/"), {"same": "1", "value": "", "source": ""})
    assert "Say where the figure comes from" in text_of(answer)
    client.post(desk(file, "figures/jobs/"), {"same": "1", "value": "rubbish", "source": "EPF challan"})
    assert VerifiedFigure.objects.get().value == 44


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("turnover:2025-26", "", "Enter the amount in rupees. If there is none, write 0."),
        ("turnover:2025-26", "six crore", "Enter the amount in rupees, digits only."),
        ("turnover:2025-26", "-5", "This amount cannot be less than 0."),
        ("jobs", "-1", "cannot be less than 0"),
        ("jobs", "many", "digits only"),
        ("overdue", "perhaps", "Choose yes or no."),
        ("began_on", "31-02-2016", "Enter the date as DD-MM-YYYY."),
        ("began_on", "01-01-2090", "The date cannot be in the future."),
    ],
)
def test_a_wrong_figure_says_what_to_do_and_keeps_what_was_typed(
    world: World, sign_in: Client, key: str, value: str, sentence: str
) -> None:
    file = world.file("scrutiny")
    answer = sign_in(world.officer).post(desk(file, f"figures/{key}/"), {"value": value, "source": "Ledger, page 3"})
    page = text_of(answer)
    assert sentence in page
    assert "Ledger, page 3" in page
    assert not VerifiedFigure.objects.exists()


def test_a_figure_after_the_appraisal_keeps_what_was_typed(world: World, sign_in: Client) -> None:
    file = world.appraised(4, 3, 4, 3, 5)
    answer = sign_in(world.officer).post(desk(file, "figures/jobs/"), {"value": "99", "source": "Wage register"})
    assert answer.status_code == 409
    assert "its figures and documents stand" in text_of(answer)
    assert "Wage register" in text_of(answer)


def test_no_such_figure(world: World, sign_in: Client) -> None:
    assert sign_in(world.officer).get(desk(world.file("scrutiny"), "figures/shoes/")).status_code == 404


# ---- Documents ------------------------------------------------------------------------------------------------
def test_documents_are_accepted_and_rejected(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    client = sign_in(world.officer)
    first, second, _third = DocumentVersion.objects.filter(slot__application=file)
    assert client.post(desk(file, f"documents/{first.pk}/accept/")).status_code == 302
    assert client.get(desk(file, f"documents/{second.pk}/reject/")).status_code == 200
    answer = client.post(desk(file, f"documents/{second.pk}/reject/"), {"note": "Blurred."})
    assert "Choose why the document is rejected." in text_of(answer)
    assert "Blurred." in text_of(answer)
    answer = client.post(desk(file, f"documents/{second.pk}/reject/"), {"reason": "other"})
    assert "Say what is wrong" in text_of(answer)
    answer = client.post(
        desk(file, f"documents/{second.pk}/reject/"), {"reason": "unreadable", "note": "Page 3."}, follow=True
    )
    assert "Cannot be read: Page 3." in text_of(answer)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.reason) == ("accepted", "rejected", "unreadable")


def test_a_document_of_another_file_is_not_there(world: World, sign_in: Client) -> None:
    mine, other = world.file("scrutiny"), world.file("scrutiny")
    version = DocumentVersion.objects.filter(slot__application=other).first()
    assert version
    assert sign_in(world.officer).post(desk(mine, f"documents/{version.pk}/accept/")).status_code == 404


@pytest.mark.parametrize("state", ["awaiting_scan", "infected"])
def test_a_document_that_is_not_scanned_clean_is_not_there(world: World, sign_in: Client, state: str) -> None:
    file = world.file("scrutiny")
    version = DocumentVersion.objects.filter(slot__application=file)[0]
    DocumentVersion.objects.filter(pk=version.pk).update(state=state)
    assert sign_in(world.officer).get(desk(file, f"documents/{version.pk}/")).status_code == 404


# ---- Evaluators and the scorecard -----------------------------------------------------------------------------
def test_the_manager_names_two_evaluators(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    client = sign_in(world.manager)
    assert "Name evaluators" in text_of(client.get(desk(file)))
    page = text_of(client.get(desk(file, "evaluators/")))
    assert "Evaluator, Evaluator at a taluk office" in page
    assert "Choose an evaluator." in text_of(client.post(desk(file, "evaluators/")))
    three = {"evaluators": [world.evaluator.pk, world.officer.pk, world.officer2.pk]}
    assert "Choose at most 2." in text_of(client.post(desk(file, "evaluators/"), three))
    client.post(desk(file, "evaluators/"), {"evaluators": [world.evaluator.pk, world.officer2.pk]})
    assert Assessment.objects.filter(application=file).count() == 2
    answer = client.post(desk(file, "evaluators/"), {"evaluators": [world.officer.pk]})
    assert answer.status_code == 409
    assert Assessment.objects.filter(application=file).count() == 2


def test_an_officer_does_not_name_evaluators(world: World, sign_in: Client) -> None:
    answer = sign_in(world.officer).get(desk(world.in_appraisal(), "evaluators/"))
    assert answer.status_code == 403
    assert "General Manager of this office names evaluators" in text_of(answer)


def sheet(*marks: object, why: str = "Seen on the papers.", **more: object) -> dict[str, object]:
    keys = ("growth", "financial", "plan", "employment", "exports", "technology")
    typed: dict[str, object] = {"version": 0}
    for key, mark in zip(keys, marks, strict=True):
        typed |= {f"mark_{key}": mark, f"why_{key}": why}
    return typed | more


def test_the_evaluator_of_the_taluk_office_sees_only_the_files_given(world: World, sign_in: Client) -> None:
    file, other = world.in_appraisal(), world.in_appraisal()
    actions.assign(file, world.evaluator, by=world.manager)
    client = sign_in(world.evaluator)
    assert client.get(desk(file)).status_code == 200
    assert client.get(desk(other)).status_code == 404
    assert client.get("/desk/shortlists/").status_code == 403
    page = text_of(client.get(desk(file, "scorecard/")))
    assert "Accept: I have no conflict of interest" in page
    assert client.post(desk(file, "scorecard/"), sheet(4, 4, 4, 4, "na", 4)).status_code == 409
    client.post(desk(file, "scorecard/accept/"))
    assert "Lock marks" in text_of(client.get(desk(file, "scorecard/")))
    before = AuditEvent.objects.count()
    assert client.post(desk(file, "scorecard/accept/")).url == desk(file, "scorecard/")  # a double click
    assert AuditEvent.objects.count() == before


def test_a_draft_may_have_gaps_and_shows_the_running_total(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    one = world.named(file)[0]
    client = sign_in(one.evaluator)
    page = text_of(client.get(desk(file, "scorecard/")))
    assert "22.8 % a year" in page
    assert "(6.18 ÷ 4.10)^(1/2) − 1, from verified turnover of 2023-24 and 2025-26 in ₹ crore" in page
    assert "44 persons verified; women among them: 27" in page
    answer = client.post(desk(file, "scorecard/"), sheet(4, 3, 4, 3, "na", "", save="1"), follow=True)
    page = text_of(answer)
    assert "Draft saved." in page
    assert "71.25" in page
    assert "57 ÷ 80 × 100" in page
    assert "6. Technology and compliance: choose a mark." in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (sheet(4, 3, 4, 3, "na", 6, lock="1"), "Marks for Technology and compliance go from 1 to 5."),
        (sheet(4, 3, 4, 3, "na", 6, save="1"), "Marks for Technology and compliance go from 1 to 5."),
        (sheet(4, 3, 4, 3, "na", "4.5", lock="1"), "Marks for Technology and compliance go from 1 to 5."),
        (sheet(4, 3, 4, 3, "na", "", lock="1"), "6. Technology and compliance: choose a mark."),
        (sheet(4, 3, 4, 3, "na", 4, lock="1", why_plan="  "), "3. Scale-up plan: say why you chose it."),
        (sheet("na", 3, 4, 3, "na", 4, lock="1"), "Marks for Growth record go from 1 to 5."),
        (sheet(4, 3, 4, 3, "na", 4, lock="1", why_plan="x" * 1001), "at most 1000 characters"),
        (sheet(4, 3, 4, 3, "na", 4, lock="1", version="x"), "whole number"),
    ],
)
def test_wrong_marks_keep_what_was_typed_and_change_nothing(
    world: World, sign_in: Client, typed: dict[str, object], sentence: str
) -> None:
    file = world.in_appraisal()
    one = world.named(file)[0]
    answer = sign_in(one.evaluator).post(desk(file, "scorecard/"), typed)
    page = text_of(answer)
    assert sentence in page
    assert page.count("Seen on the papers.") >= 5
    assert page.count(" checked>") >= 4
    one.refresh_from_db()
    assert (one.state, one.version, one.marks.count()) == ("accepted", 0, 0)


def test_markup_in_a_justification_is_refused_and_escaped(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    one = world.named(file)[0]
    answer = sign_in(one.evaluator).post(
        desk(file, "scorecard/"), sheet(4, 3, 4, 3, "na", 4, save="1", why_plan="<script>alert(1)</script>")
    )
    assert "The signs &lt; and &gt; cannot be used here." in text_of(answer)
    assert "<script>alert(1)" not in text_of(answer)


def test_a_stale_tab_keeps_the_text_and_can_be_saved_again(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    one = world.named(file)[0]
    client = sign_in(one.evaluator)
    client.post(desk(file, "scorecard/"), sheet(4, 3, 4, 3, "na", "", save="1"))
    late = sheet(2, 2, 2, 2, "na", 2, save="1", why="From the other tab.")
    answer = client.post(desk(file, "scorecard/"), late)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "This scorecard was saved elsewhere at" in page
    assert "From the other tab." in page
    assert 'name="version" value="1"' in page
    assert one.marks.get(criterion__key="growth").mark == 4
    assert client.post(desk(file, "scorecard/"), late | {"version": 1}).status_code == 302
    assert one.marks.get(criterion__key="growth").mark == 2


def test_two_lock_and_the_marks_open_only_then(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    first, second = world.named(file)
    full = sheet(5, 5, 5, 5, "na", 4, lock="1", why="Marks of the first, canary-7431.")
    answer = sign_in(first.evaluator).post(desk(file, "scorecard/"), full, follow=True)
    assert "Your marks are locked." in text_of(answer)
    assert "97.78" in text_of(answer)
    for reader in (world.manager, world.gm, world.officer, world.officer2, world.directorate, second.evaluator):
        client = sign_in(reader)
        for rest in ("", "scorecard/", "evaluators/"):
            page = text_of(client.get(desk(file, rest)))
            assert "canary-7431" not in page
            assert "97.78" not in page
    sign_in(second.evaluator).post(desk(file, "scorecard/"), sheet(5, 5, 5, 4, "na", 4, lock="1"))
    actions.appraise(file, by=SYSTEM)
    page = text_of(sign_in(second.evaluator).get(desk(file)))
    assert ("canary-7431" in page) == second.evaluator.has("see_file")
    assert "canary-7431" in text_of(sign_in(world.officer).get(desk(file)))


def test_the_double_click_on_lock_changes_nothing_more(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    one = world.named(file)[0]
    client = sign_in(one.evaluator)
    client.post(desk(file, "scorecard/"), sheet(4, 3, 4, 3, "na", 4, lock="1"))
    answer = client.post(desk(file, "scorecard/"), sheet(1, 1, 1, 1, "na", 1, lock="1"))
    assert answer.status_code == 409
    one.refresh_from_db()
    assert (one.version, one.total_exact) == (1, "650/9")


def test_stepping_back_by_the_page(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    one = world.named(file)[0]
    client = sign_in(one.evaluator)
    assert client.get(desk(file, "scorecard/step-back/")).status_code == 200
    assert "Say why you step back." in text_of(client.post(desk(file, "scorecard/step-back/"), {"reason": " "}))
    client.post(desk(file, "scorecard/step-back/"), {"reason": "I know the owner."})
    assert client.get(desk(file, "scorecard/")).status_code == 404
    one.refresh_from_db()
    assert (one.state, one.recuse_reason) == ("recused", "I know the owner.")


# ---- Packets --------------------------------------------------------------------------------------------------
def test_a_packet_by_its_pages(world: World, sign_in: Client) -> None:
    file = world.appraised()
    client = sign_in(world.manager)
    assert "1 appraised file is ready." in text_of(client.get("/desk/shortlists/"))
    answer = client.post("/desk/shortlists/make/", {"office": "DIC-EKM", "round": "3"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/desk/shortlists/SL-3-EKM-01/"
    assert "Ranking as it stands now" in text_of(answer)
    assert "is not approved yet" in text_of(client.post("/desk/shortlists/make/", {"office": "DIC-EKM", "round": "3"}))
    address = "/desk/shortlists/SL-3-EKM-01/"
    answer = client.post(f"{address}freeze/", follow=True)
    page = text_of(answer)
    assert "You cannot check this shortlist: you prepared it." in page
    assert client.post(f"{address}check/").status_code == 409
    assert client.post(f"{address}approve/").status_code == 403
    assert "you scored files in it, or stepped back from them (1)" in text_of(sign_in(world.officer2).get(address))
    sign_in(world.officer).post(f"{address}check/")
    answer = sign_in(world.gm).post(f"{address}approve/", follow=True)
    page = text_of(answer)
    paper = Paper.objects.get(kind="evaluation.shortlist")
    assert paper.number in page
    assert "queued" in page
    assert f"/verify/{paper.number}/" in page
    file.refresh_from_db()
    assert file.state == "shortlisted"
    assert client.get("/desk/shortlists/").status_code == 200


def test_the_paper_says_failed_and_why(world: World, sign_in: Client) -> None:
    world.appraised()
    packet = approve(world)
    Paper.objects.filter(pk=packet.paper_id).update(state="failed", error="The PDF libraries are missing.")
    page = text_of(sign_in(world.gm).get(packet.get_absolute_url()))
    assert "The PDF libraries are missing." in page
    assert "Try again" in page


def approve(world: World) -> Shortlist:
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    actions.freeze(packet, by=world.manager)
    actions.check(packet, by=world.officer)
    return actions.approve(packet, by=world.gm)


def test_marks_as_csv(world: World, sign_in: Client) -> None:
    world.appraised()
    packet = approve(world)
    answer = sign_in(world.directorate).get(f"{packet.get_absolute_url()}marks.csv")
    lines = b"".join(answer).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Rank,Application number,Enterprise,Evaluator,")
    assert ",67,90,670/9,74.44,670/9,,,74.44,Recommended,,," in lines[1]
    assert len(lines) == 3


@pytest.mark.parametrize("who", ["stranger", "other_gm"])
def test_a_packet_of_another_district_is_not_there(world: World, sign_in: Client, who: str) -> None:
    world.appraised()
    packet = approve(world)
    client = sign_in(world.people[who])
    assert client.get(packet.get_absolute_url()).status_code == 404
    assert client.get(f"/papers/{packet.paper.number}/").status_code == 404
    assert packet.number not in text_of(client.get("/desk/shortlists/"))
    assert client.post("/desk/shortlists/make/", {"office": "DIC-EKM", "round": "3"}).status_code == 403


@pytest.mark.parametrize(
    "typed", [{}, {"office": "DIC-EKM"}, {"office": "DIC-EKM", "round": "x" * 9}, {"office": "'", "round": "3"}]
)
def test_a_packet_of_nowhere(world: World, sign_in: Client, typed: dict[str, str]) -> None:
    assert sign_in(world.manager).post("/desk/shortlists/make/", typed).status_code == 404


def test_an_empty_list_says_what_to_do(world: World, sign_in: Client) -> None:
    assert "A manager makes one here when files are appraised." in text_of(
        sign_in(world.officer).get("/desk/shortlists/")
    )


@pytest.mark.parametrize("who", ["owner", "administrator", "evaluator"])
def test_who_reads_no_files_gets_no_shortlists(world: World, sign_in: Client, who: str) -> None:
    assert sign_in(world.people[who]).get("/desk/shortlists/").status_code == 403


# ---- Queries --------------------------------------------------------------------------------------------------
def test_lists_take_the_same_queries_for_1_and_3_rows(
    world: World, sign_in: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    client = sign_in(world.manager)
    counts = []
    for _round in range(2):
        world.appraised()
        if _round:
            world.appraised()
        approve(world)
        client.get("/desk/shortlists/")
        with django_assert_max_num_queries(12) as seen:
            client.get("/desk/shortlists/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_packet_takes_the_same_queries_for_1_and_3_files(
    world: World, sign_in: Client, django_assert_max_num_queries: Any
) -> None:
    world.appraised()
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    client = sign_in(world.manager)
    client.get(packet.get_absolute_url())
    counts = []
    for extra in (0, 2):
        for _file in range(extra):
            world.appraised()
        with django_assert_max_num_queries(25) as seen:
            assert client.get(packet.get_absolute_url()).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_file_takes_a_bounded_number_of_queries(
    world: World, sign_in: Client, django_assert_max_num_queries: Any
) -> None:
    file = world.in_appraisal()
    world.named(file)
    client = sign_in(world.manager)
    client.get(desk(file))
    with django_assert_max_num_queries(35):
        client.get(desk(file))
    client = sign_in(world.officer2)
    client.get(desk(file, "scorecard/"))
    with django_assert_max_num_queries(25):
        client.get(desk(file, "scorecard/"))
