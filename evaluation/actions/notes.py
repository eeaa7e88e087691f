"""The note sheet: numbered notes and calls, signed with the post of the day. Nothing here changes or takes one away."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Permission
from applications.models import Application
from evaluation.models import NoteKind, OfficeNote
from evaluation.queries.notes import acting_post
from evaluation.rules.notes import may_write_note
from records import audit
from records.acts import act, lock_one
from records.clock import now
from records.verdicts import Refused


@act
def write_note(file: Application, text: str, *, by: Any) -> OfficeNote:
    """Add a note to the sheet."""
    return _add(file, NoteKind.NOTE, text, by=by)


@act
def log_call(file: Application, text: str, *, spoke_to: str, called_at: datetime, by: Any) -> OfficeNote:
    """Add a telephone call: when, with whom, what was said."""
    if not spoke_to.strip():
        raise Refused(_("Say whom you spoke to."), "spoke_to")
    if called_at > now():
        raise Refused(_("The time of the call cannot be in the future."), "at")
    return _add(file, NoteKind.CALL, text, by=by, spoke_to=spoke_to.strip(), called_at=called_at)


def _add(file: Application, kind: NoteKind, text: str, *, by: Any, **call: Any) -> OfficeNote:
    """Number the next note under the file's lock: two officers at once get two numbers. Sent twice, it is kept once."""
    held = lock_one(Application, file.pk)
    verdict = may_write_note(by, held)
    if not verdict:
        raise Refused(verdict.reason)
    if not text.strip():
        raise Refused(_("Write the note."), "text")
    fields = {"kind": kind, "text": text.strip(), "by": by, **call}
    last = OfficeNote.objects.filter(application=held).select_related("by").order_by("-number").first()
    if last is not None and all(getattr(last, name) == value for name, value in fields.items()):
        return last
    note = OfficeNote.objects.create(
        application=held,
        number=last.number + 1 if last else 1,
        post=acting_post(by, Permission.WRITE_NOTE, held.office),
        at=now(),
        **fields,
    )
    verb = "application.call" if kind == NoteKind.CALL else "application.note"
    audit.record(verb, held, by=by, note=f"No. {note.number}", scope=held.office.code, data={"number": note.number})
    return note
