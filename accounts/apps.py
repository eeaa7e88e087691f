from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

TURN = 8.0  # seconds; an office signs in behind one address, and in a rush its people wait for each other's turn


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.core.internal import ratelimit  # noqa: PLC0415 -- the apps are loaded only now

        from accounts import adapters, footprints, sessions  # noqa: PLC0415 -- as above
        from records import sealed  # noqa: PLC0415 -- as above

        ratelimit.CACHE_LOCK_WAIT_TIMEOUT = TURN  # after the library's one second they are told "too many requests"
        footprints.connect()
        sealed.also_sealed("mfa_authenticator", "data", adapters.SEED)
        user_logged_in.connect(sessions.begin, dispatch_uid="sessions.begin")
