from typing import Any

from django.apps import AppConfig
from django.core.signals import request_started
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules

from records.acts import begin_request


class RecordsConfig(AppConfig):
    name = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make every room's job handlers known; make the triggers of append-only tables after each migrate."""
        autodiscover_modules("tasks")
        request_started.connect(begin_request)
        post_migrate.connect(_install_triggers, sender=self)


def _install_triggers(**_kwargs: Any) -> None:
    from records import appendonly  # noqa: PLC0415 -- models are there only when the apps are ready

    appendonly.install_triggers()
