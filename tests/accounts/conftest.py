"""People with posts in two districts, and a browser that signs in with password and code as a person does."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.hashers import make_password
from django.test import Client

from accounts.demo import seed_of
from accounts.models import Posting, User
from accounts.roles import STAFF_ROLES, STATE_ROLES, Role
from districts.models import District, Office
from records.models import AuditEvent, Message

PASSWORD = "green-river-boat"
Offices = dict[str, Office]
People = Callable[..., User]

_used: set[str] = set()


class Window(Client):
    """One browser of one person."""

    def code(self, email: str) -> str:
        """A code that is good now and was not used in this test: the half minute after and before count too.

        That of the half minute before comes last: it is too old where the half minute turns until it is read.
        """
        before, current, after = yield_hotp_counters_from_time()
        for counter in (current, after, before):
            code = format_hotp_value(hotp_value(seed_of(email), counter))
            if code not in _used:
                _used.add(code)
                return str(code)
        raise AssertionError("no code left")

    def password(self, email: str, password: str = PASSWORD, **more: str) -> Any:
        return self.post("/accounts/login/", {"login": email, "password": password, **more})

    def sign_in(self, user: User, **with_code: str) -> "Window":
        """Password, and the code where the account asks for one."""
        answer = self.password(user.email)
        assert answer.status_code == 302, answer.content.decode()
        if answer.url == "/accounts/2fa/authenticate/":
            answer = self.post(answer.url, {"code": self.code(user.email), **with_code})
            assert answer.status_code == 302, answer.content.decode()
        return self

    @property
    def signed_in(self) -> bool:
        return "_auth_user_id" in self.session


@pytest.fixture(autouse=True)
def _no_code_used_yet() -> None:
    _used.clear()


@pytest.fixture
def window() -> Window:
    return Window()


@pytest.fixture
def windows() -> type[Window]:
    return Window


@pytest.fixture
def offices(db: None) -> Offices:
    """The Directorate, and two districts with a DIC and a taluk office each."""
    made = {"DIRECTORATE": Office.objects.create(code="DIRECTORATE", kind="directorate", name_en="Directorate")}
    for order, (code, name) in enumerate((("EKM", "Ernakulam"), ("TSR", "Thrissur")), start=7):
        district = District.objects.create(
            code=code, order=order, lgd=550 + order, udyam_code=f"{order:02}", name_en=name, name_ml=name
        )
        for kind, prefix in (("dic", "DIC"), ("taluk", "TIO")):
            made[f"{prefix}-{code}"] = Office.objects.create(
                code=f"{prefix}-{code}", kind=kind, district=district, name_en=f"{prefix} {name}"
            )
    return made


@pytest.fixture
def someone(offices: Offices) -> People:
    """Make a person: `someone("officer")` holds that post, `someone()` none. Posts of the Department get the app."""

    def make(role: str = "", office: str = "", *, name: str = "", factor: bool | None = None) -> User:
        name = name or role or "applicant"
        user = User.objects.create(email=f"{name}@test.example", full_name=f"{name.capitalize()} Nair")
        user.password = make_password(PASSWORD)
        user.save()
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        if role:
            where = office or (
                "DIRECTORATE" if role in STATE_ROLES else "TIO-EKM" if role == "evaluator" else "DIC-EKM"
            )
            held = None if role in {Role.FACILITATOR, Role.AGENCY} else offices[where]
            Posting.objects.create(user=user, role=role, office=held, starts=date(2024, 1, 1))
        if factor if factor is not None else role in STAFF_ROLES:
            give_factor(user)
        return user

    return make


def give_factor(user: User) -> None:
    """The app and ten recovery codes."""
    secret = get_adapter().encrypt(seed_of(user.email))
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
    RecoveryCodes.activate(user)


def text_of(answer: Any) -> str:
    """What a page says, without its tokens."""
    return unescape(answer.content.decode())


def verbs() -> list[str]:
    """The trail, oldest first."""
    return list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))


def mails_to(address: str) -> list[Message]:
    return list(Message.objects.filter(address=address).order_by("pk"))


def code_in(mail: Message) -> str:
    """The code a mail carries."""
    return re.search(r": ([A-Z0-9-]{6,9})\n", mail.body).group(1)


def link_in(mail: Message) -> str:
    """The path of the link a mail carries."""
    return re.search(r"https?://[^/]+(/\S+)", mail.body).group(1)
