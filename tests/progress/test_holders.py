"""Who holds each open file, and targets against what was recommended and selected: now, and at a month's end."""

from datetime import timedelta

from applications.actions import withdraw
from applications.models import Application, Transition
from districts.models import District
from evaluation import actions
from evaluation.models import Assessment, Ineligibility, RoundRules, ShortlistRow, Visit
from progress.counted import Counted, against_targets, by_holder, counted
from progress.holders import HOLDERS, OPEN, holder_labels
from progress.periods import Period, month_of, this_month
from progress.targets import Target, sum_of
from records.clock import now
from tests.evaluation.conftest import World
from tests.evaluation.test_packets import FAIR, GOOD, POOR, make


def pending(place: District, period: Period | None = None) -> dict[str, int]:
    """What is not zero."""
    found = by_holder(counted(period or month_of(this_month()), [place]), [place])[place.pk]
    assert list(found) == list(HOLDERS) == list(holder_labels())
    return {holder: number for holder, number in found.items() if number}


def a_moment_ago(minutes: int = 0) -> Period:
    """A month that ended just now."""
    return Period("2026-01", now() - timedelta(days=40), now() - timedelta(minutes=minutes), running=False)


def test_every_open_file_has_one_holder(world: World) -> None:
    for state in ("draft", "submitted", "scrutiny", "clarification"):
        world.file(state)
    propose(world, world.file("scrutiny"))
    world.file("ineligible", ended_at=now())
    assert pending(world.district) == {"nobody": 1, "officer": 1, "gm": 1, "applicant": 1}
    later = {"shortlisted": "", "committee": "", "decided": "", "committee_details": "committee"}
    for state, returns_to in later.items():
        Application.objects.filter(pk=world.file("scrutiny").pk).update(state=state, returns_to=returns_to)
    assert pending(world.district) == {"nobody": 1, "officer": 1, "gm": 1, "applicant": 2, "directorate": 3}
    assert sum(pending(world.district).values()) == Application.objects.filter(state__in=OPEN).count()


def propose(world: World, file: Application) -> Ineligibility:
    return Ineligibility.objects.create(
        application=file, rule="other", rules_version="1", reason="Closed down.", proposed_by=world.officer
    )


def test_an_appraisal_goes_from_the_officer_to_the_manager_to_the_evaluators(world: World) -> None:
    file = world.in_appraisal()
    assert pending(world.district) == {"officer": 1}  # the visit
    Visit.objects.create(
        application=file,
        number=1,
        visited_on=now().date(),
        people_met="The owner",
        findings="At work.",
        by=world.officer,
    )
    assert pending(world.district) == {"manager": 1}  # to name evaluators
    world.named(file)
    assert pending(world.district) == {"officer": 1}
    Assessment.objects.filter(evaluator=world.officer2).update(state="recused", recuse_reason="A cousin.")
    assert pending(world.district) == {"manager": 1}


def test_a_shortlist_goes_from_the_manager_to_the_general_manager_to_the_directorate(world: World) -> None:
    best, fair, _poor = (world.appraised(*marks) for marks in (GOOD, FAIR, POOR))
    RoundRules.objects.update(targets={"EKM": 2, "TSR": 3})
    packet = make(world)
    assert pending(world.district) == {"manager": 3}
    packet = actions.freeze(packet, by=world.manager)
    actions.check(packet, by=world.officer)
    assert pending(world.district) == pending(world.district, a_moment_ago()) == {"gm": 3}
    before = now()
    actions.approve(packet, by=world.gm)
    assert pending(world.district) == {"directorate": 3}
    assert pending(world.district, Period("", before, before, running=False)) == {"gm": 3}
    assert figures(world) == Target(2, 2, 0)
    withdraw(fair, by=world.owner, note="Given up.")
    assert figures(world) == Target(2, 1, 0)
    assert figures(world, Period("", before, before, running=False)) == Target(2, 0, 0)
    Application.objects.filter(pk=best.pk).update(state="decided")  # and nobody knows how
    assert figures(world) == Target(2, 1, 0)
    Application.objects.filter(pk=best.pk).update(state="selected", ended_at=now())
    Transition.objects.create(application=best, move="release", source="decided", target="selected")
    assert figures(world) == figures(world, a_moment_ago()) == Target(2, 1, 1)
    ShortlistRow.objects.filter(application=best).update(
        returned_at=now(), returned_by=world.gm, returned_reason="An error."
    )
    assert figures(world) == Target(2, 0, 1)


def figures(world: World, period: Period | None = None) -> Target:
    period, places = period or month_of(this_month()), [world.district]
    return against_targets(counted(period, places, world.round), period, places, world.round)[world.district.pk]


def test_targets_of_districts_add_up_and_per_cent_rounds_half_up(world: World) -> None:
    RoundRules.objects.update(targets={"EKM": 8, "TSR": 3})
    both = against_targets(Counted(), month_of(this_month()), list(District.objects.filter(code__in=["EKM", "TSR"])))
    assert sum_of(list(both.values())) == Target(11, 0, 0)
    assert [Target(8, 0, 1).percent, Target(3, 0, 3).percent, Target(0, 0, 2).percent] == [13, 100, None]
