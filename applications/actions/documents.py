"""Documents: send one, judge one."""

from typing import Any

from django.utils.translation import gettext as _

from applications import notices, rules
from applications.models import Application, DocumentKind, DocumentSlot, DocumentVersion, RejectionReason
from applications.states import DocumentState
from records import audit, files
from records.acts import act, lock_one
from records.clock import now
from records.verdicts import Refused


def receive_document(file: Application, kind: DocumentKind, upload: Any, *, by: Any) -> DocumentVersion:
    """Keep a file as the newest version of its kind; the earlier one stays, marked replaced. The same file twice is kept once.

    Reading a long PDF takes seconds, so it is read before the act: nobody waits for it at a lock.
    """
    _newest(file, kind, by)
    return _add_version(file, kind, files.examine(upload), by=by)


def _newest(file: Application, kind: DocumentKind, by: Any) -> tuple[DocumentSlot, DocumentVersion | None]:
    """The slot and the version that counts in it. Raises Refused where none may be sent."""
    slot = DocumentSlot.objects.filter(application=file, kind=kind).first()
    if slot is None:
        raise Refused(_("This document is not asked for now."))
    newest = slot.versions.order_by("-number").select_related("file").first()
    verdict = rules.may_send_document(by, file, newest)
    if not verdict:
        raise Refused(verdict.reason)
    return slot, newest


@act
def _add_version(file: Application, kind: DocumentKind, found: files.Examined, *, by: Any) -> DocumentVersion:
    held = lock_one(Application, file.pk)
    slot, newest = _newest(held, kind, by)
    if newest and newest.file.sha256 == found.sha256 and newest.state == DocumentState.RECEIVED:
        return newest
    if newest:
        DocumentVersion.objects.filter(pk=newest.pk, state=DocumentState.RECEIVED).update(state=DocumentState.REPLACED)
    version = DocumentVersion.objects.create(
        slot=slot,
        number=(newest.number if newest else 0) + 1,
        file=files.keep(found, by=by),
        state=DocumentState.RECEIVED,
        sent_by=by,
        sent_at=now(),
    )
    audit.record(
        "document.send",
        held,
        by=by,
        scope=held.office.code,
        data={"kind": kind.key, "version": version.number, "sha256": found.sha256},
    )
    return version


@act
def judge_document(
    version: DocumentVersion, *, accept: bool, by: Any, reason: str = "", note: str = ""
) -> DocumentVersion:
    """Accept a document, or reject it with a coded reason; the applicant is told the reason and sends only that one again."""
    held = lock_one(Application, version.slot.application_id)
    newest = DocumentVersion.objects.select_related("slot__kind").filter(slot=version.slot).order_by("-number")[0]
    verdict = rules.may_judge(by, held)
    if not verdict:
        raise Refused(verdict.reason)
    if newest.pk != version.pk:
        raise Refused(_("A newer version was sent meanwhile. Open that one."))
    if newest.state not in {DocumentState.RECEIVED, DocumentState.ACCEPTED, DocumentState.REJECTED}:
        raise Refused(_("This document is not ready to be judged."))
    if not accept:
        _check_reason(reason, note)
    judged = (DocumentState.ACCEPTED, "", "") if accept else (DocumentState.REJECTED, reason, note.strip())
    if (newest.state, newest.reason, newest.note) == judged and newest.judged_by_id == by.pk:
        return newest  # a second click; another reason is another judgement
    asked_again = newest.state == DocumentState.REJECTED
    newest.state, newest.reason, newest.note = judged
    newest.judged_by, newest.judged_at = by, now()
    newest.save(update_fields=["state", "reason", "note", "judged_by", "judged_at"])
    verb = "document.accept" if accept else "document.reject"
    data = {"kind": newest.slot.kind.key, "version": newest.number, "reason": newest.reason}
    audit.record(verb, held, by=by, note=newest.note, scope=held.office.code, data=data)
    if not accept:
        notices.document_rejected(held, newest)
    elif asked_again:
        notices.document_taken_after_all(held, newest)
    return newest


def _check_reason(reason: str, note: str) -> None:
    if reason not in RejectionReason.values:
        raise Refused(_("Choose the reason for the rejection."), "reason")
    if reason == RejectionReason.OTHER and not note.strip():
        raise Refused(_("Say in words why the document is rejected."), "note")
