"""Choices beside the ranks, made in a draft packet: take a file out of its rank, or pass one over. The ranks stay."""

from typing import Any

from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.models import Pick, Shortlist
from evaluation.queries.picks import pick_verdict, undo_verdict
from evaluation.states import Recommendation
from records import audit
from records.acts import act, lock_one
from records.clock import now
from records.verdicts import Refused


@act
def pick(packet: Shortlist, file: Application, recommendation: str, reason: str, *, by: Any) -> Pick:
    """Choose for a file otherwise than its rank does, with the reason that is printed under its row."""
    held = lock_one(Shortlist, packet.pk)
    verdict = pick_verdict(by, held, file, recommendation)
    if not verdict:
        raise Refused(verdict.reason)
    if not reason.strip():
        raise Refused(_("Write the reason: it is printed on the shortlist."), field="reason")
    made = Pick.objects.create(
        shortlist=held,
        application=file,
        recommendation=Recommendation(recommendation),
        reason=reason.strip(),
        by=by,
        at=now(),
    )
    facts = {"reference": file.reference, "recommendation": str(made.recommendation)}
    audit.record("shortlist.pick", held, by=by, note=reason.strip(), scope=held.office.code, data=facts)
    return made


@act
def undo_pick(packet: Shortlist, file: Application, *, by: Any) -> None:
    """Let the rank of a file decide again. What was chosen stays in the trail."""
    held = lock_one(Shortlist, packet.pk)
    verdict = undo_verdict(by, held, file)
    if not verdict:
        raise Refused(verdict.reason)
    Pick.objects.filter(shortlist=held, application=file).delete()
    audit.record("shortlist.undo_pick", held, by=by, scope=held.office.code, data={"reference": file.reference})
