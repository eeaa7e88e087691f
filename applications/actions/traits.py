"""Keep what lists filter by in step with the file."""

from decimal import Decimal

from applications import priority, queries
from applications.classification import classify
from applications.models import Application, Gender, SocialCategory, Traits

MAJORITY = Decimal(51)  # per cent: the usual measure of a women-owned or SC/ST-owned enterprise; to be confirmed


def note_traits(file: Application) -> None:
    """Work the traits out of the sections as they stand. Called inside the act that locked the file and changed them."""
    year = next((one for one in file.financial_years.all() if one.year == file.round.latest_year), None)
    owners = list(file.owners.all())
    profile = getattr(file, "profile", None)
    women = sum((owner.share for owner in owners if owner.gender == Gender.FEMALE), Decimal(0))
    scheduled = {SocialCategory.SC, SocialCategory.ST}
    sc_st = sum((owner.share for owner in owners if owner.social_category in scheduled), Decimal(0))
    found = {
        "sector": profile.sector if profile else "",
        "size": str(classify(year.plant_machinery, year.turnover_domestic, year.year)) if year else "",
        "turnover": year.turnover if year else None,
        "exports": bool(year and year.turnover_export),
        "women_led": women >= MAJORITY,
        "sc_st": sc_st >= MAJORITY,
        "priority_sector": priority.sector_of(activity.nic_code for activity in file.activities.all()),
        "flags": len(queries.soft_flags(file)),
    }
    if not Traits.objects.filter(application=file).update(**found):  # the file is locked: nobody else makes the row
        Traits.objects.create(application=file, **found)
