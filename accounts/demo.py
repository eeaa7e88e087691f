"""People of the demonstration: one of every role, the same on every machine. Refused in production."""

import base64
import hashlib

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import Posting, User
from accounts.roles import STAFF_ROLES, Role
from districts.models import District, Jurisdiction, Office, OfficeKind, Taluk
from records.clock import today

DOMAIN = "@demo.test"
PASSWORD = "mission-1000-demo"  # noqa: S105 -- printed in the README, refused in production
NAMES = (
    "Anjali Menon", "Rahul Nair", "Fathima Beevi", "Jose Mathew", "Lakshmi Pillai", "Arun Varghese", "Deepa Kurup", "Shaji Thomas",
    "Nisha Rajan", "Biju Antony", "Meera Das", "Suresh Babu", "Asha Joseph", "Vinod Kumar", "Reena Paul", "Haris Mohammed",
    "Sindhu Warrier", "Manoj Krishnan", "Priya Chandran", "Sajeev Philip", "Rekha Nambiar", "Ajith Rao", "Bindu George", "Faisal Rahman",
)  # fmt: skip
STATE_PEOPLE = (
    ("directorate", Role.DIRECTORATE, "Deputy Director"),
    ("convenor", Role.CONVENOR, "Convenor"),
    ("member1", Role.MEMBER, "Member"),
    ("member2", Role.MEMBER, "Member"),
    ("auditor", Role.AUDITOR, "Auditor"),
    ("admin", Role.ADMINISTRATOR, "Administrator"),
)
MORE_STATE_PEOPLE = (  # after those of the districts, whose names follow from their order
    ("convenor2", Role.CONVENOR, "Joint convenor"),
    ("member3", Role.MEMBER, "Member"),
)
DISTRICT_PEOPLE = (
    ("officer", Role.OFFICER, "Industries Extension Officer", "DIC"),
    ("officer2", Role.OFFICER, "Industries Extension Officer", "DIC"),
    ("taluk", Role.EVALUATOR, "Assistant District Industries Officer", "TIO"),
    ("manager", Role.MANAGER, "Manager (Credit)", "DIC"),
    ("gm", Role.GM, "General Manager", "DIC"),
    ("handholder", Role.HANDHOLDER, "Handholding officer", "DIC"),
)


def seed_of(email: str) -> str:
    """The TOTP seed of a demonstration account: made from its address, worth nothing anywhere else."""
    return base64.b32encode(hashlib.sha256(f"demonstration:{email}".encode()).digest()[:20]).decode()


def code_of(email: str) -> str:
    """The code that is good in this half minute."""
    accepted = list(yield_hotp_counters_from_time())  # by the real time, as at the sign-in, not by a moved clock
    return str(format_hotp_value(hotp_value(seed_of(email), accepted[len(accepted) // 2])))


def taluk_offices() -> None:
    """One taluk office in each district, marked as demonstration: the real ones are not published."""
    for district in District.objects.all():
        taluks = list(Taluk.objects.filter(district=district))
        office, made = Office.objects.get_or_create(
            code=f"TIO-{district.code}",
            defaults={
                "kind": OfficeKind.TALUK,
                "district": district,
                "name_en": f"Taluk Industries Office {taluks[0].name_en}",
                "name_ml": f"താലൂക്ക് വ്യവസായ ഓഫീസ്, {taluks[0].name_ml or district.name_ml}",
                "demonstration": True,
            },
        )
        if made:
            Jurisdiction.objects.bulk_create(Jurisdiction(office=office, taluk=taluk) for taluk in taluks)


def people() -> list[tuple[str, str]]:
    """Make every account that is missing; (address, post) of all of them."""
    if settings.PRODUCTION or not settings.DEMO_ALLOWED:
        raise RuntimeError("The demonstration is refused here.")
    taluk_offices()
    wanted: list[tuple[str, str, Office | None, str]] = [
        ("applicant@demo.test", "", None, ""),
        ("facilitator@demo.test", Role.FACILITATOR, None, "Facilitator"),
        ("agency@demo.test", Role.AGENCY, None, "Nominating agency"),
    ]
    offices = {office.code: office for office in Office.objects.all()}
    wanted += [(f"{name}@demo.test", role, offices["DIRECTORATE"], title) for name, role, title in STATE_PEOPLE]
    for district in District.objects.all():
        code = district.code
        wanted += [
            (f"{name}.{code.lower()}@demo.test", role, offices[f"{prefix}-{code}"], title)
            for name, role, title, prefix in DISTRICT_PEOPLE
        ]
    wanted += [(f"{name}@demo.test", role, offices["DIRECTORATE"], title) for name, role, title in MORE_STATE_PEOPLE]
    _make(wanted)
    return [
        (email, f"{title}, {office.name_en}" if office else title or "Applicant")
        for email, _role, office, title in wanted
    ]


def _make(wanted: list[tuple[str, str, Office | None, str]]) -> None:
    there = set(User.objects.filter(email__endswith=DOMAIN).values_list("email", flat=True))
    missing = [row for row in wanted if row[0] not in there]
    secret = make_password(PASSWORD)  # one hash for all: a hundred would take ten seconds
    users = User.objects.bulk_create(
        User(email=email, full_name=NAMES[number % len(NAMES)], password=secret)
        for number, (email, *_rest) in enumerate(missing)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    since = today().replace(month=1, day=1)
    Posting.objects.bulk_create(
        Posting(user=user, role=role, office=office, title=title, starts=since, note="Demonstration")
        for user, (_email, role, office, title) in zip(users, missing, strict=True)
        if role
    )
    adapter = get_adapter()
    for user, (email, role, _office, _title) in zip(users, missing, strict=True):
        if role in STAFF_ROLES:
            Authenticator.objects.create(
                user=user, type=Authenticator.Type.TOTP, data={"secret": adapter.encrypt(seed_of(email))}
            )
            RecoveryCodes.activate(user)
