"""Addresses of what comes after selection; for now the page that says what it is."""

from django.urls import path

from support import views

urlpatterns = [
    path("scheme/", views.scheme, name="scheme"),
    path("scheme/papers/", views.scheme_papers, name="scheme_papers"),
]
