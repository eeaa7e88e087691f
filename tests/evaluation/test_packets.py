"""A packet: ranked, frozen, checked, approved by three people; its paper can be recomputed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Posting
from applications.actions import withdraw
from evaluation import actions, ranking, scoring, stale
from evaluation.markstable import marks_table
from evaluation.models import Assessment, RoundRules, Shortlist
from evaluation.tasks import context
from records import papers
from records.audit import events_about
from records.models import Job
from records.verdicts import Refused
from tests.evaluation.conftest import SYSTEM, World, person

GOOD, FAIR, POOR = (5, 5, 4, 4, 5), (4, 3, 4, 3, 5), (2, 2, 3, 2, 3)


def make(world: World) -> Shortlist:
    return actions.make_packet(world.dic, world.round, by=world.manager)


def approved(world: World) -> Shortlist:
    packet = actions.freeze(make(world), by=world.manager)
    actions.check(packet, by=world.officer)
    return actions.approve(packet, by=world.gm)


def test_the_whole_way(world: World) -> None:
    best, fair, poor = world.appraised(*GOOD), world.appraised(*FAIR), world.appraised(*POOR)
    RoundRules.objects.update(targets={"EKM": 1})
    packet = approved(world)
    assert packet.number == "SL-3-EKM-01"
    assert [(row.application, row.rank, row.recommendation) for row in packet.rows.all()] == [
        (best, 1, "recommended"),
        (fair, 2, "reserve"),
        (poor, 3, "below"),
    ]
    for file, state in ((best, "shortlisted"), (fair, "shortlisted"), (poor, "not_shortlisted")):
        file.refresh_from_db()
        assert file.state == state
    assert packet.paper
    assert packet.paper.number.startswith("SL-3-EKM-01-")
    assert len(packet.paper.number) == len("SL-3-EKM-01-") + 6
    assert packet.paper.sha256 == papers.sha256_of(packet.paper.snapshot)
    assert Job.objects.filter(name="records.render", subject=f"paper:{packet.paper.pk}").exists()
    assert [event.verb for event in events_about(packet)] == [
        "shortlist.make",
        "shortlist.freeze",
        "shortlist.check",
        "paper.issue",
        "shortlist.approve",
    ]
    assert (packet.frozen_post, packet.checked_post, packet.approved_post) == (
        "DIC manager, DIC Ernakulam",
        "DIC officer, DIC Ernakulam",
        "General Manager, DIC, DIC Ernakulam",
    )


def test_the_paper_can_be_recomputed_from_its_snapshot(world: World) -> None:
    world.appraised(*GOOD)
    file = world.in_appraisal()
    first, second = world.named(file)
    world.lock(first, 4, 3, 4, 3, 5)
    world.lock(second, 4, 4, 4, 3, 4)
    assert actions.appraise(file, by=SYSTEM)
    packet = approved(world)
    assert packet.paper
    snapshot = packet.paper.snapshot["ranking"]
    for row in snapshot["rows"]:
        assert str(ranking.recomputed(snapshot, row)) == row["total"]
    # 67 ÷ 90 and 69 ÷ 90, exports left out: the mean is 68 ÷ 90 × 100 = 75.555…
    assert snapshot["rows"][1]["total"] == "75.56"
    assert [card["exact"] for card in snapshot["rows"][1]["evaluations"]] == ["670/9", "230/3"]


def test_the_marks_table_makes_every_total_again(world: World) -> None:
    world.appraised(*GOOD)
    world.appraised(*FAIR)
    packet = actions.freeze(make(world), by=world.manager)
    header, lines = marks_table(packet)
    rows = [dict(zip(header, line, strict=True)) for line in lines]
    assert len(rows) == 4
    for row in rows:
        exact = Fraction(row["Points"]) * 100 / row["Weight that applies"]
        assert str(exact) == row["Exact total"]
        assert str(scoring.rounded(exact)) == row["Total"]
    first_two = [Fraction(row["Exact total"]) for row in rows[:2]]
    assert str(scoring.official_total(first_two)) == rows[0]["Official total of the file"]


def test_a_packet_needs_files_and_only_one_is_open(world: World) -> None:
    with pytest.raises(Refused, match="No appraised file"):
        make(world)
    world.appraised()
    packet = make(world)
    with pytest.raises(Refused, match="SL-3-EKM-01 is not approved yet"):
        make(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shortlist.objects.create(number="X", round=world.round, office=world.dic, serial=2, made_by=world.manager)
    assert packet.rows.count() == 0


def test_the_next_packet_gets_what_the_first_left(world: World) -> None:
    RoundRules.objects.update(targets={"EKM": 1}, reserve_percent=100)
    world.appraised(*GOOD)
    approved(world)
    world.appraised(*GOOD)
    world.appraised(*FAIR)
    second = approved(world)
    assert second.number == "SL-3-EKM-02"
    assert list(second.rows.values_list("recommendation", flat=True)) == ["reserve", "not_recommended"]


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("manager", "You cannot check this shortlist: you prepared it."),
        ("officer2", r"you scored files in it, or stepped back from them \(1\)"),
        ("stranger", "Only an officer or manager of DIC Ernakulam"),
        ("gm", "Only an officer or manager of DIC Ernakulam"),
    ],
)
def test_who_may_not_check(world: World, who: str, sentence: str) -> None:
    world.appraised()
    packet = actions.freeze(make(world), by=world.manager)
    with pytest.raises(Refused, match=sentence):
        actions.check(packet, by=world.people[who])
    packet.refresh_from_db()
    assert packet.state == "frozen"


def test_who_froze_or_checked_does_not_approve(world: World) -> None:
    world.appraised()
    both = person("both", "gm", world.dic)
    person_posts(both, world)
    packet = actions.freeze(make(world), by=both)
    actions.check(packet, by=world.officer)
    with pytest.raises(Refused, match="you prepared it"):
        actions.approve(packet, by=both)
    checker = person("checker", "gm", world.dic)
    person_posts(checker, world)
    Shortlist.objects.filter(pk=packet.pk).update(checked_by=checker)
    with pytest.raises(Refused, match="you checked it"):
        actions.approve(packet, by=checker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shortlist.objects.filter(pk=packet.pk).update(checked_by=both)


def person_posts(user: object, world: World) -> None:
    """Additional charge: the same person is manager as well."""
    Posting.objects.create(user=user, role="manager", office=world.dic, starts=date(2024, 1, 1), additional_charge=True)


def test_the_order_of_the_three_is_kept(world: World) -> None:
    world.appraised()
    packet = make(world)
    with pytest.raises(Refused, match="after it is frozen"):
        actions.check(packet, by=world.officer)
    with pytest.raises(Refused, match="after another person has checked"):
        actions.approve(packet, by=world.gm)
    actions.freeze(packet, by=world.manager)
    with pytest.raises(Refused, match="frozen already"):
        actions.freeze(packet, by=world.manager2)
    actions.check(packet, by=world.officer)
    with pytest.raises(Refused, match="checked already"):
        actions.check(packet, by=world.manager2)
    with pytest.raises(Refused, match="Only the General Manager"):
        actions.approve(packet, by=world.other_gm)
    actions.approve(packet, by=world.gm)
    with pytest.raises(Refused, match="approved already"):
        actions.approve(packet, by=world.gm)


def test_what_is_frozen_does_not_follow_the_files(world: World) -> None:
    world.appraised(*FAIR)
    packet = actions.freeze(make(world), by=world.manager)
    world.appraised(*GOOD)
    packet.refresh_from_db()
    assert packet.rows.count() == 1
    assert len(packet.snapshot["rows"]) == 1


def test_a_changed_snapshot_is_found_at_the_check(world: World) -> None:
    world.appraised(*POOR)
    packet = actions.freeze(make(world), by=world.manager)
    packet.snapshot["rows"][0]["total"] = "99.00"
    packet.save(update_fields=["snapshot"])
    with pytest.raises(Refused, match="does not agree with its SHA-256"):
        actions.check(packet, by=world.officer)
    Shortlist.objects.filter(pk=packet.pk).update(sha256=papers.sha256_of(packet.snapshot))
    with pytest.raises(Refused, match="does not follow from its marks"):
        actions.check(packet, by=world.officer)


def test_a_file_withdrawn_after_the_freeze_is_left_and_named_on_the_paper(world: World) -> None:
    kept, gone = world.appraised(*GOOD), world.appraised(*FAIR)
    packet = actions.freeze(make(world), by=world.manager)
    withdraw(gone, by=world.owner, note="Sold.")
    assert list(stale.changes_of(packet)) == [gone.reference]
    actions.check(packet, by=world.officer)
    packet = actions.approve(packet, by=world.gm)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.state, gone.state) == ("shortlisted", "withdrawn")
    assert packet.paper
    assert [row["gone"] for row in context(packet.paper.snapshot)["rows"]] == [False, True]


def test_a_failing_paper_undoes_the_approval(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    file = world.appraised()
    packet = actions.freeze(make(world), by=world.manager)
    actions.check(packet, by=world.officer)

    def broken(*_args: object, **_kwargs: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(papers, "_numbered", broken)
    with pytest.raises(OSError, match="disk full"):
        actions.approve(packet, by=world.gm)
    file.refresh_from_db()
    packet.refresh_from_db()
    assert (file.state, packet.state) == ("appraised", "checked")


def test_ties_follow_growth_then_jobs_then_the_earlier_submission(world: World) -> None:
    early, late = world.appraised(*FAIR), world.appraised(*FAIR)
    rows = ranking.rows_of(world.dic, world.round, RoundRules.objects.get())
    assert [row["reference"] for row in rows] == [early.reference, late.reference]
    assert [row["rank"] for row in rows] == [1, 2]
    early.submitted_at = late.submitted_at
    early.save(update_fields=["submitted_at"])
    rows = ranking.rows_of(world.dic, world.round, RoundRules.objects.get())
    assert [row["rank"] for row in rows] == [1, 1]


def test_the_ranking_takes_the_same_queries_for_1_and_3_files(world: World, django_assert_num_queries: object) -> None:
    world.appraised()
    rules = RoundRules.objects.get()
    for extra in (0, 2):
        for _file in range(extra):
            world.appraised()
        with django_assert_num_queries(6):  # type: ignore[operator]
            assert len(ranking.rows_of(world.dic, world.round, rules)) == 1 + extra


def test_totals_are_decimals_of_two_places(world: World) -> None:
    world.appraised(*FAIR)
    packet = actions.freeze(make(world), by=world.manager)
    assert packet.rows.get().total == Decimal("74.44")
    assert Assessment.objects.first().total.quantize(Decimal("0.01")) == Decimal("74.44")


def test_a_file_appraised_beside_the_freeze_waits_for_the_next_packet(world: World) -> None:
    locked, later = world.appraised(*FAIR), world.appraised(*GOOD)
    packet = make(world)
    snapshot = ranking.snapshot_of(packet, only=[locked.pk])
    assert [row["reference"] for row in snapshot["rows"]] == [locked.reference]
    assert {row["reference"] for row in ranking.snapshot_of(packet)["rows"]} == {locked.reference, later.reference}


def test_a_row_that_says_otherwise_than_the_snapshot_is_found_at_the_check(world: World) -> None:
    world.appraised(*FAIR)
    packet = actions.freeze(make(world), by=world.manager)
    packet.rows.update(recommendation="reserve", reserve_number=1)
    with pytest.raises(Refused, match="does not agree with its SHA-256"):
        actions.check(packet, by=world.officer)
