"""What General Managers have written of a month: the newest version, all of them, and what a report freezes of one."""

import re
from typing import Any

from django.db.models import QuerySet

from districts.models import District
from progress.models import Narrative
from records.formats import day

LONGEST = 2500  # signs: about a page in either script
MALAYALAM = re.compile("[\u0d00-\u0d7f]")
# What the fonts of the papers draw; a test holds it against them.
UNPRINTABLE = re.compile(
    "[^\n\t\x20-\x7e\xa0-\xff\u0131\u0152\u0153\u02c6\u02da\u02dc\u0d00-\u0d0c\u0d0e-\u0d10\u0d12-\u0d44\u0d46-\u0d48"
    "\u0d4a-\u0d4f\u0d54-\u0d63\u0d66-\u0d7f\u200c\u2002\u2009\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026\u2032"
    "\u2033\u2039\u203a\u2044\u20ac\u20b9\u2122\u2212]"
)


def versions(district: District, month: str) -> QuerySet[Narrative]:
    """Every version of a month, newest first."""
    return Narrative.objects.filter(district=district, month=month)


def newest(district: District, month: str) -> Narrative | None:
    """The version that counts; None where nothing is written."""
    return versions(district, month).first()


def frozen(district: District, month: str) -> dict[str, Any] | None:
    """What a report keeps of the newest version: text, post and day."""
    found = newest(district, month)
    if found is None:
        return None
    return {
        "text": found.text,
        "version": found.version,
        "post_en": found.post,
        "post_ml": found.post_ml,
        "on": day(found.at),
    }


def script_of(text: str) -> str:
    """The language a paragraph is set in: its lines are higher in Malayalam."""
    return "ml" if MALAYALAM.search(text) else "en"


def paragraphs(text: str) -> list[tuple[str, str]]:
    """The text as it is printed: (language, paragraph)."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text))
    return [(script_of(part), part) for part in parts if part]
