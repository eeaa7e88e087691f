from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import footprints, sessions  # noqa: PLC0415 -- the apps are loaded only now

        footprints.connect()
        user_logged_in.connect(sessions.begin, dispatch_uid="sessions.begin")
