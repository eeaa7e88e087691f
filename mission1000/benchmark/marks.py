"""Marks of the copies: moved a little, the same for every evaluator of a file, so that totals differ and stay settled."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from django.db import transaction

from applications.models import Application
from applications.states import State
from evaluation import scoring
from evaluation.models import Assessment, Criterion, Mark, RoundRules
from evaluation.states import AssessmentState
from mission1000.benchmark.copies import BATCH, shifted
from mission1000.benchmark.tables import Patterns

TRIES = 6
Sheets = dict[int, list[tuple[int, int | None, bool]]]  # by assessment: criterion, mark, not applicable


class Marker:
    """Copies assessments with their marks."""

    def __init__(self, patterns: Patterns, seed: int) -> None:
        self.patterns, self.rng = patterns, Random(f"{seed}:marks")  # noqa: S311 -- invented marks
        self.criteria = Criterion.objects.in_bulk()
        self.rules = {rules.round_id: rules for rules in RoundRules.objects.all()}
        self.assessments: dict[int, list[Any]] = defaultdict(list)
        for assessment in patterns.rows(Assessment):
            self.assessments[assessment.application_id].append(assessment)
        self.marks: dict[int, list[Any]] = defaultdict(list)
        for mark in patterns.rows(Mark):
            self.marks[mark.assessment_id].append(mark)
        self.files = Application.objects.in_bulk(list(self.assessments))

    def copy(self, generations: Iterable[int]) -> int:
        """Every assessment and mark of the patterns once a generation. How many marks."""
        made = 0
        for generation in generations:
            sheets: list[Assessment] = []
            marks: list[Mark] = []
            for key in self.assessments:
                self._copy(key, generation, sheets, marks)
            with transaction.atomic():
                Assessment.objects.bulk_create(sheets, batch_size=BATCH)
                made += len(Mark.objects.bulk_create(marks, batch_size=BATCH))
        return made

    def _copy(self, file: int, generation: int, sheets: list[Assessment], marks: list[Mark]) -> None:
        moved = self._moved(file)
        for assessment in self.assessments[file]:
            values = shifted(self.patterns, assessment, generation)
            for mark in self.marks[assessment.pk]:
                row = shifted(self.patterns, mark, generation)
                row["mark"] = self._mark(mark, moved)
                marks.append(Mark(**row))
            if moved and assessment.state == AssessmentState.LOCKED:
                total = self._total(assessment.pk, moved)
                values["total"] = Decimal(total.numerator) / Decimal(total.denominator)
                values["total_exact"] = f"{total.numerator}/{total.denominator}"
            sheets.append(Assessment(**values))

    def _moved(self, file: int) -> dict[int, int]:
        """By criterion how far the marks of this copy are moved; nothing where a total stands on a frozen record."""
        found = self.files[file]
        if found.state != State.APPRAISED or found.moderations.exists():
            return {}
        rules = self.rules[found.round_id]
        locked = [row.pk for row in self.assessments[file] if row.state == AssessmentState.LOCKED]
        for _try in range(TRIES):
            moved = {key: self.rng.choice((-1, 0, 0, 1)) for key in sorted(self.criteria)}
            totals = [self._total(key, moved) for key in locked]
            if scoring.spread(totals, rules.spread_limit, rules.pass_mark) == scoring.Spread.SETTLED:
                return moved
        return {}

    def _mark(self, mark: Any, moved: dict[int, int]) -> int | None:
        if mark.mark is None or not moved:
            return int(mark.mark) if mark.mark is not None else None
        most = self.criteria[mark.criterion_id].max_mark
        return int(min(most, max(1, mark.mark + moved[mark.criterion_id])))

    def _total(self, assessment: int, moved: dict[int, int]) -> Fraction:
        lines = []
        for mark in self.marks[assessment]:
            criterion = self.criteria[mark.criterion_id]
            given, applies = self._mark(mark, moved), not mark.not_applicable
            lines.append(scoring.Marked(criterion.key, criterion.weight, criterion.max_mark, given, applies))
        return scoring.exact_total(lines)
