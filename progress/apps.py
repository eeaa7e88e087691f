from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "progress"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import navigation  # noqa: PLC0415 -- the other apps are loaded only now
        from progress.navigation import items  # noqa: PLC0415 -- the same

        navigation.register(items)
