from django.apps import AppConfig


class Mission1000Config(AppConfig):
    name = "mission1000"
