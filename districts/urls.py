"""Addresses of the map."""

from django.urls import path

from districts import views

urlpatterns = [
    path("districts/", views.districts, name="districts"),
    path("districts/<str:code>/", views.district, name="district"),
]
