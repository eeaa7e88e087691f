"""The note sheet: numbered, signed, never changed; read and written by the office only; two officers get two numbers."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import Posting, User
from accounts.roles import Role
from applications.models import EnterpriseMember
from evaluation.actions import notes as acts
from evaluation.actions.notes import log_call, write_note
from evaluation.models import OfficeNote
from evaluation.queries.notes import sheet
from evaluation.rules.notes import may_read_notes, may_write_note
from records import appendonly
from records.audit import events_about
from records.clock import now
from records.verdicts import Refused
from tests.evaluation.conftest import World, person
from tests.evaluation.test_matrix import HERE, STATEWIDE, THERE, file_in, holder
from tests.evaluation.test_pages import text_of
from tests.racing import plainly, race, when_all_are_there

Client = Callable[[User], Any]
READS = {Role.OFFICER, Role.MANAGER, Role.GM}
READS_ANYWHERE = {Role.DIRECTORATE, Role.CONVENOR, Role.AUDITOR}
STATES = ("submitted", "scrutiny", "clarification", "appraisal", "withdrawn")


# ---- The rules, without a database --------------------------------------------------------------------------------
@pytest.mark.parametrize("state", STATES)
def test_every_cell_of_reading_and_writing(state: str) -> None:
    file = file_in(state)
    file.submitted_at = now()
    for role, office in product(Role.values, (HERE, THERE)):
        user = holder(role, office)
        reads = role in READS_ANYWHERE or (role in READS and office is HERE)
        assert bool(may_read_notes(user, file)) == reads, (role, office.code)
        assert bool(may_write_note(user, file)) == (role in READS and office is HERE), (role, office.code)
        assert role not in STATEWIDE or not may_write_note(user, file)


def test_who_acts_for_the_enterprise_neither_reads_nor_writes() -> None:
    file = file_in("scrutiny")
    file.submitted_at = now()
    file.enterprise._prefetched_objects_cache = {"members": [EnterpriseMember(user_id=7)]}  # type: ignore[attr-defined]
    for rule in (may_read_notes, may_write_note):
        verdict = rule(holder(Role.OFFICER, HERE), file)
        assert str(verdict.reason) == "You act for this enterprise: another officer does this."


def test_a_draft_has_no_note_sheet() -> None:
    assert not may_write_note(holder(Role.OFFICER, HERE), file_in("draft"))


# ---- The acts -----------------------------------------------------------------------------------------------------
def test_notes_and_calls_are_numbered_in_one_row_and_signed(world: World) -> None:
    file = world.file("scrutiny")
    write_note(file, "  The lease ends in March.  ", by=world.officer)
    call = log_call(file, "The owner sends it.", spoke_to="Owner", called_at=now() - timedelta(hours=1), by=world.gm)
    rows = OfficeNote.objects.values_list("number", "kind", "text", "spoke_to", "by__full_name", "post")
    assert list(rows) == [
        (1, "note", "The lease ends in March.", "", "Officer", "DIC officer, DIC Ernakulam"),
        (2, "call", "The owner sends it.", "Owner", "Gm", "General Manager, DIC, DIC Ernakulam"),
    ]
    events = [(event.verb, event.note) for event in events_about(file)]
    assert events == [("application.note", "No. 1"), ("application.call", "No. 2")]
    assert call.at > now() - timedelta(minutes=1)


def test_each_file_counts_for_itself(world: World) -> None:
    one, two = world.file("scrutiny"), world.file("scrutiny")
    assert [write_note(file, "Seen.", by=world.officer).number for file in (one, two, one)] == [1, 1, 1]
    assert write_note(one, "Seen again.", by=world.officer).number == 2


def test_a_note_sent_twice_is_kept_once_by_the_same_person_only(world: World) -> None:
    file = world.file("scrutiny")
    for by in (world.officer, world.officer, world.officer2):
        write_note(file, "Seen.", by=by)
    assert list(OfficeNote.objects.values_list("number", "by__full_name")) == [(1, "Officer"), (2, "Officer2")]


@pytest.mark.parametrize("who", ["stranger", "directorate", "auditor", "evaluator", "owner", "administrator"])
def test_others_write_nothing(world: World, who: str) -> None:
    file = world.file("scrutiny")
    with pytest.raises(Refused):
        write_note(file, "Seen.", by=world.people[who])
    assert OfficeNote.objects.count() == 0
    assert events_about(file).count() == 0


def test_a_call_says_when_and_with_whom(world: World) -> None:
    file = world.file("scrutiny")
    with pytest.raises(Refused, match="cannot be in the future"):
        log_call(file, "Said.", spoke_to="Owner", called_at=now() + timedelta(minutes=5), by=world.officer)
    with pytest.raises(Refused, match="whom you spoke to"):
        log_call(file, "Said.", spoke_to=" ", called_at=now(), by=world.officer)
    with pytest.raises(Refused, match="Write the note"):
        write_note(file, "  ", by=world.officer)


def test_a_note_is_signed_with_the_post_of_the_files_office(world: World) -> None:
    both = person("both", Role.MANAGER, world.other_dic)
    Posting.objects.create(user=both, role=Role.OFFICER, office=world.dic, starts=date(2025, 1, 1))
    assert write_note(world.file("scrutiny"), "Seen.", by=both).post == "DIC officer, DIC Ernakulam"


# ---- Never changed ------------------------------------------------------------------------------------------------
CHANGES = [
    "UPDATE evaluation_officenote SET text = 'Something else'",
    "DELETE FROM evaluation_officenote",
]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_or_take_a_note_away(world: World, statement: str) -> None:
    write_note(world.file("scrutiny"), "Seen.", by=world.officer)
    with (
        pytest.raises(DatabaseError, match="an office note is never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert OfficeNote.objects.get().text == "Seen."


def test_on_sqlite_a_note_cannot_be_replaced_by_another_with_its_number(world: World) -> None:
    note = write_note(world.file("scrutiny"), "Seen.", by=world.officer)
    again = OfficeNote(application=note.application, number=1, text="Something else", by=world.officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    if connection.vendor == "sqlite":
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT OR REPLACE INTO evaluation_officenote "
                "SELECT id, number, kind, 'Something else', spoke_to, called_at, post, at, application_id, by_id "
                "FROM evaluation_officenote"
            )
    assert OfficeNote.objects.get().text == "Seen."


@pytest.mark.django_db(transaction=True)
def test_a_missing_trigger_of_the_note_sheet_is_named_and_made_again_by_migrate() -> None:
    name = {"sqlite": "office_note_no_delete", "postgresql": "office_note_no_change"}[connection.vendor]
    where = "" if connection.vendor == "sqlite" else " ON evaluation_officenote"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{where}")
    assert appendonly.missing_triggers() == [name]
    call_command("migrate", verbosity=0)
    assert appendonly.missing_triggers() == []


# ---- The pages ----------------------------------------------------------------------------------------------------
def test_a_note_and_a_call_by_the_page(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    client, address = sign_in(world.officer), f"/desk/{file.reference}/notes/"
    assert "No note so far" in text_of(client.get(address))
    answer = client.post(address, {"kind": "note", "text": "The lease ends\nin March."}, follow=True)
    assert "Kept as note 1." in text_of(answer)
    assert "The lease ends<br>in March." in text_of(answer)
    typed = {"call-day": "02-01-2026", "call-at": "3:40 pm", "call-spoke_to": "Owner", "call-text": "Sends it."}
    page = text_of(client.post(address, {"kind": "call", **typed}, follow=True))
    assert "Call with Owner on 02-01-2026, 15:40 IST" in page
    assert page.index("Note 1") < page.index("Note 2")
    assert "Officer, DIC officer, DIC Ernakulam" in page


def test_what_is_missing_is_said_and_what_was_typed_stays(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    client, address = sign_in(world.officer), f"/desk/{file.reference}/notes/"
    answer = client.post(address, {"kind": "call", "call-day": "32-01-2026", "call-at": "", "call-text": "Kept text"})
    page = text_of(answer)
    assert answer.status_code == 400
    for sentence in (
        "Enter the date as DD-MM-YYYY.",
        "Enter the time of the call",
        "Say whom you spoke to.",
        "Kept text",
    ):
        assert sentence in page
    assert client.post(address, {"kind": "note", "text": ""}).status_code == 400
    later = (now() + timedelta(days=2)).strftime("%d-%m-%Y")
    future = {"kind": "call", "call-day": later, "call-at": "10:00", "call-spoke_to": "A", "call-text": "B"}
    assert client.post(address, future).status_code == 400
    assert OfficeNote.objects.count() == 0


def test_the_file_shows_the_last_three_notes_and_the_count(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    for number in range(1, 6):
        write_note(file, f"Text of {number}", by=world.officer)
    page = text_of(sign_in(world.officer).get(f"/desk/{file.reference}/"))
    assert [number for number in range(1, 6) if f"Text of {number}" in page] == [3, 4, 5]
    assert "5 notes" in page
    assert page.count("Text of") == 3  # the trail names notes, never their text


def test_readers_by_post_read_and_do_not_write(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    write_note(file, "Seen.", by=world.officer)
    for who in ("directorate", "auditor"):
        client = sign_in(world.people[who])
        page = text_of(client.get(f"/desk/{file.reference}/notes/"))
        assert "Seen." in page
        assert "Add the note" not in page
        assert client.post(f"/desk/{file.reference}/notes/", {"kind": "note", "text": "No"}).status_code == 403


def test_nobody_outside_sees_that_a_note_is_there(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    world.named(file)
    write_note(file, "The neighbour’s complaint is unfounded.", by=world.officer)
    pages = {"evaluator": f"/desk/{file.reference}/", "owner": f"/applications/{file.reference}/"}
    for who, address in pages.items():
        client = sign_in(world.people[who])
        page = text_of(client.get(address))
        assert "complaint" not in page
        assert "Note sheet" not in page
        assert "Office note" not in page
    assert sign_in(world.evaluator).get(f"/desk/{file.reference}/notes/").status_code == 403
    for who in ("owner", "stranger", "administrator"):
        assert sign_in(world.people[who]).get(f"/desk/{file.reference}/notes/").status_code == 404


def test_an_officer_who_acts_for_the_enterprise_does_not_read_it(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    write_note(file, "Seen.", by=world.officer)
    EnterpriseMember.objects.create(enterprise=file.enterprise, user=world.officer2)
    client = sign_in(world.officer2)
    answer = client.get(f"/desk/{file.reference}/notes/")
    assert answer.status_code == 403
    assert "You act for this enterprise" in text_of(answer)
    assert "Note sheet" not in text_of(client.get(f"/desk/{file.reference}/"))


@pytest.mark.parametrize("notes", [1, 3])
def test_the_sheet_takes_the_same_queries_for_1_and_3_notes(
    world: World, sign_in: Client, django_assert_max_num_queries: Any, notes: int
) -> None:
    file = world.file("scrutiny")
    for number in range(notes):
        write_note(file, f"Text {number}", by=world.officer)
    client = sign_in(world.officer)
    client.get(f"/desk/{file.reference}/notes/")
    with django_assert_max_num_queries(11):
        client.get(f"/desk/{file.reference}/notes/")
    assert sheet(file, world.officer).count == notes  # type: ignore[union-attr]


# ---- Two at once, on PostgreSQL -----------------------------------------------------------------------------------
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_get_1_and_2(world: World) -> None:
    file = world.file("scrutiny")
    writers = (world.officer, world.officer2)
    assert race(*(lambda by=by: write_note(file, "Seen.", by=by) for by in writers)) == ["won", "won"]
    assert list(OfficeNote.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_control_without_the_row_lock_both_take_number_1(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file = world.file("scrutiny")
    monkeypatch.setattr(acts, "lock_one", plainly)
    monkeypatch.setattr(OfficeNote, "save", when_all_are_there(OfficeNote.save))

    def write(by: User) -> None:
        try:
            write_note(file, "Seen.", by=by)
        except IntegrityError as error:
            raise Refused("number 1 is taken") from error

    said = race(*(lambda by=by: write(by) for by in (world.officer, world.officer2)))
    assert said == ["won", "number 1 is taken"]
    assert OfficeNote.objects.count() == 1
