"""May this person make this move with this file? The button, the 403 page, the action and the tests ask here."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from applications.models import Application, DocumentVersion, EnterpriseMember
from applications.states import BEFORE_SUBMIT, UNDECIDED, DocumentState, State
from applications.steps import Reach, Step
from records.acts import SystemActor, once
from records.verdicts import ALLOWED, Verdict, refuse

OWN_CASE = gettext_lazy("You act for this enterprise: another officer does this.")


def may(user: Any, step: Step, file: Application) -> Verdict:
    """State first, then permission and reach, then the step's own guard; the reason is fit to show."""
    if file.state not in step.sources:
        label = file.current.applicant_label if _outside(user) else file.current.label
        return refuse(_("This cannot be done now. The file is: %(state)s.") % {"state": label})
    within = reaches(user, step, file)
    return step.guard(file) if within else within


def reaches(user: Any, step: Step, file: Application) -> Verdict:
    """Whether the person's post, or membership, carries the step's permission as far as this file."""
    if step.reach is Reach.SYSTEM or isinstance(user, SystemActor):
        ok = step.reach is Reach.SYSTEM and isinstance(user, SystemActor)
        return ALLOWED if ok else refuse(_("This step is made by the portal itself, not by a person."))
    if step.reach is Reach.OWN_FILE:
        if user.has(Permission.OWN_FILE) and is_member(user, file):
            return ALLOWED
        return refuse(_("Only the enterprise can do this with its own application."))
    if not user.has(step.permission):
        return refuse(_("Your post does not allow this step."))
    if step.reach is Reach.OWN_OFFICE and not user.has(step.permission, file.office):
        return refuse(_("This file lies with another office: %(office)s.") % {"office": file.office.name})
    return refuse(OWN_CASE) if is_member(user, file) else ALLOWED


def is_member(user: Any, file: Application) -> bool:
    """Whether the person may act for the enterprise. One query an act, or none where it was read with its members."""
    if _read_with_members(file):
        return any(member.user_id == user.pk for member in file.enterprise.members.all())
    return once(
        ("member", file.enterprise_id, user.pk),
        lambda: EnterpriseMember.objects.filter(enterprise=file.enterprise_id, user=user.pk).exists(),
    )


def _read_with_members(file: Any) -> bool:
    if not isinstance(file, Application):
        return True
    cached = Application.enterprise.is_cached(file)
    return cached and "members" in getattr(file.enterprise, "_prefetched_objects_cache", {})


def _outside(user: Any) -> bool:
    return not isinstance(user, SystemActor) and user.is_applicant


def may_edit(user: Any, file: Application) -> Verdict:
    """Whether sections may be changed: by the enterprise, while the file is a draft of an open round."""
    if not (user.has(Permission.OWN_FILE) and is_member(user, file)):
        return refuse(_("Only the enterprise can change its application."))
    if file.current.clock == "paused":
        return refuse(_("Only what you were asked for can be changed now, on the page of the question."))
    if file.state != "draft":
        return refuse(_("The application was sent; it can be read but not changed."))
    if not file.round.is_open:
        return refuse(_("The round is closed; the application can be read but not changed."))
    return ALLOWED


# While a document of the file is judged, or the file is with the applicant in between: it may come back from another office.
JUDGED_IN = frozenset({State.SUBMITTED, State.SCRUTINY, State.APPRAISAL, State.CLARIFICATION, State.COMMITTEE_DETAILS})


def is_to_be_sent_again(file: Application, newest: DocumentVersion | None) -> bool:
    """Whether the newest version of a document was rejected, or holds a virus, and another may be sent in its place.

    A virus may be found late: nobody has opened that version, so it is replaced until the decision.
    """
    if newest is None:
        return False
    if newest.state == DocumentState.INFECTED:
        return file.state in UNDECIDED - BEFORE_SUBMIT
    return newest.state == DocumentState.REJECTED and file.state in JUDGED_IN


def may_send_document(user: Any, file: Application, newest: Any, *, named: bool = False) -> Verdict:
    """In a draft any document; later in place of one that was rejected or infected, or one a question names.

    `named`: the question that is open asks for this kind.
    """
    if file.state == "draft":
        return may_edit(user, file)
    if not (user.has(Permission.OWN_FILE) and is_member(user, file)):
        return refuse(_("Only the enterprise can change its application."))
    if is_to_be_sent_again(file, newest):
        return ALLOWED
    if file.current.clock == "paused":
        return ALLOWED if named else refuse(_("Only the documents you were asked for can be sent now."))
    return refuse(_("Only a rejected document can be replaced now, while your DIC checks the papers."))


def may_answer(user: Any, file: Application) -> Verdict:
    """Whether the fields a question opened may be changed: by the enterprise, while the file is with it."""
    if not (user.has(Permission.OWN_FILE) and is_member(user, file)):
        return refuse(_("Only the enterprise can change its application."))
    if file.current.clock != "paused":
        return refuse(_("No question is open: what was sent can be read but not changed."))
    return ALLOWED


def may_read_answer(user: Any, file: Application) -> Verdict:
    """Whether the person may mark an answer as read: whoever may ask, at the file's office."""
    if not user.has(Permission.ASK, file.office):
        return refuse(_("Your post does not allow this step."))
    return refuse(OWN_CASE) if is_member(user, file) else ALLOWED


def may_open(user: Any, version: DocumentVersion) -> bool:
    """Whether a document may be opened by who may read its file: an office opens none that is not scanned, or infected."""
    return bool(user.is_applicant) or version.state not in {DocumentState.AWAITING_SCAN, DocumentState.INFECTED}


def may_settle(user: Any, file: Application) -> Verdict:
    """Settle a contested number: an officer of the office that holds the file, once it is taken up and until it is appraised."""
    if not user.has(Permission.SCRUTINISE, file.office):
        return refuse(_("Only an officer of %(office)s settles this.") % {"office": file.office.name})
    if is_member(user, file):
        return refuse(OWN_CASE)
    if file.state == "submitted":
        return refuse(_("Take the file up first."))
    if file.state not in {"scrutiny", "clarification", "appraisal"}:
        return refuse(_("This cannot be done now. The file is: %(state)s.") % {"state": file.current.label})
    return ALLOWED


def may_judge(user: Any, file: Application) -> Verdict:
    """Whether the person may accept or reject documents of this file now."""
    if file.state not in {"scrutiny", "appraisal"}:
        return refuse(_("Documents are judged during scrutiny and appraisal."))
    if not user.has(Permission.SCRUTINISE, file.office):
        return refuse(_("Your post does not allow this step."))
    return refuse(OWN_CASE) if is_member(user, file) else ALLOWED
