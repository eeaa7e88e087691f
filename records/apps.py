from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class RecordsConfig(AppConfig):
    name = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make every room's job handlers known, and the trail's triggers after each migrate."""
        autodiscover_modules("tasks")
        post_migrate.connect(_install_triggers, sender=self)


def _install_triggers(**_kwargs: Any) -> None:
    from records import audit  # noqa: PLC0415 -- models are there only when the apps are ready

    audit.install_triggers()
