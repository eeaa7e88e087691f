"""What this room puts into the head of the page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.navigation import Item
from accounts.roles import Permission


def items(user: Any) -> list[Item]:
    """Shortlists, for whoever reads files by post."""
    if user is None or not user.is_staff_member or not user.has(Permission.SEE_FILE):
        return []
    return [(30, _("Shortlists"), "shortlists")]
