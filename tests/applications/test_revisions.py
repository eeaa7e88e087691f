"""Each save is a numbered revision; two tabs do not overwrite each other; what is sealed is sealed in the database."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from applications import actions
from applications.actions import Stale
from applications.models import Application, Consent, FinancialYear, Profile, Revision
from applications.notice import VERSION
from records.clock import moved_to, now
from records.models import AuditEvent
from records.sealed import key_of
from records.verdicts import Refused
from tests.applications.conftest import CANARY, World, posted


def with_canaries(world: World, file: Application) -> Application:
    """PAN, account and mobile with values that occur nowhere else."""
    profile = world.told(file, "enterprise") | {"pan": CANARY["pan"], "gstin": "", "mobile": CANARY["mobile"]}
    actions.save_section(file, "enterprise", profile, by=world.owner)
    bank = world.told(file, "bank") | {"account_number": CANARY["account_number"]}
    actions.save_section(file, "bank", bank, by=world.owner)
    return Application.objects.get(pk=file.pk)


def test_each_save_is_numbered_with_who_when_and_what(world: World) -> None:
    file = world.draft()
    data = world.told(file, "growth")
    moment = now() + timedelta(minutes=5)
    with moved_to(moment):
        first = actions.save_section(file, "growth", data, by=world.owner)
    second = actions.save_section(file, "growth", data | {"new_jobs": data["new_jobs"] + 1}, by=world.owner)
    assert [(row.number, row.by, row.section) for row in (first, second)] == [
        (1, world.owner, "growth"),
        (2, world.owner, "growth"),
    ]
    assert first.at == moment
    assert second.changes == {"new_jobs": [str(data["new_jobs"]), str(data["new_jobs"] + 1)]}
    lines = AuditEvent.objects.filter(verb="application.save").values_list("data__revision", "data__fields")
    assert list(lines) == [(1, sorted(first.changes)), (2, ["new_jobs"])]


def test_saving_the_same_again_makes_no_revision(world: World) -> None:
    file = world.draft()
    data = world.told(file, "ownership")
    assert actions.save_section(file, "ownership", data, by=world.owner) is not None
    assert actions.save_section(file, "ownership", data, by=world.owner, version=0) is None
    assert Revision.objects.filter(application=file).count() == 1


def test_a_revision_never_holds_a_sealed_value_but_shows_that_it_changed(world: World) -> None:
    file = with_canaries(world, world.draft())
    bank = world.told(file, "bank") | {"account_number": "111122223456"}  # the same last four
    actions.save_section(file, "bank", bank, by=world.owner)
    told = str(list(Revision.objects.values_list("changes", flat=True)))
    told += str(list(AuditEvent.objects.values_list("data", "note", "subject")))
    assert [value for value in CANARY.values() if value in told] == []
    before, after = Revision.objects.filter(section="bank").last().changes["account_number"]
    assert before.split()[0] == after.split()[0] == "••••••••3456"
    assert before != after


def test_what_is_sealed_is_ciphertext_in_the_database_and_found_by_its_key(world: World) -> None:
    file = with_canaries(world, world.draft())
    gstin = world.complete(world.rival).profile.gstin
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM applications_profile")
        rows = str(cursor.fetchall())
        cursor.execute("SELECT * FROM applications_bank")
        rows += str(cursor.fetchall())
    assert [value for value in (*CANARY.values(), gstin, gstin[2:12]) if value in rows] == []
    assert rows.count("s1.k1.") == 3 + 4  # PAN, mobile, account; and the other file's with its GSTIN
    assert Profile.objects.get(pan_key=key_of(CANARY["pan"])).application_id == file.pk
    assert Profile.objects.get(mobile_key=key_of(CANARY["mobile"])).mobile == CANARY["mobile"]


def test_pages_of_what_was_sent_show_it_masked(world: World, mine: Client) -> None:
    file = world.complete()
    account = file.bank.account_number
    page = unescape(mine.get(f"/applications/{file.reference}/submit/").content.decode())
    hidden = (file.profile.pan, file.profile.gstin, file.profile.mobile, account)
    assert [value for value in hidden if value in page] == []
    assert f"•{account[-4:]}" in page


def test_a_stale_tab_is_told_and_keeps_what_was_typed(world: World, mine: Client) -> None:
    file = world.draft()
    data = world.told(file, "growth")
    actions.save_section(file, "growth", data | {"plan": "From the other tab."}, by=world.owner)
    typed = posted("growth", data, version="0") | {"plan": "Typed in this tab."}
    answer = mine.post(f"/applications/{file.reference}/growth/", typed)
    page = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "This page was changed elsewhere after you opened it" in page
    assert page.count("From the other tab.") == 1
    assert page.count("Typed in this tab.") == 2  # to read, and to send again
    assert "What will be expanded, and how" in page
    assert Application.objects.get(pk=file.pk).growth.plan == "From the other tab."
    assert mine.post(f"/applications/{file.reference}/growth/", typed | {"go": "anyway"}).status_code == 302
    assert Application.objects.get(pk=file.pk).growth.plan == "Typed in this tab."


@pytest.mark.parametrize("key", ["enterprise", "ownership", "financials", "bank", "declaration"])
def test_a_stale_page_reads_in_words(world: World, mine: Client, key: str) -> None:
    file = world.draft()
    actions.save_section(file, key, world.told(file, key), by=world.owner)
    answer = mine.post(
        f"/applications/{file.reference}/{key}/", posted(key, world.told(world.complete(world.rival), key))
    )
    page = unescape(answer.content.decode())
    assert answer.status_code in {302, 409}
    assert [
        word for word in ("_domestic", "nic_code<", "{'", "social_category<", "True<", "#") if f">{word}" in page
    ] == []
    assert file.reference in page or answer.status_code == 302


def test_the_act_refuses_a_version_that_is_not_the_latest(world: World) -> None:
    file = world.draft()
    actions.save_section(file, "growth", world.told(file, "growth"), by=world.owner)
    with pytest.raises(Stale) as stale:
        actions.save_section(file, "growth", {"plan": "Other"}, by=world.owner, version=0)
    assert stale.value.latest.number == 1
    assert Revision.objects.count() == 1


def test_a_section_is_saved_by_its_enterprise_only_and_in_a_draft_only(world: World) -> None:
    file = world.complete()
    for user in (world.rival, world.officer, world.stranger):
        with pytest.raises(Refused, match="Only the enterprise can change its application"):
            actions.save_section(file, "growth", {"plan": "X"}, by=user)
    actions.submit(file, by=world.owner)
    with pytest.raises(Refused, match="The application was sent"):
        actions.save_section(file, "growth", {"plan": "X"}, by=world.owner)


def test_what_is_typed_after_the_last_date_is_shown_to_be_copied(world: World, mine: Client) -> None:
    file = world.draft()
    world.close_the_round()
    data = posted("growth", world.told(file, "growth")) | {"plan": "Typed a minute too late."}
    answer = mine.post(f"/applications/{file.reference}/growth/", data)
    page = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "The round is closed; the application can be read but not changed." in page
    assert "What you typed, not saved" in page
    assert "Typed a minute too late." in page
    assert not Revision.objects.exists()


def test_a_year_twice_is_refused_by_the_act_and_by_the_database(world: World) -> None:
    file = world.draft()
    row = world.told(file, "financials")["financial_years"][0]
    with pytest.raises(Refused, match="Each financial year is entered once"):
        actions.save_section(file, "financials", {"financial_years": [row, row]}, by=world.owner)
    FinancialYear.objects.create(application=file, **row)
    for wrong in (row, row | {"year": "2025-26", "turnover_domestic": -1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            FinancialYear.objects.create(application=file, **wrong)


def test_the_notice_agreed_to_is_kept_once_a_version(world: World) -> None:
    file = world.draft()
    data = world.told(file, "declaration")
    for place in ("Aluva", "Kochi"):
        actions.save_section(file, "declaration", data | {"place": place}, by=world.owner)
    assert list(Consent.objects.values_list("version", "by", "language")) == [(VERSION, world.owner.pk, "en")]
