"""docs/workflow.md says what the step tables and rules say."""

from types import SimpleNamespace

import pytest
from django.core.management import CommandError
from django.utils import translation

from accounts.roles import ROLE_PERMISSIONS, Permission
from applications.steps import STEPS
from evaluation import rules
from evaluation.rules import packets, settling
from evaluation.states import AssessmentState, ShortlistState
from mission1000 import workflow
from tests.mission1000.conftest import run


class Anybody:
    """Holds every permission everywhere, as person number 1."""

    pk = 1

    def has(self, _permission, _office=None) -> bool:
        return True


def test_the_page_is_in_step():
    assert run("workflow", check=True) == "docs/workflow.md is in step.\n"


def test_a_difference_is_found_and_mended(settings, tmp_path):
    (tmp_path / "docs").mkdir()
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="out of step"):
        run("workflow", check=True)
    run("workflow")
    assert run("workflow", check=True) == "docs/workflow.md is in step.\n"
    page = tmp_path / "docs" / "workflow.md"
    page.write_text(page.read_text().replace("take_up", "take_down"))
    with pytest.raises(CommandError, match="out of step"):
        run("workflow", check=True)


def test_the_page_is_english_whatever_language_is_active():
    english = workflow.document()
    with translation.override("ml"):
        assert workflow.document() == english


OF_OTHERS = {settling.may_unlock, settling.may_supersede}
NO_MEMBERS = SimpleNamespace(members=SimpleNamespace(all=list))


@pytest.mark.parametrize("state", AssessmentState.values)
@pytest.mark.parametrize("act", workflow.ASSESSMENT[1:-1], ids=lambda act: act.move)
def test_the_rules_of_an_assessment_open_exactly_the_moves_of_the_page(state, act):
    file = SimpleNamespace(state="appraisal", office=SimpleNamespace(name="DIC"), enterprise=NO_MEMBERS)
    whose = 2 if act.rule in OF_OTHERS else 1
    assessment = SimpleNamespace(evaluator_id=whose, state=state, is_open=state in workflow.OPEN, application=file)
    assert bool(act.rule(Anybody(), assessment)) == (state in act.sources)


@pytest.mark.parametrize("state", AssessmentState.values)
def test_two_locked_evaluations_are_moderated(state):
    file = SimpleNamespace(state="appraisal", office=SimpleNamespace(name="DIC"), enterprise=NO_MEMBERS)
    manager = Anybody()
    manager.has = lambda permission, _office=None: permission != Permission.EVALUATE
    moderate = workflow.ASSESSMENT[-1]
    assert moderate.rule is settling.may_moderate
    live = [SimpleNamespace(state=state), SimpleNamespace(state="locked")]
    assert bool(moderate.rule(manager, file, live, settled=False)) == (state in moderate.sources)


BEYOND = {"reference": "M1K-3-EKM-00001", "recommendation": "not_recommended"}
MORE = {
    rules.may_freeze: {"ready": 1},
    rules.may_check: {"scored": 0},
    packets.may_pick: {"row": BEYOND, "recommendation": "recommended", "chosen": (), "own": False, "room": 1},
    packets.may_undo: {"chosen": True, "own": False},
}
OF_A_PACKET = [act for act in workflow.SHORTLIST[1:] if act.rule is not packets.may_return]  # that one asks of the file


@pytest.mark.parametrize("state", ShortlistState.values)
@pytest.mark.parametrize("act", OF_A_PACKET, ids=lambda act: act.move)
def test_the_rules_of_a_shortlist_open_exactly_the_moves_of_the_page(state, act):
    packet = SimpleNamespace(state=state, office=SimpleNamespace(name="DIC"), frozen_by_id=2, checked_by_id=3)
    assert bool(act.rule(Anybody(), packet, **MORE.get(act.rule, {}))) == (state in act.sources)


def test_roles_come_from_the_permissions():
    assert workflow.holders(Permission.APPROVE) == "General Manager, DIC"
    assert workflow.holders(Permission.SYSTEM) == "the portal (a job)"
    for permission in Permission:
        held = [role for role, found in ROLE_PERMISSIONS.items() if permission in found]
        assert len(workflow.holders(permission).split("; ")) == max(1, len(held))


def test_a_guard_without_words_is_refused():
    with pytest.raises(ValueError, match="needs a docstring"):
        workflow.condition(lambda _file: None)
    assert workflow.condition(STEPS["recall"].guard) == (
        "the round is open, and no DIC has taken the file up, also not one that transferred it since"
    )
