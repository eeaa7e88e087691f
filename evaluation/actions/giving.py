"""A manager or the General Manager gives files out; whoever gets one holds it, or is to take it up."""

from typing import Any

from accounts.models import User
from applications.models import Application
from evaluation.rules import giving
from records import audit
from records.acts import act, lock_one
from records.verdicts import Refused


@act
def give(file: Application, officer: User, *, by: Any) -> Application:
    """Name the officer who holds the file from now on. The state stays: a submitted file is still to be taken up."""
    held = lock_one(Application, file.pk)
    members = {member.user_id for member in held.enterprise.members.all()}
    verdict = giving.may_give(by, held, officer, members=members)
    if not verdict:
        raise Refused(verdict.reason)
    before = held.officer_id
    held.officer = officer
    held.save(update_fields=["officer"])
    audit.record(
        "application.give",
        held,
        by=by,
        note=officer.full_name,
        scope=held.office.code,
        data={"from": before, "to": officer.pk},
    )
    return held
