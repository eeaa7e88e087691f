"""What goes on paper: the receipt."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils import translation

from applications.models import Application
from applications.sections import SECTIONS
from records.clock import ist
from records.papers import OfficePaper, sha256_of


@dataclass(frozen=True)
class Receipt(OfficePaper):
    """Acknowledgement of an application: what was handed in, when, under which number, with which hash."""

    kind: ClassVar[str] = "application.receipt"
    audience: ClassVar[str] = "owner"

    reference: str
    round: int
    enterprise_en: str
    enterprise_ml: str
    district_en: str
    district_ml: str
    received: str  # DD-MM-YYYY, HH:MM in India
    content_hash: str
    sections: list[dict[str, Any]]

    @property
    def number_prefix(self) -> str:
        return f"R-{self.round}-{self.reference.split('-', 2)[2]}"

    @property
    def title_en(self) -> str:
        return "Acknowledgement of application"

    @property
    def title_ml(self) -> str:
        return "അപേക്ഷയുടെ കൈപ്പറ്റ് രസീത്"


def content_of(file: Application, language: str) -> list[dict[str, Any]]:
    """Every section as it is read, in a language: what the receipt shows."""
    with translation.override(language):
        return _read(file)


def content_hash(reference: str, content: list[dict[str, Any]]) -> str:
    """SHA-256 over number and content. Made again from the receipt's snapshot at any time."""
    return sha256_of({"reference": reference, "content": content})


def _read(file: Application) -> list[dict[str, Any]]:
    read = []
    for section in SECTIONS:
        facts = section.facts(file)
        read.append(
            {
                "title": str(section.title),
                "pairs": [[str(label), str(value)] for label, value in facts.pairs],
                "tables": [
                    {"heading": str(t.heading), "columns": [str(c) for c in t.columns], "rows": t.rows}
                    for t in facts.tables
                ],
            }
        )
    return read


def receipt(file: Application, language: str, content: list[dict[str, Any]]) -> Receipt:
    """The receipt of a file just handed in, in the applicant's language."""
    return Receipt(
        reference=file.reference,
        round=file.round.number,
        enterprise_en=file.profile.name_en,
        enterprise_ml=file.profile.name_ml,
        district_en=file.district.name_en,
        district_ml=file.district.name_ml,
        office_en=file.office.name_en,
        office_ml=file.office.name_ml,
        office_code=file.office.code,
        received=ist(file.submitted_at).strftime("%d-%m-%Y, %H:%M") if file.submitted_at else "",
        content_hash=file.submitted_hash,
        speak=language,
        sections=content,
    )
