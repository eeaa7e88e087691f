"""A packet in place of another: the next number, the choices kept, the old one readable and never approved."""

from typing import Any

import pytest

from evaluation import actions
from evaluation.actions.packets import replace
from evaluation.actions.picks import pick
from evaluation.models import RoundRules, Shortlist
from records.audit import events_about
from records.verdicts import Refused
from tests.evaluation.conftest import World


@pytest.fixture
def frozen(world: World) -> Shortlist:
    """A frozen packet with one file out of its rank."""
    world.appraised(5, 5, 5, 5, 5)
    second = world.appraised()
    RoundRules.objects.update(targets={"EKM": 1})
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    pick(packet, second, "recommended", "Named in the district plan.", by=world.manager)
    return actions.freeze(packet, by=world.manager)


@pytest.mark.parametrize("state", ["frozen", "checked"])
def test_another_takes_its_place(world: World, frozen: Shortlist, state: str) -> None:
    if state == "checked":
        actions.check(frozen, by=world.officer)
    before = frozen.snapshot
    third = world.appraised(5, 5, 4, 4, 5)
    made = replace(frozen, "A file came late.", by=world.manager2)
    frozen.refresh_from_db()
    assert (frozen.state, frozen.ended_by, frozen.ended_reason) == ("superseded", world.manager2, "A file came late.")
    assert (made.number, made.supersedes, made.state) == ("SL-3-EKM-02", frozen, "draft")
    assert frozen.snapshot == before
    assert [(one.reason, one.by) for one in made.picks.all()] == [("Named in the district plan.", world.manager)]
    made = actions.freeze(made, by=world.manager)
    assert third.pk in made.rows.values_list("application", flat=True)
    assert made.snapshot["supersedes"] == "SL-3-EKM-01"
    actions.check(made, by=world.officer)
    paper = actions.approve(made, by=world.gm).paper
    assert paper
    assert paper.snapshot["ranking"]["supersedes"] == "SL-3-EKM-01"
    assert events_about(frozen).last().verb == "shortlist.supersede"
    assert events_about(made).first().data == {"supersedes": "SL-3-EKM-01"}


def test_what_was_replaced_goes_no_further(world: World, frozen: Shortlist) -> None:
    replace(frozen, "Again.", by=world.manager)
    for verb, by in ((actions.check, world.officer), (actions.approve, world.gm)):
        with pytest.raises(Refused, match="Another shortlist took the place of this one"):
            verb(frozen, by=by)
    with pytest.raises(Refused, match="Another shortlist took the place of this one"):
        replace(frozen, "Again.", by=world.manager)
    with pytest.raises(Refused, match="SL-3-EKM-02 is not approved yet"):
        actions.make_packet(world.dic, world.round, by=world.manager)


def test_what_is_not_replaced(world: World, frozen: Shortlist) -> None:
    with pytest.raises(Refused, match="Only a manager of DIC Ernakulam"):
        replace(frozen, "Why.", by=world.gm)
    with pytest.raises(Refused, match="Say why another shortlist"):
        replace(frozen, " ", by=world.manager)
    actions.check(frozen, by=world.officer)
    actions.approve(frozen, by=world.gm)
    with pytest.raises(Refused, match="This shortlist is approved"):
        replace(frozen, "Why.", by=world.manager)
    world.appraised()
    draft = actions.make_packet(world.dic, world.round, by=world.manager)
    with pytest.raises(Refused, match="A draft follows its files by itself"):
        replace(draft, "Why.", by=world.manager)
    assert Shortlist.objects.filter(state="superseded").count() == 0


def test_replacing_by_its_pages(world: World, frozen: Shortlist, sign_in: Any) -> None:
    client = sign_in(world.manager)
    address = f"{frozen.get_absolute_url()}supersede/"
    assert address in client.get(frozen.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 200
    answer = client.post(address, {"reason": ""})
    assert (answer.status_code, Shortlist.objects.count()) == (400, 1)
    answer = client.post(address, {"reason": "A file changed."}, follow=True)
    assert answer.redirect_chain[-1][0] == "/desk/shortlists/SL-3-EKM-02/"
    assert "It stands in place of shortlist" in answer.content.decode()
    page = client.get(frozen.get_absolute_url()).content.decode()
    assert "Another shortlist took the place of this one." in page
    assert "A file changed." in page
    assert client.post(address, {"reason": "A double click, kept."}).status_code == 409
    assert "in place of" in client.get("/desk/shortlists/").content.decode()
