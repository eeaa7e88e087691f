"""The first two sections: the enterprise as its Udyam certificate says it, and its owners."""

from decimal import Decimal

from django.utils.translation import gettext as _

from applications.models import Application, Profile
from applications.sections.parts import Facts, Table, Todo, asked, one, pair
from records.formats import day
from records.sealed import mask

PROFILE_ASKED = (
    "name_en",
    "udyam_number",
    "udyam_date",
    "pan",
    "constitution",
    "sector",
    "main_products",
    "began_on",
    "address",
    "pin",
    "contact_person",
    "mobile",
    "email",
)


def profile_missing(file: Application) -> list[Todo]:
    found = asked(one(file, "profile"), "enterprise", PROFILE_ASKED)
    if not list(file.activities.all()):
        found.append(Todo("enterprise", "activities", _("Add at least one NIC code from the Udyam certificate.")))
    if not list(file.plants.all()):
        found.append(Todo("enterprise", "plants", _("Add at least one place of work.")))
    return found


def profile_facts(file: Application) -> Facts:
    row: Profile = one(file, "profile")
    plain = (
        "name_en",
        "name_ml",
        "udyam_number",
        "constitution",
        "sector",
        "main_products",
        "address",
        "pin",
        "contact_person",
        "email",
    )
    pairs = [pair(row, name) for name in plain]
    pairs[3:3] = [
        pair(row, "udyam_date", day(row.udyam_date)),
        pair(row, "pan", mask(row.pan)),
        pair(row, "gstin", mask(row.gstin)),
        pair(row, "began_on", day(row.began_on)),
    ]
    pairs.append(pair(row, "mobile", mask(row.mobile)))
    activities = [[a.nic_code, a.description] for a in file.activities.all()]
    plants = [[p.name, p.address, p.pin] for p in file.plants.all()]
    return Facts(
        [(label, value) for label, value in pairs if value],
        [
            Table(_("Activities"), [_("NIC code"), _("Activity")], activities),
            Table(_("Places of work"), [_("Name of the unit"), _("Address"), _("PIN code")], plants),
        ],
    )


def owners_missing(file: Application) -> list[Todo]:
    owners = list(file.owners.all())
    if not owners:
        return [Todo("ownership", "owners", _("Add every owner with the share held."))]
    total = sum((owner.share for owner in owners), Decimal(0))
    if total != 100:
        sentence = _("The shares must add up to 100 per cent. They add up to %(total)s.")
        return [Todo("ownership", "owners", sentence % {"total": f"{total.normalize():f}"}, typed=True)]
    return []


def owners_facts(file: Application) -> Facts:
    rows = [
        [o.name, f"{o.share.normalize():f} %", str(o.get_gender_display()), str(o.get_social_category_display())]
        for o in file.owners.all()
    ]
    columns = [_("Name of the owner"), _("Share"), _("Gender"), _("Social category")]
    return Facts(tables=[Table(_("Owners"), columns, rows)])
