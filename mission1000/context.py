"""What every page knows of the portal itself."""

from django.conf import settings
from django.http import HttpRequest


def site(_request: HttpRequest) -> dict[str, str]:
    """The owner; empty means that the page says it is a demonstration."""
    return {"site_owner": settings.SITE_OWNER}
