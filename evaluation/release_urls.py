"""Addresses of the release and of the result."""

from django.urls import path

from evaluation.views import releases, result

urlpatterns = [
    path("committee/<str:number>/release/", releases.meeting_release, name="meeting_release"),
    path("committee/<str:number>/release/letters/", releases.meeting_letters, name="meeting_letters"),
    path("committee/<str:number>/letters/<str:reference>/", releases.meeting_letter, name="meeting_letter"),
    path("applications/<str:reference>/result/", result.result, name="application_result"),
]
