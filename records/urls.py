"""Addresses of what was written."""

from django.urls import path

from records import views

urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/<str:number>/", views.verify_number, name="verify_number"),
    path("papers/<str:number>/", views.paper, name="paper"),
    path("papers/<str:number>/state/", views.paper_state, name="paper_state"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
