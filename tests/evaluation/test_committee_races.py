"""Two convenors decide one file at once, on PostgreSQL: one decision, and the other is told. A control takes the lock off."""

from typing import Any

import pytest
from django.db import IntegrityError

from applications.models import Application, Transition
from evaluation.actions import decisions
from evaluation.models import Decision
from evaluation.states import DecisionReason, Outcome
from records.models import AuditEvent
from records.verdicts import Refused
from tests.evaluation.conftest import build_world
from tests.evaluation.sitting import Sitting, sit
from tests.racing import plainly, race, when_all_are_there

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sitting() -> Sitting:
    return sit(build_world())


def both_decide(sitting: Sitting, file: Application) -> list[str]:
    """One selects, the other does not."""
    item = sitting.item(file)

    def decide(outcome: str, code: str, reason: str, by: Any) -> None:
        try:
            decisions.decide(item, outcome, code, reason, by=by)
        except IntegrityError as error:
            raise Refused(f"database: {'one_live_decision_a_file' in str(error)}") from error

    return race(
        lambda: decide(Outcome.SELECTED, DecisionReason.WITHIN_TARGET, "", sitting.convenor),
        lambda: decide(Outcome.NOT_SELECTED, DecisionReason.FINDING, "Two loans.", sitting.convenor2),
    )


def test_two_convenors_decide_and_one_does(sitting: Sitting) -> None:
    file = sitting.file()
    sitting.in_session(file)
    said = both_decide(sitting, file)
    decision = Decision.objects.get()
    assert said[0] == "won"
    assert said[1].startswith("SLAC convenor, Directorate decided this file on ")
    assert f": {Outcome(decision.outcome).label}. Reopen" in said[1]
    assert Transition.objects.filter(move="decide").count() == 1
    assert AuditEvent.objects.filter(verb="meeting.decide").count() == 1


def test_control_without_the_lock_both_pass_the_check_and_the_database_stops_one(
    sitting: Sitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sitting.file()
    sitting.in_session(file)
    monkeypatch.setattr(decisions, "lock_one", plainly)
    monkeypatch.setattr(Decision, "save", when_all_are_there(Decision.save))
    assert both_decide(sitting, file) == ["won", "database: True"]
    assert Decision.objects.count() == 1
