"""Hand one file to the DIC of another district: it begins there anew, under the number it has."""

from typing import Any

from django.utils.translation import gettext as _

from applications import actions as applications
from applications.models import Application
from districts.models import Office
from evaluation import notices
from evaluation.actions.superseding import supersede
from evaluation.models import Assessment
from evaluation.queries.transfer import other_centres
from evaluation.steps import STEPS
from records import audit
from records.acts import act, lock_one
from records.verdicts import Refused


@act
def transfer(file: Application, to: Office, reason: str, *, by: Any) -> Application:
    """Give the file to another DIC, where nobody holds it yet; the enterprise is told which office it is.

    Evaluations of the sending district, where a reinstated file has some, count no more. The trail names both offices.
    """
    held = lock_one(Application, file.pk)
    if not other_centres(held).filter(pk=to.pk).exists():
        raise Refused(_("Choose the DIC of another district."), "office")
    before = held.office
    if by.has(STEPS["transfer"].permission, before):
        for row in Assessment.objects.live().filter(application=held).order_by("pk"):
            supersede(row, reason, by=by)
    changes = {"office": to, "officer": None, "taken_up_at": None}
    moved = applications.take(held, STEPS["transfer"], by=by, note=reason, changes=changes)
    codes = {"old": before.code, "new": to.code}
    note = f"{before.code} → {to.code}"
    audit.record("application.hand_on", moved, by=by, note=note, scope=before.code, **codes)
    notices.with_another_office(moved)
    return moved
