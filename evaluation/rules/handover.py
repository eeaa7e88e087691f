"""Who hands a whole desk over, and which of its files the new holder may not have."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Permission
from records.verdicts import ALLOWED, Verdict, refuse


def may_hand_over(user: Any, office: Any) -> Verdict:
    """Hand a desk over: the General Manager of the office."""
    if user.has(Permission.TRANSFER, office):
        return ALLOWED
    return refuse(_("Only the General Manager of %(office)s hands its desks over.") % {"office": office.name})


def may_receive(officer: Any, office: Any, *, before: int) -> Verdict:
    """Receive a desk: another officer or manager of the office. `before`: the key of who holds it now."""
    if officer.pk == before:
        return refuse(_("%(name)s holds this desk now: choose another officer.") % {"name": officer.full_name})
    if officer.has(Permission.TAKE_UP, office):
        return ALLOWED
    return refuse(
        _("%(name)s holds no post that takes up files of %(office)s.")
        % {"name": officer.full_name, "office": office.name}
    )


def may_hold(officer: Any, *, members: Collection[int]) -> Verdict:
    """Hold one file: who does not act for its enterprise. `members`: those who do (keys of people)."""
    if officer.pk in members:
        return refuse(_("%(name)s acts for this enterprise.") % {"name": officer.full_name})
    return ALLOWED
