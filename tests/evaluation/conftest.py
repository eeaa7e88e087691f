"""One district with its people and a file ready to be judged; rows are written directly, the acts under test are real."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from accounts.models import Posting, User
from accounts.roles import Role
from applications.models import (
    Application,
    Bank,
    DocumentKind,
    DocumentSlot,
    DocumentVersion,
    EmploymentYear,
    Enterprise,
    EnterpriseMember,
    FinancialYear,
    Growth,
    GrowthYear,
    Profile,
    Round,
)
from applications.queries import claimed
from districts.models import District, Office, Taluk
from evaluation import actions, figures, reference
from evaluation.actions.files import write_figures
from evaluation.models import Assessment
from records.acts import act, lock_one, system
from records.clock import now
from records.models import StoredFile

YEARS = ["2023-24", "2024-25", "2025-26"]
KINDS = ["udyam", "profile", "financials"]
_numbers = count(1)
SYSTEM = system("appraisal")


def _district(code: str, order: int, name: str) -> tuple[District, Office, Office, Taluk]:
    district, _ = District.objects.get_or_create(
        code=code,
        defaults={"order": order, "lgd": 580 + order, "udyam_code": f"{order:02}", "name_en": name, "name_ml": name},
    )
    dic, _ = Office.objects.get_or_create(
        code=f"DIC-{code}", defaults={"kind": "dic", "district": district, "name_en": f"DIC {name}"}
    )
    taluk_office, _ = Office.objects.get_or_create(
        code=f"TIO-{code}-1",
        defaults={"kind": "taluk", "district": district, "name_en": f"Taluk Office {name}", "demonstration": True},
    )
    taluk = Taluk.objects.filter(district=district).first() or Taluk.objects.create(
        district=district, name_en=f"{name} town"
    )
    return district, dic, taluk_office, taluk


def person(name: str, role: str, office: Office | None) -> User:
    """Somebody with one post."""
    user = User.objects.create(email=f"{name}@test.example", full_name=name.capitalize())
    Posting.objects.create(user=user, role=role, office=office, title="", starts=date(2024, 1, 1))
    return user


@dataclass
class World:
    """Two districts, the people of the first, one round."""

    round: Round
    dic: Office
    other_dic: Office
    taluk: Taluk
    people: dict[str, User]
    district: District
    _kinds: list[DocumentKind] = field(default_factory=list)

    def __getattr__(self, name: str) -> User:
        try:
            return self.people[name]
        except KeyError as error:
            raise AttributeError(name) from error

    def file(
        self, state: str = "submitted", *, exports: int = 0, office: Office | None = None, **changes: Any
    ) -> Application:
        """A complete file in a state before the evaluation ended; later ones are reached by acts."""
        number = next(_numbers)
        enterprise = Enterprise.objects.create(
            name_en=f"Unit {number}",
            name_ml=f"യൂണിറ്റ് {number}",
            udyam_number=f"UDYAM-KL-02-{number:07}",
            district=self.district,
            taluk=self.taluk,
            made_by=self.owner,
        )
        EnterpriseMember.objects.create(enterprise=enterprise, user=self.owner)
        sent = now() - timedelta(days=10) + timedelta(minutes=number)
        row = Application.objects.create(
            reference=f"M1K-3-{self.district.code}-{number:05}",
            round=self.round,
            enterprise=enterprise,
            district=self.district,
            taluk=self.taluk,
            office=office or self.dic,
            state=state,
            filed_by=self.owner,
            submitted_at=None if state == "draft" else sent,
            taken_up_at=None if state in {"draft", "submitted"} else sent + timedelta(days=1),
            officer=None if state in {"draft", "submitted"} else self.officer,
            udyam_number=enterprise.udyam_number,
            **({"returns_to": "scrutiny"} if state == "clarification" else {}),
            **changes,
        )
        _sections(row, exports)
        self._documents(row)
        return row

    def _documents(self, row: Application) -> None:
        kept = {"size": 1200, "content_type": "application/pdf", "sha256": "0" * 64, "path": "none", "by": self.owner}
        files = StoredFile.objects.bulk_create(StoredFile(name=f"{kind.key}.pdf", **kept) for kind in self._kinds)
        slots = DocumentSlot.objects.bulk_create(DocumentSlot(application=row, kind=kind) for kind in self._kinds)
        DocumentVersion.objects.bulk_create(
            DocumentVersion(slot=slot, number=1, file=file, sent_by=self.owner)
            for slot, file in zip(slots, files, strict=True)
        )

    # What leads up to a test is one act here: its steps are the real ones, and the trail is chained once for them all.
    @act
    def verified(self, row: Application) -> Application:
        """Every document accepted, every figure as claimed."""
        for version in DocumentVersion.objects.filter(slot__application=row):
            actions.judge_document(version, accept=True, by=self.officer)
        stated, asked = claimed(row), [figure.key for figure in figures.asked(YEARS)]
        held = lock_one(Application, row.pk)
        found = {key: stated[key] for key in asked}
        write_figures(held, found, dict.fromkeys(found, "Balance sheet, page 2"), by=self.officer)
        return row

    @act
    def in_appraisal(self, **changes: Any) -> Application:
        """Verified, scrutiny ended."""
        return actions.pass_scrutiny(self.verified(self.file("scrutiny", **changes)), by=self.officer)

    @act
    def named(self, row: Application, *people: User) -> list[Assessment]:
        """Evaluators named by the manager, and accepted."""
        made = actions.assign_all(row, people or (self.evaluator, self.officer2), by=self.manager)
        return [actions.accept_assessment(one, by=one.evaluator) for one in made]

    def lock(self, assessment: Assessment, *marks: int) -> Assessment:
        """Lock with these marks, in the rubric's order (exports are left out where five are given)."""
        given = dict(zip(criteria_without_exports() if len(marks) == 5 else CRITERIA, marks, strict=True))
        sheet = {key: actions.Given(mark=mark, justification="Seen on the papers.") for key, mark in given.items()}
        if len(marks) == 5:
            sheet["exports"] = actions.Given(not_applicable=True, justification="No exports, none planned.")
        return actions.lock_marks(assessment, sheet, version=assessment.version, by=assessment.evaluator)

    @act
    def appraised(self, *marks: int, **changes: Any) -> Application:
        """Scored alike by two evaluators and closed."""
        row = self.in_appraisal(**changes)
        for one in self.named(row):
            self.lock(one, *(marks or (4, 3, 4, 3, 5)))
        assert actions.appraise(row, by=SYSTEM)
        row.refresh_from_db()
        return row


CRITERIA = ["growth", "financial", "plan", "employment", "exports", "technology"]


def criteria_without_exports() -> list[str]:
    return [key for key in CRITERIA if key != "exports"]


def _sections(row: Application, exports: int) -> None:
    Profile.objects.create(
        application=row,
        name_en=row.enterprise.name_en,
        name_ml=row.enterprise.name_ml,
        udyam_number=row.udyam_number,
        main_products="Spice oils",
        began_on=date(2016, 6, 14),
    )
    for year, turnover in zip(YEARS, (41_000_000, 52_600_000, 61_800_000), strict=True):
        FinancialYear.objects.create(
            application=row,
            year=year,
            status="audited",
            turnover_domestic=turnover - exports,
            turnover_export=exports,
            profit=turnover * 7 // 100,
            plant_machinery=9_000_000,
        )
    EmploymentYear.objects.create(
        application=row, year=YEARS[-1], women_permanent=20, men_permanent=15, women_contract=7, men_contract=2
    )
    Growth.objects.create(
        application=row, plan="A second line.", cost_machinery=34_000_000, cost_land_building=0, cost_other=0
    )
    GrowthYear.objects.create(application=row, year="2026-27", turnover=80_000_000, exports=exports, jobs=60)
    Bank.objects.create(application=row, loan_status="regular")


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def build_world() -> World:
    """The world of these tests in an empty database."""
    district, dic, taluk_office, taluk = _district("EKM", 7, "Ernakulam")
    _other, other_dic, _office, _taluk = _district("TSR", 8, "Thrissur")
    call, _ = Round.objects.update_or_create(
        number=3,
        defaults={
            "opens_at": now() - timedelta(days=60),
            "closes_at": now() + timedelta(days=30),
            "cut_off": date(2026, 3, 31),
            "activities": ["manufacturing", "service"],
            "financial_years": YEARS,
            "required_documents": KINDS,
        },
    )
    kinds = [
        DocumentKind.objects.get_or_create(
            key=key, defaults={"order": number + 50, "name_en": key, "name_ml": key, "financial": key == "financials"}
        )[0]
        for number, key in enumerate(KINDS)
    ]
    reference.load()
    return World(call, dic, other_dic, taluk, _people(dic, taluk_office, other_dic), district, kinds)


def _people(dic: Office, taluk_office: Office, other_dic: Office) -> dict[str, User]:
    posts: dict[str, tuple[str, Office | None]] = {
        "officer": (Role.OFFICER, dic),
        "officer2": (Role.OFFICER, dic),
        "evaluator": (Role.EVALUATOR, taluk_office),
        "manager": (Role.MANAGER, dic),
        "manager2": (Role.MANAGER, dic),
        "gm": (Role.GM, dic),
        "stranger": (Role.OFFICER, other_dic),
        "other_manager": (Role.MANAGER, other_dic),
        "other_gm": (Role.GM, other_dic),
        "directorate": (Role.DIRECTORATE, None),
        "auditor": (Role.AUDITOR, None),
        "administrator": (Role.ADMINISTRATOR, None),
    }
    people = {name: person(name, role, office) for name, (role, office) in posts.items()}
    return people | {"owner": User.objects.create(email="owner@test.example", full_name="Owner")}


def signed_in(client: Any, user: User) -> Any:
    """The client with a session of this person, second factor given now."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def sign_in(client: Any) -> Callable[[User], Any]:
    """A client signed in as somebody."""
    return lambda user: signed_in(client, user)
