"""Hand a whole desk over in one act: the files somebody holds, and the evaluations that wait for that person."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application
from districts.models import Office
from evaluation.actions.superseding import supersede
from evaluation.queries.handover import files_held, open_evaluations
from evaluation.rules.handover import may_hand_over, may_hold, may_receive
from records import audit
from records.acts import act, lock
from records.verdicts import Refused


@dataclass
class Handed:
    """What was done: references of files that moved and of files whose evaluation was released, and what stayed and why."""

    files: list[str] = field(default_factory=list)
    evaluations: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)


@act
def hand_over(office: Office, person: User, to: User, reason: str, *, by: Any) -> Handed:
    """Give every live file of one person to another officer, also those the applicant holds and what will come back.

    Open evaluations of the person end with the reason, so that another evaluator can be named; locked marks stay.
    A file whose enterprise the new holder acts for stays where it is.
    """
    for verdict in (may_hand_over(by, office), may_receive(to, office, before=person.pk)):
        if not verdict:
            raise Refused(verdict.reason, "to")
    if not reason.strip():
        raise Refused(_("Write the reason."), "reason")
    files, named = files_held(office, person), open_evaluations(office, person)
    keys = {*files.values_list("pk", flat=True), *named.values_list("application_id", flat=True)}
    locked = [file.pk for file in lock(Application, *keys)]
    handed = Handed()
    for file in files.filter(pk__in=locked).prefetch_related("enterprise__members"):
        _give(file, to, reason.strip(), handed, by=by)
    for assessment in named.filter(application__in=locked):
        try:
            supersede(assessment, reason, by=by)
            handed.evaluations.append(assessment.application.reference)
        except Refused as refusal:
            handed.skipped.append((assessment.application.reference, refusal.reason))
    if not (handed.files or handed.evaluations or handed.skipped):
        raise Refused(_("Nothing lies on this desk any more."))
    _note(office, person, to, reason.strip(), handed, by=by)
    return handed


def _give(file: Application, to: User, reason: str, handed: Handed, *, by: Any) -> None:
    """One file, already locked."""
    verdict = may_hold(to, members={member.user_id for member in file.enterprise.members.all()})
    if not verdict:
        handed.skipped.append((file.reference, str(verdict.reason)))
        return
    before, file.officer = file.officer_id, to
    file.save(update_fields=["officer"])
    data = {"from": before, "to": to.pk}
    audit.record("application.hand_over", file, by=by, note=reason, scope=file.office.code, data=data)
    handed.files.append(file.reference)


def _note(office: Office, person: User, to: User, reason: str, handed: Handed, *, by: Any) -> None:
    """One line for the whole desk, where anything moved."""
    if not (handed.files or handed.evaluations):
        return
    data = {
        "from": person.pk,
        "to": to.pk,
        "files": len(handed.files),
        "evaluations": len(handed.evaluations),
        "skipped": [reference for reference, _why in handed.skipped],
    }
    audit.record("desk.hand_over", office, by=by, note=reason, scope=office.code, data=data)
