"""A post is said in the reader's language, and what is not known of it stays as it was signed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.roles import Role
from accounts.signatures import Signatures
from districts.models import Office
from tests.accounts.conftest import Offices

KOCHI = "കൊച്ചി ഓഫീസ്"


@pytest.fixture
def kochi(offices: Offices) -> Office:
    """An office with a name in Malayalam; its English name ends like that of another."""
    office = offices["DIC-EKM"]
    office.name_ml = KOCHI
    office.save()
    return office


def in_malayalam(signed: str) -> tuple[str, str]:
    """As a post, and as a person's name with the post behind it."""
    with translation.override("ml"):
        signatures = Signatures()
        return signatures.post(signed), signatures.person(signed)


def label(role: Role, language: str) -> str:
    with translation.override(language):
        return str(role.label)


def test_an_english_reader_reads_what_was_signed_without_a_query(kochi: Office):
    with (
        translation.override("en"),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        assert Signatures().post(f"General Manager, {kochi.name_en}") == f"General Manager, {kochi.name_en}"
    assert len(queries) == 0


def test_title_and_office_are_said_in_malayalam(kochi: Office):
    officer = label(Role.OFFICER, "ml")
    assert officer != label(Role.OFFICER, "en")
    signed = f"{label(Role.OFFICER, 'en')}, {kochi.name_en}"
    assert in_malayalam(signed) == (f"{officer}, {KOCHI}",) * 2


def test_a_name_before_them_and_a_title_nobody_knows_stay(kochi: Office):
    assert in_malayalam(f"Asha Nair, Keeper of keys, {kochi.name_en}") == (f"Asha Nair, Keeper of keys, {KOCHI}",) * 2
    officer = label(Role.OFFICER, "ml")
    signed = f"Asha Nair, {label(Role.OFFICER, 'en')}, {kochi.name_en}"
    assert in_malayalam(signed) == (f"Asha Nair, {officer}, {KOCHI}",) * 2


def test_a_name_alone_is_nobodys_title(kochi: Office):
    title = label(Role.OFFICER, "en")
    assert in_malayalam(title) == (label(Role.OFFICER, "ml"), title)
    assert in_malayalam(kochi.name_en) == (KOCHI, kochi.name_en)


@pytest.mark.parametrize("signed", ["", "Asha Nair", "Somebody, Somewhere"])
def test_what_is_not_known_stays_as_it_is(offices: Offices, signed: str):
    assert in_malayalam(signed) == (signed, signed)


def test_of_two_names_that_end_alike_the_longer_counts(kochi: Office, offices: Offices):
    offices["DIC-TSR"].name_en, offices["DIC-TSR"].name_ml = f"North, {kochi.name_en}", "വടക്ക്"
    offices["DIC-TSR"].save()
    assert in_malayalam(f"Clerk, North, {kochi.name_en}")[0] == "Clerk, വടക്ക്"
