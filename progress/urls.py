"""Addresses of the homes and of the figures."""

from django.urls import path, re_path

from progress.views import homes, reports

urlpatterns = [
    path("", homes.home, name="home"),
    path("home/", homes.home_go, name="home_go"),
    path("my/", homes.my, name="my"),
    path("desk/", homes.desk_list, name="desk"),
    path("districts/<str:code>/progress/", reports.district_progress, name="district_progress"),
    path("reports/", reports.reports, name="reports"),
    re_path(r"^reports/table\.(?P<ending>csv|xlsx)$", reports.export, name="reports_table"),
    path("reports/<str:number>/", reports.report, name="report"),
]
