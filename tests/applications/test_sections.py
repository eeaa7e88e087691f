"""The section pages: what is right is kept, what is wrong is sent back with its sentence and all that was typed."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from applications import demo
from applications.models import Activity, Application, FinancialYear, Owner, Profile, Revision
from applications.sections import missing
from records.clock import today
from tests.applications.conftest import PLAIN, YEARS, World, posted

SECTIONS = [key for key in demo.KEYS if key != "documents"]


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def put(client: Client, file: Application, key: str, data: dict[str, str]):
    return client.post(f"/applications/{file.reference}/{key}/", data)


def revisions(file: Application) -> int:
    return Revision.objects.filter(application=file).count()


@pytest.mark.parametrize("key", SECTIONS)
def test_what_the_form_reads_is_what_the_demonstration_writes(world: World, mine: Client, key: str) -> None:
    """Typed into the page, a section's columns come out as the act was given them: a second save changes nothing."""
    file = world.draft()
    data = world.told(file, key)
    answer = put(mine, file, key, posted(key, data))
    assert answer.status_code == 302, text_of(answer)
    assert Revision.objects.filter(application=file, section=key).count() == 1
    again = Application.objects.get(pk=file.pk)
    assert [todo for todo in missing(again) if todo.section == key] == []
    assert demo.actions.save_section(again, key, data, by=world.owner) is None


@pytest.mark.parametrize("key", SECTIONS)
def test_an_empty_section_may_be_saved_and_is_asked_for_later(world: World, mine: Client, key: str) -> None:
    file = world.draft()
    empty = {"version": "0", "go": "stop"}
    empty |= {f"{name}-TOTAL_FORMS": "1" for name in ("activities", "plants", "owners")}
    empty |= {f"{name}-INITIAL_FORMS": "0" for name in ("activities", "plants", "owners")}
    assert put(mine, file, key, empty).status_code == 302
    assert any(todo.section == key for todo in missing(Application.objects.get(pk=file.pk)))
    assert mine.get(f"/applications/{file.reference}/{key}/").status_code == 200


@pytest.mark.parametrize("key", [*SECTIONS, "documents"])
def test_a_filled_section_reads_as_it_was_saved(world: World, mine: Client, key: str) -> None:
    file = world.complete()
    page = text_of(mine.get(f"/applications/{file.reference}/{key}/"))
    shown = {
        "enterprise": file.profile.address,
        "ownership": file.owners.all()[0].name,
        "financials": "Written-down value",
        "employment": YEARS[0],
        "growth": file.growth.plan,
        "bank": file.bank.account_number,
        "documents": f"udyam-{file.reference}.pdf",
        "declaration": file.declaration.signatory,
    }
    assert shown[key] in page


TOMORROW = (today() + timedelta(days=2)).strftime("%d-%m-%Y")
WRONG = [
    ("enterprise", {"udyam_number": "UDYAM-KL-1"}, "Enter the Udyam number as UDYAM-KL-00-0000000."),
    ("enterprise", {"pan": "ABC"}, "Enter the PAN as ABCDE1234F."),
    ("enterprise", {"pan": "ABCFE1234F"}, "The GSTIN and the PAN do not agree."),
    ("enterprise", {"gstin": "32ABCFE1234F1Z0"}, "This GSTIN is not correct. Check it against the certificate."),
    ("enterprise", {"udyam_date": "30-06-2020"}, "Udyam registration began on 01-07-2020."),
    ("enterprise", {"udyam_date": TOMORROW}, "The date cannot be in the future."),
    ("enterprise", {"began_on": TOMORROW}, "The date cannot be in the future."),
    ("enterprise", {"began_on": "31-02-2016"}, "Enter the date as DD-MM-YYYY."),
    ("enterprise", {"pin": "68203"}, "A PIN code has 6 digits."),
    ("enterprise", {"mobile": "12345"}, "A mobile number has 10 digits and begins with 6, 7, 8 or 9."),
    ("enterprise", {"email": "nobody"}, "Enter an e-mail address, for example name@example.com."),
    ("enterprise", {"name_en": "<script>alert(1)</script>"}, "The signs < and > cannot be used here."),
    ("enterprise", {"name_en": "N" * 161}, "at most 160 characters"),
    ("enterprise", {"email": "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".test"}, "at most 254 characters"),
    ("enterprise", {"address": "Near 2341 2341 2346"}, "An Aadhaar number stands in this text."),
    ("enterprise", {"constitution": "empire"}, "Choose one from the list."),
    ("enterprise", {"activities__0__nic_code": "7"}, "An NIC code has 2, 4 or 5 digits"),
    ("enterprise", {"activities__0__description": ""}, "Fill this in, or leave the whole row empty."),
    ("ownership", {"owners__0__share": "0"}, "A share is more than 0 and at most 100 per cent."),
    ("ownership", {"owners__0__share": "101"}, "A share is more than 0 and at most 100 per cent."),
    ("ownership", {"owners__0__share": "half"}, "Enter the share in per cent, for example 33.34."),
    ("ownership", {"owners__0__share": "NaN"}, "Enter the share in per cent, for example 33.34."),
    ("ownership", {"owners__0__name": "2341 2341 2346"}, "An Aadhaar number stands in this text."),
    ("financials", {"year__2024-25__turnover_domestic": "-5"}, "This amount cannot be less than 0."),
    ("financials", {"year__2024-25__turnover_domestic": "ten"}, "Enter the amount in rupees, digits only."),
    ("financials", {"year__2024-25__turnover_export": "9" * 16}, "This amount is too large."),
    ("financials", {"year__2024-25__profit": ""}, "Fill this in, or leave the whole year empty."),
    ("employment", {"year__2024-25__women_permanent": "-1"}, "This number cannot be less than 0."),
    ("employment", {"year__2024-25__men_contract": "9" * 5000}, "Enter a whole number, digits only."),
    ("growth", {"year__2026-27__exports": "99,99,99,99,999"}, "Exports are a part of the turnover"),
    ("growth", {"plan": "P" * 3001}, "at most 3000 characters"),
    ("growth", {"cost_machinery": "-1"}, "This amount cannot be less than 0."),
    ("bank", {"account_number": "12"}, "A bank account number has 9 to 18 digits."),
    ("bank", {"ifsc": "SBIN"}, "Enter the IFSC as ABCD0123456."),
    ("bank", {"licences": "Aadhaar 234123412346"}, "An Aadhaar number stands in this text."),
    ("bank", {"in_insolvency": "perhaps"}, "Choose one from the list."),
    ("declaration", {"signatory": "A <b>"}, "The signs < and > cannot be used here."),
]


@pytest.mark.parametrize(("key", "changes", "sentence"), WRONG)
def test_what_is_wrong_is_sent_back_with_its_sentence(world: World, mine: Client, key, changes, sentence) -> None:
    file = world.draft()
    before = revisions(file)
    data = posted(key, world.told(file, key), **changes)
    answer = put(mine, file, key, data)
    page = text_of(answer)
    assert answer.status_code == 400
    assert sentence in page
    typed = next(iter(changes.values())).replace(",", "")
    choices = {"constitution", "in_insolvency"} & set(changes)
    assert choices or not typed or typed in page.replace(",", "")  # what was typed stays, beside it all the rest
    assert data.get("address", data.get("plan", data.get("bank_name", ""))) in page
    assert revisions(file) == before


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [
        ("bank", "account_number", "234123412346"),
        ("bank", "epf_esi", "KRKCH 2341 2341 2346"),
        ("bank", "loan_outstanding", "234123412346"),
        ("growth", "cost_machinery", "234123412346"),
    ],
)
def test_where_digits_mean_something_else_a_check_digit_that_agrees_says_nothing(
    world: World, mine: Client, key, name, value
) -> None:
    file = world.draft()
    assert put(mine, file, key, posted(key, world.told(file, key)) | {name: value}).status_code == 302
    assert str(getattr(getattr(Application.objects.get(pk=file.pk), key), name)) == value


@pytest.mark.parametrize("value", ["\x00", "😀 കയർ\u202e", "' OR 1=1 --", "{{ 7*7 }}", "= cmd()", "\ud7ff\ufffd"])
@pytest.mark.parametrize("key", SECTIONS)
def test_no_text_breaks_a_page(world: World, mine: Client, key: str, value: str) -> None:
    file = world.draft()
    data = {name: value if name != "version" else "²" for name in posted(key, world.told(file, key))}
    answer = put(mine, file, key, data)
    assert answer.status_code in {302, 400, 409}
    assert "49" not in text_of(answer).partition('name="plan"')[2][:200]


@pytest.mark.parametrize("value", ["😀 കയർ", "' OR 1=1 --", "{{ 7*7 }}"])
def test_strange_text_is_kept_and_shown_as_text(world: World, mine: Client, value: str) -> None:
    file = world.draft()
    assert put(mine, file, "growth", posted("growth", world.told(file, "growth")) | {"plan": value}).status_code == 302
    assert Application.objects.get(pk=file.pk).growth.plan == value
    assert value in text_of(mine.get(f"/applications/{file.reference}/growth/"))


def test_signs_nobody_sees_are_dropped(world: World, mine: Client) -> None:
    file = world.draft()
    data = posted("growth", world.told(file, "growth")) | {"plan": "A\x00 pl\u202ean"}
    answer = put(mine, file, "growth", data)
    assert answer.status_code == 302, text_of(answer)
    assert Application.objects.get(pk=file.pk).growth.plan == "A plan"


def test_shares_that_do_not_add_up_change_nothing_and_keep_what_was_typed(world: World, mine: Client) -> None:
    file = world.complete()
    before = [owner.share for owner in Owner.objects.filter(application=file)]
    told = world.told(file, "ownership")
    data = posted("ownership", told, owners__0__share="20.5", version="1")
    total = Decimal("20.5") + sum(Decimal(str(owner["share"])) for owner in told["owners"][1:])
    answer = put(mine, file, "ownership", data)
    assert answer.status_code == 400
    assert f"The shares must add up to 100 per cent. They add up to {total.normalize():f}." in text_of(answer)
    assert 'value="20.5"' in text_of(answer)
    assert [owner.share for owner in Owner.objects.filter(application=file)] == before
    assert file.revisions.filter(section="ownership").count() == 1


def test_owners_are_added_row_by_row_and_saved_when_they_are_whole(world: World, mine: Client) -> None:
    file = world.draft()
    one = {"owners-0-name": "Asha", "owners-0-share": "60", "owners-0-gender": "female"}
    one |= {"owners-0-social_category": "general", "owners-TOTAL_FORMS": "1", "owners-INITIAL_FORMS": "0"}
    answer = put(mine, file, "ownership", {**one, "version": "0", "go": "row-owners"})
    page = text_of(answer)
    assert answer.status_code == 200
    assert "Not saved yet. The shares must add up to 100 per cent. They add up to 60." in " ".join(
        re.sub(r"<[^>]+>", "", page).split()
    )
    assert 'name="owners-1-share"' in page
    assert "m-errors" not in page
    assert not Owner.objects.exists()
    two = one | {name.replace("-0-", "-1-"): value for name, value in one.items() if "-0-" in name}
    two |= {"owners-1-share": "40", "owners-TOTAL_FORMS": "2"}
    assert put(mine, file, "ownership", {**two, "version": "0", "go": "on"}).status_code == 302
    assert [owner.share for owner in Owner.objects.order_by("pk")] == [60, 40]


def test_means_that_do_not_cover_the_cost_are_saved_with_a_sentence(world: World, mine: Client) -> None:
    file = world.draft()
    answer = put(mine, file, "growth", posted("growth", world.told(file, "growth")) | {"means_other": "1"})
    assert "must equal the project cost" in text_of(mine.get(answer.url))


def test_a_year_twice_has_its_sentence(world: World, mine: Client) -> None:
    file = world.draft()
    data = posted("financials", world.told(file, "financials"))
    answer = put(mine, file, "financials", data | {"year-2024-25-profit": ["1", "2"]})
    assert answer.status_code == 400
    assert "Each financial year is entered once." in text_of(answer)
    assert not FinancialYear.objects.exists()


def test_a_year_the_round_does_not_ask_for_is_not_read(world: World, mine: Client) -> None:
    file = world.draft()
    data = posted("financials", world.told(file, "financials"))
    more = {name.replace("2024-25", "2019-20"): value for name, value in data.items() if "2024-25" in name}
    assert put(mine, file, "financials", data | more).status_code == 302
    assert list(FinancialYear.objects.values_list("year", flat=True)) == YEARS


def test_an_nic_code_twice_has_its_sentence(world: World, mine: Client) -> None:
    file = world.draft()
    data = posted("enterprise", world.told(file, "enterprise"))
    twice = {name.replace("-0-", "-1-"): value for name, value in data.items() if name.startswith("activities-0")}
    answer = put(mine, file, "enterprise", data | twice | {"activities-TOTAL_FORMS": "2"})
    assert answer.status_code == 400
    assert text_of(answer).count("Each NIC code is entered once.") == 2  # in the summary and at the rows


def test_a_row_is_added_and_removed(world: World, mine: Client) -> None:
    file = world.draft()
    data = posted("ownership", world.told(file, "ownership"))
    answer = put(mine, file, "ownership", data | {"go": "row-owners"})
    assert answer.url.endswith("/ownership/#last-owners")
    count = Owner.objects.filter(application=file).count()
    page = text_of(mine.get(answer.url))
    assert page.count("Name of the owner") == count + 1
    assert page.index('id="last-owners"') < page.rindex("Name of the owner") < page.index('value="row-owners"')
    gone = {"owners-0-DELETE": "on", "owners-INITIAL_FORMS": str(count), "version": "1"}
    share = Decimal(100) / (count - 1)  # two are left, or one
    left = {f"owners-{number}-share": f"{share}" for number in range(1, count)}
    assert count == len(left) + 1
    put(mine, file, "ownership", data | gone | left)
    assert sorted(owner.share for owner in Owner.objects.filter(application=file)) == sorted(
        map(Decimal, left.values())
    )


@pytest.mark.parametrize("total", ["", "-1", "x", "100000", "²"])
def test_a_forged_number_of_rows_changes_nothing(world: World, mine: Client, total: str) -> None:
    file = world.complete()
    before = list(Activity.objects.values_list("nic_code"))
    data = posted("enterprise", world.told(file, "enterprise")) | {"version": "1", "activities-TOTAL_FORMS": total}
    assert put(mine, file, "enterprise", data).status_code == 400
    assert list(Activity.objects.values_list("nic_code")) == before


def test_forged_fields_and_keys_of_rows_change_nothing(world: World, mine: Client) -> None:
    """Mass assignment: columns beside the form, another file's row, another application."""
    other = world.complete(world.rival)
    file = world.draft()
    theirs = other.owners.all()[0]
    forged = {
        "id": str(other.profile.pk), "application": str(other.pk), "seal_id": "0" * 32, "state": "selected",
        "submitted_at": "2026-01-01", "reference": "M1K-3-EKM-99999", "office": str(world.other_dic.pk),
        "owners-0-id": str(theirs.pk), "owners-0-application": str(other.pk), "pan_key": "x", "notice_version": "0",
    }  # fmt: skip
    before = Application.objects.values().get(pk=file.pk)
    for key in SECTIONS:
        data = posted(key, world.told(file, key)) | forged
        assert put(mine, file, key, data).status_code == 302
    assert Application.objects.values().get(pk=file.pk) == before
    assert Owner.objects.get(pk=theirs.pk).application_id == other.pk
    assert set(Owner.objects.filter(application=file).values_list("pk", flat=True)).isdisjoint({theirs.pk})
    assert (
        Profile.objects.get(application=other).seal_id
        == other.profile.seal_id
        != Profile.objects.get(application=file).seal_id
    )
    assert Application.objects.get(pk=file.pk).declaration.notice_version != "0"


def test_a_pan_of_another_kind_is_for_the_officer_and_not_said_here(world: World, mine: Client) -> None:
    file = world.draft()
    data = posted("enterprise", world.told(file, "enterprise")) | {"constitution": "private_limited"}
    answer = put(mine, file, "enterprise", data)
    assert answer.status_code == 302
    assert "PAN" not in text_of(mine.get(f"/applications/{file.reference}/"))
    flags = demo.actions.moves.queries.soft_flags(Application.objects.get(pk=file.pk))
    assert [flag.key for flag in flags] == ["pan_kind"]


def test_the_size_of_each_year_stands_with_the_figures(world: World, mine: Client) -> None:
    file = world.complete(told=replace(PLAIN, turnover=400_000_000))
    page = text_of(mine.get(f"/applications/{file.reference}/submit/"))
    assert "Size by year, by the limits of that year" in page
    assert "₹50 crore" in page  # small, up to 2024-25
    assert "₹100 crore" in page  # small, from 2025-26
