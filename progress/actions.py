"""Make a district report."""

from typing import Any

from django.utils.translation import gettext as _

from districts.models import District
from progress import documents, rules
from records import audit, papers
from records.acts import SystemActor, act
from records.models import Paper
from records.verdicts import Refused


@act
def make_report(district: District, month: str, *, by: Any, language: str = "en") -> Paper:
    """Freeze a district's figures of a month and queue the PDF. Raises Refused with its sentence."""
    if not isinstance(by, SystemActor):
        verdict = rules.may_make_report(by, district)
        if not verdict:
            raise Refused(verdict.reason)
    if language not in {"en", "ml"}:
        raise Refused(_("Choose English or Malayalam."), "language")
    document = documents.report_of(district, month, language)
    paper = papers.issue(document, subject=f"report:{district.code}:{month}", by=by)
    audit.record(
        "report.make",
        f"report:{district.code}:{month}",
        by=by,
        scope=document.office_code,
        data={"number": paper.number},
    )
    return paper
