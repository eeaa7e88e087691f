"""A paper as the office reads it: one page of it, what the enterprise stated beside it, and the figures it proves."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.models import User
from applications import queries as applications
from applications.models import Application, DocumentVersion
from applications.rules import may_open
from applications.sections import SECTIONS
from applications.states import DocumentState
from evaluation.queries import DocumentRow, FigureRow, document_rows, figure_rows, post_labels
from evaluation.queries.conflicts import verify_verdict
from records import acts, audit, pages
from records.clock import ist, now

# Which sections and which figures a kind of document proves. A kind that is not named may prove any of them.
PROVES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "udyam": (("enterprise",), ("began_on",)),
    "profile": (("enterprise", "ownership"), ()),
    "financials": (("financials",), ("turnover", "exports", "profit")),
    "growth": (("growth",), ("fixed_capital",)),
    "employment": (("employment",), ("jobs", "women")),
    "bank": (("bank",), ("overdue",)),
}
AROUND = 2  # pages named before and after the one that is read


@dataclass(frozen=True)
class Shelf:
    """Where a paper is read: on the desk of its file, or on an agenda of the Committee. `names`: how its addresses begin."""

    names: str
    args: tuple[str, ...]

    def address(self, version: DocumentVersion, what: str = "", *more: Any) -> str:
        """Of the original; of its pages ("_read"); of the image of one ("_page", number)."""
        return reverse(f"{self.names}{what}", args=[*self.args, version.pk, *more])


def desk_of(file: Application) -> Shelf:
    """The papers of a file on an officer's desk."""
    return Shelf("desk_document", (file.reference,))


def of(
    file: Application, version: DocumentVersion, number: int, user: User, shelf: Shelf | None = None
) -> dict[str, Any]:
    """Everything the page shows to this reader. A version that is not the newest is read, but no longer judged."""
    shelf = shelf or desk_of(file)
    rows = document_rows(file)
    newest = next(row.version for row in rows if row.slot.pk == version.slot_id)
    sections = sections_of(file, version)
    return {
        "file": file,
        "version": version,
        "newest": newest,
        "versions": next(row.of for row in rows if row.slot.pk == version.slot_id),
        "number": number,
        "numbers": numbers(number, version.file.pages),
        "documents": openable(rows, user, shelf),
        "newest_url": shelf.address(newest, "_read") if newest else "",
        "figures": figures_of(file, version),
        "sections": sections,
        "unfolded": len(sections) <= 2,
        "judged_by": post_labels([version.judged_by_id]).get(version.judged_by_id or 0, ""),
        "verdict": verify_verdict(user, file),
        **paper(file, version, number, shelf),
    }


def openable(rows: list[DocumentRow], user: User, shelf: Shelf) -> list[tuple[DocumentRow, str]]:
    """Each document with where this reader reads it; empty where it cannot be opened."""
    return [
        (row, shelf.address(row.version, "_read") if row.version is not None and may_open(user, row.version) else "")
        for row in rows
    ]


def paper(file: Application, version: DocumentVersion, number: int, shelf: Shelf | None = None) -> dict[str, Any]:
    """The page itself, or how far its image is, with the addresses it is read at."""
    shelf = shelf or desk_of(file)
    return {
        "file": file,
        "version": version,
        "number": number,
        "reading": pages.reading(version.file, number),
        "read_url": shelf.address(version, "_read"),
        "image_url": shelf.address(version, "_page", number),
        "original_url": shelf.address(version),
    }


def numbers(number: int, of_all: int) -> list[int]:
    """The pages that are named: the first, the last, and those around this one. 0 stands for those left out."""
    named = {1, of_all, *range(max(1, number - AROUND), min(of_all, number + AROUND) + 1)}
    shown: list[int] = []
    for one in sorted(named):
        if shown and one > shown[-1] + 1:
            shown.append(0)
        shown.append(one)
    return shown


def sections_of(file: Application, version: DocumentVersion) -> list[dict[str, Any]]:
    """What the enterprise stated in the sections this kind of document proves."""
    named, _figures = PROVES.get(version.slot.kind.key, (None, None))
    return [
        {"title": section.title, "facts": applications.section_facts(file, section.key)}
        for section in SECTIONS
        if section.key != "documents" and (named is None or section.key in named)
    ]


def figures_of(file: Application, version: DocumentVersion) -> list[FigureRow]:
    """The figures this kind of document proves, claimed and verified."""
    _sections, named = PROVES.get(version.slot.kind.key, (None, None))
    return [row for row in figure_rows(file) if named is None or row.figure.key.partition(":")[0] in named]


def next_to_read(file: Application, version: DocumentVersion) -> DocumentVersion | None:
    """The next document that nobody has judged, from this one on and then from the first; None where all are."""
    rows = document_rows(file)
    place = next(place for place, row in enumerate(rows) if row.slot.pk == version.slot_id)
    return next((row.version for row in rows[place + 1 :] + rows[:place] if _waits(row)), None)


def _waits(row: DocumentRow) -> bool:
    return row.version is not None and row.version.state == DocumentState.RECEIVED


def has_opened_today(user: User, file: Application, version: DocumentVersion) -> bool:
    """Whether the trail holds already that this person opened this paper today: its pages are part of that opening."""
    midnight = ist(now()).replace(hour=0, minute=0, second=0, microsecond=0)
    events = audit.events_about(file).filter(verb="file.open", actor=acts.actor_key(user), at__gte=midnight)
    return events.filter(note=trail_note(version)).exists()


def trail_note(version: DocumentVersion) -> str:
    """How the trail names the file that was opened: its name was typed by a person and may say anything."""
    return f"file:{version.file_id}"
