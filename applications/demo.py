"""Makes applicants, enterprises and their applications for the demonstration, by the real acts. The same Random, the same rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from io import BytesIO
from random import Random
from string import ascii_uppercase
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import get_hasher, make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from accounts.demo import PASSWORD
from accounts.models import User
from applications import actions, demo_words, notice
from applications.demo_words import Trade
from applications.identifiers import PAN_HOLDERS, check_character
from applications.models import Application, DocumentKind, Enterprise, Round
from applications.sections import SECTIONS, years_ahead
from districts.models import District, Taluk
from records.acts import act

LAKH = 1_00_000
TURNOVER = {"micro": (30, 420), "small": (600, 4_200), "medium": (5_500, 14_000)}  # lakh rupees, the latest year
PINS = {
    "TVM": "695", "KLM": "691", "PTA": "689", "ALP": "688", "KTM": "686", "IDK": "685", "EKM": "682",
    "TSR": "680", "PKD": "678", "MLP": "676", "KKD": "673", "WYD": "673", "KNR": "670", "KSD": "671",
}  # fmt: skip
SHARES: dict[int, tuple[tuple[int | str, ...], ...]] = {
    1: ((100,),),
    2: ((60, 40), (51, 49)),
    3: (("33.34", "33.33", "33.33"), ("50.5", "29.5", 20)),
}
KEYS = [section.key for section in SECTIONS]
WIDTH = 64  # letters of the one line on a demonstration paper


@dataclass(frozen=True)
class Story:
    """What is true of one invented enterprise; every section is told from it."""

    trade: Trade
    size: str
    constitution: str
    women_owned: bool
    exporter: bool
    elsewhere: bool  # its Udyam number names another district: a flag for the officer
    overdue: bool  # a loan is overdue: an officer will check
    turnover: int  # rupees, the latest year


def story(rng: Random, *, shop: bool = False) -> Story:
    """Invent one. `shop`: trade alone, which a round does not take; for drafts only."""
    size = rng.choices(list(TURNOVER), weights=(45, 40, 15))[0]
    owners = ("proprietorship", "partnership") if size == "micro" else ("partnership", "llp", "private_limited")
    return Story(
        trade=demo_words.SHOP if shop else rng.choice(demo_words.TRADES),
        size=size,
        constitution=rng.choice(owners),
        women_owned=rng.random() < 0.35,
        exporter=rng.random() < 0.25,
        elsewhere=rng.random() < 0.06,
        overdue=rng.random() < 0.06,
        turnover=rng.randint(*TURNOVER[size]) * LAKH,
    )


@lru_cache(maxsize=2)
def _secret(_algorithm: str) -> str:
    """One hash for all: a hundred would take many seconds. That of the applicant, where there is one."""
    made = User.objects.filter(email="applicant@demo.test").values_list("password", flat=True).first()
    return made or make_password(PASSWORD)


def owner(number: int, rng: Random) -> User:
    """An applicant's account, verified, with the demonstration's password; the one that is there where there is one."""
    email = f"owner{number}@demo.test"
    name = rng.choice((*demo_words.WOMEN, *demo_words.MEN))
    language = rng.choice(("en", "en", "ml"))
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create(
            email=email, full_name=name, language=language, password=_secret(get_hasher().algorithm)
        )
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def enterprise(
    district: District, rng: Random, *, by: User, told: Story | None = None, udyam_number: str = ""
) -> Enterprise:
    """An enterprise of the district with an invented name and a Udyam number of its own."""
    told = told or story(rng)
    place_en, place_ml = rng.choice(demo_words.PLACES)
    codes = [code for code in District.objects.values_list("udyam_code", flat=True) if code != district.udyam_code]
    code = rng.choice(sorted(codes)) if told.elsewhere and codes else district.udyam_code
    return actions.add_enterprise(
        by=by,
        name_en=f"{place_en} {told.trade.name_en}",
        name_ml=f"{place_ml} {told.trade.name_ml}",
        udyam_number=udyam_number or f"UDYAM-KL-{code}-{rng.randint(1_00_000, 99_99_999):07d}",
        district=district,
        taluk=rng.choice(list(Taluk.objects.filter(district=district).order_by("pk"))),
    )


@act
def draft(
    round: Round,  # noqa: A002 -- the field's word
    district: District,
    rng: Random,
    *,
    by: User,
    filled: float,
    udyam_number: str = "",
) -> Application:
    """A file with the first `filled` (0 to 1) of its eight sections done; one in ten unfinished ones is a shop's."""
    file = _begun(round, district, rng, by=by, filled=filled, udyam_number=udyam_number)
    return Application.objects.with_file().get(pk=file.pk)


def _begun(
    round: Round,  # noqa: A002 -- the field's word
    district: District,
    rng: Random,
    *,
    by: User,
    filled: float,
    udyam_number: str,
) -> Application:
    done = int(filled * len(KEYS) + 0.5)
    told = story(rng, shop=done < len(KEYS) and rng.random() < 0.1)
    unit = enterprise(district, rng, by=by, told=told, udyam_number=udyam_number)
    file = actions.begin(unit, round, by=by)
    told_of = {key: TELL[key](file, told, rng) for key in KEYS[:done] if key != "documents"}
    actions.save_sections(file, told_of, by=by)
    if "documents" in KEYS[:done]:
        _documents(file, by=by)
    return file


def complete(
    round: Round,  # noqa: A002 -- the field's word
    district: District,
    rng: Random,
    *,
    by: User,
    udyam_number: str = "",
) -> Application:
    """A draft in which nothing is missing."""
    return draft(round, district, rng, by=by, filled=1, udyam_number=udyam_number)


@act
def submitted(
    round: Round,  # noqa: A002 -- the field's word
    district: District,
    rng: Random,
    *,
    by: User,
    udyam_number: str = "",
    render: bool = False,
) -> Application:
    """A file handed in. Its receipt's PDF is left until somebody asks for it, unless `render`."""
    file = _begun(round, district, rng, by=by, filled=1, udyam_number=udyam_number)
    return actions.submit(file, by=by, render=render)


def contested(
    round: Round,  # noqa: A002 -- the field's word
    district: District,
    rng: Random,
    *,
    by: tuple[User, User],
) -> tuple[Application, Application]:
    """Two people hand in a file with the same Udyam number; the later one is marked for the officer."""
    number = f"UDYAM-KL-{district.udyam_code}-{rng.randint(1_00_000, 99_99_999):07d}"
    first, second = (submitted(round, district, rng, by=user, udyam_number=number) for user in by)
    return first, second


def _letters(rng: Random, count: int) -> str:
    return "".join(rng.choices(ascii_uppercase, k=count))


def _pan(told: Story, rng: Random) -> str:
    """Of the right kind. The number 0000 is given to nobody."""
    holders = {form: letter for letter, forms in PAN_HOLDERS.items() for form in forms}
    letter = "P" if told.constitution == "proprietorship" else holders[told.constitution]
    return f"{_letters(rng, 3)}{letter}{_letters(rng, 1)}0000{_letters(rng, 1)}"


def _place(file: Application, rng: Random) -> tuple[str, str]:
    """An address and its PIN code."""
    pin = f"{PINS.get(file.district.code, '682')}{rng.randint(1, 20):03d}"
    return f"{rng.randint(2, 98)}/{rng.randint(100, 899)}, {rng.choice(demo_words.STREETS)}, {file.taluk.name_en}", pin


def _profile(file: Application, told: Story, rng: Random) -> dict[str, Any]:
    pan = _pan(told, rng)
    gstin = f"32{pan}1Z"
    began = file.round.cut_off - timedelta(days=rng.randint(366 * (file.round.years_required + 1), 6_000))
    registered = max(began, date(2020, 7, 1)) + timedelta(days=rng.randint(5, 300))
    address, pin = _place(file, rng)
    return {
        "name_en": file.enterprise.name_en,
        "name_ml": file.enterprise.name_ml,
        "udyam_number": file.enterprise.udyam_number,
        "udyam_date": min(registered, file.round.cut_off),
        "pan": pan,
        "gstin": gstin + check_character(gstin),
        "constitution": told.constitution,
        "sector": told.trade.sector,
        "main_products": told.trade.products,
        "began_on": began,
        "address": address,
        "pin": pin,
        "contact_person": file.filed_by.full_name,
        "mobile": f"90000{rng.randint(0, 99_999):05d}",
        "email": file.filed_by.email,
        "activities": [{"nic_code": told.trade.nic, "description": told.trade.activity}],
        "plants": [{"name": f"{file.enterprise.name_en}, unit 1", "address": address, "pin": pin}],
    }


def _owners(file: Application, told: Story, rng: Random) -> dict[str, Any]:
    shares = rng.choice(SHARES[1 if told.constitution == "proprietorship" else rng.choice((2, 2, 3))])
    first, rest = (demo_words.WOMEN, demo_words.MEN) if told.women_owned else (demo_words.MEN, demo_words.WOMEN)
    names = [rng.choice(first), *rng.sample(rest, len(shares) - 1)]
    return {
        "owners": [
            {
                "name": name,
                "share": Decimal(share),
                "gender": "female" if name in demo_words.WOMEN else "male",
                "social_category": rng.choice(("general", "general", "obc", "obc", "sc", "st", "unstated")),
            }
            for name, share in zip(names, shares, strict=True)
        ]
    }


def _financials(file: Application, told: Story, rng: Random) -> dict[str, Any]:
    """Backwards from the latest year, 6 to 25 per cent less each time; at the latest the statement may be provisional."""
    rows, turnover = [], told.turnover
    for year in reversed(file.round.financial_years):
        export = turnover * rng.randint(12, 55) // 100 if told.exporter else 0
        latest = year == file.round.latest_year
        rows.append(
            {
                "year": year,
                "status": rng.choice(("provisional", "audited")) if latest else rng.choice(("audited", "certified")),
                "turnover_domestic": turnover - export,
                "turnover_export": export,
                "profit": turnover * rng.choice((-2, 3, 5, 6, 8, 11)) // 100,
                "plant_machinery": turnover * rng.randint(12, 19) // 100,
            }
        )
        turnover = turnover * rng.randint(75, 94) // 100
    return {"financial_years": rows[::-1]}


def _persons(told: Story, rng: Random) -> int:
    return max(4, told.turnover // (rng.randint(9, 16) * LAKH))


def _employment(file: Application, told: Story, rng: Random) -> dict[str, Any]:
    rows, persons = [], _persons(told, rng)
    for year in reversed(file.round.financial_years):
        women = persons * rng.randint(45, 70 if told.women_owned else 55) // 100
        men = persons - women
        rows.append(
            {
                "year": year,
                "women_permanent": women - women // 4,
                "men_permanent": men - men // 4,
                "other_permanent": 0,
                "women_contract": women // 4,
                "men_contract": men // 4,
                "other_contract": 0,
            }
        )
        persons = max(2, persons * rng.randint(82, 97) // 100)
    return {"employment_years": rows[::-1]}


def _growth(file: Application, told: Story, rng: Random) -> dict[str, Any]:
    machinery = told.turnover * rng.randint(20, 60) // 100 // LAKH * LAKH
    building, other, working = (machinery * rng.randint(*part) // 100 for part in ((15, 40), (3, 9), (10, 30)))
    cost = machinery + building + other + working
    own = cost * rng.randint(25, 40) // 100
    plan, markets = rng.choice(demo_words.PLANS[file.filed_by.language])
    rows: list[dict[str, Any]] = []
    turnover, persons = told.turnover, _persons(told, rng)
    for year in years_ahead(file):
        turnover, persons = turnover * rng.randint(118, 150) // 100, persons * rng.randint(108, 125) // 100 + 1
        rows.append(
            {"year": year, "turnover": turnover, "exports": turnover // 5 if told.exporter else 0, "jobs": persons}
        )
    return {
        "plan": plan,
        "markets": markets,
        "technology": rng.choice(demo_words.TECHNOLOGY),
        "cost_land_building": building,
        "cost_machinery": machinery,
        "cost_other": other,
        "cost_working_capital": working,
        "means_own": own,
        "means_loan": cost - own,
        "means_other": 0,
        "new_jobs": max(1, rows[-1]["jobs"] - rows[0]["jobs"]),
        "growth_years": rows,
    }


def _bank(file: Application, told: Story, rng: Random) -> dict[str, Any]:
    loans = "overdue" if told.overdue else rng.choice(("none", "regular", "regular"))
    return {
        "bank_name": f"Demonstration Bank, {file.taluk.name_en}",
        "account_number": f"{rng.randint(10**12, 10**13 - 1)}",
        "ifsc": f"DEMO0{rng.randint(0, 9999):06d}",
        "loan_status": loans,
        "loan_outstanding": None if loans == "none" else told.turnover * rng.randint(8, 25) // 100,
        "default_details": "Two instalments since April; a new plan was agreed with the bank." if told.overdue else "",
        "in_insolvency": False,
        "gst_returns_filed": True,
        "other_subsidy": rng.random() < 0.08,
        "licences": demo_words.LICENCES,
        "epf_esi": f"KRDEMO{rng.randint(10_000, 99_999)}",
    }


def _declaration(file: Application, told: Story, rng: Random) -> dict[str, Any]:
    position = {"proprietorship": "Proprietor", "private_limited": "Managing Director"}
    return {
        "signatory": file.filed_by.full_name,
        "designation": position.get(told.constitution, "Managing Partner"),
        "place": file.taluk.name_en,
        "true_statement": True,
        "consent": True,
        "notice_version": notice.VERSION,
    }


TELL: dict[str, Callable[[Application, Story, Random], dict[str, Any]]] = {
    "enterprise": _profile,
    "ownership": _owners,
    "financials": _financials,
    "employment": _employment,
    "growth": _growth,
    "bank": _bank,
    "declaration": _declaration,
}


# ---- Documents --------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _blank() -> bytes:
    """One PDF of one page with one line of dots, made once; a paper is this with its own line in their place."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    words = DecodedStreamObject()
    words.set_data(b"BT /F1 13 Tf 60 760 Td (" + b"." * WIDTH + b") Tj ET")
    page[NameObject("/Contents")] = writer._add_object(words)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def paper(line: str) -> bytes:
    """A small real PDF that says `line` (ASCII, cut to 64 letters), so that no two papers are alike."""
    plain = "".join(letter for letter in line if letter.isascii() and letter not in "()\\")
    return _blank().replace(b"." * WIDTH, plain[:WIDTH].ljust(WIDTH).encode())


def _documents(file: Application, *, by: User) -> None:
    uploads = {}
    for kind in DocumentKind.objects.filter(key__in=file.round.required_documents):
        content = paper(f"Demonstration paper, {file.reference}: {kind.key}")
        uploads[kind] = SimpleUploadedFile(f"{kind.key}-{file.reference}.pdf", content, "application/pdf")
    actions.receive_documents(file, uploads, by=by)
