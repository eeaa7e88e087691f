"""A shortlist and a letter with the longest content they may have: no word is printed over another."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from mission1000.benchmark import paperwork
from records import pdf

pytestmark = pytest.mark.prints
LONG_EN = "Periyar Valley Integrated Coir, Geotextile and Natural Fibre Manufacturing, Processing and Export Cooperative Society (Perumbavoor) Private Limited, 4"
LONG_ML = "പെരിയാർ വാലി ഇന്റഗ്രേറ്റഡ് കയർ, ജിയോടെക്സ്റ്റൈൽ ആൻഡ് നാച്ചുറൽ ഫൈബർ മാനുഫാക്ചറിങ്, പ്രോസസിങ് ആൻഡ് എക്സ്പോർട്ട് കോഓപ്പറേറ്റീവ് സൊസൈറ്റി"
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
TOUCH = 1.0  # points: neighbours may touch
LINES = 0.45  # of the lower word's height: lines of tall letters reach into each other, words in one line more


class Word(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    text: str

    def is_over(self, other: "Word") -> bool:
        """Whether the two are printed over each other."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > TOUCH and high > LINES * min(self.bottom - self.top, other.bottom - other.top)


def pages(content: bytes, folder: Path) -> Iterator[list[Word]]:
    """The words of each page, with their places."""
    paper, out = folder / "paper.pdf", folder / "words.html"
    paper.write_bytes(content)
    subprocess.run(["pdftotext", "-bbox", paper, out], check=True)
    for page in out.read_text().split("<page ")[1:]:
        yield [Word(*map(float, found[:4]), found[4]) for found in WORD.findall(page)]


def overprinted(content: bytes, folder: Path) -> list[tuple[str, str]]:
    read = list(pages(content, folder))
    assert sum(map(len, read)) > 100
    return [(one.text, other.text) for page in read for one, other in combinations(page, 2) if one.is_over(other)]


def longest_shortlist() -> str:
    """Three evaluations with the widest totals, a name of 150 letters in both languages, every recommendation."""
    paper = paperwork.shortlist(10)
    ranking = json.loads(json.dumps(paper.ranking))
    for row in ranking["rows"]:
        card = row["evaluations"][0]
        row["evaluations"] = [{**card, "evaluator": one, "total": "100.00"} for one in (1, 2, 3)]
        row |= {"total": "100.00", "name_en": LONG_EN, "name_ml": LONG_ML, "turnover": "9999999999", "jobs": "1000"}
    return paperwork.html(replace(paper, ranking=ranking))


def longest_letter(language: str) -> str:
    """A name of 150 letters, and a reason as long as its field."""
    letter = paperwork.letter(language)
    return paperwork.html(
        replace(
            letter, enterprise_en=LONG_EN, enterprise_ml=LONG_ML, reason="The lease ends before the plant pays. " * 12
        )
    )


PAPERS = {
    "a shortlist": longest_shortlist,
    "a letter": lambda: longest_letter("en"),
    "a letter in Malayalam": lambda: longest_letter("ml"),
}


@pytest.mark.parametrize("name", PAPERS)
def test_no_word_is_printed_over_another(name, tmp_path):
    assert overprinted(pdf.render(PAPERS[name]()), tmp_path) == []


def test_words_over_each_other_are_found(tmp_path):
    """The control: a total that may not break runs into the column beside it."""
    html = longest_shortlist().replace("</head>", "<style>.marks .sub { white-space: nowrap }</style></head>")
    assert overprinted(pdf.render(html), tmp_path)
