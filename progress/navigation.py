"""What this room puts into the head of the page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.navigation import Item
from accounts.roles import Permission


def items(user: Any) -> list[Item]:
    """Visitors get the public pages, people their home."""
    if user is None:
        return [
            (10, _("The scheme"), "scheme"),
            (20, _("Questions"), "faq"),
            (30, _("Find your DIC"), "districts"),
            (40, _("Check if you can apply"), "check"),
        ]
    if user.is_applicant:
        return [(10, _("My applications"), "my"), (20, _("My enterprises"), "enterprises"), (30, _("Questions"), "faq")]
    found: list[Item] = []
    if user.has(Permission.SEE_DESK):
        found.append((10, _("Desk"), "desk"))
    if user.has(Permission.SEE_STATE):
        found.append((10, _("Watch"), "watch"))
    if user.is_staff_member and user.has(Permission.SEE_COMMITTEE):
        found.append((20, _("Committee"), "committee"))
    if user.has(Permission.SEE_REPORTS):
        found.append((40, _("Reports"), "reports"))
    if user.has(Permission.MANAGE_PEOPLE):
        found.append((50, _("People"), "staff"))
    return found or [(10, _("Home"), "home_go")]
