"""What happens to a file after its packet is frozen is named, and no changed row is approved silently."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from applications.actions import withdraw
from applications.models import Application, Clarification
from evaluation import actions, stale
from evaluation.models import Assessment, EarlierMarks, Moderation, Shortlist, VerifiedFigure
from records.clock import now
from records.verdicts import Refused
from tests.evaluation.conftest import World

Change = Callable[[World, Application], object]


@pytest.fixture
def frozen(world: World) -> tuple[Shortlist, Application]:
    """A frozen packet of two files, and the second of them."""
    world.appraised(5, 5, 4, 4, 5)
    file = world.appraised()
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    return actions.freeze(packet, by=world.manager), file


def remark(world: World, file: Application) -> None:
    Assessment.objects.filter(application=file, number=1).update(total_exact="80")


def unlock(world: World, file: Application) -> None:
    one = Assessment.objects.get(application=file, number=2)
    EarlierMarks.objects.create(
        assessment=one, number=1, locked_at=now(), total_exact="1", marks=[], unlocked_by=world.gm, reason="Again."
    )


def moderate(world: World, file: Application) -> None:
    Moderation.objects.create(application=file, total="70.00", reason="Between the two.", by=world.gm)


def figure(world: World, file: Application) -> None:
    VerifiedFigure.objects.create(application=file, key="jobs", value=50, source="EPF challan", by=world.officer)


def answer(world: World, file: Application) -> None:
    Clarification.objects.create(
        application=file,
        number=1,
        question="Which year?",
        state_asked="appraisal",
        asked_by=world.officer,
        due_on=(now() + timedelta(days=5)).date(),
        answer="2025-26.",
        answered_by=world.owner,
        answered_at=now() + timedelta(seconds=1),
    )


def rename(world: World, file: Application) -> None:
    file.profile.name_en = "Another name"
    file.profile.save(update_fields=["name_en"])


def move(world: World, file: Application) -> None:
    Application.objects.filter(pk=file.pk).update(taluk=world.taluk.district.taluks.create(name_en="Kochi"))


CHANGES: list[tuple[Change, str]] = [
    (remark, "Its marks are no longer those that were frozen."),
    (unlock, "Marks of evaluator 2 were unlocked on"),
    (moderate, "Its total was moderated on"),
    (figure, "A figure was verified again on"),
    (answer, "The applicant answered a question on"),
    (rename, "The name of the enterprise changed."),
    (move, "The taluk changed."),
]


@pytest.mark.parametrize(("change", "sentence"), CHANGES, ids=[change.__name__ for change, _said in CHANGES])
def test_a_change_is_named_and_stops_check_and_approval(
    world: World, frozen: tuple[Shortlist, Application], change: Change, sentence: str, sign_in: Any
) -> None:
    packet, file = frozen
    assert stale.changes_of(packet) == {}
    change(world, file)
    found = stale.changes_of(packet)
    assert list(found) == [file.reference]
    assert sentence in " ".join(found[file.reference].sentences)
    with pytest.raises(Refused, match=f"Changed after the freeze: {file.reference}"):
        actions.check(packet, by=world.officer)
    page = sign_in(world.officer).get(packet.get_absolute_url()).content.decode()
    assert sentence in page
    assert page.count("Changed after the freeze") >= 3  # above the table, in the row, and why the button is shut
    Shortlist.objects.filter(pk=packet.pk).update(state="checked", checked_by=world.officer, checked_at=now())
    with pytest.raises(Refused, match=f"Changed after the freeze: {file.reference}"):
        actions.approve(packet, by=world.gm)
    packet.refresh_from_db()
    file.refresh_from_db()
    assert (packet.state, file.state) == ("checked", "appraised")


def test_a_file_given_up_is_named_and_stops_nothing(world: World, frozen: tuple[Shortlist, Application]) -> None:
    packet, file = frozen
    withdraw(file, by=world.owner, note="Sold.")
    change = stale.changes_of(packet)[file.reference]
    assert (change.gone, change.stops) == (True, False)
    assert change.sentences[0].startswith("Withdrawn since")
    actions.check(packet, by=world.officer)
    packet = actions.approve(packet, by=world.gm)
    assert stale.changes_of(packet) == {}


def test_what_was_so_before_the_freeze_is_no_change(world: World) -> None:
    file = world.appraised()
    figure(world, file)
    packet = actions.freeze(actions.make_packet(world.dic, world.round, by=world.manager), by=world.manager)
    assert stale.changes_of(packet) == {}


def test_changes_take_the_same_queries_for_1_and_3_files(world: World, django_assert_max_num_queries: Any) -> None:
    counts = []
    for files in (1, 3):
        Shortlist.objects.filter(state="frozen").update(
            state="superseded", ended_at=now(), ended_by=world.manager, ended_reason="Again."
        )
        for _file in range(files - len(counts)):
            unlock(world, world.appraised())
        packet = actions.freeze(actions.make_packet(world.dic, world.round, by=world.manager), by=world.manager)
        with django_assert_max_num_queries(12) as seen:
            stale.changes_of(packet)
        counts.append(len(seen))
    assert counts[0] == counts[1]
