"""The page that others are measured against; part of the portal only with BENCHMARK=True."""

from django.urls import path

from mission1000.benchmark import views

urlpatterns = [path("healthz/reference", views.reference, name="reference")]
