"""One evaluator's scorecard, read: criteria with bands, computed figures, marks so far, and what is left before the lock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.models import Application
from evaluation import figures, scoring
from evaluation.models import Assessment, Criterion, Mark
from evaluation.queries import criteria_of, not_applicable, rules_of, verified_values
from records.verdicts import Verdict


@dataclass(frozen=True)
class Band:
    """A mark with its meaning."""

    mark: int
    words: str


@dataclass(frozen=True)
class Line:
    """One criterion on the card."""

    criterion: Criterion
    mark: Mark | None
    computed: figures.Computed | None
    suggested: int | None
    may_leave_out: Verdict

    @property
    def bands(self) -> list[Band]:
        """The marks to choose from, in the reader's language."""
        language = "ml" if get_language() == "ml" else "en"
        return [Band(int(band["mark"]), str(band[language])) for band in self.criterion.bands]

    @property
    def marked(self) -> scoring.Marked:
        """For the arithmetic."""
        mark = self.mark
        return scoring.Marked(
            self.criterion.key,
            self.criterion.weight,
            self.criterion.max_mark,
            mark.mark if mark else None,
            not (mark and mark.not_applicable),
        )

    @property
    def points(self) -> str:
        """Mark ÷ max × weight as it is shown: whole numbers without places."""
        points = self.marked.points
        if points is None:
            return ""
        return str(points.numerator) if points.denominator == 1 else f"{scoring.rounded(points)}"


@dataclass(frozen=True)
class Card:
    """A scorecard with its running total."""

    assessment: Assessment
    lines: list[Line]
    pass_mark: str
    running: scoring.Running = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "running", scoring.running([line.marked for line in self.lines]))

    @property
    def total(self) -> str:
        """The total so far, two places; empty before the first mark."""
        return "" if self.running.total is None else str(scoring.rounded(self.running.total))

    @property
    def lowest(self) -> str:
        return "" if self.running.lowest is None else str(scoring.rounded(self.running.lowest))

    @property
    def highest(self) -> str:
        return "" if self.running.highest is None else str(scoring.rounded(self.running.highest))

    @property
    def points(self) -> str:
        """The points marked so far."""
        points = self.running.points
        return str(points.numerator) if points.denominator == 1 else f"{scoring.rounded(points)}"

    @property
    def left(self) -> list[str]:
        """What is left before the lock, a sentence each."""
        return [sentence for line in self.lines for sentence in missing(line.criterion, line.mark)]


def missing(criterion: Criterion, mark: Mark | None) -> list[str]:
    """What a criterion still needs before the marks can be locked."""
    if mark is None or (mark.mark is None and not mark.not_applicable):
        return [
            _("%(number)s. %(criterion)s: choose a mark.") % {"number": criterion.order, "criterion": criterion.name}
        ]
    if not mark.justification.strip():
        return [
            _("%(number)s. %(criterion)s: say why you chose it.")
            % {"number": criterion.order, "criterion": criterion.name}
        ]
    return []


def in_this_language(marks: Iterable[Mark], file: Application, values: figures.Values) -> list[Mark]:
    """Marks to be read: the computed figure kept with each, in the reader's language where it still follows.

    It is kept in English. Where the verified figures have changed since, it reads as it was kept.
    """
    read = list(marks)
    for mark in read:
        formula, years = mark.criterion.formula, file.round.financial_years
        with translation.override("en"):
            kept = figures.compute(formula, values, years)
        if kept and kept.text[:200] == mark.computed:
            mark.computed = figures.compute(formula, values, years).text  # type: ignore[union-attr] # as above
    return read


def card_of(assessment: Assessment) -> Card:
    """The card of one evaluator. Once locked, computed figures read as they stood when the mark was given."""
    file = assessment.application
    values = verified_values(file)
    kept = assessment.marks.select_related("criterion")
    marks = {mark.criterion_id: mark for mark in in_this_language(kept, file, values)}
    lines = []
    for criterion in criteria_of(assessment):
        computed = figures.compute(criterion.formula, values, file.round.financial_years)
        value: Any = computed.value if computed else None
        lines.append(
            Line(
                criterion,
                marks.get(criterion.pk),
                computed,
                figures.band_of(criterion.bands, value),
                not_applicable(criterion, file, values),
            )
        )
    return Card(assessment, lines, f"{rules_of(file).pass_mark.normalize():f}")
