"""A question opens what it names and nothing else, stops the clock, and the answer brings the file back."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import actions, clarifications
from applications.actions import Stale
from applications.dayclock import days_used
from applications.forms import FORMSETS, MAIN_FORMS, YEAR_FORMS
from applications.models import Application, Clarification, DocumentKind, Revision, Traits
from applications.sections import openable
from applications.states import State
from districts import calendar
from districts.models import Holiday
from evaluation.actions import judge_document, take_up
from records.acts import system
from records.clock import INDIA, ist, moved_to, now, today
from records.models import AuditEvent, Job, Message
from records.verdicts import Refused
from tests.applications.conftest import World
from tests.applications.test_documents import pdf
from tests.mission1000.conftest import run

PORTAL = system("reminders")
# The demonstration's last holiday is past: these months have Sundays and second Saturdays only.
MONDAY = datetime(2031, 9, 1, 11, 0, tzinfo=INDIA)


def in_scrutiny(world: World, by: Any = None) -> Application:
    return take_up(world.submitted(by), by=world.officer)


def ask(world: World, file: Application, *fields: str, **more: Any) -> Clarification:
    return actions.ask(file, "Which of the two is right?", fields=fields, by=world.officer, **more)


def send(file: Application, kind: str, by: Any, content: bytes | None = None) -> Any:
    upload = SimpleUploadedFile("a.pdf", content or pdf(pages=2), "application/pdf")
    return actions.receive_document(fresh(file), DocumentKind.objects.get(key=kind), upload, by=by)


def fresh(file: Application) -> Application:
    return Application.objects.get(pk=file.pk)


# ---- Asking ---------------------------------------------------------------------------------------------------
def test_every_field_of_the_form_can_be_opened_but_what_was_agreed_to(world: World) -> None:
    file = world.complete()
    forms = {f"{key}.{name}" for key, form in MAIN_FORMS.items() for name in form.base_fields}
    forms |= {f"{key}.{name}" for key, formsets in FORMSETS.items() for name, _factory, _title in formsets}
    for key, (rows, form) in YEAR_FORMS.items():
        forms |= {f"{key}.{row.year}.{name}" for row in getattr(file, rows).all() for name in form.base_fields}
    keys = [one.key for one in openable(file)]
    assert len(keys) == len(set(keys))
    assert set(keys) == forms - {"declaration.true_statement", "declaration.consent"}
    assert [one.key for one in openable(file) if not one.label] == []


def test_asking_moves_the_file_stops_the_clock_and_tells_the_enterprise(world: World) -> None:
    file = in_scrutiny(world)
    question = ask(world, file, "bank.licences")
    held = fresh(file)
    assert (held.state, held.returns_to, held.due_on) == (State.CLARIFICATION, State.SCRUTINY, None)
    assert (question.number, question.state_asked, question.due_on) == (1, "scrutiny", clarifications.default_due(file))
    assert question.items.get().before == file.bank.licences
    mail = Message.objects.get(kind="clarification.asked")
    assert mail.to_user == world.owner
    for words in (
        "Which of the two is right?",
        f"/applications/{file.reference}/answer/",
        f"{question.due_on:%d-%m-%Y}",
    ):
        assert words in mail.body
    line = AuditEvent.objects.get(verb="application.ask")
    assert line.data["fields"] == ["bank.licences"]
    assert line.scope == world.dic.code


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"question": " "}, "Write the question."),
        ({"fields": ()}, "Choose at least one field or document"),
        ({"fields": ("bank.seal_id",)}, "This field cannot be opened."),
        ({"fields": ("declaration.consent",)}, "This field cannot be opened."),
        ({"fields": ("financials.2019-20.profit",)}, "This field cannot be opened."),
        ({"fields": ("bank.loan_status",)}, "Loans outstanding"),
        ({"fields": ("growth.cost_machinery",)}, "at least one more of these amounts"),
        ({"due_in": -1}, "Choose a day after today."),
        ({"due_in": 0}, "Choose a day after today."),
        ({"due_in": 61}, "within 60 days"),
        ({"due_in": 6}, "is closed on 07-09-2031"),  # a Sunday
        ({"due_in": 12}, "is closed on 13-09-2031"),  # the second Saturday
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_and_changes_nothing(world: World, changes: dict[str, Any], said: str) -> None:
    file = in_scrutiny(world)
    with moved_to(MONDAY):
        due = today() + timedelta(days=changes.pop("due_in", 14))
        told = {"question": "Why?", "fields": ("bank.licences",), "due_on": due} | changes
        with pytest.raises(Refused, match=said):
            actions.ask(file, told.pop("question"), by=world.officer, **told)
    assert fresh(file).state == State.SCRUTINY
    assert (Clarification.objects.count(), Message.objects.filter(kind="clarification.asked").count()) == (0, 0)


def test_the_pan_opens_with_the_gstin_that_holds_it(world: World) -> None:
    file = in_scrutiny(world)
    assert file.profile.gstin
    with pytest.raises(Refused, match="GSTIN"):
        ask(world, file, "enterprise.pan")
    assert ask(world, file, "enterprise.pan", "enterprise.gstin").items.count() == 2


def test_nobody_else_asks_and_one_question_is_open_at_a_time(world: World) -> None:
    file = in_scrutiny(world)
    for stranger in (world.stranger, world.owner, world.rival):
        with pytest.raises(Refused):
            actions.ask(file, "Why?", fields=["bank.licences"], by=stranger)
    ask(world, file, "bank.licences")
    with pytest.raises(Refused, match="The file is: With applicant"):
        ask(world, file, "bank.ifsc")


# ---- The clock ------------------------------------------------------------------------------------------------
def test_the_clock_stands_while_the_applicant_holds_the_file(world: World) -> None:
    """Six working days, three weeks with the applicant with Sundays, a second Saturday and a holiday, and still six."""
    file = world.submitted()
    Holiday.objects.create(date=date(2031, 9, 10), name_en="Onam")
    calendar.forget()
    with moved_to(MONDAY):
        file = take_up(file, by=world.officer)
    with moved_to(MONDAY + timedelta(days=7)):  # Monday to Monday: six days, without the Sunday
        assert days_used(fresh(file)) == 6
        ask(world, file, "bank.licences", due_on=date(2031, 9, 26))
    with moved_to(MONDAY + timedelta(days=24)):
        assert days_used(fresh(file)) == 6
        actions.answer(file, "As it stands.", by=world.owner)
        held = fresh(file)
        assert (days_used(held), held.state) == (6, State.SCRUTINY)
        assert held.due_on == calendar.add_working_days(today(), held.round.scrutiny_days - 6, held.district)
    with moved_to(MONDAY + timedelta(days=26)):
        assert days_used(fresh(file)) == 8


# ---- Saving ---------------------------------------------------------------------------------------------------
def test_only_what_was_opened_changes_each_save_a_revision(world: World) -> None:
    file = in_scrutiny(world)
    ask(world, file, "bank.licences", "financials.2025-26.profit", "ownership.owners")
    before = {key: actions.sections.read_plain(file, key) for key in MAIN_FORMS | YEAR_FORMS}
    owners = [{"name": "Leela", "share": 100, "gender": "female", "social_category": "sc"}]
    values = {"bank.licences": "FSSAI", "financials.2025-26.profit": -5, "ownership.owners": owners}
    made = actions.save_answer_fields(file, values, by=world.owner, text="Half of it")
    assert {(row.section, row.by) for row in made} == {
        (key, world.owner) for key in ("bank", "financials", "ownership")
    }
    assert actions.save_answer_fields(file, values, by=world.owner, text="Half of it") == []
    after = {key: actions.sections.read_plain(fresh(file), key) for key in MAIN_FORMS | YEAR_FORMS}
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {"bank", "financials"}
    assert {name for name in after["bank"] if before["bank"][name] != after["bank"][name]} == {"licences"}
    years = zip(before["financials"]["financial_years"], after["financials"]["financial_years"], strict=True)
    assert [(a["year"], {n for n in a if a[n] != b[n]}) for a, b in years][2] == ("2025-26", {"profit"})
    assert Clarification.objects.get().answer == "Half of it"
    assert AuditEvent.objects.filter(verb="application.save", scope=world.dic.code).count() == 3


def test_what_was_not_opened_is_refused_whoever_saves_it(world: World) -> None:
    file = in_scrutiny(world)
    ask(world, file, "bank.licences")
    kept = Revision.objects.count()
    with pytest.raises(Refused, match="Only what you were asked for"):
        actions.save_answer_fields(file, {"bank.licences": "A", "bank.ifsc": "B"}, by=world.owner)
    with pytest.raises(Refused, match="Only what you were asked for"):
        actions.save_section(file, "bank", world.told(file, "bank"), by=world.owner)
    for stranger in (world.rival, world.officer):
        with pytest.raises(Refused, match="Only the enterprise"):
            actions.save_answer_fields(file, {"bank.licences": "A"}, by=stranger)
    assert Revision.objects.count() == kept


def test_a_page_opened_before_another_save_is_told(world: World) -> None:
    file = in_scrutiny(world)
    ask(world, file, "bank.licences", "growth.plan")
    opened = Revision.objects.order_by("-pk").filter(section__in=["bank", "growth"]).first()
    actions.save_answer_fields(file, {"growth.plan": "Another plan"}, by=world.owner, version=opened.pk)
    with pytest.raises(Stale):
        actions.save_answer_fields(file, {"bank.licences": "FSSAI"}, by=world.owner, version=opened.pk, text="Lost?")
    assert fresh(file).bank.licences != "FSSAI"
    assert len(actions.save_answer_fields(file, {"bank.licences": "FSSAI"}, by=world.owner)) == 1


# ---- Documents ------------------------------------------------------------------------------------------------
def test_only_documents_named_or_rejected_are_sent_and_the_seventh_gets_its_place(world: World) -> None:
    file = in_scrutiny(world)
    version = file.slots.get(kind__key="udyam").versions.get()
    judge_document(version, accept=False, reason="unreadable", by=world.officer)
    kinds = DocumentKind.objects.filter(key__in=["financials", "other"])
    ask(world, file, kinds=kinds)
    for refused in ("growth", "profile"):
        with pytest.raises(Refused, match="Only the documents you were asked for"):
            send(file, refused, world.owner)
    assert send(file, "udyam", world.owner).number == 2  # the rejected one, as its mail asks
    with pytest.raises(Refused, match="Send the document"):
        actions.answer(file, "Here", by=world.owner)
    assert send(file, "other", world.owner).number == 1
    assert send(file, "financials", world.owner).number == 2
    question = actions.answer(file, "Here", by=world.owner)
    found = {item.kind.key: (item.before, item.after) for item in question.items.all()}
    assert found["other"] == (None, {"version": 1, "name": "a.pdf"})
    assert (found["financials"][0]["version"], found["financials"][1]["version"]) == (1, 2)


def test_the_same_file_sent_again_answers_and_twice_is_kept_once(world: World) -> None:
    file = in_scrutiny(world)
    ask(world, file, kinds=[DocumentKind.objects.get(key="other")])
    content = pdf(pages=3)
    assert [send(file, "other", world.owner, content).number for _twice in range(2)] == [1, 1]
    actions.answer(file, "Here", by=world.owner)
    ask(world, file, kinds=[DocumentKind.objects.get(key="other")])
    assert [send(file, "other", world.owner, content).number for _twice in range(2)] == [2, 2]


# ---- Answering ------------------------------------------------------------------------------------------------
def test_the_answer_returns_the_file_once_and_nothing_leaves_the_house(world: World) -> None:
    file = in_scrutiny(world)
    ask(world, file, "bank.licences")
    mails = Message.objects.count()
    actions.save_answer_fields(file, {"bank.licences": "FSSAI"}, by=world.owner)
    with pytest.raises(Refused, match="Write a short answer"):
        actions.answer(file, "  ", by=world.owner)
    first = actions.answer(file, "Renewed in May.", by=world.owner)
    again = actions.answer(file, "Another text", by=world.owner)
    assert first.pk == again.pk
    assert (again.answer, again.answered_by) == ("Renewed in May.", world.owner)
    assert again.items.get().after == "FSSAI"
    assert AuditEvent.objects.get(verb="application.answer").data["changed"] == ["bank.licences"]
    assert Message.objects.count() == mails
    assert list(Clarification.objects.to_read()) == [first]


def test_a_field_left_empty_is_asked_for_before_the_answer_goes(world: World) -> None:
    file = in_scrutiny(world)
    ask(world, file, "bank.ifsc")
    actions.save_answer_fields(file, {"bank.ifsc": ""}, by=world.owner)
    with pytest.raises(Refused, match="Fill in: IFSC"):
        actions.answer(file, "There is none.", by=world.owner)
    for stranger in (world.rival, world.officer):
        with pytest.raises(Refused):
            actions.answer(file, "Instead", by=stranger)


def test_what_is_sealed_is_kept_masked(world: World) -> None:
    file = in_scrutiny(world)
    ask(world, file, "bank.account_number", "enterprise.pan", "enterprise.gstin")
    old, new = file.bank.account_number, "99998888777766"
    pan = file.profile.pan
    actions.save_answer_fields(file, {"bank.account_number": new}, by=world.owner)
    question = actions.answer(file, "A new account.", by=world.owner)
    told = str(list(question.items.values_list("before", "after")))
    assert [value for value in (old, new, pan, file.profile.gstin) if value in told] == []
    item = question.items.get(field="bank.account_number")
    assert (item.before.split()[0][-4:], item.after.split()[0][-4:]) == (old[-4:], new[-4:])
    same = question.items.get(field="enterprise.pan")
    assert same.before == same.after


def test_traits_and_the_udyam_number_follow_the_answer(world: World) -> None:
    first = in_scrutiny(world)
    file = in_scrutiny(world, world.rival)
    ask(world, file, "enterprise.udyam_number", "financials.2025-26.turnover_domestic")
    number = first.udyam_number
    values = {"enterprise.udyam_number": number, "financials.2025-26.turnover_domestic": 77}
    actions.save_answer_fields(file, values, by=world.rival)
    actions.answer(file, "A slip of the pen.", by=world.rival)
    held = fresh(file)
    assert (held.udyam_number, held.contested) == (number, True)
    assert not fresh(first).contested
    year = held.financial_years.get(year="2025-26")
    assert Traits.objects.get(application=file).turnover == 77 + year.turnover_export
    ask(world, file, "bank.licences")
    Application.objects.filter(pk=file.pk).update(contested=False, udyam_number="")  # settled meanwhile
    actions.answer(file, "Nothing changed.", by=world.rival)
    assert not fresh(file).contested


# ---- Reminders, closing, reading ------------------------------------------------------------------------------
def test_two_reminders_at_half_of_the_time_and_the_day_before(world: World) -> None:
    file = in_scrutiny(world)
    with moved_to(MONDAY):
        question = ask(world, file, "bank.licences", due_on=date(2031, 9, 15))
    sent = []
    for day in range(20):
        with moved_to(MONDAY + timedelta(days=day)):
            sent += [ist(now()).day for _turn in range(3) if actions.remind(question, by=PORTAL)]
    assert sent == [8, 14]
    assert Message.objects.filter(kind="clarification.reminded", to_user=world.owner).count() == 2
    assert AuditEvent.objects.filter(verb="clarification.remind").count() == 2


def test_late_reminders_come_one_a_day(world: World) -> None:
    file = in_scrutiny(world)
    with moved_to(MONDAY):
        question = ask(world, file, "bank.licences", due_on=date(2031, 9, 2))
    sent = []
    for day in (0, 1, 1, 2, 2, 3):
        with moved_to(MONDAY + timedelta(days=day)):
            sent.append(actions.remind(question, by=PORTAL))
    assert sent == [False, True, False, True, False, False]


def test_the_command_and_the_timed_job_remind_once(world: World) -> None:
    from applications import tasks  # noqa: PLC0415 -- registers its handlers when the apps are ready

    question = ask(world, in_scrutiny(world), "bank.licences")
    with moved_to(now() + timedelta(days=9)):
        tasks.reminders(Job(name="applications.reminders"))
        job = Job.objects.get(name="applications.remind")
        tasks.remind(job)
        tasks.remind(job)
        assert run("remind") == "Reminders sent: 0.\n"
    with moved_to(now() + timedelta(days=40)):
        assert run("remind") == "Reminders sent: 1.\n"
    question.refresh_from_db()
    assert question.reminders == 2


def test_a_question_is_closed_after_two_reminders_and_its_day(world: World) -> None:
    file = in_scrutiny(world)
    question = ask(world, file, "bank.licences")
    with pytest.raises(Refused, match="can answer until"):
        actions.close_unanswered(file, by=world.officer, note="No answer")
    with moved_to(now() + timedelta(days=30)):
        with pytest.raises(Refused, match="Sent so far: 0"):
            actions.close_unanswered(file, by=world.officer, note="No answer")
        Clarification.objects.update(reminders=2)
        for refused in ({"by": world.stranger}, {"by": world.owner}, {"by": world.officer, "note": " "}):
            with pytest.raises(Refused):
                actions.close_unanswered(file, **{"note": "No answer", **refused})
        held = actions.close_unanswered(file, by=world.officer, note="No answer")
        question.refresh_from_db()
        assert (held.state, question.closed_by, question.closed_note) == (State.LAPSED, world.officer, "No answer")
        assert Message.objects.get(kind="clarification.closed").to_user == world.owner
        with pytest.raises(Refused):
            actions.answer(file, "Too late", by=world.owner)
        assert not actions.remind(question, by=PORTAL)


def test_withdrawing_closes_the_question(world: World) -> None:
    file = in_scrutiny(world)
    question = ask(world, file, "bank.licences")
    actions.withdraw(file, by=world.owner, note="Sold")
    question.refresh_from_db()
    assert (question.is_open, question.closed_by, question.closed_note) == (False, world.owner, "Sold")


def test_the_first_reader_of_an_answer_stays(world: World) -> None:
    file = in_scrutiny(world)
    question = ask(world, file, "bank.licences")
    with pytest.raises(Refused, match="not answered"):
        actions.mark_read(question, by=world.officer)
    actions.answer(file, "As it stands.", by=world.owner)
    for stranger in (world.stranger, world.owner):
        with pytest.raises(Refused):
            actions.mark_read(question, by=stranger)
    assert [actions.mark_read(question, by=world.officer).read_by for _twice in range(2)] == [world.officer] * 2
    assert AuditEvent.objects.filter(verb="clarification.read").count() == 1
