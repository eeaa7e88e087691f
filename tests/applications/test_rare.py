"""What happens seldom: nothing to act on any more, a list that a question opened, numbers that are not there."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from applications import actions, queries, rules, tasks
from applications.actions.moves import take_with_number
from applications.answers import question_rows
from applications.models import Application, Clarification, Enterprise, Profile, Revision
from applications.states import State
from applications.steps import STEPS
from evaluation.actions import take_up
from records.clock import now
from records.models import AuditEvent, Job, Message
from records.verdicts import Refused
from tests.applications.conftest import World
from tests.applications.test_clarifications_pages import address, asked, owners, text_of, version


def fresh(file: Application) -> Application:
    return Application.objects.get(pk=file.pk)


# ---- What a question opened -----------------------------------------------------------------------------------
def test_a_list_that_a_question_opened_is_kept_as_it_was_sent(world: World, mine: Client) -> None:
    file = asked(world, "ownership.owners")
    typed = {"version": version(text_of(mine.get(address(file)))), "answer": "Two of us.", **owners("60", "40")}
    assert mine.post(address(file), typed | {"go": "send"}).status_code == 302
    assert list(fresh(file).owners.values_list("name", "share")) == [("Owner 0", 60), ("Owner 1", 40)]
    line = question_rows(fresh(file))[0].lines[0]
    assert (line.changed, "Owner 1" in line.after, "Owner 1" in line.before) == (True, True, False)


MEANS = ("growth.cost_machinery", "growth.means_own", "growth.means_loan")


def test_figures_that_do_not_go_together_are_kept_and_said_before_the_answer_is_sent(world, mine) -> None:
    file = asked(world, *MEANS)
    growth = file.growth
    typed = {
        "version": version(text_of(mine.get(address(file)))),
        "cost_machinery": str(growth.cost_machinery + 100_000),
        "means_own": str(growth.means_own or 0),
        "means_loan": str(growth.means_loan or 0),
        "answer": "Corrected.",
    }
    page = text_of(mine.post(address(file), typed | {"go": "save"}, follow=True))
    assert "Saved. Your answer is not sent yet." in page
    assert "The means of finance" in page
    held = fresh(file)
    assert (held.growth.cost_machinery, held.state) == (growth.cost_machinery + 100_000, State.CLARIFICATION)


def test_a_sealed_value_whose_end_stays_reads_as_changed(world: World) -> None:
    file = asked(world, "bank.account_number")
    old = file.bank.account_number
    new = ("9" if old[0] != "9" else "8") + old[1:]
    actions.save_answer_fields(file, {"bank.account_number": new}, by=world.owner)
    actions.answer(fresh(file), "One digit was wrong.", by=world.owner)
    line = question_rows(fresh(file))[0].lines[0]
    assert line.after == f"{line.before} (changed)"
    assert new not in line.after


def test_a_year_that_is_asked_for_no_more_keeps_its_figures_with_the_question(world: World) -> None:
    file = asked(world, "financials.2023-24.profit")
    before = str(file.financial_years.get(year="2023-24").profit)
    actions.save_answer_fields(file, {"financials.2023-24.profit": 7}, by=world.owner)
    actions.answer(fresh(file), "Seven.", by=world.owner)
    file.financial_years.filter(year="2023-24").delete()
    line = question_rows(fresh(file))[0].lines[0]
    assert (line.label, line.before, line.after, line.changed) == ("financials.2023-24.profit", before, "7", True)


def test_the_office_does_not_read_an_answer_that_the_committee_asked_for(world: World) -> None:
    file = asked(world, "bank.licences")
    Clarification.objects.update(asked_for="committee")
    question = actions.answer(file, "As it stands.", by=world.owner)
    with pytest.raises(Refused, match="The Committee asked this, and reads the answer itself"):
        actions.mark_read(question, by=world.officer)
    assert Clarification.objects.get().read_at is None


@pytest.mark.parametrize(("step", "who"), [("answer", "owner"), ("close_unanswered", "officer")])
def test_where_no_question_is_open_none_is_answered_or_closed(world: World, step: str, who: str) -> None:
    file = asked(world, "bank.licences")
    Clarification.objects.update(closed_at=now(), closed_by=world.officer)
    verdict = rules.may(getattr(world, who), STEPS[step], file)
    assert (bool(verdict), str(verdict.reason)) == (False, "No question is open.")


@pytest.mark.parametrize(("handler", "payload"), [("remind", {"clarification": 0}), ("contests", {"application": 0})])
def test_a_job_about_what_is_not_there_does_nothing(db: None, handler: str, payload: dict[str, int]) -> None:
    getattr(tasks, handler)(Job(name=f"applications.{handler}", payload=payload))
    assert (Message.objects.count(), AuditEvent.objects.count()) == (0, 0)


# ---- Saving and numbers ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["rival", "officer"])
def test_several_sections_are_saved_by_the_enterprise_alone(world: World, who: str) -> None:
    file = world.draft()
    told = {key: world.told(file, key) for key in ("growth", "bank")}
    with pytest.raises(Refused):
        actions.save_sections(file, told, by=getattr(world, who))
    assert not Revision.objects.exists()
    assert [row.section for row in actions.save_sections(file, told, by=world.owner)] == ["growth", "bank"]


def test_only_a_number_that_stands_already_makes_a_file_contested(world: World) -> None:
    """What else the database refuses is an error, also where the file is contested already."""
    file = world.submitted()
    changes: dict[str, Any] = {"udyam_number": "", "submitted_hash": None, "contested": True}
    with pytest.raises(IntegrityError):
        take_with_number(file, STEPS["recall"], changes, by=world.owner)


def test_files_without_a_number_of_their_own_stand_against_nobody(world: World) -> None:
    sent, other = world.submitted(), world.complete(world.rival)
    assert sent.udyam_number != other.profile.udyam_number
    Profile.objects.filter(application__in=[sent, other]).update(pan_key="")
    assert list(queries.others_with_the_same_number(fresh(other))) == []
    Profile.objects.filter(application=other).update(udyam_number=sent.udyam_number)
    assert list(queries.others_with_the_same_number(fresh(other))) == [sent]


def test_a_file_without_its_first_section_has_no_flags(world: World) -> None:
    file = world.draft()
    Profile.objects.filter(application=file).delete()
    assert (queries.soft_flags(fresh(file)), list(queries.others_with_the_same_number(fresh(file)))) == ([], [])


def test_a_contest_is_settled_once_the_file_is_in_scrutiny(world: World) -> None:
    file = world.submitted()
    assert str(rules.may_settle(world.officer, file).reason) == "Take the file up first."
    taken = take_up(file, by=world.officer)
    assert rules.may_settle(world.officer, taken)
    assert "Only an officer of DIC Ernakulam" in str(rules.may_settle(world.stranger, taken).reason)
    taken.state = State.SHORTLISTED
    assert "This cannot be done now. The file is: " in str(rules.may_settle(world.officer, taken).reason)


# ---- Pages ----------------------------------------------------------------------------------------------------
def test_between_two_rounds_no_application_is_begun(world: World, mine: Client) -> None:
    enterprise = world.enterprise()
    world.close_the_round()
    answer = mine.post("/applications/new/", {"enterprise": str(enterprise.pk)})
    assert answer.status_code == 409
    assert "This round is not open for applications." in text_of(answer)
    assert not Application.objects.exists()


def test_an_enterprise_without_a_malayalam_name_keeps_its_english_one(world: World) -> None:
    made = Enterprise(name_en="Nila Foods", name_ml="")
    assert (str(made), made.name) == ("Nila Foods", "Nila Foods")
