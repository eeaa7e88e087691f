"""How reports are printed and who may read them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from districts.models import District
from progress import documents, queries, rules
from records import papers
from records.models import Paper


def _may_see(user: Any, paper: Paper) -> bool:
    district = District.objects.filter(code=paper.snapshot["district"]).first()
    return district is not None and bool(rules.may_see_district(user, district))


papers.register(
    queries.REPORT,
    template="documents/district_report.html",
    context=documents.report_context,
    may_see=_may_see,
    title=_("District report"),
)
