"""All addresses. URL space is the reader's map; each room brings its own."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from mission1000 import views

ROOMS = ("progress", "support", "evaluation", "applications", "accounts", "districts", "records")

handler400 = "mission1000.views.bad_request"
handler500 = "mission1000.broken.broken"

urlpatterns = [
    path("faq/", views.faq, name="faq"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("sitemap/", views.sitemap, name="sitemap"),
    path("demo/", views.demo, name="demo"),
    path("too-large/", views.too_large, name="too_large"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    *(path("", include(f"{room}.urls")) for room in ROOMS),
    *([path("", include("mission1000.benchmark.urls"))] if settings.BENCHMARK else []),
]
