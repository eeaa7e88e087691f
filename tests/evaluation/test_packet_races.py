"""Two people at one packet at once, on PostgreSQL: every order ends in one truth. Controls show what the locks are for."""

import threading
from typing import Any

import pytest
from django.db import connection

from applications.models import Application, Transition
from evaluation import actions, ranking
from evaluation.actions import packets, picks, returns
from evaluation.actions.packets import replace
from evaluation.actions.picks import pick
from evaluation.actions.returns import return_file
from evaluation.models import Pick, RoundRules, Shortlist
from records.acts import lock_one
from records.models import AuditEvent, Paper
from tests.evaluation.conftest import SYSTEM, World, build_world
from tests.racing import plainly, race, when_all_are_there

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    return build_world()


def checked(world: World) -> tuple[Shortlist, Application]:
    """A checked packet of two files, and the first of them."""
    file = world.appraised(5, 5, 5, 5, 5)
    world.appraised()
    packet = actions.freeze(actions.make_packet(world.dic, world.round, by=world.manager), by=world.manager)
    return actions.check(packet, by=world.officer), file


def states_agree(packet: Shortlist, file: Application) -> bool:
    """What the newest paper says of the file is what became of it."""
    file.refresh_from_db()
    packet.refresh_from_db()
    assert packet.paper
    row = packet.rows.get(application=file)
    printed = file.reference in packet.paper.snapshot["returned"]
    return (file.state == "appraisal") == bool(row.returned_at) == printed


def test_approve_against_the_return_of_one_file(world: World) -> None:
    packet, file = checked(world)
    said = race(
        lambda: actions.approve(packet, by=world.gm), lambda: return_file(file, "An answer came late.", by=world.gm)
    )
    assert said[0] == "won"
    late = "The shortlist of this file was changed a moment ago. Look at it, then return the file."
    assert said[1] in {"won", late}
    assert states_agree(packet, file)


def test_control_without_the_lock_of_the_packet_the_paper_keeps_a_returned_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    packet, file = checked(world)
    read, approved = threading.Event(), threading.Event()

    def read_only(model: Any, key: Any) -> Any:
        if model is not Shortlist:
            return lock_one(model, key)
        row = plainly(model, key)  # checked, as it was a moment ago
        read.set()
        approved.wait(timeout=10)
        return row

    def approve() -> None:
        read.wait(timeout=10)
        actions.approve(packet, by=world.gm)
        approved.set()

    monkeypatch.setattr(returns, "lock_one", read_only)
    assert race(approve, lambda: return_file(file, "An answer came late.", by=world.gm)) == ["won", "won"]
    assert not states_agree(packet, file)


def test_two_returns_of_one_file_return_it_once(world: World) -> None:
    packet, file = checked(world)
    said = race(*(lambda: return_file(file, "Why.", by=world.gm) for _turn in range(2)))
    assert said[0] == "won"
    assert said[1] != "won"
    assert Transition.objects.filter(move="return").count() == 1
    assert packet.rows.filter(returned_at__isnull=False).count() == 1


def test_two_returns_after_the_approval_leave_one_paper_in_force(world: World) -> None:
    packet, first = checked(world)
    packet = actions.approve(packet, by=world.gm)
    second = packet.rows.exclude(application=first).get().application
    said = race(*(lambda file=file: return_file(file, "Why.", by=world.gm) for file in (first, second)))
    assert said == ["won", "won"]
    papers = Paper.objects.filter(kind="evaluation.shortlist")
    assert papers.count() == 3
    packet.refresh_from_db()
    assert papers.get(superseded_by=None) == packet.paper
    assert packet.paper
    assert set(packet.paper.snapshot["returned"]) == {first.reference, second.reference}


def test_freeze_against_the_last_lock(world: World) -> None:
    """A file whose appraisal closes beside a freeze is in the packet with its row, or not in it at all."""
    world.appraised()
    late = world.in_appraisal()
    first, second = world.named(late)
    world.lock(first, 4, 3, 4, 3, 5)
    packet = actions.make_packet(world.dic, world.round, by=world.manager)

    def lock_and_close() -> None:
        world.lock(second, 4, 4, 4, 3, 5)
        actions.appraise(late, by=SYSTEM)

    assert race(lambda: actions.freeze(packet, by=world.manager), lock_and_close) == ["won", "won"]
    packet.refresh_from_db()
    late.refresh_from_db()
    assert late.state == "appraised"
    rows = set(packet.rows.values_list("application__reference", flat=True))
    assert rows == {row["reference"] for row in packet.snapshot["rows"]}


def test_control_a_freeze_that_ranks_more_than_it_locked_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.appraised()
    late = world.in_appraisal()
    for one in world.named(late):
        world.lock(one, 4, 3, 4, 3, 5)
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    honest = ranking.snapshot_of

    def appraise_beside() -> None:
        try:
            actions.appraise(late, by=SYSTEM)
        finally:
            connection.close()

    def everything(held: Shortlist, only: Any = None) -> dict[str, Any]:
        thread = threading.Thread(target=appraise_beside)
        thread.start()
        thread.join(timeout=30)
        return honest(held)  # whatever is appraised now, not what was locked

    monkeypatch.setattr(packets.ranking, "snapshot_of", everything)
    with pytest.raises(KeyError, match=late.reference):
        actions.freeze(packet, by=world.manager)
    packet.refresh_from_db()
    assert (packet.state, packet.rows.count()) == ("draft", 0)


def replace_twice(world: World, packet: Shortlist) -> list[str]:
    people = (world.manager, world.manager2)
    return race(*(lambda by=by: replace(packet, "A file changed.", by=by) for by in people))


def test_one_replacing_of_two(world: World) -> None:
    packet, _file = checked(world)
    assert replace_twice(world, packet) == ["won", "Another shortlist took the place of this one."]
    assert list(Shortlist.objects.order_by("serial").values_list("state", flat=True)) == ["superseded", "draft"]


def test_approve_against_replacing(world: World) -> None:
    packet, file = checked(world)
    said = race(lambda: actions.approve(packet, by=world.gm), lambda: replace(packet, "Why.", by=world.manager))
    assert said[0] == "won"
    assert said[1] != "won"
    packet.refresh_from_db()
    file.refresh_from_db()
    assert (packet.state, file.state) in {("approved", "shortlisted"), ("superseded", "appraised")}


def pick_twice(world: World) -> list[str]:
    """Target 1: two managers each take another file out of its rank."""
    RoundRules.objects.update(targets={"EKM": 1})
    world.appraised(5, 5, 5, 5, 5)
    files = world.appraised(5, 4, 4, 4, 5), world.appraised()
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    both = zip(files, (world.manager, world.manager2), strict=True)
    return race(*(lambda file=file, by=by: pick(packet, file, "recommended", "Why.", by=by) for file, by in both))


def test_two_picks_for_one_place_take_one(world: World) -> None:
    said = pick_twice(world)
    assert said[0] == "won"
    assert said[1].startswith("The target is full")
    assert Pick.objects.count() == 1


def test_control_without_the_row_lock_two_picks_are_taken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picks, "lock_one", plainly)
    monkeypatch.setattr(Pick, "save", when_all_are_there(Pick.save))
    assert pick_twice(world) == ["won", "won"]
    assert AuditEvent.objects.filter(verb="shortlist.pick").count() == 2
