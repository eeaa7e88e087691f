"""Who can sign in to the demonstration, with which code."""

from collections import defaultdict
from dataclasses import dataclass

from accounts import demo
from accounts.models import Posting, User
from accounts.roles import STAFF_ROLES

DOMAIN = "@demo.test"


@dataclass(frozen=True)
class Account:
    """`post` in words, empty for an applicant; `code` is good in this half minute, empty where none is asked."""

    email: str
    name: str
    post: str
    code: str


def is_demo(email: str) -> bool:
    """Whether this is the address of a demonstration account."""
    return email.lower().endswith(DOMAIN)


def accounts() -> list[Account]:
    """Every account of the demonstration that is there, in the order they were made."""
    held: dict[int, list[Posting]] = defaultdict(list)
    posts = Posting.objects.live().filter(user__email__endswith=DOMAIN)
    for posting in posts.select_related("office__district").order_by("pk"):
        held[posting.user_id].append(posting)
    users = User.objects.filter(email__endswith=DOMAIN, is_active=True).order_by("pk")
    return [_account(user, held[user.pk]) for user in users]


def _account(user: User, held: list[Posting]) -> Account:
    with_code = any(posting.role in STAFF_ROLES for posting in held)
    return Account(
        email=user.email,
        name=user.full_name,
        post=held[0].label if held else "",
        code=demo.code_of(user.email) if with_code else "",
    )
