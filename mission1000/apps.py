from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class Mission1000Config(AppConfig):
    name = "mission1000"

    def ready(self) -> None:
        """Timed work waits while the demonstration is being made."""
        from mission1000.demonstration.waiting import is_ahead  # noqa: PLC0415 -- models are not loaded before
        from records import jobs  # noqa: PLC0415 -- as above

        jobs.hold_timed_while(is_ahead)


class AdministrationConfig(AdminConfig):
    """Django's administration on our own narrowed site."""

    default_site = "mission1000.administration.PortalSite"
