"""Ineligible: proposed with rule and reason, answered by another person, told to the enterprise, taken back with a reason."""

from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Posting, User
from accounts.roles import Role
from applications.actions import withdraw
from applications.models import EnterpriseMember, Transition
from applications.queries import again, way
from applications.states import State
from evaluation import actions
from evaluation.actions.ineligible import confirm, propose, reinstate, send_back
from evaluation.models import Ineligibility
from evaluation.rules.ineligible import may_answer, may_propose, rules_for, words_of
from progress.queries import district_figures, this_month
from records.audit import events_about
from records.clock import now
from records.models import Job, Message
from records.verdicts import Refused
from tests.evaluation.conftest import SYSTEM, World, person
from tests.evaluation.test_matrix import HERE, THERE, file_in, holder
from tests.evaluation.test_pages import text_of
from tests.racing import race

Client = Callable[[User], Any]
FOUND = "On 3 March the place was locked and empty."
TOLD = "Nobody worked at the address on two visits."
OPEN = {State.SUBMITTED, State.SCRUTINY, State.APPRAISAL}


# ---- The rules, without a database --------------------------------------------------------------------------------
def test_every_cell_of_proposing() -> None:
    for state, role, office in product(State.values, Role.values, (HERE, THERE)):
        expected = state in OPEN and role in {Role.OFFICER, Role.MANAGER} and office is HERE
        verdict = may_propose(holder(role, office), file_in(state), waiting=False)
        assert bool(verdict) == expected, (state, role, office.code)
        assert not may_propose(holder(role, office), file_in(state), waiting=True)


def test_every_cell_of_answering() -> None:
    proposal = Ineligibility(proposed_by_id=99)
    for role, office in product(Role.values, (HERE, THERE)):
        expected = role == Role.GM and office is HERE
        assert bool(may_answer(holder(role, office), file_in("scrutiny"), proposal)) == expected, (role, office.code)
        assert not may_answer(holder(role, office), file_in("scrutiny"), None)
        assert not may_answer(holder(role, office), file_in("scrutiny"), Ineligibility(proposed_by_id=7))


def test_who_acts_for_the_enterprise_neither_proposes_nor_answers() -> None:
    file = file_in("scrutiny")
    file.enterprise._prefetched_objects_cache = {"members": [EnterpriseMember(user_id=7)]}  # type: ignore[attr-defined]
    assert "You act for" in str(may_propose(holder(Role.OFFICER, HERE), file, waiting=False).reason)
    assert "You act for" in str(may_answer(holder(Role.GM, HERE), file, Ineligibility(proposed_by_id=99)).reason)


def test_the_rules_are_those_of_the_round_that_can_end_a_file_and_the_offices_own() -> None:
    keys = list(rules_for("1"))
    assert keys[:6] == ["udyam", "kerala", "sector", "years", "history", "loans"]
    assert {"subsidy", "plan"} & set(keys) == set()
    assert len(keys) > 6
    assert [key for key in keys if not (str(words_of(key).title) and str(words_of(key).red))] == []


# ---- The acts -----------------------------------------------------------------------------------------------------
def test_proposed_confirmed_and_told(world: World) -> None:
    file = world.file("scrutiny")
    proposal = propose(file, "not_found", FOUND, by=world.officer)
    assert (again(file).state, proposal.rules_version) == ("scrutiny", "1")
    assert Message.objects.count() == 0
    moved = confirm(file, TOLD, by=world.gm)
    assert (moved.state, moved.ended_at, moved.officer) == ("ineligible", moved.since, world.officer)
    proposal.refresh_from_db()
    assert (proposal.confirmed, proposal.answer, proposal.answered_by) == (True, TOLD, world.gm)
    events = [(event.verb, event.note) for event in events_about(file)]
    assert events == [("application.propose_ineligible", FOUND), ("application.find_ineligible", TOLD)]
    assert Transition.objects.get(application=file).note == TOLD


def test_the_mail_says_rule_reason_and_reinstatement_in_the_readers_language(world: World) -> None:
    file = world.file("scrutiny")
    User.objects.filter(pk=world.owner.pk).update(language="ml")
    propose(file, "years", FOUND, by=world.officer)
    confirm(file, TOLD, by=world.gm)
    mail = Message.objects.get()
    assert (mail.to_user, mail.language, mail.kind) == (world.owner, "ml", "application.ineligible")
    assert TOLD in mail.body
    assert "three full years" not in mail.body  # the rule is said in Malayalam
    for hidden in (FOUND, world.officer.full_name, world.officer.email):
        assert hidden not in mail.body


@pytest.mark.parametrize("state", ["submitted", "scrutiny", "clarification"])
def test_sent_back_nothing_changes_and_nobody_outside_hears(world: World, state: str) -> None:
    file = world.file("scrutiny" if state == "clarification" else state)
    propose(file, "not_found", FOUND, by=world.officer)
    if state == "clarification":
        type(file).objects.filter(pk=file.pk).update(state=state, returns_to="scrutiny")
    proposal = send_back(file, "Visit once more.", by=world.gm)
    assert (again(file).state, proposal.confirmed, proposal.answer) == (state, False, "Visit once more.")
    assert Message.objects.count() == 0
    assert events_about(file).last().verb == "application.keep_eligible"  # type: ignore[union-attr]


def test_after_it_was_sent_back_it_can_be_proposed_again_and_one_waits_at_a_time(world: World) -> None:
    file = world.file("scrutiny")
    propose(file, "not_found", FOUND, by=world.officer)
    with pytest.raises(Refused, match="waits for the General Manager already"):
        propose(file, "loans", FOUND, by=world.officer2)
    send_back(file, "Visit once more.", by=world.gm)
    propose(file, "not_found", "Locked again.", by=world.officer)
    assert Ineligibility.objects.filter(application=file).count() == 2


def test_the_officers_own_words_are_no_reason_to_send_it_back(world: World) -> None:
    file = world.file("scrutiny")
    propose(file, "not_found", FOUND, by=world.officer)
    with pytest.raises(Refused, match="Write why you send it back"):
        send_back(file, FOUND, by=world.gm)
    assert Ineligibility.objects.get().answered_at is None


def test_confirming_twice_is_refused_with_a_sentence(world: World) -> None:
    file = world.file("scrutiny")
    propose(file, "not_found", FOUND, by=world.officer)
    confirm(file, TOLD, by=world.gm)
    with pytest.raises(Refused, match="No proposal waits for an answer: another person was faster"):
        confirm(file, TOLD, by=world.gm)
    with pytest.raises(Refused, match="No proposal waits"):
        send_back(file, "No.", by=world.gm)
    assert Message.objects.count() == 1


def test_nobody_answers_their_own_proposal(world: World) -> None:
    both = person("both", Role.OFFICER, world.dic)
    Posting.objects.create(user=both, role=Role.GM, office=world.dic, starts=date(2024, 1, 1), additional_charge=True)
    file = world.file("scrutiny")
    proposal = propose(file, "not_found", FOUND, by=both)
    for answer in (confirm, send_back):
        with pytest.raises(Refused, match="You proposed this: another person answers it"):
            answer(file, TOLD, by=both)
    proposal.answered_by, proposal.answered_at, proposal.confirmed, proposal.answer = both, now(), True, TOLD
    with pytest.raises(IntegrityError, match="another_person_confirms"), transaction.atomic():
        proposal.save()


def test_no_proposal_no_finding(world: World) -> None:
    file = world.file("scrutiny")
    for by in (world.gm, world.other_gm, world.officer):
        with pytest.raises(Refused):
            confirm(file, TOLD, by=by)
    assert again(file).state == "scrutiny"


@pytest.mark.parametrize(
    ("rule", "reason", "sentence"),
    [("nonsense", FOUND, "one of the rules"), ("plan", FOUND, "one of the rules"), ("loans", "  ", "Write the reason")],
)
def test_rule_and_reason_are_needed(world: World, rule: str, reason: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        propose(world.file("scrutiny"), rule, reason, by=world.officer)
    assert Ineligibility.objects.count() == 0


def test_a_withdrawn_file_is_not_found_ineligible(world: World) -> None:
    file = world.file("scrutiny")
    propose(file, "not_found", FOUND, by=world.officer)
    withdraw(file, by=world.owner, note="We sold the unit.")
    with pytest.raises(Refused, match="This cannot be done now"):
        confirm(file, TOLD, by=world.gm)


def test_open_evaluations_end_and_locked_marks_stay(world: World) -> None:
    file = world.in_appraisal()
    first, second = world.named(file)
    world.lock(first, 4, 3, 4, 3, 5)
    propose(file, "not_found", FOUND, by=world.officer)
    confirm(file, TOLD, by=world.gm)
    states = dict(file.assessments.values_list("evaluator__full_name", "state"))
    assert states == {"Evaluator": "locked", "Officer2": "superseded"}
    second.refresh_from_db()
    assert second.superseded_reason == TOLD


# ---- Reinstated ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["submitted", "scrutiny"])
def test_reinstated_to_scrutiny_with_an_officer(world: World, state: str) -> None:
    file = world.file(state)
    propose(file, "not_found", FOUND, by=world.officer)
    confirm(file, TOLD, by=world.gm)
    back = reinstate(file, world.officer2, "The lease was shown.", by=world.gm)
    assert (back.state, back.officer, back.ended_at) == ("scrutiny", world.officer2, None)
    assert back.taken_up_at is not None
    assert back.taken_up_at == (file.taken_up_at or back.taken_up_at)
    assert back.due_on is not None
    row = Ineligibility.objects.get()
    assert (row.reinstated_by, row.reinstated_at, row.reinstated_reason) == (
        world.gm,
        back.since,
        "The lease was shown.",
    )
    mail = Message.objects.order_by("pk").last()
    assert mail is not None
    assert mail.kind == "application.reinstated"
    assert "The lease was shown." not in mail.body


def test_reinstated_twice_or_to_nobody_of_the_office_is_refused(world: World) -> None:
    file = world.file("scrutiny")
    propose(file, "not_found", FOUND, by=world.officer)
    confirm(file, TOLD, by=world.gm)
    for officer in (world.stranger, world.gm, world.evaluator):
        with pytest.raises(Refused, match="Choose an officer of this office"):
            reinstate(file, officer, "Why not.", by=world.gm)
    with pytest.raises(Refused, match="Write the reason"):
        reinstate(file, world.officer, " ", by=world.gm)
    for by in (world.officer, world.manager, world.other_gm, world.directorate):
        with pytest.raises(Refused):
            reinstate(file, world.officer, "Why not.", by=by)
    reinstate(file, world.officer, "The lease was shown.", by=world.gm)
    with pytest.raises(Refused, match="This cannot be done now"):
        reinstate(file, world.officer, "Again.", by=world.gm)


def test_a_reinstated_file_can_be_found_ineligible_again_and_goes_on(world: World) -> None:
    file = world.verified(world.file("scrutiny"))
    for _turn in range(2):
        propose(file, "not_found", FOUND, by=world.officer)
        confirm(file, TOLD, by=world.gm)
        reinstate(file, world.officer, "The lease was shown.", by=world.gm)
    assert Ineligibility.objects.filter(reinstated_at__isnull=False).count() == 2
    assert actions.pass_scrutiny(file, by=world.officer).state == "appraisal"


def test_no_appraisal_closes_while_a_proposal_waits(world: World) -> None:
    file = world.in_appraisal()
    propose(file, "not_found", FOUND, by=world.officer)
    for one in world.named(file):
        world.lock(one, 4, 3, 4, 3, 5)
    assert not actions.appraise(file, by=SYSTEM)
    before = Job.objects.filter(name="evaluation.appraise").count()
    send_back(file, "The lease was shown.", by=world.gm)
    assert Job.objects.filter(name="evaluation.appraise").count() == before + 1
    assert actions.appraise(file, by=SYSTEM)


def test_who_evaluated_before_a_finding_that_was_taken_back_can_be_named_again(world: World) -> None:
    file = world.in_appraisal()
    people = [one.evaluator for one in world.named(file)]
    propose(file, "not_found", FOUND, by=world.officer)
    confirm(file, TOLD, by=world.gm)
    reinstate(file, world.officer, "The lease was shown.", by=world.gm)
    actions.pass_scrutiny(file, by=world.officer)
    assert [one.evaluator for one in actions.assign_all(file, people, by=world.manager)] == people


def test_the_figures_reconcile_before_and_after(world: World) -> None:
    file, _other = world.file("scrutiny"), world.file("submitted")

    def figures() -> tuple[int, int, int, int]:
        found = district_figures(world.district, this_month())
        assert sum(found.states.values()) == found.total == 2
        return found.states["ineligible"], found.states["scrutiny"], found.decided, found.pending

    assert figures() == (0, 1, 0, 2)
    propose(file, "not_found", FOUND, by=world.officer)
    assert figures() == (0, 1, 0, 2)
    confirm(file, TOLD, by=world.gm)
    assert figures() == (1, 0, 1, 1)
    reinstate(file, world.officer, "The lease was shown.", by=world.gm)
    assert figures() == (0, 1, 0, 2)


# ---- The pages ----------------------------------------------------------------------------------------------------
def test_by_the_pages(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    base = f"/desk/{file.reference}/"
    officer = sign_in(world.officer)
    assert "Propose to find it ineligible" in text_of(officer.get(base))
    assert "No working unit was found" in text_of(officer.get(f"{base}ineligible/"))
    page = text_of(officer.post(f"{base}ineligible/", {"rule": "not_found", "reason": FOUND}, follow=True))
    assert "Proposed. The General Manager answers." in page
    assert "Proposed: ineligible" in page
    gm = sign_in(world.gm)
    assert "Answer the proposal" in text_of(gm.get(base))
    assert FOUND in text_of(gm.get(f"{base}ineligible/"))
    page = text_of(gm.post(f"{base}ineligible/answer/", {"reason": TOLD, "go": "confirm"}, follow=True))
    assert "The file is ineligible." in page
    assert f'href="{base}reinstate/"' in page
    page = text_of(gm.get(f"{base}reinstate/"))
    assert TOLD in page
    data = {"officer": world.officer.pk, "reason": "The lease was shown."}
    page = text_of(gm.post(f"{base}reinstate/", data, follow=True))
    assert "The file is under scrutiny again." in page
    assert "Reinstated: The lease was shown." in page


def test_the_applicant_reads_rule_reason_and_the_way_back(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    propose(file, "not_found", FOUND, by=world.officer)
    client, address = sign_in(world.owner), f"/applications/{file.reference}/"
    assert "ligible" not in text_of(client.get(address))
    confirm(file, TOLD, by=world.gm)
    page = text_of(client.get(address))
    for words in ("Not eligible: Unit not found", "No working unit was found", TOLD, "can reinstate the application"):
        assert words in page
    assert [stage.title for stage in way(again(file))][-1] == "Not eligible"
    for hidden in (FOUND, world.officer.full_name, "Gm", "Proposed"):
        assert hidden not in page.partition("<main")[2]
    reinstate(file, world.officer, "The lease was shown.", by=world.gm)
    page = text_of(client.get(address))
    assert "Not eligible" not in page
    assert "Being checked by your DIC" in page


@pytest.mark.parametrize("rest", ["ineligible/", "ineligible/answer/", "reinstate/", "transfer/"])
def test_another_district_and_outsiders_find_nothing(world: World, sign_in: Client, rest: str) -> None:
    file = world.file("scrutiny")
    for who in ("stranger", "other_gm", "owner", "evaluator", "administrator"):
        assert sign_in(world.people[who]).post(f"/desk/{file.reference}/{rest}").status_code == 404


def test_what_is_missing_is_said_and_what_was_typed_stays(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    base = f"/desk/{file.reference}/"
    answer = sign_in(world.officer).post(f"{base}ineligible/", {"reason": FOUND})
    assert answer.status_code == 400
    assert "Choose the rule." in text_of(answer)
    assert FOUND in text_of(answer)
    propose(file, "not_found", FOUND, by=world.officer)
    client = sign_in(world.gm)
    assert client.post(f"{base}ineligible/answer/", {"reason": "", "go": "back"}).status_code == 400
    answer = client.post(f"{base}reinstate/", {"officer": world.officer.pk, "reason": "Kept text"})
    assert answer.status_code == 409
    assert "This cannot be done now. The file is: Under scrutiny." in text_of(answer)
    assert "Kept text" in text_of(answer)


def test_a_stale_tab_is_told_and_keeps_its_text(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    base = f"/desk/{file.reference}/"
    propose(file, "not_found", FOUND, by=world.officer)
    answer = sign_in(world.officer2).post(f"{base}ineligible/", {"rule": "loans", "reason": "Kept text"})
    assert answer.status_code == 409
    assert "Kept text" in text_of(answer)
    send_back(file, "Visit once more.", by=world.gm)
    answer = sign_in(world.gm).post(f"{base}ineligible/answer/", {"reason": "My own words", "go": "confirm"})
    assert answer.status_code == 409
    assert "another person was faster" in text_of(answer)
    assert "My own words" in text_of(answer)
    assert "A proposal was sent back" in text_of(sign_in(world.officer).get(base))


# ---- Two at once, on PostgreSQL -----------------------------------------------------------------------------------
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_answer_of_two_general_managers(world: World) -> None:
    file = world.file("scrutiny")
    propose(file, "not_found", FOUND, by=world.officer)
    second = person("gm2", Role.GM, world.dic)
    said = race(lambda: confirm(file, TOLD, by=world.gm), lambda: send_back(file, "Visit once more.", by=second))
    assert said[0] == "won"
    assert "another person was faster" in said[1]
    row = Ineligibility.objects.get()
    assert again(file).state == ("ineligible" if row.confirmed else "scrutiny")
    assert Message.objects.count() == int(bool(row.confirmed))


def test_a_proposal_about_a_withdrawn_file_is_no_work_any_more(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    propose(file, "false_statement", FOUND, by=world.officer)
    client = sign_in(world.gm)
    assert "Answer the proposal" in text_of(client.get(f"/desk/{file.reference}/"))
    withdraw(file, by=world.owner, note="The plant is sold.")
    assert "Nothing to do now." in text_of(client.get(f"/desk/{file.reference}/"))
