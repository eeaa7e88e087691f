"""A fresh portal gets its first administrator at the machine, once."""

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.roles import Permission
from districts.models import Office
from records.models import AuditEvent


@pytest.fixture
def directorate(db: None) -> Office:
    return Office.objects.create(code="DIRECTORATE", kind="directorate", name_en="Directorate")


def test_the_first_administrator_is_posted(directorate: Office, capsys: pytest.CaptureFixture[str]):
    call_command("first_administrator", "Chief@portal.test", "Asha Menon")
    user = User.objects.get()
    assert (user.email, user.full_name) == ("chief@portal.test", "Asha Menon")
    assert user.has(Permission.MANAGE_PEOPLE)
    assert not user.has_usable_password()
    assert user.emailaddress_set.get().verified
    assert "chief@portal.test is administrator" in capsys.readouterr().out
    assert AuditEvent.objects.get().actor == "system:command first_administrator"


def test_there_is_no_second_first_administrator(directorate: Office):
    call_command("first_administrator", "chief@portal.test", "Asha Menon")
    with pytest.raises(CommandError, match="An administrator is posted already"):
        call_command("first_administrator", "other@portal.test", "Somebody")
    assert User.objects.count() == 1


def test_an_address_that_is_none_is_refused(directorate: Office):
    with pytest.raises(CommandError, match="'chief' is no e-mail address"):
        call_command("first_administrator", "chief", "Asha Menon")
    assert not User.objects.exists()


def test_somebody_who_has_an_account_already_is_posted_with_it(directorate: Office):
    there = User.objects.create_user("chief@portal.test", None, full_name="Asha Menon")
    call_command("first_administrator", "Chief@portal.test", "Another Name")
    user = User.objects.get()
    assert (user.pk, user.full_name, user.has(Permission.MANAGE_PEOPLE)) == (there.pk, "Asha Menon", True)
