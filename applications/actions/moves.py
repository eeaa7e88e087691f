"""The one door through which an application changes its state, and the applicant's own moves."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications import dayclock, documents, notices, queries, rules, sections
from applications.actions import contests
from applications.actions.eligibility import judge_at_submit
from applications.actions.traits import note_traits
from applications.models import Application, Clarification, Transition
from applications.states import DEAD, ENDED, State
from applications.steps import BACK, STEPS, Step
from records import audit, papers
from records.acts import SystemActor, act, lock_one
from records.clock import now
from records.verdicts import Refused

STAMPS = ("state", "since", "ended_at", "returns_to", "clock_used", "due_on")


@act
def take(
    file: Application,
    step: Step,
    *,
    by: Any,
    note: str = "",
    changes: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
) -> Application:
    """Make one move. Rooms above hand in their own steps; `changes` are columns set together with the state, `data`
    more facts for the trail.

    Locks the row, asks `rules.may` again under the lock, moves, writes transition and trail. Raises Refused.
    """
    return _carry(lock_one(Application, file.pk), step, by=by, note=note, changes=changes or {}, data=data)


def _carry(
    held: Application, step: Step, *, by: Any, note: str, changes: dict[str, Any], data: dict[str, Any] | None
) -> Application:
    """The move, of a file as the act under way has locked it."""
    verdict = rules.may(by, step, held)
    if not verdict:
        raise Refused(verdict.reason)
    if step.note_required and not note.strip():
        raise Refused(_("Write the reason."), "note")
    before = held.state
    _move(held, step, changes)
    Transition.objects.create(
        application=held,
        move=step.move,
        source=before,
        target=held.state,
        by=None if isinstance(by, SystemActor) else by,
        at=held.since,
        note=note.strip(),
    )
    audit.record(
        f"application.{step.move}",
        held,
        by=by,
        note=note.strip(),
        scope=held.office.code,
        old=before,
        new=held.state,
        data=data,
    )
    contests.after_move(held, before, changes)
    return held


def _move(file: Application, step: Step, changes: dict[str, Any]) -> None:
    """The only place that assigns an application's state, with the stamps and the clock that belong to it."""
    target = file.returns_to if step.target == BACK else step.target
    file.office = changes.get("office", file.office)  # the days are those of the office that holds it from now on
    file.clock_used, file.due_on = dayclock.carry(file, target)
    file.returns_to = file.state if State(target).clock == "paused" else ""
    file.state = target
    file.since = now()
    file.ended_at = file.since if target in ENDED else None
    for name, value in changes.items():
        setattr(file, name, value)
    file.save(update_fields=[*STAMPS, *changes])


@act
def submit(file: Application, *, by: Any, render: bool = True) -> Application:
    """Hand the file to the district office; sending it again is harmless and gives the same file back.

    Under the lock: completeness, the round's dates, eligibility (only red refuses), then the stamps, the receipt with its
    job, and the mail. With `render=False` the receipt's PDF is made when somebody first asks for it.
    """
    held = lock_one(Application, file.pk)
    if held.submitted_at and held.state not in DEAD and rules.is_member(by, held):
        return held
    with sections.read_once(held):
        verdict = rules.may(by, STEPS["submit"], held)
        if not verdict:
            raise Refused(verdict.reason)
        judge_at_submit(held, by=by)
        content = documents.content_of(held, by.language)
        changes = {
            "submitted_at": now(),
            "udyam_number": held.profile.udyam_number,
            "contested": queries.others_with_the_same_number(held).exists(),
            "submitted_hash": documents.content_hash(held.reference, content),
        }
        held = take_with_number(held, STEPS["submit"], changes, by=by)
        note_traits(held)
    earlier = list(papers.papers_about(held, "owner").filter(kind=documents.Receipt.kind, superseded_by=None))
    paper = papers.issue(documents.receipt(held, by.language, content), subject=held, by=by, render=render)
    for old in earlier:  # of before a recall: kept, and says that a later one replaces it
        papers.supersede(old, paper, by=by)
    notices.received(held, paper, to=by)
    return held


def take_with_number(
    file: Application,
    step: Step,
    changes: dict[str, Any],
    *,
    by: Any,
    data: dict[str, Any] | None = None,
    note: str = "",
) -> Application:
    """Move a locked file whose Udyam number is set. Where another file with the same number was handed in at the same moment,
    this one is contested: the constraint finds out what the question before could not see, and nobody is told of the other.
    """
    try:
        with transaction.atomic():
            return _carry(file, step, by=by, note=note, changes=changes, data=data)
    except IntegrityError:
        if changes.get("contested", True):
            raise
    return take(file, step, by=by, note=note, changes={**changes, "contested": True}, data=data)


@act
def recall(file: Application, *, by: Any) -> Application:
    """Take a submitted file back to change it, until the DIC takes it up. Its number stays; the old receipt is kept."""
    changes = {"submitted_at": None, "udyam_number": "", "contested": False, "submitted_hash": ""}
    return take(file, STEPS["recall"], by=by, changes=changes)


@act
def withdraw(file: Application, *, by: Any, note: str) -> Application:
    """Give an application up before a decision, with the reason. The enterprise may apply again in the round.

    A question that is still open ends with it.
    """
    held = take(file, STEPS["withdraw"], by=by, note=note)
    for question in Clarification.objects.open().filter(application=held):
        question.closed_by, question.closed_at, question.closed_note = by, now(), note.strip()
        question.save(update_fields=["closed_by", "closed_at", "closed_note"])
    return held
