"""The steps of an enterprise, from the check to the receipt, as a person makes them."""

import re
from pathlib import Path
from typing import Any

from pypdf import PdfWriter

from applications.identifiers import check_character
from tests.e2e.visitor import Visitor

CHECK = {
    "udyam": "yes",
    "in_kerala": "yes",
    "sector": "manufacturing",
    "sales_in_years": "3",
    "loans": "regular",
    "other_subsidy": "no",
    "planned": "yes",
}
NAME = "Vellore Spice Oils"
MALAYALAM_NAME = "വെള്ളൂർ സ്പൈസ് ഓയിൽസ്"
KINDS = ("udyam", "profile", "financials", "growth", "employment", "bank")
SECTIONS = ("enterprise", "ownership", "financials", "employment", "growth", "bank", "declaration")


def check(person: Visitor) -> None:
    """Answer the eight questions."""
    person.go("/check/")
    for name in ("udyam", "in_kerala", "sector"):
        person.choose(name, CHECK[name])
    person.write("began_on", "14-06-2016")
    for name in ("sales_in_years", "loans", "other_subsidy", "planned"):
        person.choose(name, CHECK[name])
    person.press()


def sign_up(person: Visitor, email: str) -> None:
    """Make an account and type the code from the mail."""
    person.go("/accounts/signup/")
    person.write("full_name", "Sreelatha Varma")
    person.write("email", email)
    person.write("password1", "a-long-one-1000")
    person.write("password2", "a-long-one-1000")
    person.press()
    person.write("code", code_in_mail(person, email))
    person.press()


def code_in_mail(person: Visitor, email: str) -> str:
    """The code in the newest mail to an address."""
    for mail in reversed(person.portal.mails()):
        found = re.search(r"^Your code: (\S+)", mail, re.MULTILINE)
        if email in mail and found:
            return found[1]
    raise AssertionError("no mail with a code came")


def begin(person: Visitor, udyam: str) -> str:
    """Name the enterprise, begin its application; the reference."""
    person.go("/enterprises/new/")
    person.write("name_en", NAME)
    person.write("name_ml", MALAYALAM_NAME)
    person.write("udyam_number", udyam)
    choose_words(person, "district", "Ernakulam")
    choose_words(person, "taluk", "Kunnathunad")
    person.press()
    person.press("main form button.btn-primary")
    found = re.search(r"M1K-\d+-[A-Z]{3}-\d{5}", person.path)
    assert found is not None, person.text
    return found[0]


def choose_words(person: Visitor, name: str, words: str) -> None:
    """Choose in a list by what it says."""
    person.reach(f"main [name='{name}']").select_option(label=words)


def enterprise(person: Visitor) -> None:
    """Section 1. Each enterprise has a PAN of its own: two files with one PAN in a round are held for the DIC."""
    pan = f"AAKPV{person.path.split('/')[2][-4:]}L"
    head = f"32{pan}1Z"
    for name, text in {
        "udyam_date": "02-09-2020",
        "pan": pan,
        "gstin": head + check_character(head),
    }.items():
        person.write(name, text)
    person.choose("constitution", "proprietorship")
    person.choose("sector", "manufacturing")
    for name, text in {
        "main_products": "Spice oils and oleoresins",
        "began_on": "14-06-2016",
        "address": "Industrial estate, Kolenchery",
        "pin": "682311",
        "contact_person": "Sreelatha Varma",
        "mobile": "9847012345",
        "email": "office@spiceoils.example",
        "activities-0-nic_code": "20297",
        "activities-0-description": "Essential oils",
        "plants-0-name": "Unit 1",
        "plants-0-address": "Industrial estate, Kolenchery",
        "plants-0-pin": "682311",
    }.items():
        person.write(name, text)


def ownership(person: Visitor) -> None:
    """Section 2."""
    person.write("owners-0-name", "Sreelatha Varma")
    person.write("owners-0-share", "100")
    person.choose("owners-0-gender", "female")
    person.choose("owners-0-social_category", "general")


def financials(person: Visitor) -> None:
    """Section 3."""
    for year, turnover in (("2023-24", "41000000"), ("2024-25", "52600000"), ("2025-26", "61800000")):
        person.choose(f"year-{year}-status", "audited")
        person.write(f"year-{year}-turnover_domestic", turnover)
        person.write(f"year-{year}-turnover_export", "0")
        person.write(f"year-{year}-profit", "4300000")
        person.write(f"year-{year}-plant_machinery", "9000000")


def employment(person: Visitor) -> None:
    """Section 4."""
    for year in ("2023-24", "2024-25", "2025-26"):
        for kind in ("permanent", "contract"):
            for who, count in (("women", "12"), ("men", "8"), ("other", "0")):
                person.write(f"year-{year}-{who}_{kind}", count)


def growth(person: Visitor) -> None:
    """Section 5."""
    for name, text in {
        "plan": "A second distillation line.",
        "markets": "Buyers in three States; two abroad are in talks.",
        "cost_land_building": "2000000",
        "cost_machinery": "30000000",
        "cost_other": "1000000",
        "cost_working_capital": "7000000",
        "means_own": "10000000",
        "means_loan": "30000000",
        "means_other": "0",
        "new_jobs": "24",
    }.items():
        person.write(name, text)
    for year in ("2026-27", "2027-28", "2028-29", "2029-30"):
        person.write(f"year-{year}-turnover", "90000000")
        person.write(f"year-{year}-exports", "5000000")
        person.write(f"year-{year}-jobs", "60")


def bank(person: Visitor) -> None:
    """Section 6."""
    person.write("bank_name", "State Bank of India, Kolenchery")
    person.write("account_number", "30211122233")
    person.write("ifsc", "SBIN0008613")
    person.choose("loan_status", "regular")
    person.write("loan_outstanding", "4200000")
    for name in ("other_subsidy", "in_insolvency"):
        person.choose(name, "no")
    person.choose("gst_returns_filed", "yes")


def declaration(person: Visitor) -> None:
    """Section 8."""
    person.write("signatory", "Sreelatha Varma")
    person.write("designation", "Proprietor")
    person.write("place", "Kolenchery")
    for name in ("true_statement", "consent"):
        person.reach(f"main [name='{name}']").press("Space")


FILL: dict[str, Any] = {
    "enterprise": enterprise,
    "ownership": ownership,
    "financials": financials,
    "employment": employment,
    "growth": growth,
    "bank": bank,
    "declaration": declaration,
}


def fill(person: Visitor, reference: str, *sections: str) -> None:
    """Fill sections and save each; the page that follows must be another one."""
    for key in sections or SECTIONS:
        person.go(f"/applications/{reference}/{key}/")
        FILL[key](person)
        person.press("main button[name=go][value=stop]")
        assert person.path == f"/applications/{reference}/", (key, person.text)


def paper(folder: Path, words: str) -> Path:
    """A PDF of one empty page, with a title of its own so that no two are the same."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.add_metadata({"/Title": words})
    file = folder / f"{words}.pdf"
    with file.open("wb") as out:
        writer.write(out)
    return file


def upload(person: Visitor, reference: str, folder: Path, most: int) -> None:
    """Send documents, so many at most."""
    for kind in KINDS[:most]:
        person.go(f"/applications/{reference}/documents/")
        person.send(kind, paper(folder, f"{reference}-{kind}"))


def submit(person: Visitor, reference: str) -> None:
    """Check the answers and hand the file in."""
    person.go(f"/applications/{reference}/submit/")
    person.press("main form button.btn-primary")


def whole(person: Visitor, udyam: str, folder: Path, documents: int) -> str:
    """From the enterprise to the receipt; the reference. So many documents are sent through the page."""
    reference = begin(person, udyam)
    fill(person, reference)
    upload(person, reference, folder, documents)
    if documents < len(KINDS):
        person.portal.ask("file_acts.send_the_rest", reference)
    submit(person, reference)
    assert person.path == f"/applications/{reference}/receipt/", person.text
    return reference
