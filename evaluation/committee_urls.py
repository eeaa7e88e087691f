"""Addresses of the Committee. Words that are fixed stand before the number of a file."""

from django.urls import path, re_path

from evaluation.views import agenda, committee, committee_reading, judgement, meetings

urlpatterns = [
    path("committee/", committee.committee, name="committee"),
    path("committee/new/", meetings.new, name="meeting_new"),
    path("committee/<str:number>/", committee.meeting, name="meeting"),
    path("committee/<str:number>/edit/", meetings.edit, name="meeting_edit"),
    path("committee/<str:number>/agenda/", meetings.fill, name="agenda_fill"),
    path("committee/<str:number>/trail/", committee.meeting_trail, name="meeting_trail"),
    path("committee/<str:number>/paper/", meetings.paper, name="agenda_paper"),
    path("committee/<str:number>/open/", meetings.open_session, name="meeting_open"),
    path("committee/<str:number>/attendance/", meetings.attendance, name="meeting_attendance"),
    re_path(r"^committee/(?P<number>[^/]+)/agenda\.(?P<ending>csv|xlsx)$", committee.agenda_table, name="agenda_table"),
    path("committee/<str:number>/decide/", judgement.decide_as_proposed, name="committee_decide_many"),
    path("committee/<str:number>/<str:reference>/", committee.agenda_item, name="agenda_item"),
    path(
        "committee/<str:number>/<str:reference>/documents/<int:pk>/", committee_reading.document, name="agenda_document"
    ),
    path(
        "committee/<str:number>/<str:reference>/documents/<int:pk>/read/",
        committee_reading.read,
        name="agenda_document_read",
    ),
    path(
        "committee/<str:number>/<str:reference>/documents/<int:pk>/pages/<int:page>/",
        committee_reading.page_image,
        name="agenda_document_page",
    ),
    path("committee/<str:number>/<str:reference>/details/", agenda.details, name="agenda_details"),
    path("committee/<str:number>/<str:reference>/details/end/", agenda.end_details, name="agenda_end_details"),
    path("committee/<str:number>/<str:reference>/put-off/", agenda.put_off, name="agenda_put_off"),
    path("committee/<str:number>/<str:reference>/return/", agenda.send_back, name="agenda_send_back"),
    path("committee/<str:number>/<str:reference>/recuse/", judgement.recuse, name="committee_recuse"),
    path("committee/<str:number>/<str:reference>/vote/", judgement.vote, name="committee_vote"),
    path("committee/<str:number>/<str:reference>/decide/", judgement.decide, name="committee_decide"),
    path("committee/<str:number>/<str:reference>/reopen/", judgement.reopen, name="committee_reopen"),
]
