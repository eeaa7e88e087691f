"""`manage.py demo`: files in every state, each goal of the plan reached by the real acts, people who can sign in."""

from collections import Counter

import pytest
from django.db import transaction

from accounts.demo import PASSWORD
from accounts.models import User
from applications.models import Application, Clarification, Transition
from applications.states import State
from evaluation.models import (
    Assessment,
    CommitteeRecusal,
    Decision,
    EarlierMarks,
    Ineligibility,
    Meeting,
    Moderation,
    OfficeNote,
    Shortlist,
    VisitPhoto,
    Vote,
)
from mission1000.demonstration import files, plan
from mission1000.demonstration.goals import ENDS
from progress.models import Narrative
from progress.queries import REPORT
from records import audit, jobs, papers
from records.acts import system
from records.models import AuditEvent, Job, Paper
from tests.mission1000.conftest import run, signed_in

COUNT = plan.SMALLEST
LATER = {"nominated"}
THEN = {"ranked", "ranked_low", "won"}  # their packet and the Committee decide among them


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """A small one, made once for this module; what a test does with it is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield run("demo", applications=COUNT, seed=5)
        transaction.set_rollback(True)


def by_key() -> dict[str, Application]:
    """Each file with its key in the plan."""
    owners = Application.objects.select_related("enterprise__made_by", "office__district", "round")
    names = {
        (file.enterprise.made_by.email.split("@")[0].removeprefix("owner"), not file.round.is_open): file
        for file in owners
    }
    return {
        f"{'0' if name == 'applicant' else name}{'-then' if then else ''}": file for (name, then), file in names.items()
    }


def test_every_state_of_this_version_is_there(demonstration, db):
    found = Counter(Application.objects.values_list("state", flat=True))
    assert set(found) == set(State.values) - LATER
    assert found.total() == COUNT


def test_every_file_comes_to_the_end_of_its_goal(demonstration, db, reference):
    made = by_key()
    for item in plan.files(COUNT, ["EKM", "TSR", "KKD"]):
        ways = {ENDS[item.goal]}
        if item.goal in {"high", "low"}:
            ways = {"shortlisted", "not_shortlisted", "appraisal"}  # with their packet; one is returned from it
            if item.district == plan.BEFORE_THE_COMMITTEE:
                ways |= {"committee", "committee_details", "decided"}
        if item.goal in THEN:
            ways = {"selected", "reserve", "not_selected"}
        assert made[item.key].state in ways, item


def test_the_desk_has_something_of_everything_it_works_with(demonstration, db):
    assert Clarification.objects.open().filter(reminders=2).count() == 1
    assert Clarification.objects.filter(answered_at__isnull=False, read_at=None, asked_for="dic").count() == 3
    assert set(Ineligibility.objects.values_list("confirmed", flat=True)) == {None, True, False}
    assert Ineligibility.objects.filter(reinstated_at__isnull=False).count() == 1
    assert Application.objects.filter(contested=True, settlements=None).count() == 1
    assert Application.objects.filter(contested=True, settlements__outcome="other").count() == 1
    assert Application.objects.filter(slots__versions__state="rejected", state="scrutiny").distinct().count() == 3
    assert Application.objects.filter(officer__email="officer2.ekm@demo.test").count() == 2
    assert Application.objects.filter(transitions__move="transfer").count() == 2
    assert {*OfficeNote.objects.values_list("kind", flat=True)} == {"note", "call"}
    assert 0 < VisitPhoto.objects.filter(latitude__isnull=False, taken_at__isnull=False).count() < 12


def test_the_appraisal_is_shown_in_each_of_its_turns(demonstration, db):
    assert set(Assessment.objects.values_list("state", flat=True)) == {
        "assigned", "draft", "locked", "recused", "unlocked",
    }  # fmt: skip
    assert (Moderation.objects.count(), EarlierMarks.objects.count()) == (1, 2)
    apart = Application.objects.filter(state="appraisal", assessments__state="locked").distinct()
    assert [file for file in apart if file.assessments.filter(state="locked").count() == 2]


def test_two_districts_have_an_approved_shortlist_and_one_waits_for_its_check(demonstration, db):
    then = Shortlist.objects.get(round__number=2)
    assert (then.state, then.office.district.code) == ("approved", "EKM")
    assert not Job.objects.filter(name="records.render", subject=f"paper:{then.paper_id}").exists()
    found = Shortlist.objects.filter(round__number=3).values_list("office__district__code", "state", "paper__state")
    assert sorted(found) == [("EKM", "approved", "queued"), ("KKD", "frozen", None), ("TSR", "approved", "queued")]
    corrected = Paper.objects.get(superseded_by__isnull=False, kind="evaluation.shortlist")
    assert corrected.superseded_by == Shortlist.objects.get(office__district__code="EKM", round__number=3).paper


def test_who_walks_a_file_to_a_shortlist_by_hand_finds_people_free(demonstration, db):
    free = User.objects.get(email="officer.ekm@demo.test")
    assert not Assessment.objects.filter(evaluator=free).exists()
    assert not Shortlist.objects.filter(office__code="DIC-EKM").exclude(state="approved").exists()


def returned() -> Application:
    """The file that was returned from an approved shortlist: it stays in the appraisal until somebody acts."""
    return Application.objects.get(state="appraisal", transitions__move="return", district__code="EKM")


def test_few_papers_wait_to_be_made_and_none_before_what_a_person_asks_for(demonstration, db):
    waiting = Job.objects.filter(name="records.render", state="queued")
    kinds = Counter(Paper.objects.filter(state="queued", pk__in=_papers_of(waiting)).values_list("kind", flat=True))
    assert kinds == {
        "application.receipt": files.RECEIPTS,
        "evaluation.shortlist": 3,
        "evaluation.letter": 6,
        REPORT: 4,
    }
    assert waiting.count() == kinds.total() <= 30
    assert set(waiting.values_list("priority", flat=True)) == {jobs.IN_BULK}
    older = Paper.objects.filter(kind="application.receipt").order_by("issued_at")[0]
    assert older.pk not in _papers_of(waiting)
    papers.ask_for(older, by=system("test"))
    assert jobs.due().filter(name="records.render").first().payload == {"paper": older.pk}
    assert not Job.objects.filter(
        name="evaluation.appraise", state="queued", payload__application=returned().pk
    ).exists()
    assert Paper.objects.filter(kind="application.receipt").count() == Transition.objects.filter(move="submit").count()


def _papers_of(waiting) -> list[int]:
    return [payload["paper"] for payload in waiting.values_list("payload", flat=True)]


def test_the_committee_has_decided_in_one_round_and_sits_in_the_other(demonstration, db):
    then, sitting, ahead = Meeting.objects.order_by("round__number", "serial")
    assert (then.state, sitting.state, ahead.state) == ("released", "session", "planned")
    outcomes = Counter(Decision.objects.filter(item__meeting=then).values_list("outcome", "out_of_rank"))
    assert outcomes == {
        ("selected", False): 3,
        ("reserve", False): 1,
        ("selected", True): 1,
        ("not_selected", False): 1,
    }
    assert not Decision.objects.released().filter(letter=None).exists()
    assert Decision.objects.get(out_of_rank=True).reason
    asked = Clarification.objects.filter(asked_for="committee")
    assert (asked.filter(answered_at=None).count(), asked.exclude(answered_at=None).count()) == (1, 1)
    items = Counter(sitting.items.values_list("application__state", flat=True))
    assert items == {"committee": 1, "committee_details": 1, "decided": 2}
    for meeting in (then, sitting):
        assert CommitteeRecusal.objects.filter(application__agenda_items__meeting=meeting).count() == 1
        assert Vote.objects.filter(item__meeting=meeting).count() == 3 * meeting.items.count() - 1


def test_months_are_reported_and_one_report_took_the_place_of_another(demonstration, db):
    reports = Paper.objects.filter(kind=REPORT)
    assert reports.filter(superseded_by__isnull=False).count() == 1
    assert {paper.scope for paper in reports} == {"DIC-EKM", "DIC-KKD"}
    assert {*Narrative.objects.values_list("district__code", flat=True)} == {"EKM", "TSR", "KKD"}


def test_the_trail_runs_forward_in_time_and_is_whole(demonstration, db):
    moments = list(AuditEvent.objects.order_by("sequence").values_list("at", flat=True))
    assert moments == sorted(moments)
    # Nothing is anchored before a commit, and this demonstration is taken back.
    assert [problem.what for problem in audit.verify()] == ["has no anchor"]


def test_every_move_lies_in_the_round_and_behind_us(demonstration, db):
    for move in Transition.objects.select_related("application__round"):
        assert move.application.round.opens_at <= move.at <= files.now()


def test_the_applicant_has_a_draft_begun_and_another_enterprise_that_was_selected(demonstration, db):
    then, file = Application.objects.filter(enterprise__members__user__email=files.APPLICANT).order_by("round__number")
    assert (then.state, then.district.code) == ("selected", "EKM")
    assert then.enterprise != file.enterprise
    assert Decision.objects.get(application=then).letter.kind == "evaluation.letter"
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
    assert len(emails) == 3 + 8 + 14 * 6 + COUNT - 2  # the applicant has two files
    assert [email for email in emails if "_auth_user_id" not in signed_in(email).session] == []
