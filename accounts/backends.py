"""Who may sign in at all."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

from accounts.demo import DOMAIN


def may_sign_in(user: Any) -> bool:
    """Closed accounts never, accounts of the demonstration only where it is allowed."""
    return bool(user.is_active) and (settings.DEMO_ALLOWED or not str(user.email).endswith(DOMAIN))


class PortalBackend(AuthenticationBackend):
    """Asks it at each request, so that a session ends with the permission."""

    def user_can_authenticate(self, user: Any) -> bool:
        return may_sign_in(user)
