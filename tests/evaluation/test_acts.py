"""A file through the judging by its acts: scrutiny, two evaluations, what is refused on the way."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Posting, User
from applications.actions import withdraw
from applications.models import Application, DocumentVersion, EnterpriseMember, Transition
from districts.models import Office
from evaluation import actions, queries, rules
from evaluation.models import Assessment, VerifiedFigure
from records import jobs
from records.audit import events_about
from records.clock import today
from records.models import AuditEvent, Job
from records.verdicts import Refused
from tests.evaluation.conftest import SYSTEM, World


def test_take_up_gives_the_file_to_the_officer(world: World) -> None:
    held = actions.take_up(world.file(), by=world.officer)
    assert (held.state, held.officer) == ("scrutiny", world.officer)
    assert held.taken_up_at
    assert [event.verb for event in events_about(held)] == ["application.take_up"]
    assert Transition.objects.get(application=held).move == "take_up"


def test_the_second_officer_is_told_who_was_first(world: World) -> None:
    file = world.file()
    actions.take_up(file, by=world.officer)
    with pytest.raises(Refused, match=r"DIC Ernakulam took this file up on \d\d-\d\d-\d{4}"):
        actions.take_up(file, by=world.officer2)


def test_another_district_cannot_take_it_up(world: World) -> None:
    file = world.file()
    with pytest.raises(Refused, match="another office"):
        actions.take_up(file, by=world.stranger)
    file.refresh_from_db()
    assert file.state == "submitted"


def test_scrutiny_ends_only_when_nothing_is_left(world: World) -> None:
    file = world.file("scrutiny")
    with pytest.raises(Refused, match="figures to verify: 10; documents to accept: 3"):
        actions.pass_scrutiny(file, by=world.officer)
    world.verified(file)
    version = DocumentVersion.objects.filter(slot__application=file).first()
    assert version
    actions.judge_document(version, accept=False, reason="unreadable", by=world.officer)
    with pytest.raises(Refused, match="1 document to accept"):
        actions.pass_scrutiny(file, by=world.officer)
    actions.judge_document(version, accept=True, by=world.officer)
    assert actions.pass_scrutiny(file, by=world.officer).state == "appraisal"


def test_a_verified_figure_stands_beside_the_claim_and_the_newest_counts(world: World) -> None:
    file = world.file("scrutiny")
    actions.verify_figure(file, "turnover:2025-26", Decimal(60_000_000), "Ledger", by=world.officer)
    actions.verify_figure(file, "turnover:2025-26", Decimal(59_400_000), "Audited accounts, page 3", by=world.officer)
    row = next(row for row in queries.figure_rows(file) if row.figure.key == "turnover:2025-26")
    assert (row.claimed, row.verified) == (Decimal(61_800_000), Decimal(59_400_000))
    assert row.difference_shown == "− ₹24,00,000 (3.9 %)"
    assert file.financial_years.get(year="2025-26").turnover == 61_800_000


def test_the_same_finding_twice_is_kept_once(world: World) -> None:
    file = world.file("scrutiny")
    for _time in range(2):
        actions.verify_figure(file, "jobs", Decimal(44), "EPF challan", by=world.officer)
    assert VerifiedFigure.objects.count() == 1


@pytest.mark.parametrize(
    ("key", "source", "sentence"), [("jobs", " ", "Say where"), ("shoe_size", "Ledger", "not asked for")]
)
def test_a_figure_needs_a_source_and_a_place_in_the_round(world: World, key: str, source: str, sentence: str) -> None:
    file = world.file("scrutiny")
    with pytest.raises(Refused, match=sentence):
        actions.verify_figure(file, key, Decimal(44), source, by=world.officer)
    assert not VerifiedFigure.objects.exists()


def test_figures_stand_after_the_appraisal(world: World) -> None:
    file = world.appraised(4, 3, 4, 3, 5)
    with pytest.raises(Refused, match="are over"):
        actions.verify_figure(file, "jobs", Decimal(1), "Ledger", by=world.officer)


def test_two_locked_evaluations_close_the_appraisal(world: World) -> None:
    file = world.in_appraisal()
    first, second = world.named(file)
    world.lock(first, 4, 3, 4, 3, 5)
    assert not actions.appraise(file, by=SYSTEM)
    world.lock(second, 4, 4, 4, 3, 4)
    assert Job.objects.filter(name="evaluation.appraise").count() == 2
    assert actions.appraise(file, by=SYSTEM)
    assert not actions.appraise(file, by=SYSTEM)
    file.refresh_from_db()
    assert file.state == "appraised"
    first.refresh_from_db()
    assert (first.total_exact, str(first.exact)) == ("670/9", "670/9")


def test_the_job_of_the_last_lock_may_run_again(world: World) -> None:
    file = world.in_appraisal()
    for one in world.named(file):
        world.lock(one, 4, 3, 4, 3, 5)
    for job in Job.objects.filter(name="evaluation.appraise"):
        jobs.run(job.pk)
    file.refresh_from_db()
    assert file.state == "appraised"
    assert set(Job.objects.filter(name="evaluation.appraise").values_list("state", flat=True)) == {"ready"}
    assert Transition.objects.filter(application=file, move="appraise").count() == 1


def test_a_wide_spread_asks_for_a_third(world: World) -> None:
    file = world.in_appraisal()
    first, second = world.named(file)
    world.lock(first, 5, 5, 5, 5, 5)
    world.lock(second, 4, 4, 4, 3, 4)
    assert not actions.appraise(file, by=SYSTEM)
    verdict = queries.assign_verdict(world.manager, file, queries.live_assessments(file))
    assert verdict
    (third,) = world.named(file, world.manager2)
    world.lock(third, 4, 4, 4, 4, 4)
    assert actions.appraise(file, by=SYSTEM)


def test_totals_on_either_side_of_the_pass_mark_ask_for_a_third(world: World) -> None:
    file = world.in_appraisal()
    first, second = world.named(file)
    world.lock(first, 3, 3, 3, 3, 3)
    world.lock(second, 3, 3, 3, 3, 2)
    assert not actions.appraise(file, by=SYSTEM)
    assert queries.assign_verdict(world.gm, file, queries.live_assessments(file))


def test_a_settled_file_gets_no_third(world: World) -> None:
    file = world.in_appraisal()
    for one in world.named(file):
        world.lock(one, 4, 3, 4, 3, 5)
    with pytest.raises(Refused, match="settle this file"):
        actions.assign(file, world.manager2, by=world.manager)


def test_who_filed_or_acts_for_the_enterprise_does_not_evaluate_it(world: World) -> None:
    file = world.in_appraisal()
    Application.objects.filter(pk=file.pk).update(filed_by=world.officer2)
    with pytest.raises(Refused, match="filed or nominated this case"):
        actions.assign(file, world.officer2, by=world.manager)
    file.enterprise.members.create(user=world.evaluator)
    with pytest.raises(Refused, match="acts for the enterprise"):
        actions.assign(file, world.evaluator, by=world.manager)


def test_nobody_evaluates_twice_and_both_or_none_are_named(world: World) -> None:
    file = world.in_appraisal()
    with pytest.raises(Refused, match="named for this file already"):
        actions.assign_all(file, [world.evaluator, world.evaluator], by=world.manager)
    assert not Assessment.objects.exists()
    with pytest.raises(Refused, match="no post that evaluates"):
        actions.assign(file, world.stranger, by=world.manager)


def test_the_database_knows_one_live_assessment_an_evaluator(world: World) -> None:
    file = world.in_appraisal()
    first, _second = world.named(file)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.create(
            application=file, evaluator=first.evaluator, rubric=first.rubric, number=9, assigned_by=world.manager
        )


def test_who_steps_back_makes_room_and_is_not_named_again(world: World) -> None:
    file = world.in_appraisal()
    first, _second = world.named(file)
    with pytest.raises(Refused, match="Say why"):
        actions.step_back(first, "  ", by=first.evaluator)
    actions.step_back(first, "I know the owner.", by=first.evaluator)
    with pytest.raises(Refused, match="already"):
        actions.assign(file, first.evaluator, by=world.manager)
    assert actions.assign(file, world.manager2, by=world.gm).number == 3


def test_a_lock_needs_every_mark_and_every_reason(world: World) -> None:
    file = world.in_appraisal()
    first, _second = world.named(file)
    sheet = {key: actions.Given(mark=4, justification="Seen.") for key in ("growth", "financial", "plan", "employment")}
    sheet["exports"] = actions.Given(not_applicable=True, justification="None.")
    with pytest.raises(Refused, match="Technology and compliance: choose a mark") as refused:
        actions.lock_marks(first, sheet, version=0, by=first.evaluator)
    assert refused.value.field == "technology"
    sheet["technology"] = actions.Given(mark=4)
    with pytest.raises(Refused, match="say why you chose it"):
        actions.lock_marks(first, sheet, version=0, by=first.evaluator)
    first.refresh_from_db()
    assert (first.state, first.marks.count(), first.version) == ("accepted", 0, 0)


@pytest.mark.parametrize("mark", [0, 6, 99])
def test_a_mark_over_the_maximum_is_refused(world: World, mark: int) -> None:
    first = world.named(world.in_appraisal())[0]
    with pytest.raises(Refused, match="go from 1 to 5"):
        actions.save_marks(first, {"growth": actions.Given(mark=mark)}, version=0, by=first.evaluator)
    assert not first.marks.exists()


def test_not_applicable_only_where_the_rubric_says_so(world: World) -> None:
    first = world.named(world.in_appraisal(exports=5_000_000))[0]
    for key, sentence in (("exports", "no exports are claimed or planned"), ("growth", "applies to every enterprise")):
        with pytest.raises(Refused, match=sentence):
            actions.save_marks(first, {key: actions.Given(not_applicable=True)}, version=0, by=first.evaluator)


def test_a_stale_scorecard_is_refused(world: World) -> None:
    first = world.named(world.in_appraisal())[0]
    actions.save_marks(first, {"growth": actions.Given(mark=4)}, version=0, by=first.evaluator)
    with pytest.raises(Refused, match="saved elsewhere at"):
        actions.save_marks(first, {"growth": actions.Given(mark=2)}, version=0, by=first.evaluator)
    assert first.marks.get(criterion__key="growth").mark == 4


def test_locked_marks_stand(world: World) -> None:
    first = world.named(world.in_appraisal())[0]
    held = world.lock(first, 4, 3, 4, 3, 5)
    for verb in (actions.save_marks, actions.lock_marks):
        with pytest.raises(Refused, match="are locked"):
            verb(held, {}, version=held.version, by=held.evaluator)
    with pytest.raises(Refused, match="are locked"):
        actions.step_back(held, "Late.", by=held.evaluator)


def test_only_the_evaluator_marks_and_after_accepting(world: World) -> None:
    file = world.in_appraisal()
    made = actions.assign(file, world.evaluator, by=world.manager)
    with pytest.raises(Refused, match="Accept the assignment first"):
        actions.save_marks(made, {}, version=0, by=world.evaluator)
    with pytest.raises(Refused, match="another evaluator"):
        actions.accept_assessment(made, by=world.officer2)
    actions.accept_assessment(made, by=world.evaluator)
    with pytest.raises(Refused, match="answered already"):
        actions.accept_assessment(made, by=world.evaluator)


def test_marks_of_a_withdrawn_file_are_refused(world: World) -> None:
    file = world.in_appraisal()
    first = world.named(file)[0]
    withdraw(file, by=world.owner, note="Sold.")
    with pytest.raises(Refused, match="no longer being appraised"):
        world.lock(first, 4, 3, 4, 3, 5)


def test_the_trail_holds_no_mark_before_the_release_of_the_marks(world: World) -> None:
    file = world.in_appraisal()
    first, _second = world.named(file)
    world.lock(first, 1, 1, 1, 1, 1)
    event = AuditEvent.objects.filter(verb="assessment.lock").get()
    assert set(event.data) == {"sha256"}
    assert event.note == ""


def test_blind_until_both_lock(world: World) -> None:
    file = world.in_appraisal()
    first, second = world.named(file)
    world.lock(first, 4, 3, 4, 3, 5)
    for reader in (world.manager, world.officer2, world.directorate, world.gm):
        assert not rules.marks_open(reader, file, queries.live_assessments(file))
    world.lock(second, 4, 3, 4, 3, 5)
    live = queries.live_assessments(file)
    assert rules.marks_open(world.gm, file, live)
    assert not rules.marks_open(world.manager, file, live)  # who may yet be named as the third
    assert not rules.marks_open(world.officer2, file, live)
    actions.appraise(file, by=SYSTEM)
    file.refresh_from_db()
    assert rules.marks_open(world.officer2, file, live)


def test_naming_leaves_somebody_who_can_check_the_shortlist(world: World) -> None:
    file = world.in_appraisal()
    Posting.objects.filter(user=world.manager2).update(ends=today())
    with pytest.raises(Refused, match="Nobody would be left to check the shortlist"):
        actions.assign_all(file, [world.officer, world.officer2], by=world.manager)
    assert not Assessment.objects.exists()
    assert len(actions.assign_all(file, [world.evaluator, world.officer2], by=world.manager)) == 2


def test_whoever_scores_an_appraised_file_beside_it_counts(world: World) -> None:
    Posting.objects.filter(user=world.manager2).update(ends=today())
    world.appraised()  # by the evaluator and officer2
    with pytest.raises(Refused, match="leave one officer free"):
        actions.assign(world.in_appraisal(), world.officer, by=world.manager)


def test_people_the_shortlist_does_not_need_are_offered_first(world: World) -> None:
    offered = [candidate.user for candidate in queries.candidates(world.in_appraisal())]
    assert offered == [world.evaluator, world.officer2, world.officer, world.manager, world.manager2]


def test_a_transferred_evaluator_scores_no_more_and_opens_the_file_no_more(world: World) -> None:
    one = world.named(world.in_appraisal())[0]
    evaluator = one.evaluator
    Posting.objects.filter(user=evaluator).update(ends=today())
    Posting.objects.create(user=evaluator, role="evaluator", office=other_taluk_office(world), starts=today())
    again = User.objects.get(pk=evaluator.pk)
    assert rules.may_mark(again, one).reason == "You no longer hold a post that evaluates files of this office."
    assert not queries.files_for(again).exists()
    with pytest.raises(Refused, match="You no longer hold a post"):
        actions.save_marks(one, {}, version=one.version, by=again)


def other_taluk_office(world: World) -> Office:
    return Office.objects.get(kind="taluk", district=world.other_dic.district)


def test_an_officer_who_acts_for_the_enterprise_does_nothing_with_its_file(world: World) -> None:
    file = world.file("submitted")
    EnterpriseMember.objects.create(enterprise=file.enterprise, user=world.officer)
    with pytest.raises(Refused, match="You act for this enterprise: another officer does this"):
        actions.take_up(file, by=world.officer)
    actions.take_up(file, by=world.officer2)
    held = Application.objects.get(pk=file.pk)
    for version in DocumentVersion.objects.filter(slot__application=file):
        with pytest.raises(Refused, match="You act for this enterprise"):
            actions.judge_document(version, accept=True, by=world.officer)
    assert rules.may_verify(world.officer, held).reason == "You act for this enterprise: another officer does this."
