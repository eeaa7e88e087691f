"""Which page is whose home. A role whose own pages are still to come is told what it can do today."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission, Role

# What a role without pages of its own can do today, and what comes later.
TODAY: dict[str, tuple[Promise, Promise]] = {
    Role.FACILITATOR: (
        _("You can read the scheme, try the check with the enterprises you help, and verify any paper of the portal."),
        _("Later you will help enterprises with their applications here, with their consent."),
    ),
    Role.AGENCY: (
        _("You can read the scheme, try the check for an enterprise, and verify any paper of the portal."),
        _("Later you will nominate enterprises here; until then an enterprise applies itself."),
    ),
    Role.HANDHOLDER: (
        _("You can read the scheme and verify any paper of the portal."),
        _("Later the selected units given to you, due visits and claims waiting for inspection come here."),
    ),
}


def home_of(user: Any) -> str:
    """The name of the address that is this person's home so far; empty where there is none yet."""
    if user.is_applicant:
        return "my"
    for permission, name in (
        (Permission.SEE_DESK, "desk"),
        (Permission.SEE_STATE, "watch"),
        (Permission.SEE_COMMITTEE, "committee"),
        (Permission.MANAGE_PEOPLE, "staff"),
    ):
        if user.has(permission):
            return name
    return ""


def today_and_later(user: Any) -> list[tuple[Any, Promise, Promise]]:
    """For each post held: its words, what it can do today, what comes later."""
    return [(post.label, *TODAY[post.role]) for post in user.postings_now() if post.role in TODAY]
