"""Who may give a file to an officer, and to whom."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Permission
from applications.rules import OWN_CASE, is_member
from applications.states import State
from records.verdicts import ALLOWED, Verdict, refuse

GIVEN_IN = frozenset({State.SUBMITTED, State.SCRUTINY, State.CLARIFICATION, State.APPRAISAL})


def may_give(user: Any, file: Any, officer: Any, *, members: Collection[int]) -> Verdict:
    """Give a file to an officer of its office: a manager or the GM, until the appraisal is closed.

    `members` act for the enterprise (keys of people).
    """
    if not user.has(Permission.ASSIGN, file.office):
        return refuse(
            _("Only a manager or the General Manager of %(office)s gives its files out.") % {"office": file.office.name}
        )
    if is_member(user, file):
        return refuse(OWN_CASE)
    if file.state not in GIVEN_IN:
        return refuse(_("This cannot be done now. The file is: %(state)s.") % {"state": file.current.label})
    if not officer.has(Permission.TAKE_UP, file.office):
        return refuse(
            _("%(name)s holds no post that takes up files of %(office)s.")
            % {"name": officer.full_name, "office": file.office.name}
        )
    if officer.pk in members:
        return refuse(_("%(name)s acts for this enterprise.") % {"name": officer.full_name})
    if file.officer_id == officer.pk:
        return refuse(_("%(name)s holds this file already.") % {"name": officer.full_name})
    return ALLOWED
