"""A press that is never renewed: its memory stays what it was, and the thousandth paper is the first one, to the byte."""

import hashlib
import os
import sys

import pytest

from mission1000.benchmark import paperwork
from records import pdf, press
from tests.drills.size import size, write_figures
from tests.records.presses import cpu, memory, own_press

PAPERS = size(14, 1_000)
EARLY, MOST = 10, 1.2


@pytest.mark.drill
@pytest.mark.prints
def test_the_press_does_not_grow_with_its_papers(monkeypatch) -> None:
    monkeypatch.setattr(press, "PAPERS", sys.maxsize)
    press.end()
    page = paperwork.html(paperwork.letter("ml"))
    others = [paperwork.html(paperwork.letter("ml" if number % 2 else "en", number)) for number in range(size(3, 40))]
    first = hashlib.sha256(pdf.render(page)).digest()
    pid, early = own_press(), 0
    for number in range(2, PAPERS):
        pdf.render(others[number % len(others)])
        if number == EARLY:
            early = memory(pid)
    last = hashlib.sha256(pdf.render(page)).digest()
    late, spent = memory(pid), cpu(pid)
    assert (own_press(), last) == (pid, first)
    assert late <= MOST * early
    press.end()
    write_figures(
        "press",
        [
            f"The press holds {early / 2**20:.0f} MB after {EARLY} papers and {late / 2**20:.0f} MB after {PAPERS:,} letters, "
            f"{late / early:.2f} times as much (bound {MOST}); the last letter is the first one to the byte. "
            f"{spent / PAPERS:.3f} s of CPU a letter; load average {os.getloadavg()[1]:.1f}.",
        ],
    )
