"""A number stated in two files of a round: settle whose it is; look again when a file comes or goes."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from applications import queries, rules
from applications.actions.traits import note_traits
from applications.models import Application, Outcome, Settlement
from applications.states import BEFORE_SUBMIT, DEAD, State
from records import audit, jobs
from records.acts import SystemActor, act, lock
from records.clock import now
from records.formats import moment
from records.verdicts import Refused

# Before its marks stand, the other file can be held in its turn; after that only a return to the appraisal helps.
HOLDABLE = frozenset({State.SUBMITTED, State.SCRUTINY, State.CLARIFICATION, State.APPRAISAL})
RETURNABLE = frozenset({State.APPRAISED, State.SHORTLISTED, State.NOT_SHORTLISTED, State.COMMITTEE})
OUT = frozenset({*BEFORE_SUBMIT, *DEAD, State.INELIGIBLE})  # contends with nobody


@act
def settle(file: Application, other: Application, outcome: str, reason: str, *, by: Any) -> Settlement:
    """Say, with the certificates before one, whose the number is. Raises Refused; then neither file is changed.

    THIS: this file goes on, the other is held in its turn, for its own DIC. DIFFERENT: both go on, where only the PAN is
    the same. OTHER: this file stays held until it is found ineligible, which the room above proposes in the same act.
    """
    held, opposite = _locked(file, other)
    _need_open(held, opposite, by)
    if outcome not in Outcome.values:
        raise Refused(_("Choose what the certificates show."), "outcome")
    if not reason.strip():
        raise Refused(_("Write what the certificates show."), "reason")
    if outcome == Outcome.DIFFERENT and queries.same_udyam(held, opposite):
        sentence = _(
            "Both state the same Udyam number, so they cannot be different enterprises: ask one to correct it."
        )
        raise Refused(sentence, "outcome")
    if outcome == Outcome.THIS:
        _hold(opposite, held, by)
    said = Settlement.objects.create(
        application=held, other=opposite, outcome=outcome, reason=reason.strip(), by=by, at=now()
    )
    for one, facing in ((held, opposite), (opposite, held)):
        data = {"outcome": outcome, "application": held.reference, "other": opposite.reference}
        note = said.reason if one is held else facing.reference
        audit.record("application.settle", one, by=by, note=note, scope=one.office.code, data=data)
        _free(one, by)
        note_traits(one)
    return said


def _locked(*files: Application) -> list[Application]:
    """The files, locked in the order of keys together with those that are out of the round under the same Udyam number."""
    numbers = {file.udyam_number for file in files} - {""}
    out = Application.objects.filter(round=files[0].round_id, udyam_number__in=numbers, state=State.INELIGIBLE)
    rows = {row.pk: row for row in lock(Application, *(file.pk for file in files), *out.values_list("pk", flat=True))}
    return [rows[file.pk] for file in files]


def _need_open(held: Application, opposite: Application, by: Any) -> None:
    verdict = rules.may_settle(by, held)
    if not verdict:
        raise Refused(verdict.reason)
    if not held.contested or opposite.pk not in {one.pk for one in queries.contenders(held)}:
        raise Refused(_nothing_left(held, opposite))
    if rules.is_member(by, opposite):
        raise Refused(str(rules.OWN_CASE))


def _nothing_left(held: Application, opposite: Application) -> str:
    """Why there is nothing to settle between the two: somebody was faster, or the other left."""
    said = Settlement.objects.filter(application=held, other=opposite).order_by("at", "pk").last()
    if said is None:
        return _("Nothing is left to settle: the other application no longer stands against this file.")
    return _("%(who)s settled this on %(when)s: %(outcome)s.") % {
        "who": said.by.role_label,
        "when": moment(said.at),
        "outcome": said.get_outcome_display(),
    }


def _hold(file: Application, rightful: Application, by: Any) -> None:
    """Hold the file whose number was found to be another's. Refused where its marks stand already."""
    words = {"reference": file.reference, "state": file.current.label, "office": file.office.name}
    if file.state in RETURNABLE:
        raise Refused(
            _(
                "%(reference)s is: %(state)s. It can be held again only during its appraisal: ask the General Manager "
                "of %(office)s to return it there, then settle this."
            )
            % words,
            "outcome",
        )
    if file.state not in HOLDABLE:
        sentence = _("%(reference)s is: %(state)s. Write to the Directorate: only there it can still be changed.")
        raise Refused(sentence % words, "outcome")
    if not file.contested:
        file.contested = True
        file.save(update_fields=["contested"])
        data = {"other": rightful.reference}
        audit.record("application.hold", file, by=by, scope=file.office.code, data=data)


def _free(file: Application, by: Any) -> bool:
    """Let a file go on where nobody stands against it any more. Whether it was held until now.

    A file that is out of the round keeps its number for the constraint; it becomes the contested one, so that it is held
    should it ever come back.
    """
    if not file.contested or file.state in OUT or queries.contenders(file):
        return False
    number = file.udyam_number
    same = Application.objects.filter(round=file.round_id, udyam_number=number, contested=False).exclude(pk=file.pk)
    if number:
        same.filter(state=State.INELIGIBLE).update(contested=True)
    file.contested = False
    file.save(update_fields=["contested"])
    audit.record("application.free", file, by=by, scope=file.office.code)
    if file.state == State.APPRAISAL:  # its evaluations may be settled, and waited for this
        jobs.enqueue("evaluation.appraise", file, payload={"application": file.pk}, priority=1)
    return True


@act
def look_again(file: Application, *, by: SystemActor) -> bool:
    """A file with the same number came or went: free this one where nothing holds it, and count its flags anew.

    Whether it was freed. Harmless when run again.
    """
    held = _locked(file)[0]
    freed = _free(held, by)
    if held.state not in BEFORE_SUBMIT:
        note_traits(held)
    return freed


def after_move(file: Application, before: str, changed: Collection[str]) -> None:
    """Inside the act that moved a file: hold one that comes back to its number, and look again at those it contends with.

    A file found ineligible contended with nobody; reinstated, it does again. The others are looked at by a job: each is
    an act of its own, so that two files of one number are never locked in turn.
    """
    if before == State.INELIGIBLE and not file.contested and queries.contenders(file):
        file.contested = True
        file.save(update_fields=["contested"])
        audit.record("application.hold", file, by=SystemActor("contests"), scope=file.office.code)
    if file.state in OUT or before in OUT or "contested" in changed:
        contested = Application.objects.filter(round=file.round_id, contested=True)
        if file.contested or contested.exclude(pk=file.pk).exists():
            jobs.enqueue("applications.contests", file, payload={"application": file.pk})
