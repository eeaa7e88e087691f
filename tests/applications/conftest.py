"""Two districts, a round, applicants and officers; files are made by the room's own acts, as the demonstration makes them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

import pytest
from django.test import Client

from accounts.models import Posting, User
from accounts.roles import Role
from applications import actions, demo
from applications.models import Application, DocumentKind, Enterprise, Round
from applications.reference import KINDS
from districts.models import District, Office, Taluk
from records.acts import act
from records.clock import now

YEARS = ["2023-24", "2024-25", "2025-26"]
ASKED = [key for key, *_rest in KINDS if key != "other"]
CANARY = {"pan": "QXZPK0000Q", "account_number": "987650123456", "mobile": "9876501234"}
_numbers = count(1)


def person(name: str, role: str, office: Office | None) -> User:
    """Somebody with one post."""
    user = User.objects.create(email=f"{name}@test.example", full_name=name.capitalize())
    Posting.objects.create(user=user, role=role, office=office, title="", starts=date(2024, 1, 1))
    return user


def applicant(name: str, language: str = "en") -> User:
    return User.objects.create(email=f"{name}@test.example", full_name=f"{name.capitalize()} Nair", language=language)


@dataclass
class World:
    """What a test needs to have a file."""

    round: Round
    district: District
    dic: Office
    other_dic: Office
    taluk: Taluk
    owner: User
    rival: User
    officer: User
    stranger: User

    def enterprise(self, by: User | None = None, udyam_number: str = "") -> Enterprise:
        return demo.enterprise(
            self.district, Random(next(_numbers)), by=by or self.owner, told=PLAIN, udyam_number=udyam_number
        )

    def draft(self, by: User | None = None, udyam_number: str = "") -> Application:
        """Begun, nothing filled in."""
        by = by or self.owner
        return actions.begin(self.enterprise(by, udyam_number), self.round, by=by)

    @act
    def complete(self, by: User | None = None, udyam_number: str = "", told: demo.Story | None = None) -> Application:
        """A draft in which nothing is missing, of a quiet enterprise; made in one act, so that the trail is chained once."""
        by = by or self.owner
        file = self.draft(by, udyam_number)
        rng = Random(next(_numbers))
        for key in demo.KEYS:
            if key == "documents":
                demo._documents(file, by=by)
            else:
                actions.save_section(file, key, self.told(file, key, rng, told), by=by)
        return Application.objects.with_file().get(pk=file.pk)

    def told(
        self, file: Application, key: str, rng: Random | None = None, told: demo.Story | None = None
    ) -> dict[str, Any]:
        """One section's columns as the forms give them."""
        data = demo.TELL[key](file, told or PLAIN, rng or Random(next(_numbers)))
        return data | ({"other_subsidy": False} if key == "bank" else {})

    @act
    def submitted(self, by: User | None = None, udyam_number: str = "") -> Application:
        return actions.submit(self.complete(by, udyam_number), by=by or self.owner)

    def close_the_round(self) -> None:
        Round.objects.filter(pk=self.round.pk).update(closes_at=now() - timedelta(minutes=1))


PLAIN = demo.Story(
    trade=demo.demo_words.TRADES[0],
    size="small",
    constitution="partnership",
    women_owned=False,
    exporter=True,
    elsewhere=False,
    overdue=False,
    turnover=60_000_000,
)


def _district(code: str, order: int, udyam_code: str, name: str) -> tuple[District, Office, Taluk]:
    district = District.objects.create(
        code=code, order=order, lgd=580 + order, udyam_code=udyam_code, name_en=name, name_ml="എറണാകുളം"
    )
    dic = Office.objects.create(code=f"DIC-{code}", kind="dic", district=district, name_en=f"DIC {name}")
    return district, dic, Taluk.objects.create(district=district, name_en=f"{name} town")


def build_world() -> World:
    """The world of these tests in an empty database."""
    district, dic, taluk = _district("EKM", 7, "02", "Ernakulam")
    _other, other_dic, _taluk = _district("TSR", 8, "13", "Thrissur")
    DocumentKind.objects.bulk_create(
        DocumentKind(key=key, order=order, name_en=en, name_ml=ml, financial=money, asked_at_start=key != "other")
        for order, (key, en, ml, money) in enumerate(KINDS, 1)
    )
    call = Round.objects.create(
        number=3,
        opens_at=now() - timedelta(days=60),
        closes_at=now() + timedelta(days=30),
        cut_off=date(2026, 3, 31),
        activities=["manufacturing", "service"],
        financial_years=YEARS,
        required_documents=ASKED,
    )
    people = (
        applicant("owner"),
        applicant("rival"),
        person("officer", Role.OFFICER, dic),
        person("stranger", Role.OFFICER, other_dic),
    )
    return World(call, district, dic, other_dic, taluk, *people)


@pytest.fixture
def world(db: None) -> World:
    return build_world()


SignIn = Callable[[User], Client]


@pytest.fixture
def sign_in() -> SignIn:
    """A browser of its own, signed in as somebody."""

    def browser(user: User) -> Client:
        client = Client(enforce_csrf_checks=False, raise_request_exception=True)
        client.force_login(user)
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.save()
        return client

    return browser


@pytest.fixture
def mine(world: World, sign_in: SignIn) -> Client:
    """The owner's browser."""
    return sign_in(world.owner)


# ---- What a browser posts ---------------------------------------------------------------------------------


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.strftime("%d-%m-%Y")
    return "" if value is None else str(value)


def posted(key: str, data: dict[str, Any], **changes: str) -> dict[str, str]:
    """A section's columns as its page posts them; `changes` with __ for - ("owners__0__share")."""
    found: dict[str, str] = {"version": "0", "go": "on"}
    for name, value in data.items():
        if not isinstance(value, list):
            found[name] = _written(value)
        elif name in {"activities", "plants", "owners"}:
            found |= {f"{name}-TOTAL_FORMS": str(len(value)), f"{name}-INITIAL_FORMS": "0"}
            found |= {f"{name}-{n}-{field}": _written(v) for n, row in enumerate(value) for field, v in row.items()}
        else:
            for row in value:
                found |= {f"year-{row['year']}-{field}": _written(v) for field, v in row.items() if field != "year"}
    if key == "declaration":
        found |= {name: "on" for name in ("true_statement", "consent") if data[name]}
        found.pop("notice_version")
    return found | {name.replace("__", "-"): value for name, value in changes.items()}
