"""What goes on paper: the district report."""

from dataclasses import dataclass
from typing import Any, ClassVar

from applications.models import RejectionReason
from districts.models import District, Office, OfficeKind
from progress import charts, queries
from records.papers import OfficePaper


@dataclass(frozen=True)
class DistrictReport(OfficePaper):
    """A district's month: figures as they stood, frozen."""

    kind: ClassVar[str] = queries.REPORT
    audience: ClassVar[str] = "office"

    district: str
    district_en: str
    district_ml: str
    month: str
    figures: dict[str, Any]

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
    }


def report_context(snapshot: dict[str, Any]) -> dict[str, Any]:
    """A frozen report with its words."""
    return {"report": snapshot, **in_words(snapshot["figures"])}
