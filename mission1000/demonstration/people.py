"""Who can sign in to the demonstration, with which code."""

from collections import defaultdict
from dataclasses import dataclass

from accounts import demo
from accounts.demo import DOMAIN
from accounts.models import Posting, User
from accounts.roles import STAFF_ROLES

SHOWN = ".ekm"  # one district's people stand for those of all


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


def grouped(found: list[Account]) -> tuple[list[Account], list[Account], list[Account]]:
    """Whom a tester needs first (applicant, one district, the State), the other districts' people, the invented owners."""
    first, others, owners = [], [], []
    for account in found:
        name = account.email.removesuffix(DOMAIN)
        if name.startswith("owner"):
            owners.append(account)
        elif "." in name and not name.endswith(SHOWN):
            others.append(account)
        else:
            first.append(account)
    first.sort(key=lambda account: (account.email != f"applicant{DOMAIN}", SHOWN not in account.email))
    return first, others, owners


def _account(user: User, held: list[Posting]) -> Account:
    with_code = any(posting.role in STAFF_ROLES for posting in held)
    return Account(
        email=user.email,
        name=user.full_name,
        post=held[0].label if held else "",
        code=demo.code_of(user.email) if with_code else "",
    )
