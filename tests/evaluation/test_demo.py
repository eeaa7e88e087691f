"""The demonstration's helpers and the reference data, on the real acts."""

from datetime import UTC, date, datetime
from random import Random

from applications import demo as applications
from evaluation import demo, demo_desk, demo_pictures, queries, reference
from evaluation.models import Criterion, RoundRules
from records.files import place_and_time
from tests.evaluation.conftest import World


def test_files_are_carried_to_an_approved_packet(world: World) -> None:
    rng = Random(7)
    for _turn in range(3):
        file = demo_desk.end_scrutiny(demo_desk.take_up(world.file(), rng), rng)
        assert file.state == "appraisal"
        assert demo.score(file, rng).state == "appraised"
    packet = demo.approve(demo.check(demo.freeze(world.dic, world.round)))
    assert packet.state == "approved"
    assert packet.rows.count() == 3


def test_a_rejected_document(world: World) -> None:
    rng = Random(3)
    file = demo_desk.take_up(world.file(), rng)
    demo_desk.reject_a_document(file, rng)
    assert [row.version.state for row in queries.document_rows(file) if row.version].count("rejected") == 1


def test_reference_data_is_loaded_once(world: World) -> None:
    before = (Criterion.objects.count(), RoundRules.objects.count())
    assert reference.load() == {"rubric": 0, "round rules": 0}
    assert (Criterion.objects.count(), RoundRules.objects.count()) == before == (6, 1)
    rules = RoundRules.objects.get()
    assert not rules.confirmed
    assert rules.targets == {"EKM": 8, "TSR": 8}


def test_the_desk_is_ordered_by_the_clock_and_the_evaluators_holds_the_files_given(world: World) -> None:
    old, new, draft = world.file(), world.file("scrutiny"), world.file("draft")
    appraisal = world.in_appraisal()
    world.named(appraisal)
    for number, file in enumerate((new, appraisal, old)):
        type(file).objects.filter(pk=file.pk).update(due_on=date(2026, 1, 5 + number))
    assert list(queries.desk_for(world.officer)) == [new, appraisal, old]
    assert draft not in queries.files_for(world.officer)
    assert [(file, file.my_assessment) for file in queries.desk_for(world.evaluator)] == [(appraisal, "accepted")]
    assert list(queries.files_for(world.evaluator)) == [appraisal]
    assert not queries.desk_for(world.stranger).exists()
    assert not queries.desk_for(world.directorate).exists()
    assert not queries.files_for(world.owner).exists()


def test_the_desk_takes_the_same_queries_for_1_and_3_files(world: World, django_assert_num_queries: object) -> None:
    world.file("scrutiny")
    for extra in (0, 2):
        for _file in range(extra):
            world.file()
        world.officer.postings_now()
        with django_assert_num_queries(2):  # type: ignore[operator]
            rows = list(queries.desk_for(world.officer))
            labels = queries.post_labels(row.officer_id for row in rows)
        assert len(rows) == 1 + extra
        assert set(labels.values()) == {"DIC officer, DIC Ernakulam"}


def test_photographs_lie_in_their_district_and_differ() -> None:
    taken, rng = datetime(2026, 10, 12, 4, 11, 30, tzinfo=UTC), Random(3)
    for code, (north, east) in demo_pictures.PLACES.items():
        said = place_and_time(demo_pictures.photograph(code, taken, rng, 1).read())
        assert said.at == taken
        assert abs(float(said.latitude) - north) < 0.04
        assert abs(float(said.longitude) - east) < 0.04
    assert set(demo_pictures.PLACES) == set(applications.PINS)
