"""`/admin/`: administrators with a second factor, reference data only, read-only but for what is named."""

import pytest
from django.contrib import admin
from django.test import Client

from accounts.demo import PASSWORD
from accounts.models import User
from applications.models import Round
from districts.models import District, Office
from evaluation.models import Criterion, RoundRules
from records.models import AuditEvent
from support.models import RoundCaps
from tests.mission1000.conftest import password, signed_in, text_of

READ_ONLY = (District, Round, RoundRules)
LISTED = {
    "districts.District", "districts.Taluk", "districts.Office", "districts.Holiday", "applications.DocumentKind",
    "applications.Round", "evaluation.Rubric", "evaluation.RoundRules", "support.RoundCaps",
}  # fmt: skip


@pytest.fixture
def administrator(people) -> Client:
    return signed_in("admin@demo.test")


def address(row) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


def test_only_reference_data_is_listed():
    assert {model._meta.label for model in admin.site._registry} == LISTED


def test_every_list_and_row_opens(administrator):
    assert administrator.get("/admin/").status_code == 200
    for model in admin.site._registry:
        listed = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert administrator.get(listed).status_code == 200
        assert administrator.get(address(model.objects.all()[0])).status_code == 200


def test_a_visitor_is_sent_to_the_portals_sign_in(people):
    answer = Client().get("/admin/districts/office/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/login/?next=/admin/districts/office/"
    assert Client().post("/admin/login/", {"username": "admin@demo.test", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("there", ["//elsewhere.example/", "https://elsewhere.example/"])
def test_the_sign_in_leads_nowhere_else(people, there):
    assert Client().get("/admin/login/", {"next": there}).url == "/accounts/login/?next=%2Fadmin%2F"


def test_a_password_alone_does_not_open_it(people):
    window, _answer = password("admin@demo.test")
    answer = window.get("/admin/", follow=True)
    assert answer.request["PATH_INFO"].startswith("/accounts/")
    window.force_login(User.objects.get(email="admin@demo.test"))
    answer = window.get("/admin/", follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/login/"


@pytest.mark.parametrize("email", ["officer.ekm@demo.test", "gm.ekm@demo.test", "auditor@demo.test"])
def test_other_posts_are_refused_with_the_reason(people, email):
    answer = signed_in(email).get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "This page is for administrators." in text_of(answer)


def test_an_applicant_is_refused(people):
    assert signed_in("applicant@demo.test").get("/admin/districts/office/", follow=True).status_code == 403


@pytest.mark.parametrize("model", READ_ONLY)
def test_what_is_read_only_cannot_be_changed_added_or_deleted(administrator, model):
    row = model.objects.all()[0]
    before = list(model.objects.values())
    base = address(row).removesuffix("change/")
    for place in (f"{base}change/", f"{base}delete/", f"/admin/{model._meta.app_label}/{model._meta.model_name}/add/"):
        assert administrator.post(place, {"name_en": "X", "pass_mark": "1", "post": "yes"}).status_code == 403
    assert list(model.objects.values()) == before


def test_a_bulk_delete_does_not_exist(administrator):
    before = Office.objects.count()
    chosen = [Office.objects.all()[0].pk]
    administrator.post("/admin/districts/office/", {"action": "delete_selected", "_selected_action": chosen})
    assert Office.objects.count() == before


def test_an_office_gets_its_telephone_and_nothing_else_and_the_trail_says_so(administrator):
    office = Office.objects.get(code="DIC-EKM")
    forged = {"address": "Kakkanad", "telephone": "0484 000", "email": "", "name_en": "Forged", "kind": "directorate"}
    assert administrator.post(address(office), forged).status_code == 302
    office.refresh_from_db()
    assert (office.address, office.telephone, office.name_en, office.kind) == (
        "Kakkanad", "0484 000", "DIC Ernakulam", "dic",
    )  # fmt: skip
    event = AuditEvent.objects.get(verb="reference.correct")
    assert (event.subject, event.data) == (f"districts.office:{office.pk}", {"fields": ["address", "telephone"]})


def test_the_order_behind_the_caps_is_entered_and_shown(administrator, client):
    caps = RoundCaps.objects.get()
    assert administrator.post(address(caps), {"order_reference": "G.O. 1/2026", "dpr_cap": "9"}).status_code == 302
    caps.refresh_from_db()
    assert (caps.order_reference, caps.dpr_cap) == ("G.O. 1/2026", 1_00_000)
    assert "G.O. 1/2026" in text_of(client.get("/scheme/"))


def test_marks_of_a_rubric_stay(administrator):
    criterion = Criterion.objects.all()[0]
    assert administrator.post(address(criterion.rubric), {"criteria-0-weight": "99"}).status_code == 403
    assert Criterion.objects.get(pk=criterion.pk).weight == criterion.weight


def test_signing_out_and_changing_the_password_is_the_portals(administrator):
    assert administrator.post("/admin/logout/").url == "/accounts/logout/"
    assert administrator.get("/admin/password_change/").url == "/accounts/password/change/"
