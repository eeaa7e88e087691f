"""Addresses of people's pages."""

from django.urls import path

from accounts import views

urlpatterns = [
    path("i18n/setlang/", views.set_language, name="set_language"),
    path("accounts/2fa/totp/qr.svg", views.totp_qr, name="totp_qr"),
    path("accounts/stay/", views.account_stay, name="account_stay"),
    path("accounts/self/", views.account_self, name="account_self"),
    path("staff/", views.staff, name="staff"),
    path("staff/add/", views.staff_add, name="staff_add"),
    path("staff/jobs/", views.staff_jobs, name="staff_jobs"),
    path("staff/jobs/retry/", views.staff_jobs_retry, name="staff_jobs_retry"),
    path("staff/<int:pk>/", views.staff_person, name="staff_person"),
    path("staff/posting/<int:pk>/relieve/", views.staff_relieve, name="staff_relieve"),
]
