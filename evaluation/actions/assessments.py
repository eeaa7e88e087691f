"""Two people score one file without seeing each other's marks; the last lock lets a job close the appraisal."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from applications import actions as applications
from applications.models import Application
from evaluation import figures, rules, scoring
from evaluation.cards import missing
from evaluation.models import Assessment, Criterion, Mark
from evaluation.queries import (
    assign_verdict,
    checker_verdict,
    criteria_of,
    evaluate_verdict,
    live_assessments,
    not_applicable,
    rules_of,
    verified_values,
)
from evaluation.states import AssessmentState
from evaluation.steps import STEPS
from records import audit, jobs
from records.acts import act, lock_one
from records.clock import ist, now
from records.verdicts import Refused, Verdict


@dataclass(frozen=True)
class Given:
    """What an evaluator wrote for one criterion."""

    mark: int | None = None
    not_applicable: bool = False
    justification: str = ""


def _need(verdict: Verdict) -> None:
    if not verdict:
        raise Refused(verdict.reason)


def move_assessment(assessment: Assessment, state: AssessmentState, **changes: Any) -> None:
    """The one place that assigns an assessment's state; the modules beside this one come here too."""
    assessment.state = state
    for name, value in changes.items():
        setattr(assessment, name, value)
    assessment.save(update_fields=["state", *changes])


@act
def assign(file: Application, evaluator: User, *, by: Any) -> Assessment:
    """Name one evaluator for a file."""
    held = lock_one(Application, file.pk)
    _need(assign_verdict(by, held, live_assessments(held)))
    _need(evaluate_verdict(evaluator, held))
    _need(checker_verdict(evaluator, held))
    assessment = Assessment.objects.create(
        application=held,
        evaluator=evaluator,
        rubric=rules_of(held).rubric,
        number=Assessment.objects.filter(application=held).count() + 1,
        assigned_by=by,
        assigned_at=now(),
    )
    audit.record("assessment.assign", assessment, by=by, scope=held.office.code, data={"evaluator": evaluator.pk})
    return assessment


@act
def assign_all(file: Application, evaluators: Iterable[User], *, by: Any) -> list[Assessment]:
    """Name several evaluators in one act: all of them or none."""
    return [assign(file, evaluator, by=by) for evaluator in evaluators]


@act
def accept_assessment(assessment: Assessment, *, by: Any) -> Assessment:
    """Accept: with it the evaluator declares no conflict of interest."""
    held = lock_one(Assessment, assessment.pk)
    _need(rules.may_accept(by, held))
    move_assessment(held, AssessmentState.ACCEPTED, accepted_at=now())
    audit.record("assessment.accept", held, by=by, scope=held.application.office.code)
    return held


@act
def step_back(assessment: Assessment, reason: str, *, by: Any) -> Assessment:
    """Step back with a reason; another evaluator can then be named. Marks of a draft stay with the row, unused."""
    held = lock_one(Assessment, assessment.pk)
    _need(rules.may_step_back(by, held))
    if not reason.strip():
        raise Refused(_("Say why you step back."), field="reason")
    move_assessment(held, AssessmentState.RECUSED, recuse_reason=reason.strip())
    audit.record("assessment.step_back", held, by=by, note=reason.strip(), scope=held.application.office.code)
    return held


def _check_given(criterion: Criterion, given: Given, file: Application, values: figures.Values) -> None:
    if given.mark is not None and not 1 <= given.mark <= criterion.max_mark:
        raise Refused(
            _("Marks for %(criterion)s go from 1 to %(most)s.")
            % {"criterion": criterion.name, "most": criterion.max_mark},
            field=criterion.key,
        )
    if given.not_applicable:
        if given.mark is not None:
            raise Refused(
                _("Choose a mark for %(criterion)s or “not applicable”, not both.") % {"criterion": criterion.name},
                field=criterion.key,
            )
        verdict = not_applicable(criterion, file, values)
        if not verdict:
            raise Refused(verdict.reason, field=criterion.key)


def _write(held: Assessment, marks: Mapping[str, Given]) -> list[Mark]:
    """Replace the marks of an assessment by what was given; computed figures are kept as they stand now.

    A mark keeps its time unless it or its reason changed: an answer that came later is then seen to be newer.
    """
    file = held.application
    values = verified_values(file)
    criteria = criteria_of(held)
    unknown = set(marks) - {criterion.key for criterion in criteria}
    if unknown:
        raise Refused(_("This criterion is not in the rubric."))
    rows, before = [], {row.criterion_id: row for row in Mark.objects.filter(assessment=held)}
    for criterion in criteria:
        given = marks.get(criterion.key, Given())
        _check_given(criterion, given, file, values)
        with translation.override("en"):  # cards.in_this_language says it in the reader's
            computed = figures.compute(criterion.formula, values, file.round.financial_years)
        rows.append(
            Mark(
                assessment=held,
                criterion=criterion,
                mark=given.mark,
                not_applicable=given.not_applicable,
                justification=given.justification.strip(),
                computed=computed.text[:200] if computed else "",
                at=_changed_at(before.get(criterion.pk), given),
            )
        )
    return Mark.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["assessment", "criterion"],
        update_fields=["mark", "not_applicable", "justification", "computed", "at"],
    )


def _changed_at(before: Mark | None, given: Given) -> datetime:
    """When the mark or its reason was last changed: now, or as it stands where both are what they were."""
    same = before is not None and (before.mark, before.not_applicable, before.justification) == (
        given.mark,
        given.not_applicable,
        given.justification.strip(),
    )
    return before.at if before is not None and same else now()


def _fresh(held: Assessment, version: int) -> None:
    if held.version != version and held.saved_at:
        raise Refused(
            _(
                "This scorecard was saved elsewhere at %(time)s. What you typed is below and not saved: save again to replace it."
            )
            % {"time": ist(held.saved_at).strftime("%H:%M")},
            field="version",
        )


@act
def save_marks(assessment: Assessment, marks: Mapping[str, Given], *, version: int, by: Any) -> Assessment:
    """Keep a draft. `version` is the one the evaluator's page was made from; a stale page is refused."""
    held = lock_one(Assessment, assessment.pk)
    _need(rules.may_mark(by, held))
    _fresh(held, version)
    _write(held, marks)
    move_assessment(held, AssessmentState.DRAFT, version=held.version + 1, saved_at=now())
    audit.record("assessment.save", held, by=by, scope=held.application.office.code, data={"version": held.version})
    return held


@act
def lock_marks(assessment: Assessment, marks: Mapping[str, Given], *, version: int, by: Any) -> Assessment:
    """Keep the marks for good: every criterion marked and justified. The last lock queues the end of the appraisal.

    The trail gets a hash of the marks, not the marks: they stay hidden until the other evaluator locks.
    """
    held = lock_one(Assessment, assessment.pk)
    _need(rules.may_mark(by, held))
    _fresh(held, version)
    rows = _write(held, marks)
    for row in rows:
        if left := missing(row.criterion, row):
            raise Refused(left[0], field=row.criterion.key)
    exact = scoring.exact_total(
        scoring.Marked(
            row.criterion.key, row.criterion.weight, row.criterion.max_mark, row.mark, not row.not_applicable
        )
        for row in rows
    )
    moment = now()
    move_assessment(
        held,
        AssessmentState.LOCKED,
        version=held.version + 1,
        saved_at=moment,
        locked_at=moment,
        total=Decimal(exact.numerator) / Decimal(exact.denominator),
        total_exact=str(exact),
    )
    audit.record("assessment.lock", held, by=by, scope=held.application.office.code, data={"sha256": _digest(rows)})
    jobs.enqueue("evaluation.appraise", held.application, payload={"application": held.application_id}, priority=1)
    return held


def _digest(rows: Iterable[Mark]) -> str:
    facts = [[row.criterion.key, row.mark, row.not_applicable, row.justification] for row in rows]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()


@act
def appraise(file: Application, *, by: Any) -> bool:
    """Close the appraisal where the locked evaluations settle it and no document waits to be judged; otherwise nothing
    happens. Whether it was closed.
    """
    try:
        applications.take(file, STEPS["appraise"], by=by)
    except Refused:  # asked under the lock, before anything is written
        return False
    return True
