"""Addresses of the homes and of the figures."""

from django.urls import path, re_path

from progress.views import desk, homes, narratives, reports, runs, watch

urlpatterns = [
    path("", homes.home, name="home"),
    path("home/", homes.home_go, name="home_go"),
    path("my/", homes.my, name="my"),
    path("desk/", desk.desk_list, name="desk"),
    path("desk/search/", desk.desk_search, name="desk_search"),
    path("desk/next/", desk.desk_next, name="desk_next"),
    re_path(r"^desk/export\.(?P<ending>csv|xlsx)$", desk.desk_export, name="desk_export"),
    path("watch/", watch.watch, name="watch"),
    re_path(r"^watch/table\.(?P<ending>csv|xlsx)$", watch.watch_table, name="watch_table"),
    path("watch/files/", watch.watch_files, name="watch_files"),
    re_path(r"^watch/files/export\.(?P<ending>csv|xlsx)$", watch.watch_files_export, name="watch_files_export"),
    path("districts/<str:code>/progress/", reports.district_progress, name="district_progress"),
    path("districts/<str:code>/progress/narrative/", narratives.district_narrative, name="district_narrative"),
    path("reports/", reports.reports, name="reports"),
    re_path(r"^reports/table\.(?P<ending>csv|xlsx)$", reports.export, name="reports_table"),
    path("reports/run/", runs.reports_run, name="reports_run"),
    path("reports/run/<int:key>/", runs.reports_run_one, name="reports_run_one"),
    path("reports/<str:number>/", reports.report, name="report"),
]
