"""Whether the demonstration is still to be made, or half made: what the portal does by itself waits until it is whole."""

from django.conf import settings

from records.models import AuditEvent

BEGUN, WHOLE = "demonstration.begun", "demonstration.made"
WANTED = "demo-wanted"  # in DATA_DIR: the database began empty, and the demonstration is not whole yet


def is_whole() -> bool:
    """Whether a run came to its end; from then on nothing is added, whatever people did with the files since."""
    return AuditEvent.objects.filter(verb=WHOLE).exists()


def is_begun() -> bool:
    """Whether a run began to make files."""
    return AuditEvent.objects.filter(verb=BEGUN).exists()


def is_ahead() -> bool:
    """Whether files of the demonstration are still to come. Never where it is not allowed."""
    if not settings.DEMO_ALLOWED or settings.PRODUCTION:
        return False
    return ((settings.DATA_DIR / WANTED).exists() or is_begun()) and not is_whole()
