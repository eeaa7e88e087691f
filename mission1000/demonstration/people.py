"""Who can sign in to the demonstration, with which code."""

from dataclasses import dataclass

from django.db.models import Prefetch

from accounts import demo
from accounts.models import Posting, User

DOMAIN = "@demo.test"


@dataclass(frozen=True)
class Account:
    """`post` in the reader's language, empty for an applicant; `code` is good in this half minute, empty where none is asked."""

    email: str
    name: str
    post: str
    code: str


def demo_address(email: str) -> bool:
    """Whether this is the address of a demonstration account."""
    return email.lower().endswith(DOMAIN)


def accounts() -> list[Account]:
    """Every account of the demonstration that is there: State posts and applicants first, then by office."""
    posts = Prefetch(
        "postings", Posting.objects.live().select_related("office__district").order_by("pk"), to_attr="_postings"
    )
    users = User.objects.filter(email__endswith=DOMAIN, is_active=True).order_by("pk").prefetch_related(posts)
    return [
        Account(
            email=user.email,
            name=user.full_name,
            post="" if user.is_applicant else user.role_label,
            code=demo.code_of(user.email) if user.is_staff_member else "",
        )
        for user in users
    ]
