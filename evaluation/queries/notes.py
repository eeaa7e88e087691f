"""Reads of the note sheet, and the post in which somebody signs."""

from dataclasses import dataclass
from typing import Any

from django.utils import translation

from accounts.roles import ROLE_PERMISSIONS, Permission
from accounts.signatures import Signatures
from applications.models import Application
from evaluation.models import OfficeNote
from evaluation.rules.notes import may_read_notes, may_write_note
from records.verdicts import Verdict

ON_THE_FILE = 3  # notes shown on the file's own page


@dataclass(frozen=True)
class NoteRow:
    """One note with the post it was signed in, as the reader reads it."""

    note: OfficeNote
    post: str


def notes_of(file: Application, *, last: int | None = None) -> list[NoteRow]:
    """The sheet, oldest first: all of it, or the `last` few."""
    newest = OfficeNote.objects.filter(application=file).select_related("by").order_by("-number")[:last]
    signatures = Signatures()
    return [NoteRow(note, signatures.post(note.post)) for note in newest][::-1]


@dataclass(frozen=True)
class Sheet:
    """The panel of the file's page: the newest notes, oldest of them first, and how many there are in all."""

    last: list[NoteRow]
    count: int
    may_write: Verdict


def sheet(file: Application, user: Any) -> Sheet | None:
    """What the panel shows this reader; None for who may not read it."""
    if not may_read_notes(user, file):
        return None
    last = notes_of(file, last=ON_THE_FILE)
    return Sheet(last, last[-1].note.number if last else 0, may_write_note(user, file))  # numbers have no gap


def acting_post(user: Any, permission: Permission, office: Any) -> str:
    """The post in which a person does this in an office, in English, as it is signed; empty where none allows it."""
    with translation.override("en"):
        return next(
            (
                posting.label
                for posting in user.postings_now()
                if permission in ROLE_PERMISSIONS[posting.role] and posting.reaches(office)
            ),
            "",
        )
