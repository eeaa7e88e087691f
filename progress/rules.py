"""Who may see and make which report."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Permission
from districts.models import District
from records.verdicts import ALLOWED, Verdict, refuse


def may_see_district(user: Any, district: District) -> Verdict:
    """Figures of a district: its own DIC, and whoever sees the State."""
    places = user.districts_where(Permission.SEE_REPORTS)
    if not user.has(Permission.SEE_REPORTS):
        return refuse(_("This page is for officers of the Department."))
    if places is None or district.pk in places:
        return ALLOWED
    return refuse(_("Your post does not reach this district: %(district)s.") % {"district": district.name})


def may_make_reports(user: Any) -> Verdict:
    """Whoever sees figures may freeze them into a report; an auditor only reads."""
    if user.has(Permission.READ_TRAIL):
        return refuse(_("An auditor reads everything and makes nothing."))
    return ALLOWED if user.has(Permission.SEE_REPORTS) else refuse(_("This page is for officers of the Department."))


def may_make_report(user: Any, district: District) -> Verdict:
    """A report of a district the person sees."""
    verdict = may_make_reports(user)
    return may_see_district(user, district) if verdict else verdict


def may_make_all_reports(user: Any) -> Verdict:
    """The reports of all districts in one go: who sees the State and makes reports."""
    if not user.has(Permission.SEE_STATE):
        return refuse(_("The reports of all districts are made by the Directorate."))
    return may_make_reports(user)


def may_write_narrative(user: Any, district: District) -> Verdict:
    """The page of a month is the General Manager's of that district; everybody else who sees the figures reads it."""
    places = user.districts_where(Permission.WRITE_NARRATIVE)
    if places is None or district.pk in places:
        return ALLOWED
    sentence = _("Only the General Manager of DIC %(district)s writes this page.")
    return refuse(sentence % {"district": district.name})
