"""Unlock, replace, moderate: each by its act and its page, what is refused, and what is kept."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Posting, User
from applications.models import Application, Transition
from evaluation import actions, queries, ranking, rules
from evaluation.actions.moderation import moderate
from evaluation.actions.superseding import supersede
from evaluation.actions.unlocking import unlock
from evaluation.models import Assessment, EarlierMarks, Moderation
from records import jobs
from records.clock import today
from records.models import AuditEvent, Job
from records.verdicts import Refused
from tests.evaluation.conftest import SYSTEM, World

Client = Callable[[User], Any]
HIGH, LOW = (5, 5, 5, 5, 5), (4, 4, 4, 3, 4)  # 100.00 and 76.67: too far apart


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def two(world: World, first: tuple[int, ...] = HIGH, second: tuple[int, ...] = LOW) -> tuple[Application, Any, Any]:
    """A file in appraisal with two locked evaluations."""
    file = world.in_appraisal()
    one, other = world.named(file)
    return file, world.lock(one, *first), world.lock(other, *second)


def run_jobs() -> None:
    for job in Job.objects.filter(name="evaluation.appraise").order_by("pk"):
        jobs.run(job.pk)


def locked_again(world: World, assessment: Assessment, *marks: int) -> Assessment:
    assessment.refresh_from_db()
    return world.lock(assessment, *marks)


# ---- Unlock ---------------------------------------------------------------------------------------------------
def test_an_unlock_keeps_the_marks_whole_and_blinds_the_totals(world: World) -> None:
    file, first, _second = two(world, LOW, LOW)
    exact, locked_at = first.total_exact, first.locked_at
    before = [(m.criterion.key, m.mark, m.not_applicable, m.justification) for m in first.marks.all()]
    held = unlock(first, " The wrong year was read. ", by=world.gm)
    assert (held.state, held.locked_at, held.total, held.total_exact) == ("unlocked", None, None, "")
    kept = EarlierMarks.objects.get()
    assert (kept.total_exact, kept.locked_at, kept.reason) == (exact, locked_at, "The wrong year was read.")
    assert [(m["criterion"], m["mark"], m["not_applicable"], m["justification"]) for m in kept.marks] == before
    assert not rules.marks_open(world.gm, file, queries.live_assessments(file))
    assert not actions.appraise(file, by=SYSTEM)


def test_the_same_person_locks_again_and_the_job_closes(world: World) -> None:
    file, first, _second = two(world, LOW, LOW)
    unlock(first, "The wrong year was read.", by=world.gm)
    locked_again(world, first, 4, 4, 4, 4, 4)
    run_jobs()
    file.refresh_from_db()
    first.refresh_from_db()
    assert (file.state, first.total_exact, first.state) == ("appraised", "80", "locked")
    assert EarlierMarks.objects.get().total_exact == "230/3"


def test_each_unlock_keeps_its_own_marks(world: World) -> None:
    _file, first, _second = two(world, LOW, LOW)
    for turn in (3, 4):
        unlock(first, f"Turn {turn}.", by=world.gm)
        locked_again(world, first, *(turn,) * 5)
    unlock(first, "Once more.", by=world.gm)
    assert [(row.number, row.total_exact) for row in EarlierMarks.objects.all()] == [(1, "230/3"), (2, "60"), (3, "80")]


@pytest.mark.parametrize("who", ["manager", "officer2", "evaluator", "directorate", "other_gm"])
def test_only_the_general_manager_unlocks(world: World, who: str) -> None:
    _file, first, _second = two(world)
    with pytest.raises(Refused, match="Only the General Manager"):
        unlock(first, "Because.", by=world.people[who])
    first.refresh_from_db()
    assert first.state == "locked"
    assert not EarlierMarks.objects.exists()


def test_an_unlock_needs_a_reason_and_locked_marks(world: World) -> None:
    _file, first, _second = two(world)
    with pytest.raises(Refused, match="Say why"):
        unlock(first, "  ", by=world.gm)
    unlock(first, "Because.", by=world.gm)
    with pytest.raises(Refused, match="not locked"):
        unlock(first, "Because.", by=world.gm)
    assert EarlierMarks.objects.count() == 1


def test_an_appraised_file_returns_to_the_appraisal(world: World) -> None:
    file = world.appraised()
    first = file.assessments.first()
    assert first
    unlock(first, "The wrong year was read.", by=world.gm)
    file.refresh_from_db()
    assert file.state == "appraisal"
    assert Transition.objects.get(move="return").note == "The wrong year was read."


def test_a_file_of_an_approved_shortlist_returns_and_its_old_marks_stay_readable(world: World, sign_in: Client) -> None:
    file = world.appraised()
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    actions.freeze(packet, by=world.manager)
    actions.check(packet, by=world.officer)
    actions.approve(packet, by=world.gm)
    first = file.assessments.first()
    assert first
    unlock(first, "An audit found another balance sheet.", by=world.gm)
    locked_again(world, first, 5, 4, 4, 4, 5)
    run_jobs()
    file.refresh_from_db()
    assert file.state == "appraised"
    page = text_of(sign_in(world.officer).get(f"/desk/{file.reference}/"))
    assert "before the unlock of" in page
    assert "An audit found another balance sheet." in page
    assert "The total was 74.44." in page


def test_unlock_by_its_page(world: World, sign_in: Client) -> None:
    file, first, _second = two(world, LOW, LOW)
    client, address = sign_in(world.gm), f"/desk/{file.reference}/evaluations/{first.number}/unlock/"
    assert address in text_of(client.get(f"/desk/{file.reference}/"))
    assert client.get(address).status_code == 200
    answer = client.post(address, {"reason": " "})
    assert answer.status_code == 400
    assert "Say why the marks are unlocked." in text_of(answer)
    answer = client.post(address, {"reason": "The wrong year was read."}, follow=True)
    assert "The marks are unlocked." in text_of(answer)
    again = client.post(address, {"reason": "Typed twice, kept."})
    assert again.status_code == 409
    assert "These marks are not locked." in text_of(again)
    assert "Typed twice, kept." in text_of(again)
    assert client.get(f"/desk/{file.reference}/evaluations/9/unlock/").status_code == 404
    page = text_of(sign_in(first.evaluator).get(f"/desk/{file.reference}/scorecard/"))
    assert "The General Manager unlocked these marks" in page
    assert sign_in(world.manager).post(address, {"reason": "No."}).status_code == 403


def test_the_evaluator_reads_of_the_unlock_on_the_file(world: World, sign_in: Client) -> None:
    file, _first, second = two(world, LOW, LOW)
    unlock(second, "The wrong year was read.", by=world.gm)
    page = text_of(sign_in(second.evaluator).get(f"/desk/{file.reference}/"))
    assert "Your marks were unlocked. Look at them again, then lock them." in page


# ---- Replace --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["assigned", "accepted", "draft"])
def test_an_evaluator_who_left_makes_room(world: World, state: str) -> None:
    file = world.in_appraisal()
    first = actions.assign_all(file, [world.evaluator, world.officer2], by=world.manager)[0]
    if state != "assigned":
        first = actions.accept_assessment(first, by=first.evaluator)
    if state == "draft":
        first = actions.save_marks(first, {"growth": actions.Given(mark=4)}, version=0, by=first.evaluator)
    held = supersede(first, "On leave until March.", by=world.manager)
    assert (held.state, held.superseded_by, held.superseded_reason) == (
        "superseded",
        world.manager,
        "On leave until March.",
    )
    with pytest.raises(Refused, match="named for this file already"):
        actions.assign(file, first.evaluator, by=world.manager)
    assert actions.assign(file, world.manager2, by=world.manager).number == 3
    with pytest.raises(Refused, match="replaced already"):
        supersede(first, "Again.", by=world.gm)


def test_locked_marks_are_replaced_by_the_general_manager_alone_and_kept(world: World, sign_in: Client) -> None:
    file, first, _second = two(world, HIGH, LOW)
    with pytest.raises(Refused, match="These marks are locked: only the General Manager"):
        supersede(first, "Left the service.", by=world.manager)
    supersede(first, "Left the service.", by=world.gm)
    first.refresh_from_db()
    assert (first.total_exact, first.marks.count()) == ("100", 6)
    (third,) = world.named(file, world.manager2)
    world.lock(third, *LOW)
    assert actions.appraise(file, by=SYSTEM)
    page = text_of(sign_in(world.officer).get(f"/desk/{file.reference}/"))
    assert "Marks of evaluator 1, replaced on" in page
    assert "Official total, the mean" in page
    assert page.count("76.67") == 3  # both, and the mean; the 100.00 counts no more


def test_replace_needs_a_reason_a_post_and_another_person(world: World) -> None:
    file = world.in_appraisal()
    first, _second = world.named(file, world.manager, world.officer2)
    for who, sentence in (
        ("gm", "Say why this evaluator is replaced"),
        ("officer", "Only a manager"),
        ("manager", "You are this evaluator"),
        ("other_manager", "Only a manager"),
    ):
        with pytest.raises(Refused, match=sentence):
            supersede(first, " " if who == "gm" else "Because.", by=world.people[who])
    actions.step_back(first, "I know the owner.", by=world.manager)
    with pytest.raises(Refused, match="stepped back already"):
        supersede(first, "Because.", by=world.gm)


def test_replace_by_its_page(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    first, _second = world.named(file)
    client, address = sign_in(world.manager), f"/desk/{file.reference}/evaluations/{first.number}/replace/"
    assert address in text_of(client.get(f"/desk/{file.reference}/"))
    assert "Say why this evaluator is replaced." in text_of(client.post(address, {"reason": ""}))
    answer = client.post(address, {"reason": "On leave."}, follow=True)
    assert "The evaluator is replaced. Name another one." in text_of(answer)
    assert client.post(address, {"reason": "On leave."}).status_code == 409
    assert sign_in(first.evaluator).get(f"/desk/{file.reference}/scorecard/").status_code == 404


# ---- Moderation -----------------------------------------------------------------------------------------------
def test_a_moderated_total_replaces_the_mean_and_closes(world: World) -> None:
    file, *_both = two(world)
    assert not actions.appraise(file, by=SYSTEM)
    moderate(file, Decimal("88.5"), "The second read the older balance sheet.", by=world.gm)
    run_jobs()
    file.refresh_from_db()
    assert file.state == "appraised"
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    packet = actions.freeze(packet, by=world.manager)
    assert packet.snapshot
    (row,) = packet.snapshot["rows"]
    assert row["total"] == "88.50"
    assert (row["moderation"]["total"], row["moderation"]["reason"]) == (
        "88.50",
        "The second read the older balance sheet.",
    )
    assert row["moderation"]["post"] == "General Manager, DIC, DIC Ernakulam"
    assert str(ranking.recomputed(packet.snapshot, row)) == "88.50"
    row["moderation"]["total"] = "100.01"
    assert str(ranking.recomputed(packet.snapshot, row)) == "88.33"  # outside its totals it counts for nothing
    assert actions.check(packet, by=world.officer).state == "checked"


@pytest.mark.parametrize("total", ["76.66", "100.01", "80.005", "0", "-1", "1000"])
def test_a_moderated_total_lies_between_the_two(world: World, total: str) -> None:
    file, *_both = two(world)
    with pytest.raises(Refused, match=r"between 76\.67 and 100\.00, with two places") as refused:
        moderate(file, Decimal(total), "Because.", by=world.gm)
    assert refused.value.field == "total"
    assert not Moderation.objects.exists()


def test_moderation_only_where_two_totals_do_not_settle_a_file(world: World) -> None:
    file, *_both = two(world, LOW, LOW)
    with pytest.raises(Refused, match="The evaluations settle this file"):
        moderate(file, Decimal("76.67"), "Because.", by=world.gm)
    file, *_both = two(world)
    world.named(file, world.manager2)
    with pytest.raises(Refused, match="once every evaluator of the file has locked"):
        moderate(file, Decimal(80), "Because.", by=world.gm)


def test_moderation_needs_a_reason_and_comes_once(world: World) -> None:
    file, *_both = two(world)
    with pytest.raises(Refused, match="Say why this is the total"):
        moderate(file, Decimal(80), " ", by=world.gm)
    moderate(file, Decimal(80), "Because.", by=world.gm)
    with pytest.raises(Refused, match="The evaluations settle this file"):
        moderate(file, Decimal(81), "Because.", by=world.gm)
    with pytest.raises(Refused, match="settle this file"):
        actions.assign(file, world.manager2, by=world.manager)


@pytest.mark.parametrize("who", ["manager", "officer2", "directorate", "other_gm"])
def test_only_the_general_manager_moderates(world: World, who: str) -> None:
    file, *_both = two(world)
    with pytest.raises(Refused, match="Only the General Manager"):
        moderate(file, Decimal(80), "Because.", by=world.people[who])


def test_a_general_manager_who_also_evaluates_does_not_moderate(world: World) -> None:
    file, *_both = two(world)
    Posting.objects.create(user=world.gm, role="officer", office=world.dic, starts=today(), additional_charge=True)
    again = User.objects.get(pk=world.gm.pk)
    with pytest.raises(Refused, match="another person moderates"):
        moderate(file, Decimal(80), "Because.", by=again)


@pytest.mark.parametrize("again", [unlock, supersede])
def test_a_moderation_ends_when_its_marks_are_taken_up_again(world: World, again: Callable[..., Any]) -> None:
    file, first, _second = two(world)
    moderate(file, Decimal(80), "Because.", by=world.gm)
    again(first, "The wrong year was read.", by=world.gm)
    assert Moderation.objects.get().ended_at is not None
    assert not actions.appraise(file, by=SYSTEM)


def test_moderation_by_its_page(world: World, sign_in: Client) -> None:
    file, *_both = two(world)
    client, address = sign_in(world.gm), f"/desk/{file.reference}/moderate/"
    assert "Settle the totals" in text_of(client.get(f"/desk/{file.reference}/"))
    page = text_of(client.get(address))
    assert "Name a third evaluator" in page
    assert "Moderate the total" in page
    assert "76.67" in page
    for typed in ({"total": "70", "reason": "Kept."}, {"total": "many", "reason": "Kept."}, {"total": "80.123"}):
        answer = client.post(address, typed)
        assert answer.status_code == 400
        assert "lies between 76.67 and 100.00" in text_of(answer)
    answer = client.post(address, {"total": "٨٠.٥", "reason": "The second read the older balance sheet."}, follow=True)
    assert "The total is settled." in text_of(answer)
    assert Moderation.objects.get().total == Decimal("80.50")
    answer = client.post(address, {"total": "81", "reason": "Again."})
    assert answer.status_code == 409
    assert "The evaluations settle this file." in text_of(answer)
    assert "76.67" not in text_of(answer)
    assert sign_in(world.manager).get(address).status_code == 403


def test_a_stale_page_of_a_moderation_keeps_what_was_typed_and_says_no_total(world: World, sign_in: Client) -> None:
    file, first, _second = two(world)
    client, address = sign_in(world.gm), f"/desk/{file.reference}/moderate/"
    unlock(first, "The wrong year was read.", by=world.gm)
    answer = client.post(address, {"total": "81.25", "reason": "Both read the same sheet."})
    assert answer.status_code == 409
    assert "81.25 Both read the same sheet." in text_of(answer)
    assert "76.67" not in text_of(answer)
    assert not Moderation.objects.exists()


def test_the_moderation_is_read_on_the_file_the_list_and_the_table(world: World, sign_in: Client) -> None:
    file, *_both = two(world)
    moderate(file, Decimal(80), "The second read the older balance sheet.", by=world.gm)
    run_jobs()
    client = sign_in(world.officer)
    page = text_of(client.get(f"/desk/{file.reference}/"))
    assert "Official total, moderated" in page
    assert "The second read the older balance sheet." in page
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    assert "moderated" in text_of(client.get(f"/desk/shortlists/{packet.number}/"))
    table = b"".join(client.get(f"/desk/shortlists/{packet.number}/marks.csv").streaming_content).decode()
    assert "The second read the older balance sheet." in table
    assert "80.00" in table


@pytest.mark.parametrize("verb", ["assessment.unlock", "assessment.supersede", "application.moderate"])
def test_each_act_leaves_its_line_without_a_mark(world: World, verb: str) -> None:
    file, first, _second = two(world)
    {
        "assessment.unlock": lambda: unlock(first, "Because.", by=world.gm),
        "assessment.supersede": lambda: supersede(first, "Because.", by=world.gm),
        "application.moderate": lambda: moderate(file, Decimal("80.25"), "Because.", by=world.gm),
    }[verb]()
    event = AuditEvent.objects.get(verb=verb)
    assert "80.25" not in str(event.data)
    assert "100" not in str(event.data)
