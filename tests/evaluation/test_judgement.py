"""Recusals, votes, decisions: what the page of a file says of them, and to whom."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from applications.models import Application, EnterpriseMember
from evaluation.actions import decisions, meetings
from evaluation.models import AgendaItem, CommitteeRecusal, Decision
from evaluation.queries.judgement import Panel, changed_since, mark_of, my_recusals, panel
from evaluation.states import DecisionReason, Outcome, Recommendation
from records.clock import moved_to, now
from records.verdicts import Refused
from tests.accounts.conftest import Window, give_factor
from tests.evaluation.conftest import World, signed_in
from tests.evaluation.sitting import Sitting, sit

WITHIN, MERIT = DecisionReason.WITHIN_TARGET, DecisionReason.MERIT


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sit(world)


PLACE = "/committee/SLAC-3-01/"


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def read(sitting: Sitting, file: Application, user: User) -> Panel:
    return panel(sitting.item(file), user)


def test_the_panel_says_who_voted_what_and_what_the_reader_may_do(sitting: Sitting) -> None:
    file = sitting.file()
    sitting.in_session(file)
    item = sitting.item(file)
    decisions.vote(item, Outcome.SELECTED, "Sound.", by=sitting.member)
    found = read(sitting, file, sitting.member2)
    assert [(vote.who, vote.remark) for vote in found.votes] == [("Member1, SLAC member, Directorate", "Sound.")]
    assert found.tally == [(Outcome.SELECTED, 1), (Outcome.RESERVE, 0), (Outcome.NOT_SELECTED, 0)]
    assert found.silent == ["Member2, SLAC member, Directorate"]
    assert found.may.vote
    assert (found.may.decide, found.may.recuse_others) == (None, False)
    convenor = read(sitting, file, sitting.convenor)
    assert convenor.may.decide
    assert convenor.may.reopen is not None
    assert not convenor.may.reopen
    assert convenor.may.vote is None
    assert convenor.proposal
    assert (convenor.proposal.outcome, convenor.proposal.code) == (Outcome.SELECTED, WITHIN)
    meetings.leave(item.meeting, sitting.member2, by=sitting.convenor)
    gone = read(sitting, file, sitting.member2)
    assert (bool(gone.may.vote), gone.silent) == (False, [])
    with pytest.raises(Refused, match="not among those present"):
        decisions.vote(item, Outcome.RESERVE, by=sitting.member2)
    watcher = read(sitting, file, sitting.world.directorate)
    assert watcher.votes
    assert watcher.may == type(watcher.may)()


def test_a_recused_reader_finds_the_word_and_nothing_else(sitting: Sitting) -> None:
    file = sitting.file()
    sitting.in_session(file)
    item = sitting.item(file)
    decisions.vote(item, Outcome.SELECTED, "Sound.", by=sitting.member2)
    decisions.recuse(item, sitting.member, "My brother's firm.", by=sitting.convenor)
    decisions.recuse(item, sitting.convenor2, "I lent them money.", by=sitting.convenor2)
    EnterpriseMember.objects.create(enterprise=file.enterprise, user=sitting.world.auditor)
    for reader in (sitting.member, sitting.convenor2, sitting.world.auditor):
        assert read(sitting, file, reader) == Panel(recused=True)
    found = read(sitting, file, sitting.convenor)
    said = [(row.who, row.recorded_by) for row in found.recusals]
    assert said == [
        ("Member1, SLAC member, Directorate", "SLAC convenor, Directorate"),
        ("SLAC convenor, Directorate", ""),
    ]
    assert [row["reference"] for row in my_recusals(sitting.member)] == [file.reference]
    assert set(my_recusals(sitting.member)[0]) == {"at", "reference"}


def test_a_recused_convenor_recuses_nobody_else(sitting: Sitting) -> None:
    file = sitting.file()
    sitting.in_session(file)
    item = sitting.item(file)
    decisions.recuse(item, sitting.convenor2, "I lent them money.", by=sitting.convenor2)
    with pytest.raises(Refused, match="recused"):
        decisions.recuse(item, sitting.convenor, "Neither may you.", by=sitting.convenor2)
    with pytest.raises(Refused, match="already"):
        decisions.recuse(item, sitting.convenor2, "Again.", by=sitting.convenor)


def test_reopened_decisions_are_shown_with_their_reason(sitting: Sitting) -> None:
    file = sitting.file()
    sitting.in_session(file)
    item = sitting.item(file)
    decisions.decide(item, Outcome.SELECTED, WITHIN, by=sitting.convenor)
    decisions.reopen(item, "A loan came to light.", by=sitting.convenor2)
    decisions.decide(item, Outcome.RESERVE, MERIT, "A loan came to light.", by=sitting.convenor)
    found = read(sitting, file, sitting.member)
    assert [(one.outcome, one.ended_reason) for one in found.reopened] == [(Outcome.SELECTED, "A loan came to light.")]
    assert found.decision
    assert (found.decision.outcome, found.decision.pending, found.decision.out_of_rank) == (Outcome.RESERVE, True, True)


def test_what_changed_since_a_form_was_opened_is_said_and_refuses(sitting: Sitting) -> None:
    file = sitting.file()
    sitting.in_session(file)
    item = sitting.item(file)
    seen = mark_of(item)
    assert (changed_since(item, seen), changed_since(item, "")) == ("", "")
    decisions.vote(item, Outcome.RESERVE, by=sitting.member)
    assert "Changed since you opened this form: the votes." in changed_since(item, seen)
    assert changed_since(item, "forged")
    with pytest.raises(Refused, match="the votes"):
        decisions.decide(item, Outcome.SELECTED, WITHIN, seen=seen, by=sitting.convenor)
    assert read(sitting, file, sitting.convenor).seen == mark_of(item)


def test_the_second_convenor_is_told_who_decided_what(sitting: Sitting) -> None:
    file = sitting.file()
    sitting.in_session(file)
    decisions.decide(sitting.item(file), Outcome.SELECTED, WITHIN, by=sitting.convenor)
    with pytest.raises(Refused, match=r"SLAC convenor, Directorate decided this file on .*: Selected\. Reopen"):
        decisions.decide(sitting.item(file), Outcome.NOT_SELECTED, MERIT, "No.", by=sitting.convenor2)


def test_many_are_decided_as_proposed_but_not_against_a_vote_and_a_recused_convenor_learns_nothing(
    sitting: Sitting,
) -> None:
    plain, spoken = sitting.file(), sitting.file("71.00", Recommendation.RESERVE)
    sitting.in_session(plain, spoken)
    decisions.vote(sitting.item(plain), Outcome.SELECTED, by=sitting.member)
    decisions.vote(sitting.item(spoken), Outcome.SELECTED, by=sitting.member)
    assert decisions.decide_as_proposed(sitting.item(plain), by=sitting.convenor).code == WITHIN
    with pytest.raises(Refused, match="vote differs"):
        decisions.decide_as_proposed(sitting.item(spoken), by=sitting.convenor)
    decisions.recuse(sitting.item(spoken), sitting.convenor2, "A cousin.", by=sitting.convenor2)
    with pytest.raises(Refused, match=r"^You are recused from this file"):
        decisions.decide_as_proposed(sitting.item(spoken), by=sitting.convenor2)


def test_the_panel_asks_as_much_of_one_vote_as_of_two_and_of_a_recusal(sitting: Sitting) -> None:
    file = sitting.file()
    sitting.in_session(file)
    asked = []
    for step in (
        lambda: decisions.vote(sitting.item(file), Outcome.SELECTED, by=sitting.member),
        lambda: decisions.vote(sitting.item(file), Outcome.SELECTED, by=sitting.member2),
        lambda: decisions.recuse(sitting.item(file), sitting.member2, "A cousin.", by=sitting.convenor),
    ):
        step()
        item: Any = AgendaItem.objects.select_related("meeting", "application__enterprise", "row__shortlist").get()
        with CaptureQueriesContext(connection) as queries:
            panel(item, User.objects.get(pk=sitting.convenor.pk))
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked


def test_the_pages_vote_decide_reopen_recuse(sitting: Sitting, sign_in: Callable[[User], Any]) -> None:
    file, item_page = sitting.file("66.00", Recommendation.RESERVE), ""
    sitting.in_session(file)
    item_page = f"{PLACE}{file.reference}/"
    member = sign_in(sitting.member)
    assert "Vote with a remark" in text_of(member.get(item_page))
    assert member.post(f"{item_page}vote/", {"outcome": "chosen"}).status_code == 400
    assert member.post(f"{item_page}vote/", {"outcome": "reserve", "remark": "Later."}).url == item_page
    assert 'value="reserve" id="id_outcome_1" checked' in text_of(member.get(f"{item_page}vote/"))
    convenor = sign_in(sitting.convenor)
    shown = text_of(convenor.get(f"{item_page}decide/"))
    assert 'value="reserve" id="id_outcome_1" checked' in shown
    assert 'value="on_reserve" id="id_code_0" checked' in shown
    for wrong, said in (
        ({"outcome": "selected", "code": "on_reserve"}, "choose why the Committee decided out of rank"),
        ({"outcome": "selected", "code": "merit", "reason": " "}, "Write why the Committee decided out of rank"),
        ({"outcome": "selected", "reason": "The only exporter."}, "Choose the reason of the decision"),
        ({"outcome": "best", "code": "merit"}, "Choose what the Committee decided"),
    ):
        answer = convenor.post(f"{item_page}decide/", wrong)
        assert (answer.status_code, Decision.objects.count()) == (400, 0)
        assert said in text_of(answer)
    assert "The only exporter." in text_of(convenor.post(f"{item_page}decide/", {"reason": "The only exporter."}))
    told = {"outcome": "selected", "code": "merit", "reason": "The only exporter.", "seen": mark_of(sitting.item(file))}
    assert convenor.post(f"{item_page}decide/", told).url == item_page
    shown = text_of(convenor.get(item_page))
    assert all(word in shown for word in ("not released", "out of rank", "The only exporter.", "Reopen the decision"))
    assert convenor.post(f"{item_page}reopen/", {"reason": " "}).status_code == 400
    assert convenor.post(f"{item_page}reopen/", {"reason": "A loan."}).url == item_page
    assert "1 decision taken up again" in text_of(convenor.get(item_page))
    assert convenor.post(f"{item_page}reopen/", {"reason": "Once more."}).status_code == 409


def test_a_stale_form_and_a_second_convenor_keep_their_words(sitting: Sitting, sign_in: Callable[[User], Any]) -> None:
    file = sitting.file()
    sitting.in_session(file)
    where, item = f"{PLACE}{file.reference}/decide/", sitting.item(file)
    second = sign_in(sitting.convenor2)
    told = {"outcome": "not_selected", "code": "finding", "reason": "Two loans.", "seen": mark_of(item)}
    decisions.vote(item, Outcome.SELECTED, by=sitting.member)
    answer = second.post(where, told)
    assert answer.status_code == 409
    assert all(word in text_of(answer) for word in ("Two loans.</textarea>", "the votes", mark_of(item)))
    decisions.decide(item, Outcome.SELECTED, WITHIN, by=sitting.convenor)
    answer = second.post(where, told)
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "SLAC convenor, Directorate decided this file on" in shown
    assert "What you typed, not saved" in shown
    assert "Two loans." in shown
    assert Decision.objects.count() == 1


def test_recusing_oneself_and_others(sitting: Sitting, sign_in: Callable[[User], Any]) -> None:
    file = sitting.file()
    sitting.meeting(file)
    where = f"{PLACE}{file.reference}/recuse/"
    member = sign_in(sitting.member)
    own = {"member": sitting.member.pk, "reason": "My brother's firm."}
    assert member.post(where, own | {"member": sitting.member2.pk}).status_code == 400
    assert member.post(where, own | {"reason": ""}).status_code == 400
    assert file.enterprise.name_en not in text_of(member.get(where))
    assert member.post(where, own).url == PLACE
    shown = text_of(member.get(PLACE))
    assert file.reference in shown
    assert file.enterprise.name_en not in shown
    assert (member.get(where).status_code, member.post(where, own).status_code) == (403, 403)
    assert member.post(f"{PLACE}{file.reference}/vote/", {"outcome": "selected"}).status_code == 403
    convenor = sign_in(sitting.convenor)
    shown = text_of(convenor.get(where))
    assert "Member1" not in shown
    assert '<option value="" selected>' in shown  # nobody is recused by a press too many
    assert convenor.post(where, {"member": "", "reason": "He lent it money."}).status_code == 400
    assert convenor.post(where, {"member": sitting.convenor2.pk, "reason": "He lent it money."}).status_code == 302
    assert set(CommitteeRecusal.objects.values_list("member", "recorded_by")) == {
        (sitting.member.pk, sitting.member.pk),
        (sitting.convenor2.pk, sitting.convenor.pk),
    }
    assert sign_in(sitting.world.auditor).get(where).status_code == 403


def test_many_at_once_say_what_was_skipped_and_why(sitting: Sitting, sign_in: Callable[[User], Any]) -> None:
    files = [sitting.file() for _one in range(5)]
    sitting.in_session(*files)
    plain, spoken, recused, mine, asked = files
    decisions.vote(sitting.item(spoken), Outcome.RESERVE, by=sitting.member)
    decisions.recuse(sitting.item(recused), sitting.convenor, "A cousin.", by=sitting.convenor)
    EnterpriseMember.objects.create(enterprise=mine.enterprise, user=sitting.convenor)
    Application.objects.filter(pk=asked.pk).update(state="committee_details", returns_to="committee")
    convenor = sign_in(sitting.convenor)
    ticked = [file.reference for file in files]
    answer = convenor.post(f"{PLACE}decide/", {"file": [*ticked, "M1K-9"], "back": "show=undecided"})
    assert answer.url == f"{PLACE}?show=undecided"
    shown = text_of(convenor.get(answer.url))
    for said in (
        "1 decided, 5 skipped",
        "A vote differs",
        "You are recused",
        "asked for details",
        "not on this agenda",
    ):
        assert said in shown
    assert "another officer does this" in shown
    assert list(Decision.objects.values_list("application", "outcome")) == [(plain.pk, "selected")]
    convenor.post(f"{PLACE}decide/", {})
    assert "No file is ticked" in text_of(convenor.get(PLACE))
    assert sign_in(sitting.member).post(f"{PLACE}decide/", {"file": ticked}).status_code == 403


def test_deciding_asks_for_a_fresh_code_once_and_then_does_what_was_posted(sitting: Sitting) -> None:
    first, second, third = (sitting.file() for _one in range(3))
    sitting.in_session(first, second, third)
    give_factor(sitting.convenor)
    window = signed_in(Window(), sitting.convenor)
    long_ago = {"method": "mfa", "type": "totp", "at": (now() - timedelta(minutes=16)).timestamp()}
    kept = window.session
    kept["account_authentication_methods"] = [long_ago]
    kept.save()
    where = f"{PLACE}{first.reference}/decide/"
    assert "asked for a code" in text_of(window.get(where))
    posted = {"outcome": "not_selected", "code": "finding", "reason": "Two loans."}
    assert (
        window.post(where, posted | {"reason": ""}).status_code == 400
    )  # what is wrong is said before the code is asked
    asked = window.post(where, posted)
    assert (asked.status_code, asked.url.startswith("/accounts/2fa/reauthenticate/")) == (302, True)
    assert not Decision.objects.exists()
    done = window.post(asked.url, {"code": window.code(sitting.convenor.email)})
    assert done.url == f"{PLACE}{first.reference}/"
    assert Decision.objects.get().reason == "Two loans."
    assert window.post(f"{PLACE}decide/", {"file": [second.reference, third.reference]}).url == PLACE
    assert window.post(f"{PLACE}{first.reference}/reopen/", {"reason": "A mistake."}).url == done.url
    assert Decision.objects.live().count() == 2
    with moved_to(now() + timedelta(minutes=16)):
        kept = window.session
        kept["used_at"] = int(now().timestamp())
        kept.save()
        for address in (where, f"{PLACE}{second.reference}/reopen/", f"{PLACE}decide/"):
            answer = window.post(address, posted | {"file": [first.reference]})
            assert answer.url.startswith("/accounts/2fa/reauthenticate/"), address
