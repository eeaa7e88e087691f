from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "applications"
    verbose_name = _("Rounds and papers asked for")
    default_auto_field = "django.db.models.BigAutoField"
