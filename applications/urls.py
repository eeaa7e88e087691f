"""Addresses of the applicant's side and of the check."""

from django.urls import path, re_path

from applications.views import answers, check, documents, enterprises, file

REFERENCE = r"^applications/(?P<reference>M1K-\d{1,3}-[A-Z]{3}-\d{5})/"
SECTION = "enterprise|ownership|financials|employment|growth|bank|declaration"

urlpatterns = [
    path("check/", check.check, name="check"),
    path("enterprises/", enterprises.enterprises, name="enterprises"),
    path("enterprises/new/", enterprises.enterprise_new, name="enterprise_new"),
    path("applications/new/", enterprises.application_new, name="application_new"),
    re_path(REFERENCE + "$", file.application, name="application"),
    re_path(REFERENCE + "documents/$", documents.documents, name="application_documents"),
    re_path(REFERENCE + r"documents/(?P<pk>\d{1,12})/$", documents.document, name="application_document"),
    re_path(REFERENCE + "answer/$", answers.answer, name="application_answer"),
    re_path(REFERENCE + "submit/$", file.submit, name="application_submit"),
    re_path(REFERENCE + "receipt/$", file.receipt, name="application_receipt"),
    re_path(REFERENCE + "recall/$", file.recall, name="application_recall"),
    re_path(REFERENCE + "withdraw/$", file.withdraw, name="application_withdraw"),
    re_path(REFERENCE + f"(?P<key>{SECTION})/$", file.section, name="application_section"),
]
