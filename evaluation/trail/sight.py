"""Which lines of a file's trail a reader finds. What no row of the table names, nobody finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from accounts.roles import Permission
from applications.models import Application
from evaluation import rules
from evaluation.models import Assessment
from evaluation.queries import assessments_of
from evaluation.trail.committee import RELEASES
from evaluation.trail.table import VERBS
from records import papers
from records.acts import actor_key
from records.models import AuditEvent, Paper

NAMES_A_PAPER = {"paper.issue": "number", "paper.retry": "number", "paper.supersede": "new"}  # and where it stands


@dataclass(frozen=True)
class Sight:
    """What of a file's trail an officer finds. `marks`: whether it may say that somebody marked; `actor` is how the
    trail calls the reader, whose own acts are not hidden.
    """

    evaluations: bool = True
    marks: bool = False
    committee: bool = False
    actor: str = ""


def sight_of(user: Any, file: Application, live: Sequence[Assessment], *, gone: bool) -> Sight:
    """What this officer may find; `gone`: stepped back from the file, or is recused from it in the Committee.

    That somebody marked is said when every evaluator of `live` has locked, or the appraisal is over.
    """
    return Sight(
        evaluations=not gone,
        marks=file.state not in rules.BLIND_IN or rules.all_locked(live),
        committee=user.has(Permission.SEE_COMMITTEE) and not gone,
        actor=actor_key(user),
    )


def for_office(file: Application, sight: Sight) -> QuerySet[AuditEvent]:
    """The lines on a file and its evaluations that an officer finds, newest first."""
    numbers = range(1, len(assessments_of(file)) + 1 if sight.evaluations else 1)
    keys = [file.trail_key, *(f"assessment:{file.reference}:{number}" for number in numbers)]
    names = [row.name for row in VERBS.values() if sight.evaluations or not row.evaluation]
    found = AuditEvent.objects.filter(subject__in=keys, verb__in=names).order_by("-sequence")
    if not sight.marks:
        marks = [row.name for row in VERBS.values() if row.marks]
        found = found.exclude(Q(verb__in=marks) & ~Q(actor=sight.actor))
    return found if sight.committee else _as_released(found, file)


def _as_released(found: QuerySet[AuditEvent], file: Application) -> QuerySet[AuditEvent]:
    """Without what the Committee does after its last release of this file, and without papers that are not released."""
    releases = AuditEvent.objects.filter(subject=file.trail_key, verb__in=RELEASES).order_by("-sequence")
    hidden = [row.name for row in VERBS.values() if row.committee]
    last = Coalesce(Subquery(releases.values("sequence")[:1]), 0)
    unreleased = Paper.objects.filter(subject=file.trail_key, released_at=None)
    return found.exclude(verb__in=hidden, sequence__gt=last).exclude(_names(unreleased))


def _names(some: QuerySet[Paper]) -> Q:
    """The lines that name one of these papers."""
    numbers = some.values("number")
    named = (Q(In(KT(f"data__{where}"), numbers), verb=verb) for verb, where in NAMES_A_PAPER.items())
    return reduce(or_, named)


def for_applicant(file: Application) -> QuerySet[AuditEvent]:
    """The lines an enterprise finds on its own file, newest first: of papers those that are its own and released."""
    told = [row for row in VERBS.values() if row.applicant]
    own = _names(papers.papers_about(file, "owner").order_by())
    shown = Q(verb__in=[row.name for row in told if row.only is None and row.name not in NAMES_A_PAPER])
    shown |= Q(own, verb__in=[row.name for row in told if row.name in NAMES_A_PAPER])
    for row in told:
        if row.only is not None:
            shown |= Q(row.only, verb=row.name)
    return AuditEvent.objects.filter(shown, subject=file.trail_key).order_by("-sequence")
