from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class Mission1000Config(AppConfig):
    name = "mission1000"


class AdministrationConfig(AdminConfig):
    """Django's administration on our own narrowed site."""

    default_site = "mission1000.administration.PortalSite"
