"""Make a district report."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from districts.models import District
from progress import documents, queries, rules
from progress.models import LANGUAGES
from progress.periods import month_of, need_files
from records import audit, papers
from records.acts import SystemActor, act, actor_key, lock_one
from records.clock import now
from records.models import Paper
from records.verdicts import Refused

SECOND_CLICK = timedelta(seconds=30)


@act
def make_report(district: District, month: str, *, by: Any, language: str = "en", priority: int = 1) -> Paper:
    """Freeze a district's figures of a month and queue the PDF; an earlier report of the same month is superseded.

    The district's row is locked, so that two requests come one after the other: a person's second click gives the
    report of the first, unless the narrative was written in between. Raises Refused with its sentence.
    """
    if not isinstance(by, SystemActor):
        verdict = rules.may_make_report(by, district)
        if not verdict:
            raise Refused(verdict.reason)
    if language not in LANGUAGES:
        raise Refused(_("Choose English or Malayalam."), "language")
    need_files(month_of(month))
    lock_one(District, district.pk)
    document = documents.report_of(district, month, language)
    key = queries.report_key(district, month)
    earlier = Paper.objects.filter(subject=key, kind=document.kind, language=language, superseded_by__isnull=True)
    same = earlier.filter(issued_by=actor_key(by), issued_at__gte=now() - SECOND_CLICK).first()
    if same is not None and not isinstance(by, SystemActor) and same.snapshot.get("narrative") == document.narrative:
        return same
    before = list(earlier)
    paper = papers.issue(document, subject=key, by=by, priority=priority)
    for old in before:
        papers.supersede(old, paper, by=by)
    audit.record("report.make", key, by=by, scope=document.office_code, data={"number": paper.number})
    return paper
