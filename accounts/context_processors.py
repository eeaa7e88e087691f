"""The head of every page."""

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts import navigation, sessions


def head(request: HttpRequest) -> dict[str, Any]:
    """`nav`: label, url, current; the last item names the person by post. `session_window`: when it warns and ends."""
    user: Any = getattr(request, "user", None)
    person = user if user is not None and user.is_authenticated else None
    nav = []
    for _order, label, name in navigation.items(person):
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        nav.append({"label": label, "url": url, "current": ""})
    _mark_current(nav, request.path)
    if person is None:
        nav.append({"label": _("Sign in"), "url": reverse("account_login"), "current": ""})
        return {"nav": nav, "session_window": None}
    nav.append({"label": person.role_label, "url": reverse("account_self"), "current": "", "me": True})
    nav.append({"label": _("Sign out"), "url": reverse("account_logout"), "current": ""})
    ends = sessions.idle_limit(person) - sessions.GRAIN
    return {
        "nav": nav,
        "session_window": {"ends": ends, "warns": ends - sessions.WARNING, "mark": sessions.tab_mark(person)},
    }


def _mark_current(nav: list[dict[str, Any]], path: str) -> None:
    """The place the reader is at: the longest address this path lies under, and that one alone."""
    above = [item for item in nav if path == item["url"] or (item["url"] != "/" and path.startswith(item["url"]))]
    if above:
        nearest = max(above, key=lambda item: len(item["url"]))
        nearest["current"] = "page" if path == nearest["url"] else "true"
