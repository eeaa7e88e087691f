"""The clock, the way, reference data, who may see a receipt, and that nothing secret gets out beside the pages."""

from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from applications import actions, queries, reference
from applications.actions import moves
from applications.models import Application, DocumentKind, DocumentVersion, Round
from applications.states import State
from applications.steps import STEPS
from districts import calendar
from evaluation.actions import take_up
from records import papers
from records.clock import moved_to
from records.models import Job, Message
from records.verdicts import Refused
from tests.applications.conftest import CANARY, World, person, posted

MONDAY = datetime(2026, 11, 16, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "days", "said"),
    [
        ("submitted", 0, ("run", 0, 5)),
        ("submitted", 3, ("run", 3, 5)),
        ("submitted", 4, ("near", 4, 5)),
        ("submitted", 5, ("near", 5, 5)),  # a Saturday, not the second of its month
        ("submitted", 6, ("near", 5, 5)),  # a Sunday
        ("submitted", 7, ("over", 6, 5)),
        ("scrutiny", 1, ("run", 1, 15)),
        ("appraisal", 1, ("run", 1, 20)),
        ("appraised", 1, ("run", 1, 10)),
        ("clarification", 9, ("stop", 0, 0)),
        ("draft", 9, ("none", 0, 0)),
        ("selected", 9, ("none", 0, 0)),
    ],
)
def test_the_clock_counts_working_days_after_the_day_it_began(world: World, state: str, days: int, said: tuple) -> None:
    calendar.forget()
    file = world.draft()
    file.state, file.since = state, MONDAY
    with moved_to(MONDAY + timedelta(days=days)):
        clock = queries.clock(file)
    assert (clock.state, clock.day, clock.limit) == said
    assert len(clock.cells) == clock.limit
    if clock.limit:
        assert clock.due == calendar.add_working_days(MONDAY.date(), clock.limit, file.district)


def test_the_way_says_what_is_done_and_what_comes_in_the_applicants_words(world: World, mine: Client) -> None:
    file = world.submitted()
    assert [stage.kind for stage in queries.way(file)] == ["done", "now", *["next"] * 5]
    take_up(file, by=world.officer)
    page = unescape(mine.get(f"/applications/{file.reference}/").content.decode())
    assert "DIC Ernakulam took it up" in page
    assert str(State.SCRUTINY.applicant_label) in page
    assert str(State.SCRUTINY.label) not in page


def test_nothing_comes_after_a_withdrawal(world: World) -> None:
    file = actions.withdraw(world.submitted(), by=world.owner, note="The plan changed.")
    assert [(stage.kind, stage.title) for stage in queries.way(file)] == [
        ("done", "You applied"),
        ("done", "Withdrawn"),
    ]


def test_reference_data_is_loaded_once_and_leaves_a_round_that_is_there(db: None) -> None:
    with moved_to(datetime(2026, 1, 31, 12, 0, tzinfo=UTC)):
        assert reference.load() == "7 kinds of documents, 1 rounds"
    call = Round.objects.get()
    assert (call.number, call.is_open, call.confirmed) == (3, False, False)
    assert call.opens_at < datetime(2026, 1, 31, tzinfo=UTC) < call.closes_at
    assert (call.cut_off.isoformat(), call.latest_year) == ("2025-03-31", "2024-25")
    assert call.required_documents == ["udyam", "profile", "financials", "growth", "employment", "bank"]
    before = list(Round.objects.values())
    reference.load()
    assert list(Round.objects.values()) == before


@pytest.mark.parametrize("month", range(1, 13))
def test_a_fresh_portals_round_is_open_in_every_month(db: None, month: int) -> None:
    day = datetime(2027, month, 28, 12, 0, tzinfo=UTC)
    with moved_to(day):
        made = reference._default_round(day.date())
    assert made["opens_at"] < day < made["closes_at"]  # type: ignore[operator]


def test_names_follow_the_readers_language(world: World) -> None:
    kind = DocumentKind.objects.get(key="bank")
    assert kind.name == "Bank and compliance details"
    with translation.override("ml"):
        assert (kind.name, kind.hint) == (kind.name_ml, kind.hint_ml)
        assert str(world.round) != "Round 3"


def test_a_receipt_is_seen_by_its_enterprise_and_by_who_reads_the_file(world: World) -> None:
    paper = papers.papers_about(world.submitted(), "owner").get()
    readers = (world.owner, world.officer, person("auditor", "auditor", None))
    others = (world.rival, world.stranger, person("admin", "administrator", None))
    assert [papers.may_see(user, paper) for user in readers] == [True] * 3
    assert [papers.may_see(user, paper) for user in others] == [False] * 3


def test_who_may_not_name_an_enterprise_or_begin_is_refused_by_the_act(world: World) -> None:
    unit = world.enterprise()
    with pytest.raises(Refused, match="Your post does not allow this step"):
        world.enterprise(world.officer)
    with pytest.raises(Refused, match="Only the enterprise can begin"):
        actions.begin(unit, world.round, by=world.rival)
    with pytest.raises(Refused, match="Choose a taluk of Thrissur") as refused:
        actions.add_enterprise(
            by=world.owner,
            name_en="A",
            name_ml="",
            udyam_number="UDYAM-KL-13-0000001",
            district=world.other_dic.district,
            taluk=world.taluk,
        )
    assert refused.value.field == "taluk"


def test_a_move_that_asks_for_a_reason_is_not_made_without_one(world: World) -> None:
    file = world.submitted()
    with pytest.raises(Refused, match="Write the reason") as refused:
        moves.take(file, STEPS["withdraw"], by=world.owner, note="  ")
    assert refused.value.field == "note"
    assert Application.objects.get(pk=file.pk).state == "submitted"


def test_a_document_is_judged_in_its_newest_version_only(world: World) -> None:
    file = world.submitted()
    take_up(file, by=world.officer)
    version = DocumentVersion.objects.filter(slot__application=file)[0]
    judged = actions.judge_document(version, accept=True, by=world.officer)
    assert actions.judge_document(version, accept=True, by=world.officer).judged_at == judged.judged_at
    newer = version.slot.versions.create(number=2, file=version.file, sent_by=world.owner, state="infected")
    with pytest.raises(Refused, match="A newer version was sent meanwhile"):
        actions.judge_document(version, accept=True, by=world.officer)
    with pytest.raises(Refused, match="not ready to be judged"):
        actions.judge_document(newer, accept=True, by=world.officer)


def test_a_round_that_closes_while_the_page_is_sent_keeps_what_was_typed(
    world: World, mine: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the page's question and the act's lock the last minute passes."""
    file = world.draft()
    data = posted("financials", world.told(file, "financials"))
    real = actions.save_section

    def too_late(*args: Any, **kwargs: Any) -> Any:
        world.close_the_round()
        return real(*args, **kwargs)

    monkeypatch.setattr(actions, "save_section", too_late)
    answer = mine.post(f"/applications/{file.reference}/financials/", data)
    page = unescape(answer.content.decode()).replace(",", "")
    assert answer.status_code == 409
    assert "The round is closed; the application can be read but not changed.".replace(",", "") in page
    assert data["year-2024-25-plant_machinery"] in page


def test_secrets_reach_neither_logs_nor_jobs_nor_mails_nor_addresses(
    world: World, mine: Client, caplog: pytest.LogCaptureFixture
) -> None:
    file = world.complete()
    enterprise = posted("enterprise", world.told(file, "enterprise"), version="1") | {"gstin": ""}
    bank = posted("bank", world.told(file, "bank"), version="1")
    with caplog.at_level("DEBUG"):
        for key, data in (("enterprise", enterprise), ("bank", bank)):
            names = set(CANARY) & set(data)
            answer = mine.post(f"/applications/{file.reference}/{key}/", data | {name: CANARY[name] for name in names})
            assert (answer.status_code, names) == (302, names)
            wrong = mine.post(
                f"/applications/{file.reference}/{key}/", data | {name: CANARY[name] + "?" for name in names}
            )
            assert wrong.status_code == 400
        mine.post(f"/applications/{file.reference}/submit/")
    told = caplog.text + str(list(Job.objects.values())) + str(list(Message.objects.values("title", "body")))
    assert Message.objects.count() == 1
    assert [value for value in CANARY.values() if value in told] == []
