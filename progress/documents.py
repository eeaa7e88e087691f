"""What goes on paper: the district report."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import get_language

from applications.models import RejectionReason
from districts.models import District, Office, OfficeKind
from progress import charts, narratives, queries, trend
from progress.holders import HOLDERS, holder_labels
from progress.targets import Target
from records.papers import OfficePaper


@dataclass(frozen=True)
class DistrictReport(OfficePaper):
    """A district's month: figures as they stood, frozen."""

    kind: ClassVar[str] = queries.REPORT
    template_version: ClassVar[str] = "2"
    audience: ClassVar[str] = "office"

    district: str
    district_en: str
    district_ml: str
    month: str
    figures: dict[str, Any]
    trend: list[dict[str, Any]]
    narrative: dict[str, Any] | None

    @property
    def number_prefix(self) -> str:
        return f"DR-{self.district}-{self.month.replace('-', '')}"

    @property
    def title_en(self) -> str:
        return f"District report, {self.district_en}, {self.month[5:]}-{self.month[:4]}"

    @property
    def title_ml(self) -> str:
        return f"ജില്ലാ റിപ്പോർട്ട്, {self.district_ml}, {self.month[5:]}-{self.month[:4]}"


def report_of(district: District, month: str, language: str) -> DistrictReport:
    """The report of a district for a month ("2026-11"). Raises Refused for a month that is none or lies ahead."""
    office = Office.objects.get(kind=OfficeKind.DIC, district=district)
    return DistrictReport(
        district=district.code,
        district_en=district.name_en,
        district_ml=district.name_ml,
        office_code=office.code,
        office_en=office.name_en,
        office_ml=office.name_ml,
        month=month,
        speak=language,
        figures=queries.district_figures(district, month).as_json(),
        trend=[point.as_json() for point in trend.trend(queries.month_of(month), [district])],
        narrative=narratives.frozen(district, month),
    )


def in_words(figures: dict[str, Any]) -> dict[str, Any]:
    """Figures with their words, in the language in force: page and PDF share it."""
    labels = queries.funnel_labels()
    # In the order of the reasons, not of the snapshot: PostgreSQL gives the keys of JSON back in an order of its own.
    reasons = [
        (str(reason.label), figures["rejected"][reason]) for reason in RejectionReason if reason in figures["rejected"]
    ]
    return {
        "figures": figures,
        "states": charts.bars([(labels[key], figures["states"][key]) for key, _group in queries.FUNNEL]),
        "ages": charts.bars(list(zip(queries.age_labels(), figures["ages"], strict=True))),
        "pending": sum(figures["ages"]),
        "rejected": charts.bars(reasons),
        "rejected_total": sum(figures["rejected"].values()),
        "chart_width": charts.WIDTH,
        **_later_figures(figures, labels),
    }


def _later_figures(figures: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    """What reports of the first template did not freeze: it is left out of them."""
    if "decisions" not in figures:
        return {}
    posts, decisions, holders = holder_labels(), figures["decisions"], figures["holders"]
    return {
        "decisions": charts.bars([(labels[key], decisions[key]) for key in queries.DECISIONS]),
        "holders": charts.bars([(posts[key], holders[key]) for key in HOLDERS]),
        "open": sum(holders.values()),
        "target": Target(**figures["targets"]),
    }


def trend_in_words(points: list[dict[str, Any]]) -> dict[str, Any]:
    """The chart of received and decided, and the same as a table."""
    if not points:
        return {}
    drawn = charts.trend(
        [point["month"] for point in points],
        [point["received"] for point in points],
        [point["decided"] for point in points],
    )
    return {"trend": drawn, "points": points}


def report_context(snapshot: dict[str, Any]) -> dict[str, Any]:
    """A frozen report with its words."""
    written = snapshot.get("narrative")
    signed = (get_language() == "ml" and written["post_ml"]) or written["post_en"] if written else ""
    return {
        "report": snapshot,
        **in_words(snapshot["figures"]),
        **trend_in_words(snapshot.get("trend", [])),
        "asks_narrative": "narrative" in snapshot,
        "narrative": written and {**written, "post": signed, "paragraphs": narratives.paragraphs(written["text"])},
    }


def month_context(district: District, month: str) -> dict[str, Any]:
    """What a report would freeze now, with its words."""
    return report_context(
        {
            "figures": queries.district_figures(district, month).as_json(),
            "trend": [point.as_json() for point in trend.trend(queries.month_of(month), [district])],
            "narrative": narratives.frozen(district, month),
        }
    )
