"""Who may record a field visit, and for which day."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Permission
from applications.rules import OWN_CASE, is_member
from applications.states import State
from evaluation.rules import VERIFIED_IN
from records.clock import ist, today
from records.formats import day
from records.verdicts import ALLOWED, Verdict, refuse

MOST_PHOTOGRAPHS = 10


def may_visit(user: Any, file: Any) -> Verdict:
    """Record a visit: an officer of the file's office, during scrutiny and appraisal."""
    if not user.has(Permission.VISIT, file.office):
        return refuse(_("Only an officer of %(office)s records a visit.") % {"office": file.office.name})
    if is_member(user, file):
        return refuse(OWN_CASE)
    if file.state == State.SUBMITTED:
        return refuse(_("Take the file up first."))
    if file.state not in VERIFIED_IN:
        return refuse(_("A visit is recorded during scrutiny and appraisal. The file is: %(state)s.") % _state(file))
    return ALLOWED


def _state(file: Any) -> dict[str, str]:
    return {"state": str(file.current.label)}


def may_be_on(visited_on: date, file: Any) -> Verdict:
    """Whether the visit can have been on this day: from the day the file was submitted to today."""
    if visited_on > today():
        return refuse(_("The date cannot be in the future."))
    if file.submitted_at and visited_on < ist(file.submitted_at).date():
        return refuse(
            _("The file was submitted on %(day)s: the visit cannot have been before.") % {"day": day(file.submitted_at)}
        )
    return ALLOWED
