from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = _("Marking")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import navigation  # noqa: PLC0415 -- the other apps are loaded only now
        from applications import endings  # noqa: PLC0415 -- the same
        from applications.states import State  # noqa: PLC0415 -- the same
        from evaluation.navigation import items  # noqa: PLC0415 -- the same
        from evaluation.queries.ineligible import ending  # noqa: PLC0415 -- the same

        navigation.register(items)
        endings.register(State.INELIGIBLE, ending)
