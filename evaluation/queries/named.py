"""Who was evaluator of a file before: the one answer for naming one by one, naming evenly, and the list to choose from."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Max

from evaluation.models import Assessment, Ineligibility
from evaluation.states import AssessmentState


def named_before(files: Collection[int]) -> dict[int, set[int]]:
    """By key of the file who evaluates or evaluated it, stepped back or was replaced, in two queries.

    Not whose open evaluation ended with a finding that was taken back since: the file begins anew, and a small office
    has nobody else.
    """
    found: dict[int, set[int]] = defaultdict(set)
    reinstated = dict(
        Ineligibility.objects.filter(application__in=files)
        .order_by()
        .values("application")
        .annotate(last=Max("reinstated_at"))
        .values_list("application", "last")
    )
    for row in Assessment.objects.filter(application__in=files):
        last = reinstated.get(row.application_id)
        ended = row.state == AssessmentState.SUPERSEDED and row.locked_at is None and row.superseded_at
        if not (ended and last and row.superseded_at <= last):
            found[row.application_id].add(row.evaluator_id)
    return found
