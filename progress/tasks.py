"""How reports are printed and who may read them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.models import RejectionReason
from districts.models import District
from progress import charts, queries, rules
from records import papers
from records.models import Paper


def report_context(snapshot: dict[str, Any]) -> dict[str, Any]:
    """The snapshot with its words, in the language in force; page and PDF share it."""
    figures = snapshot["figures"]
    labels = queries.funnel_labels()
    states = [(labels[key], figures["states"][key]) for key, _group in queries.FUNNEL]
    return {
        "report": snapshot,
        "figures": figures,
        "states": states,
        "bars": charts.bars([(label, number) for label, number in states]),
        "chart_height": 22 * len(states),
        "ages": list(zip(queries.age_labels(), figures["ages"], strict=True)),
        "rejected": [(RejectionReason(key).label, number) for key, number in figures["rejected"].items()],
        "rejected_total": sum(figures["rejected"].values()),
    }


def _may_see(user: Any, paper: Paper) -> bool:
    district = District.objects.filter(code=paper.snapshot["district"]).first()
    return district is not None and bool(rules.may_see_district(user, district))


papers.register(
    "progress.district_report",
    template="documents/district_report.html",
    context=report_context,
    may_see=_may_see,
    title=_("District report"),
)
