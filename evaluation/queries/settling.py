"""What two locked totals say together, and the moderation that settles them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from applications.models import Application
from evaluation import scoring
from evaluation.models import Assessment
from evaluation.queries.conflicts import conflict_verdict
from evaluation.rules.settling import may_moderate, may_unlock
from evaluation.steps import settled
from records.verdicts import Verdict


def bounds(live: Sequence[Assessment]) -> tuple[Decimal, Decimal]:
    """The lowest and the highest locked total, two places: a moderated total lies between them."""
    totals = [scoring.rounded(row.exact) for row in live]
    return min(totals), max(totals)


def moderate_verdict(user: Any, file: Application, live: Sequence[Assessment]) -> Verdict:
    """Whether this person may settle the totals of the file by moderation now."""
    verdict = may_moderate(user, file, live, settled=False)
    if not verdict:
        return verdict
    verdict = may_moderate(user, file, live, settled=bool(settled(file)))
    return conflict_verdict(user, file) if verdict else verdict


def unlock_verdict(user: Any, assessment: Assessment) -> Verdict:
    """Whether this person may unlock these marks now."""
    verdict = may_unlock(user, assessment)
    return conflict_verdict(user, assessment.application) if verdict else verdict
