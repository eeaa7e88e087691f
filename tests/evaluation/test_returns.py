"""One file comes back from a packet without sinking it; an appraisal in which nothing was unlocked can be closed again."""

from typing import Any

import pytest

from applications.models import Application
from evaluation import actions, ranking
from evaluation.actions.packets import replace
from evaluation.actions.returns import close_again, return_file
from evaluation.actions.unlocking import unlock
from evaluation.models import RoundRules, Shortlist
from evaluation.steps import out_of_its_packet
from evaluation.tasks import context
from records import jobs, papers
from records.audit import events_about
from records.clock import today
from records.formats import day
from records.models import Job
from records.verdicts import Refused
from tests.evaluation.conftest import SYSTEM, World

BEST, GOOD = (5, 5, 5, 5, 5), (5, 4, 4, 4, 5)
Frozen = tuple[Shortlist, Application, Application]


@pytest.fixture
def frozen(world: World) -> Frozen:
    """Target 1, one in reserve: the best is recommended, the other in reserve."""
    files = world.appraised(*BEST), world.appraised(*GOOD)
    RoundRules.objects.update(targets={"EKM": 1})
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    return actions.freeze(packet, by=world.manager), *files


def sign(world: World, packet: Shortlist) -> Shortlist:
    actions.check(packet, by=world.officer)
    return actions.approve(packet, by=world.gm)


def test_a_file_returned_from_a_frozen_packet_is_passed_by(world: World, frozen: Frozen) -> None:
    packet, best, good = frozen
    return_file(best, "The plan has no quotation.", by=world.gm)
    best.refresh_from_db()
    row = packet.rows.get(application=best)
    assert (best.state, row.returned_by, row.returned_reason) == ("appraisal", world.gm, "The plan has no quotation.")
    packet = sign(world, packet)
    best.refresh_from_db()
    good.refresh_from_db()
    assert (best.state, good.state) == ("appraisal", "shortlisted")
    # nothing moves up by itself: the other stays in reserve, on paper too
    assert packet.rows.get(application=good).recommendation == "reserve"
    assert packet.paper
    printed = context(packet.paper.snapshot)
    assert [row["returned"] for row in printed["rows"]] == [day(today()), ""]
    assert [row["rank"] for row in printed["rows"]] == [1, 2]
    assert {key: printed["counts"][key] for key in ("appraised", "recommended", "reserve", "out")} == {
        "appraised": 2,
        "recommended": 0,
        "reserve": 1,
        "out": 1,
    }
    rules = RoundRules.objects.get()
    assert ranking.room_left(rules, world.dic) == (1, 0)  # the next packet has the room


def test_a_file_returned_and_appraised_again_is_still_not_in_the_old_packet(world: World, frozen: Frozen) -> None:
    packet, best, _good = frozen
    return_file(best, "Again.", by=world.gm)
    assert actions.appraise(best, by=SYSTEM)
    sign(world, packet)
    best.refresh_from_db()
    assert best.state == "appraised"
    second = actions.freeze(actions.make_packet(world.dic, world.round, by=world.manager), by=world.manager)
    assert list(second.rows.values_list("application", "recommendation")) == [(best.pk, "recommended")]


def test_a_file_returned_after_the_approval_has_the_paper_corrected(world: World, frozen: Frozen) -> None:
    packet, best, _good = frozen
    packet = sign(world, packet)
    old = packet.paper
    assert old
    return_file(best, "An answer came late.", by=world.gm)
    packet.refresh_from_db()
    best.refresh_from_db()
    old.refresh_from_db()
    new = packet.paper
    assert new
    assert (packet.state, best.state) == ("approved", "appraisal")
    assert (old.superseded_by, new.number != old.number, new.number[:12]) == (new, True, "SL-3-EKM-01-")
    assert (new.snapshot["replaces"], new.snapshot["returned"]) == (old.number, {best.reference: day(today())})
    assert new.sha256 == papers.sha256_of(new.snapshot)
    assert papers.may_see(world.officer, old)  # it stays readable
    verbs = [event.verb for event in events_about(packet)]
    assert verbs[-3:] == ["shortlist.return", "paper.issue", "paper.supersede"]
    assert ranking.room_left(RoundRules.objects.get(), world.dic) == (1, 0)


def test_both_numbers_are_told_apart_at_verify(world: World, frozen: Frozen, client: Any) -> None:
    packet, best, _good = frozen
    old = sign(world, packet).paper
    return_file(best, "An answer came late.", by=world.gm)
    packet.refresh_from_db()
    assert old
    assert packet.paper
    page = client.get(f"/verify/{old.number}/").content.decode()
    assert "Replaced by a later paper." in page
    assert packet.paper.number in page
    assert "is valid" in client.get(f"/verify/{packet.paper.number}/").content.decode()


def test_who_may_not_return_and_from_where(world: World, frozen: Frozen) -> None:
    _packet, best, _good = frozen
    for person in (world.manager, world.officer, world.directorate):
        with pytest.raises(Refused, match="Your post does not allow this step"):
            return_file(best, "Why.", by=person)
    with pytest.raises(Refused, match="lies with another office"):
        return_file(best, "Why.", by=world.other_gm)
    with pytest.raises(Refused, match="Say why the file is returned"):
        return_file(best, "  ", by=world.gm)
    with pytest.raises(Refused, match="This cannot be done now"):
        return_file(world.file("scrutiny"), "Why.", by=world.gm)
    verdict = out_of_its_packet(best)
    assert str(verdict.reason) == "The file is in shortlist SL-3-EKM-01: return it from there."
    assert best.shortlist_rows.get().returned_at is None


def test_an_appraised_file_in_no_packet_is_returned_too(world: World) -> None:
    file = world.appraised()
    return_file(file, "A figure is doubtful.", by=world.gm)
    file.refresh_from_db()
    assert file.state == "appraisal"


def test_marks_unlocked_in_a_frozen_packet_mark_the_row_as_returned(world: World, frozen: Frozen) -> None:
    packet, best, _good = frozen
    unlock(best.assessments.get(number=1), "The plan was misread.", by=world.gm)
    row = packet.rows.get(application=best)
    assert (row.returned_by, row.returned_reason) == (world.gm, "The plan was misread.")
    best.refresh_from_db()
    assert best.state == "appraisal"
    sign(world, packet)


def test_a_file_of_a_replaced_packet_is_in_no_packet(world: World, frozen: Frozen) -> None:
    packet, best, _good = frozen
    replace(packet, "A file changed.", by=world.manager)
    assert out_of_its_packet(best)
    return_file(best, "Why.", by=world.gm)
    assert packet.rows.get(application=best).returned_at is None


# ---- Closing again --------------------------------------------------------------------------------------------
def test_an_appraisal_is_closed_again(world: World, frozen: Frozen) -> None:
    _packet, best, _good = frozen
    return_file(best, "Look again.", by=world.gm)
    Job.objects.all().delete()  # that of the last lock is done
    with pytest.raises(Refused, match="Only a manager or the General Manager"):
        close_again(best, by=world.officer)
    close_again(best, by=world.manager)
    with pytest.raises(Refused, match="The appraisal is being closed"):
        close_again(best, by=world.gm)
    jobs.run(Job.objects.get(name="evaluation.appraise").pk)
    best.refresh_from_db()
    assert best.state == "appraised"
    with pytest.raises(Refused, match="not in the appraisal"):
        close_again(best, by=world.gm)


def test_an_appraisal_with_open_marks_is_not_closed(world: World) -> None:
    file = world.in_appraisal()
    world.named(file)
    with pytest.raises(Refused, match="An evaluation is still open"):
        close_again(file, by=world.manager)


# ---- The pages ------------------------------------------------------------------------------------------------
def test_a_return_by_its_pages(world: World, frozen: Frozen, sign_in: Any) -> None:
    packet, best, _good = frozen
    address = f"/desk/{best.reference}/return/"
    client = sign_in(world.gm)
    assert address in client.get(packet.get_absolute_url()).content.decode()
    assert address in client.get(f"/desk/{best.reference}/").content.decode()
    assert "The shortlist goes on without it" in client.get(address).content.decode()
    answer = client.post(address, {"reason": ""})
    assert (answer.status_code, "Say why the file is returned." in answer.content.decode()) == (400, True)
    answer = client.post(address, {"reason": "Look at the plan."}, follow=True)
    page = answer.content.decode()
    assert "The file is back in the appraisal." in page
    assert address not in page
    answer = client.post(address, {"reason": "Once more, kept."})
    assert answer.status_code == 409
    assert "Once more, kept." in answer.content.decode()
    page = client.get(packet.get_absolute_url()).content.decode()
    assert "Returned to the appraisal on" in page
    assert "Look at the plan." in page


def test_closing_again_by_the_button(world: World, frozen: Frozen, sign_in: Any) -> None:
    _packet, best, _good = frozen
    return_file(best, "Look again.", by=world.gm)
    client = sign_in(world.manager)
    address = f"/desk/{best.reference}/"
    assert "Close the appraisal" not in client.get(address).content.decode()  # the first job has not run yet
    Job.objects.all().delete()
    assert "Close the appraisal" in client.get(address).content.decode()
    answer = client.post(f"{address}close-appraisal/", follow=True)
    assert "The appraisal is being closed." in answer.content.decode()
    assert client.post(f"{address}close-appraisal/").status_code == 409
    assert Job.objects.filter(name="evaluation.appraise").count() == 1
