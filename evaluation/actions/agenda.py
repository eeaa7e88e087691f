"""A file leaves an agenda: put off to another meeting, or returned to the appraisal; and what the Committee asks meanwhile."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from applications import actions as applications
from applications.models import Application, AskedBy, Clarification, DocumentKind
from evaluation.actions.meetings import add_item, end_item, need
from evaluation.actions.returns import leave_agenda, leave_packet
from evaluation.agendapaper import agenda_paper
from evaluation.models import AgendaItem, Meeting, Shortlist
from evaluation.queries.agenda import decisions_of, papers_of
from evaluation.queries.committee import items_of, recused_from
from evaluation.rules import agenda as rules
from evaluation.rules.committee import may_change
from evaluation.steps import STEPS
from records import audit, papers
from records.acts import act, lock, lock_one
from records.models import Paper
from records.verdicts import Refused


def _held(item: AgendaItem) -> AgendaItem:
    """The item read anew with its file locked. The caller locks the meeting first where its agenda changes."""
    file = lock_one(Application, item.application_id)
    held = AgendaItem.objects.select_related("meeting", "row__shortlist__office").get(pk=item.pk)
    held.application = file
    return held


def _recused(user: Any, item: AgendaItem) -> bool:
    return item.application_id in recused_from(user)


@act
def put_off(item: AgendaItem, other: Meeting, reason: str, *, by: Any) -> AgendaItem:
    """Put a file off to another planned meeting, with the reason. It stays before the Committee; votes stay where they were cast."""
    lock(Meeting, item.meeting_id, other.pk)
    held, target = _held(item), Meeting.objects.get(pk=other.pk)
    need(rules.may_put_off(by, held, target, recused=_recused(by, held)))
    if not reason.strip():
        raise Refused(_("Write why the file is put off."), "reason")
    end_item(held, reason, by=by)
    made = add_item(target, held.application, held.row, annexure=held.annexure, by=by)
    facts = {"reference": held.application.reference, "from": held.meeting.number, "to": target.number}
    for meeting in (held.meeting, target):
        audit.record("meeting.put_off", meeting, by=by, note=reason.strip(), data=facts)
    return made


@act
def send_back(item: AgendaItem, reason: str, *, by: Any) -> Application:
    """Committee → appraisal, with the reason: off the agenda, its row in the shortlist marked, the paper corrected."""
    meeting, packet = lock_one(Meeting, item.meeting_id), lock_one(Shortlist, item.row.shortlist_id)
    held = _held(item)
    need(rules.may_send_back(by, held, recused=_recused(by, held)))
    if not reason.strip():
        raise Refused(_("Write why the file is returned."), "reason")
    leave_agenda(held, meeting, held.application, reason, by=by)
    leave_packet(held.row, packet, held.application, reason, by=by)
    return applications.take(held.application, STEPS["send_back"], by=by, note=reason)


@act
def issue_paper(meeting: Meeting, *, by: Any) -> Paper:
    """Issue the agenda as it stands as a paper; one of before says by which it was replaced."""
    held = lock_one(Meeting, meeting.pk)
    need(may_change(by, held))
    items = list(items_of(held))
    if not items:
        raise Refused(_("Nothing is on the agenda yet."))
    earlier = list(papers_of(held).filter(superseded_by=None))
    paper = papers.issue(agenda_paper(held, items, decisions_of(held)), subject=held, by=by)
    for old in earlier:
        papers.supersede(old, paper, by=by)
    return paper


# ---- Details sought -------------------------------------------------------------------------------------------
@act
def seek_details(
    item: AgendaItem, question: str, *, fields: Iterable[str], kinds: Iterable[DocumentKind], due_on: date, by: Any
) -> Clarification:
    """Ask the applicant for the Committee, at once; the answer brings the file back to the agenda."""
    held = _held(item)
    need(rules.may_seek_details(by, held, recused=_recused(by, held)))
    made = applications.ask(
        held.application,
        question,
        fields=fields,
        kinds=kinds,
        due_on=due_on,
        by=by,
        asked_for=AskedBy.COMMITTEE,
        step=STEPS["seek_details"],
    )
    facts = {"reference": held.application.reference, "number": made.number}
    audit.record("meeting.seek_details", held.meeting, by=by, data=facts)
    return made


@act
def end_details(item: AgendaItem, reason: str, *, by: Any) -> Application:
    """Take the question back, with the reason: the applicant is told, and the file can be decided."""
    held = _held(item)
    need(rules.may_end_details(by, held, recused=_recused(by, held)))
    if not reason.strip():
        raise Refused(_("Write why the question is taken back."), "reason")
    file = applications.take_back(held.application, STEPS["end_details"], by=by, note=reason)
    audit.record("meeting.end_details", held.meeting, by=by, note=reason.strip(), data={"reference": file.reference})
    return file
