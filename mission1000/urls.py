"""All addresses. URL space is the reader's map; each room brings its own."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

ROOMS = ("progress", "support", "evaluation", "applications", "accounts", "districts", "records")

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    *(path("", include(f"{room}.urls")) for room in ROOMS if find_spec(f"{room}.urls")),
]
