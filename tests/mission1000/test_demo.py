"""`manage.py demo`: files in every state of this version, people who can sign in, the same with the same seed."""

from collections import Counter

import pytest
from django.db import transaction

from accounts.demo import PASSWORD
from accounts.models import User
from applications.models import Application, Transition
from evaluation.models import Shortlist
from mission1000.demonstration import files
from records import audit
from records.models import AuditEvent, Job, Paper
from tests.mission1000.conftest import run, signed_in

COUNT = 14
STATES = {
    "draft", "submitted", "scrutiny", "appraisal", "appraised", "shortlisted", "not_shortlisted", "withdrawn",
}  # fmt: skip


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """A small one, made once for this module; what a test does with it is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield run("demo", applications=COUNT, seed=5)
        transaction.set_rollback(True)


def test_every_state_of_this_version_is_there(demonstration, db):
    found = Counter(Application.objects.values_list("state", flat=True))
    assert set(found) == STATES
    assert found.total() == COUNT
    rejected = Application.objects.filter(state="scrutiny", slots__versions__state="rejected")
    assert rejected.count() == 1


def test_two_districts_have_an_approved_shortlist_with_its_paper_under_way(demonstration, db):
    found = Shortlist.objects.values_list("office__district__code", "state", "paper__state")
    assert sorted(found) == [("EKM", "approved", "queued"), ("TSR", "approved", "queued")]


def test_few_papers_wait_to_be_made(demonstration, db):
    waiting = Job.objects.filter(name="records.render").count()
    assert 2 < waiting <= 2 + files.RECEIPTS
    assert Paper.objects.filter(kind="application.receipt").count() == Transition.objects.filter(move="submit").count()


def test_the_trail_runs_forward_in_time_and_is_whole(demonstration, db):
    moments = list(AuditEvent.objects.order_by("sequence").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert audit.verify() == []


def test_every_move_lies_in_the_round_and_behind_us(demonstration, db):
    for move in Transition.objects.select_related("application__round"):
        assert move.application.round.opens_at <= move.at <= files.now()


def test_the_applicant_owns_one_enterprise_with_a_draft_begun(demonstration, db):
    file = Application.objects.get(enterprise__members__user__email=files.APPLICANT)
    assert (file.state, file.district.code) == ("draft", "EKM")
    assert file.profile.name_en
    assert not file.consents.exists()


def test_a_second_run_adds_nothing_and_says_so(demonstration, db):
    before = (Application.objects.count(), User.objects.count(), AuditEvent.objects.count(), Job.objects.count())
    said = run("demo", applications=COUNT, seed=5)
    assert said.splitlines()[0] == "The demonstration is there already. Nothing was added."
    after = (Application.objects.count(), User.objects.count(), AuditEvent.objects.count(), Job.objects.count())
    assert after == before


def test_it_says_who_can_sign_in_and_with_which_password(demonstration, db):
    assert f"Password of every account: {PASSWORD}" in demonstration
    for email in ("applicant@demo.test", "admin@demo.test", "gm.ekm@demo.test", "taluk.ekm@demo.test"):
        assert f"\n  {email} " in demonstration


def test_every_account_signs_in_with_password_and_code(demonstration, db):
    emails = list(User.objects.values_list("email", flat=True))
    assert len(emails) == 3 + 6 + 14 * 6 + COUNT - 1
    assert [email for email in emails if "_auth_user_id" not in signed_in(email).session] == []
