"""Name an enterprise; begin its application."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from applications.models import (
    Application,
    DocumentKind,
    DocumentSlot,
    Enterprise,
    EnterpriseMember,
    Profile,
    ReferenceCounter,
    Round,
)
from applications.states import DEAD
from districts.models import District, Office, OfficeKind, Taluk
from records import audit
from records.acts import act, lock, lock_one
from records.clock import now
from records.verdicts import Refused


@act
def add_enterprise(
    *, by: Any, name_en: str, name_ml: str, udyam_number: str, district: District, taluk: Taluk
) -> Enterprise:
    """Name an enterprise; whoever does so may act for it. Raises Refused when the taluk lies elsewhere."""
    if not by.has(Permission.OWN_FILE):
        raise Refused(_("Your post does not allow this step."))
    if taluk.district_id != district.pk:
        raise Refused(_("Choose a taluk of %(district)s.") % {"district": district.name}, "taluk")
    lock_one(User, by.pk)  # two presses at once: the second waits, and finds the first
    same = Enterprise.objects.visible_to(by).filter(udyam_number=udyam_number).first()
    if same is not None:
        raise Refused(
            _("You have already added the enterprise with this Udyam number: %(name)s.") % {"name": same.name_en},
            "udyam_number",
        )
    enterprise = Enterprise.objects.create(
        name_en=name_en,
        name_ml=name_ml,
        udyam_number=udyam_number,
        district=district,
        taluk=taluk,
        made_by=by,
        made_at=now(),
    )
    EnterpriseMember.objects.create(enterprise=enterprise, user=by, since=now())
    audit.record("enterprise.add", enterprise, by=by, data={"district": district.code})
    return enterprise


@act
def begin(enterprise: Enterprise, round: Round, *, by: Any) -> Application:  # noqa: A002 -- the field's word
    """Begin an application and give it its number. A second begin returns Refused naming the first.

    The number comes from a counter row that stays locked until the act ends, so numbers have no gaps and no doubles.
    """
    held = lock_one(Enterprise, enterprise.pk)
    if not by.has(Permission.OWN_FILE) or not held.members.filter(user=by).exists():
        raise Refused(_("Only the enterprise can begin its application."))
    if not round.is_open:
        raise Refused(_("This round is not open for applications."))
    there = Application.objects.filter(enterprise=held, round=round).exclude(state__in=DEAD).first()
    if there is not None:
        raise Refused(
            _("This enterprise has already applied in this round. Application number: %(reference)s.")
            % {"reference": there.reference}
        )
    district = held.district
    file = Application.objects.create(
        reference=_next_reference(round, district),
        round=round,
        enterprise=held,
        district=district,
        taluk_id=held.taluk_id,
        office=Office.objects.get(kind=OfficeKind.DIC, district=district),
        filed_by=by,
        begun_at=now(),
        since=now(),
    )
    Profile.objects.create(application=file, name_en=held.name_en, name_ml=held.name_ml, udyam_number=held.udyam_number)
    kinds = DocumentKind.objects.filter(key__in=round.required_documents)
    DocumentSlot.objects.bulk_create(DocumentSlot(application=file, kind=kind) for kind in kinds)
    audit.record("application.begin", file, by=by, scope=file.office.code, new="draft")
    return file


def _next_reference(round: Round, district: District) -> str:  # noqa: A002 -- the field's word
    own = ReferenceCounter.objects.filter(round=round, district=district)
    if not (counters := lock(own)):
        own.get_or_create(round=round, district=district)
        counters = lock(own)
    counter = counters[0]
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"M1K-{round.number}-{district.code}-{counter.last:05d}"
