"""Who stepped back from a file: they do nothing more with it and find neither its evaluators nor its marks."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from applications.models import Application, DocumentVersion, EnterpriseMember
from evaluation import actions, queries
from evaluation.actions.moderation import moderate
from evaluation.actions.unlocking import unlock
from evaluation.queries.conflicts import conflicts_in, hidden_in
from evaluation.tasks import may_see
from records.verdicts import Refused
from tests.evaluation.conftest import SYSTEM, World

Client = Callable[[User], Any]


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def stepped_back(world: World) -> Application:
    """A file in appraisal that officer2 stepped back from, scored by the evaluator and the second manager."""
    file = world.in_appraisal()
    _first, second = world.named(file)
    actions.step_back(second, "I know the owner.", by=world.officer2)
    world.named(file, world.manager2)
    return file


def scored(world: World) -> Application:
    """The same, appraised with marks that stand nowhere else: 87.78."""
    file = stepped_back(world)
    for one in queries.live_assessments(file):
        world.lock(actions.accept_assessment(one, by=one.evaluator) if one.state == "assigned" else one, 4, 5, 4, 5, 4)
    assert actions.appraise(file, by=SYSTEM)
    file.refresh_from_db()
    return file


def test_they_verify_no_figure_and_judge_no_paper(world: World, sign_in: Client) -> None:
    file = stepped_back(world)
    with pytest.raises(Refused, match="You stepped back from this file"):
        actions.verify_figure(file, "jobs", queries.verified_values(file)["jobs"], "Ledger", by=world.officer2)
    for version in DocumentVersion.objects.filter(slot__application=file):
        with pytest.raises(Refused, match="You stepped back from this file"):
            actions.judge_document(version, accept=True, by=world.officer2)
    client = sign_in(world.officer2)
    page = client.get(f"/desk/{file.reference}/figures/jobs/")
    assert page.status_code == 409
    assert "You stepped back from this file" in text_of(page)
    assert f"/desk/{file.reference}/figures/" not in text_of(client.get(f"/desk/{file.reference}/"))
    assert f"/desk/{file.reference}/figures/" in text_of(sign_in(world.officer).get(f"/desk/{file.reference}/"))


def test_they_ask_nothing_and_record_no_visit(world: World, sign_in: Client) -> None:
    file = stepped_back(world)
    address = f"/desk/{file.reference}/"
    for rest in ("visits/new/", "ask/"):
        client = sign_in(world.officer)
        assert client.get(address + rest).status_code == 200
        assert f'href="{address}{rest}"' in text_of(client.get(address))
        client = sign_in(world.officer2)
        answer = client.get(address + rest)
        assert answer.status_code == 409
        assert "You stepped back from this file" in text_of(answer)
        assert f'href="{address}{rest}"' not in text_of(client.get(address))


def test_a_manager_who_stepped_back_names_nobody_and_moderates_nothing(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    first, second = world.named(file, world.evaluator, world.manager)
    actions.step_back(second, "My cousin owns it.", by=world.manager)
    with pytest.raises(Refused, match="You stepped back from this file"):
        actions.assign(file, world.officer2, by=world.manager)
    answer = sign_in(world.manager).get(f"/desk/{file.reference}/evaluators/")
    assert answer.status_code == 403
    assert first.evaluator.full_name not in text_of(answer)
    assert file.reference not in text_of(sign_in(world.manager).get("/desk/evaluators/"))
    assert file.reference in text_of(sign_in(world.gm).get("/desk/evaluators/"))
    assert actions.assign(file, world.officer2, by=world.gm).number == 3


def test_they_find_neither_evaluators_nor_marks_on_the_file(world: World, sign_in: Client) -> None:
    file = scored(world)
    officer, other = (text_of(sign_in(who).get(f"/desk/{file.reference}/")) for who in (world.officer, world.officer2))
    for word in ("87.78", "Marks and reasons of evaluator 1", "Marks locked", "Evaluator named"):
        assert word in officer
        assert word not in other
    assert "You stepped back from this file: its evaluators and marks are not shown to you." in other


def test_they_find_no_marks_in_the_packet_its_table_and_its_paper(world: World, sign_in: Client) -> None:
    world.appraised(3, 3, 4, 3, 5)
    file = scored(world)
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    actions.freeze(packet, by=world.manager)
    assert conflicts_in(world.officer2, packet) == {file.reference}
    for who, seen in ((world.officer, True), (world.officer2, False)):
        client, address = sign_in(who), f"/desk/shortlists/{packet.number}/"
        page = text_of(client.get(address))
        table = b"".join(client.get(f"{address}marks.csv").streaming_content).decode()
        assert file.reference in page
        assert ("87.78" in page, "87.78" in table, file.reference in table) == (seen, seen, seen)
    actions.check(packet, by=world.officer)
    packet = actions.approve(packet, by=world.gm)
    assert packet.paper
    assert may_see(world.officer, packet.paper)
    assert not may_see(world.officer2, packet.paper)
    page = text_of(sign_in(world.officer2).get(f"/desk/shortlists/{packet.number}/"))
    assert "It holds the marks of a file you stepped back from" in page
    assert packet.paper.number not in page


def test_they_do_not_check_the_packet(world: World) -> None:
    scored(world)
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    actions.freeze(packet, by=world.manager)
    with pytest.raises(Refused, match=r"you scored files in it, or stepped back from them \(1\)"):
        actions.check(packet, by=world.officer2)


def test_naming_counts_them_among_those_who_cannot_check(world: World) -> None:
    file = world.in_appraisal()
    _first, second = world.named(file)
    actions.step_back(second, "I know the owner.", by=world.officer2)
    world.manager2.postings.all().delete()
    with pytest.raises(Refused, match="Nobody would be left to check"):
        actions.assign(file, world.officer, by=world.manager)


def test_a_file_back_in_the_appraisal_is_blind_in_its_packet_for_who_may_score_it(world: World) -> None:
    file = world.in_appraisal()
    first, second = world.named(file)
    world.lock(first, 5, 5, 5, 5, 5)
    world.lock(second, 4, 4, 4, 3, 4)
    moderate(file, Decimal(80), "The second read an older sheet.", by=world.gm)
    actions.appraise(file, by=SYSTEM)
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    packet = actions.freeze(packet, by=world.manager)
    assert not hidden_in(world.manager2, packet, frozenset())
    unlock(first, "The wrong year was read.", by=world.gm)
    assert hidden_in(world.manager2, packet, frozenset()) == {file.reference}
    assert not hidden_in(world.gm, packet, frozenset())


def test_the_page_of_a_choice_hides_marks_that_are_blind_again(world: World, sign_in: Client) -> None:
    file = scored(world)
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    page = f"/desk/shortlists/{packet.number}/picks/{file.reference}/"
    assert "87.78" in text_of(sign_in(world.manager).get(page))
    actions.freeze(packet, by=world.manager)
    unlock(queries.live_assessments(file)[0], "The wrong year was read.", by=world.gm)
    answer = sign_in(world.manager).get(page)
    assert answer.status_code == 409
    assert "87.78" not in text_of(answer)


def test_they_propose_nothing_and_end_no_scrutiny(world: World, sign_in: Client) -> None:
    file = stepped_back(world)
    told = {"rule": "false_statement", "reason": "The turnover is not true."}
    answer = sign_in(world.officer2).post(f"/desk/{file.reference}/ineligible/", told)
    assert answer.status_code == 409
    assert "You stepped back from this file" in text_of(answer)
    assert "The turnover is not true." in text_of(answer)
    Application.objects.filter(pk=file.pk).update(state="scrutiny")
    answer = sign_in(world.officer2).post(f"/desk/{file.reference}/end-scrutiny/")
    assert answer.status_code == 409
    assert "You stepped back from this file" in text_of(answer)
    file.refresh_from_db()
    assert file.state == "scrutiny"


def test_who_acts_for_the_enterprise_finds_no_marks_of_it(world: World, sign_in: Client) -> None:
    file = scored(world)
    packet = actions.freeze(actions.make_packet(world.dic, world.round, by=world.manager), by=world.manager)
    pages = (f"/desk/{file.reference}/", packet.get_absolute_url(), f"{packet.get_absolute_url()}marks.csv")
    assert all("87.78" in body(sign_in(world.officer).get(page)) for page in pages)
    EnterpriseMember.objects.create(enterprise=file.enterprise, user=world.officer)
    assert not any("87.78" in body(sign_in(world.officer).get(page)) for page in pages)


def body(answer: Any) -> str:
    return b"".join(answer).decode()
