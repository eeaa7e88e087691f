"""Who reads and who writes the note sheet of a file. It is the office's own: nobody outside sees that a note is there."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Permission
from applications.rules import OWN_CASE, is_member
from records.verdicts import ALLOWED, Verdict, refuse


def may_read_notes(user: Any, file: Any) -> Verdict:
    """Read the note sheet: whoever reads the file by post, and acts for its enterprise in no way."""
    if not user.has(Permission.SEE_FILE, file.office):
        return refuse(_("The note sheet is read in %(office)s only.") % {"office": file.office.name})
    return refuse(OWN_CASE) if is_member(user, file) else ALLOWED


def may_write_note(user: Any, file: Any) -> Verdict:
    """Write a note or log a call: an officer, manager or General Manager of the file's office, once it was handed in."""
    if not user.has(Permission.WRITE_NOTE, file.office):
        return refuse(
            _("Only an officer, manager or the General Manager of %(office)s writes on its note sheets.")
            % {"office": file.office.name}
        )
    if is_member(user, file):
        return refuse(OWN_CASE)
    if file.submitted_at is None:
        return refuse(_("The note sheet begins when the application is handed in."))
    return ALLOWED
