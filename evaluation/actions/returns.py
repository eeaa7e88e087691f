"""Take one file out of a packet, back to the appraisal; the packet goes on. And close an appraisal in which nothing was unlocked."""

from typing import Any

from django.utils.translation import gettext as _

from applications import actions as applications
from applications.models import Application
from evaluation.actions.meetings import end_item
from evaluation.actions.packets import corrected_paper
from evaluation.models import AgendaItem, Meeting, Shortlist, ShortlistRow
from evaluation.queries.returns import close_again_verdict, return_verdict
from evaluation.states import ShortlistState
from evaluation.steps import STEPS, standing_row
from evaluation.steps.committee import agenda_item
from records import audit, jobs
from records.acts import act, lock_one
from records.clock import now
from records.verdicts import Refused


@act
def return_file(file: Application, reason: str, *, by: Any) -> Application:
    """Appraised, or put on or left off the list → appraisal, with a reason. Nothing moves up in its place.

    In a frozen or checked packet its row stays, marked as returned, and the approval passes it by. After the approval
    the corrected paper gets a new number and stands in place of the old one. On an agenda its place there ends.
    Meetings are locked before packets, packets before files, everywhere.
    """
    on = agenda_item(file)
    meeting = lock_one(Meeting, on.meeting_id) if on else None
    before = standing_row(file)
    packet = lock_one(Shortlist, before.shortlist_id) if before else None
    held = lock_one(Application, file.pk)
    verdict = return_verdict(by, held)
    if not verdict:
        raise Refused(verdict.reason)
    if not reason.strip():
        raise Refused(_("Say why the file is returned."), field="reason")
    row, item = standing_row(held), agenda_item(held)
    if (row and row.shortlist_id) != (packet and packet.pk) or (item and item.meeting_id) != (meeting and meeting.pk):
        raise Refused(_("The shortlist of this file was changed a moment ago. Look at it, then return the file."))
    if item is not None and meeting is not None:
        leave_agenda(item, meeting, held, reason, by=by)
    if row is not None and packet is not None:
        leave_packet(row, packet, held, reason, by=by)
    return applications.take(held, STEPS["return"], by=by, note=reason)


def leave_agenda(item: AgendaItem, meeting: Meeting, file: Application, reason: str, *, by: Any) -> None:
    """Take a file that goes back to the appraisal off its agenda. Inside an act that has locked all three."""
    end_item(item, reason, by=by)
    audit.record("meeting.send_back", meeting, by=by, note=reason.strip(), data={"reference": file.reference})


def leave_packet(row: ShortlistRow, packet: Shortlist, file: Application, reason: str, *, by: Any) -> None:
    """Mark the row of a file as returned; the paper of an approved packet is corrected. Inside an act that has locked both."""
    row.returned_at, row.returned_by, row.returned_reason = now(), by, reason.strip()
    row.save(update_fields=["returned_at", "returned_by", "returned_reason"])
    facts = {"reference": file.reference, "state": packet.state}
    audit.record("shortlist.return", packet, by=by, note=reason.strip(), scope=packet.office.code, data=facts)
    if packet.state == ShortlistState.APPROVED:
        corrected_paper(packet, by=by)


@act
def close_again(file: Application, *, by: Any) -> None:
    """Let the portal close the appraisal of a file whose marks are all locked: what the last lock would have done."""
    held = lock_one(Application, file.pk)
    verdict = close_again_verdict(by, held)
    if not verdict:
        raise Refused(verdict.reason)
    audit.record("application.close_again", held, by=by, scope=held.office.code)
    jobs.enqueue("evaluation.appraise", held, payload={"application": held.pk}, priority=1)
