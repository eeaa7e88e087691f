"""Addresses of the judging; `/desk/` itself, the list, is a home and lies in the room above."""

from django.urls import path

from evaluation.views import files, packets, scorecards

urlpatterns = [
    path("desk/shortlists/", packets.shortlists, name="shortlists"),
    path("desk/shortlists/make/", packets.make, name="shortlist_make"),
    path("desk/shortlists/<str:number>/", packets.shortlist, name="shortlist"),
    path("desk/shortlists/<str:number>/freeze/", packets.freeze, name="shortlist_freeze"),
    path("desk/shortlists/<str:number>/check/", packets.check, name="shortlist_check"),
    path("desk/shortlists/<str:number>/approve/", packets.approve, name="shortlist_approve"),
    path("desk/shortlists/<str:number>/marks.csv", packets.marks, name="shortlist_marks"),
    path("desk/<str:reference>/", files.desk_file, name="desk_file"),
    path("desk/<str:reference>/take-up/", files.take_up, name="desk_take_up"),
    path("desk/<str:reference>/end-scrutiny/", files.pass_scrutiny, name="desk_pass_scrutiny"),
    path("desk/<str:reference>/figures/<str:key>/", files.figure, name="desk_figure"),
    path("desk/<str:reference>/documents/<int:pk>/", files.document, name="desk_document"),
    path("desk/<str:reference>/documents/<int:pk>/accept/", files.accept_document, name="desk_document_accept"),
    path("desk/<str:reference>/documents/<int:pk>/reject/", files.reject_document, name="desk_document_reject"),
    path("desk/<str:reference>/evaluators/", files.evaluators, name="desk_evaluators"),
    path("desk/<str:reference>/scorecard/", scorecards.scorecard, name="scorecard"),
    path("desk/<str:reference>/scorecard/accept/", scorecards.accept, name="scorecard_accept"),
    path("desk/<str:reference>/scorecard/step-back/", scorecards.step_back, name="scorecard_step_back"),
]
