"""The evaluations of a file as one reader may see them: who and how far, marks only once they are open."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from accounts.models import User
from accounts.signatures import Signatures
from applications.models import Application
from evaluation import rules, scoring
from evaluation.cards import in_this_language
from evaluation.models import Assessment, EarlierMarks, Mark, Moderation
from evaluation.queries import assessments_of, post_labels, verified_values
from evaluation.rules.settling import may_supersede, may_unlock
from evaluation.states import AssessmentState
from records.verdicts import Verdict


@dataclass(frozen=True)
class Earlier:
    """Marks that were locked and count no more: unlocked, or of an evaluator who was replaced."""

    number: int
    day: Any
    reason: str
    total: str
    marks: list[dict[str, Any]]
    replaced: bool = False


@dataclass(frozen=True)
class EvaluationRow:
    """One evaluation as this reader may see it. `total` is empty, `marks` too, until they are open to them."""

    assessment: Assessment
    post: str
    total: str
    marks: list[Mark]
    may_unlock: Verdict
    may_replace: Verdict


@dataclass(frozen=True)
class Panel:
    """The evaluations of a file. `official` is the official total of a settled file, once it may be seen."""

    rows: list[EvaluationRow]
    withheld: bool = False  # from who stepped back from the file
    official: str = ""
    moderation: Moderation | None = None
    moderated_by: str = ""  # the post, in the reader's language
    earlier: list[Earlier] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self.withheld or bool(self.rows)


def panel(file: Application, user: User, live: Sequence[Assessment], *, gone: bool) -> Panel:
    """What this reader may see of the `live` evaluations; `gone` is whether they stepped back from the file."""
    if gone:
        return Panel([], withheld=True)
    for row in live:
        row.application = file
    seen = rules.marks_open(user, file, live)
    posts = post_labels(row.evaluator_id for row in live)
    marks = _marks(file, live) if seen else {}
    rows = [
        EvaluationRow(
            assessment=row,
            post=posts.get(row.evaluator_id, ""),
            total=str(scoring.rounded(row.exact)) if seen else "",
            marks=marks.get(row.pk, []),
            may_unlock=may_unlock(user, row),
            may_replace=may_supersede(user, row),
        )
        for row in live
    ]
    if not seen:
        return Panel(rows)
    moderation = Moderation.objects.filter(application=file, ended_at=None).first()
    return Panel(
        rows,
        official=official(file, live, moderation),
        moderation=moderation,
        moderated_by=Signatures().post(moderation.post) if moderation else "",
        earlier=_earlier(file),
    )


def official(file: Application, live: Sequence[Assessment], moderation: Moderation | None) -> str:
    """The official total, once the appraisal is closed or a moderation settles it; empty before."""
    if len(live) < scoring.EVALUATIONS_NEEDED or (file.state in rules.BLIND_IN and moderation is None):
        return ""
    return str(scoring.official_total([row.exact for row in live], moderation.total if moderation else None))


def _marks(file: Application, rows: Iterable[Assessment]) -> dict[int, list[Mark]]:
    found: dict[int, list[Mark]] = {}
    kept = Mark.objects.filter(assessment__in=[row.pk for row in rows]).select_related("criterion")
    for mark in in_this_language(kept, file, verified_values(file)):
        found.setdefault(mark.assessment_id, []).append(mark)
    return found


def _earlier(file: Application) -> list[Earlier]:
    """Marks before each unlock, then those of evaluators who were replaced after they had locked."""
    unlocked = EarlierMarks.objects.filter(assessment__application=file).select_related("assessment")
    replaced = [row for row in assessments_of(file) if row.state == AssessmentState.SUPERSEDED and row.total_exact]
    kept = _marks(file, replaced)
    names = {row.key: row.name for row in unlocked[0].assessment.rubric.criteria.all()} if unlocked else {}
    found = []
    for row in unlocked:
        number, marks = row.assessment.number, [{**mark, "name": names[mark["criterion"]]} for mark in row.marks]
        found.append(Earlier(number, row.unlocked_at, row.reason, _total(row.total_exact), marks))
    for one in replaced:
        marks = [{**mark.facts, "name": mark.criterion.name} for mark in kept.get(one.pk, [])]
        total = _total(one.total_exact)
        found.append(Earlier(one.number, one.superseded_at, one.superseded_reason, total, marks, replaced=True))
    return found


def _total(exact: str) -> str:
    return str(scoring.rounded(Fraction(exact)))
