"""Papers for measuring, made of nothing stored: the same letter, receipt and shortlist at every run, on any machine."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from applications.documents import Receipt
from evaluation import scoring
from evaluation.documents import ShortlistPaper, Signature
from evaluation.letters import Letter
from evaluation.marksheet import by_criterion
from evaluation.reference import CRITERIA
from records.models import Paper
from records.papers import Document, html_of, sha256_of

NAMES = (
    ("Periyar Coir Works", "പെരിയാർ കയർ വർക്സ്", "Coir mats and geotextiles for roads"),
    ("Malabar Spices and Extracts", "മലബാർ സ്പൈസസ്", "Spice oils, oleoresins and ground spices for export"),
    ("Kuttanad Rice Mills", "കുട്ടനാട് റൈസ് മിൽസ്", "Parboiled rice and rice flour"),
    ("Vembanad Marine Foods", "വേമ്പനാട് മറൈൻ ഫുഡ്സ്", "Frozen shrimp and dried fish"),
    ("Nila Handlooms", "നിള കൈത്തറി", "Handloom saris, mundu and furnishing"),
)
TALUKS = (("Aluva", "ആലുവ"), ("Kanayannur", "കണയന്നൂർ"), ("Kothamangalam", "കോതമംഗലം"))
WORDS = ("recommended", "reserve", "not_recommended", "below")
PLACING = {"recommendation": "recommended", "rank": 1, "before": None, "displaced": False, "reason": ""}
BANDS = {(one["key"], band["mark"]): {"en": band["en"], "ml": band["ml"]} for one in CRITERIA for band in one["bands"]}
AT = datetime(2026, 11, 28, 10, 30, tzinfo=UTC)


def html(document: Document) -> str:
    """The page a paper of this content is printed from."""
    snapshot = json.loads(json.dumps(asdict(document), default=str))
    paper = Paper(
        number=f"{document.number_prefix}-K7PQ3X",
        kind=document.kind,
        title_en=str(document.title_en),
        title_ml=str(document.title_ml),
        language=document.language,
        snapshot=snapshot,
        sha256=sha256_of(snapshot),
        issuer_en=document.issuer_en,
        issuer_ml=document.issuer_ml,
        issued_at=AT,
    )
    return html_of(paper)


def ranking(rows: int) -> dict[str, Any]:
    """A frozen ranking of so many files: a district's own words, two evaluations each, two lines across it."""
    criteria = [
        {"key": one["key"], "en": one["name_en"], "ml": one["name_ml"], "weight": one["weight"], "max": 5}
        for one in CRITERIA
    ]
    return {
        "shortlist": "SL-2-EKM-01",
        "supersedes": "",
        "round": 2,
        "year": "2025-26",
        "district": {"code": "EKM", "en": "Ernakulam", "ml": "എറണാകുളം"},
        "office": {"code": "DIC-EKM", "en": "DIC Ernakulam", "ml": "ജില്ലാ വ്യവസായ കേന്ദ്രം, എറണാകുളം"},
        "rubric": 1,
        "confirmed": False,
        "pass_mark": "60",
        "target": rows // 2,
        "reserve": rows // 10,
        "tie_chain": ["growth", "employment", "submitted_at"],
        "criteria": criteria,
        "rows": [_row(number, rows, criteria) for number in range(rows)],
    }


def _row(number: int, rows: int, criteria: list[dict[str, Any]]) -> dict[str, Any]:
    name_en, name_ml, activity = NAMES[number % len(NAMES)]
    taluk_en, taluk_ml = TALUKS[number % len(TALUKS)]
    word = WORDS[(number * 10 >= rows * 5) + (number * 10 >= rows * 6) + (number * 10 >= rows * 8)]
    evaluations = [_evaluation(number, evaluator, criteria) for evaluator in (1, 2)]
    total = sum(float(one["total"]) for one in evaluations) / 2
    moderated = {"total": f"{total:.2f}", "reason": "Both read the order book anew.", "post": "General Manager"}
    return {
        "reference": f"M1K-2-EKM-{number + 1:05}",
        "position": number + 1,
        "rank": number + 1,
        "total": f"{total:.2f}",
        "recommendation": word,
        "reserve_number": number - rows // 2 + 1 if word == "reserve" else None,
        "out_of_rank": False,
        "before": None,
        "reason": "",
        "name_en": f"{name_en} {number + 1}",
        "name_ml": name_ml,
        "taluk_en": taluk_en,
        "taluk_ml": taluk_ml,
        "activity": activity,
        "submitted_at": "2026-10-01T05:30:00.000000+00:00",
        "moderation": moderated if number % 15 == 7 else None,
        "turnover": str(12_500_000 + number * 730_000),
        "jobs": str(8 + number % 40),
        "evaluations": evaluations,
    }


def _evaluation(number: int, evaluator: int, criteria: list[dict[str, Any]]) -> dict[str, Any]:
    marks = {one["key"]: 1 + (number * 7 + evaluator + place) % 5 for place, one in enumerate(criteria)}
    exact = scoring.exact_total(
        scoring.Marked(one["key"], one["weight"], one["max"], marks[one["key"]], True) for one in criteria
    )
    return {"evaluator": evaluator, "total": str(scoring.rounded(exact)), "marks": marks, "not_applicable": []}


def shortlist(rows: int) -> ShortlistPaper:
    """The shortlist of a district with so many rows, signed by three."""
    frozen = ranking(rows)
    return ShortlistPaper(
        ranking=frozen,
        ranking_sha256=sha256_of(frozen),
        frozen_at="28-11-2026, 11:00",
        prepared=Signature("Manager, DIC Ernakulam", "28-11-2026"),
        checked=Signature("Assistant District Industries Officer", "28-11-2026"),
        approved=Signature("General Manager, DIC Ernakulam", "29-11-2026", "ജനറൽ മാനേജർ, എറണാകുളം"),
        gone=[],
        returned={},
        replaces="",
    )


def letter(language: str = "en", number: int = 0) -> Letter:
    """A letter of selection with its marks. `number` makes it that of another enterprise."""
    frozen = ranking(30)
    row = frozen["rows"][number % 30]
    return Letter(
        reference=f"M1K-2-EKM-{number + 1:05}",
        round=2,
        enterprise_en=f"{row['name_en']} ({number})",
        enterprise_ml=row["name_ml"],
        district_en="Ernakulam",
        district_ml="എറണാകുളം",
        office_code="DIC-EKM",
        office_en="DIC Ernakulam",
        office_ml="ജില്ലാ വ്യവസായ കേന്ദ്രം, എറണാകുളം",
        speak=language,
        meeting="SLAC-2-01",
        met_on="28-11-2026",
        outcome="selected",
        code="within_target",
        out_of_rank=False,
        reason="",
        district_reason="",
        placing=PLACING,
        quorate=True,
        against_votes=False,
        place=None,
        total=row["total"],
        pass_mark="60",  # noqa: S106 -- the mark to pass with
        computed=row["total"],
        moderated=False,
        evaluations=2,
        criteria=by_criterion(frozen, row, BANDS),
        released_on="29-11-2026",
        released_post="Director of Industries and Commerce",
        released_post_ml="ഡയറക്ടർ",
        days=30,
        until="29-12-2026",
        confirmed=False,
    )


def receipt(language: str = "en", number: int = 0) -> Receipt:
    """A receipt over eight sections as long as those of the form."""
    section = {
        "pairs": [
            [f"Question {place} of the section", f"What was answered, in {place} words or more"] for place in range(9)
        ],
        "tables": [
            {
                "heading": "",
                "columns": ["Year", "Turnover", "Profit"],
                "rows": [["2025-26", "₹ 1,25,00,000", "₹ 9,10,000"]] * 3,
            }
        ],
    }
    return Receipt(
        reference=f"M1K-2-EKM-{number + 1:05}",
        round=2,
        enterprise_en=f"{NAMES[number % 5][0]} ({number})",
        enterprise_ml=NAMES[number % 5][1],
        district_en="Ernakulam",
        district_ml="എറണാകുളം",
        office_en="DIC Ernakulam",
        office_ml="ജില്ലാ വ്യവസായ കേന്ദ്രം, എറണാകുളം",
        office_code="DIC-EKM",
        received="28-11-2026, 16:00",
        content_hash="5e" * 32,
        speak=language,
        sections=[{"title": f"Section {place}", **section} for place in range(1, 9)],
    )
