"""Documents: send one, judge one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from applications import clarifications, notices, rules
from applications.models import (
    Application,
    ClarificationItem,
    DocumentKind,
    DocumentSlot,
    DocumentVersion,
    RejectionReason,
)
from applications.states import DocumentState, State
from records import audit, files, scanner
from records.acts import act, lock_one
from records.clock import now
from records.models import StoredFile
from records.verdicts import Refused, Verdict

NOT_JUDGED = (DocumentState.RECEIVED, DocumentState.AWAITING_SCAN)


def receive_document(file: Application, kind: DocumentKind, upload: Any, *, by: Any) -> DocumentVersion:
    """Keep a file as the newest version of its kind; the earlier one stays, marked replaced. The same file twice is kept once,
    except as the answer to a question: sent again, it is the answer.
    """
    return receive_documents(file, {kind: upload}, by=by)[0]


def receive_documents(file: Application, uploads: Mapping[DocumentKind, Any], *, by: Any) -> list[DocumentVersion]:
    """The same with a file for each of several kinds: all of them are kept, or none.

    Reading a long PDF takes seconds, so it is read before the act: nobody waits for it at a lock.
    """
    if file.state == State.DRAFT:  # of a draft it is no matter what was sent before
        _need(rules.may_send_document(by, file, None))
    else:
        _newest(file, uploads, by)
    return _add_versions(file, {kind: files.examine(upload) for kind, upload in uploads.items()}, by=by)


@act
def document_scanned(file: StoredFile, *, by: Any) -> None:
    """The scanner has answered: the document opens to the office, or it is infected and the enterprise is told to send another."""
    version = DocumentVersion.objects.filter(file=file).select_related("slot__kind").first()
    if version is None:
        return
    held = lock_one(Application, version.slot.application_id)
    bad = file.scan == scanner.INFECTED
    state = DocumentState.INFECTED if bad else DocumentState.RECEIVED
    waiting = DocumentVersion.objects.filter(pk=version.pk, state=DocumentState.AWAITING_SCAN)
    if waiting.update(state=state) and bad:
        data = {"kind": version.slot.kind.key, "version": version.number}
        audit.record("document.infected", held, by=by, scope=held.office.code, data=data)
        notices.document_infected(held, version)


def _need(verdict: Verdict) -> None:
    if not verdict:
        raise Refused(verdict.reason)


@dataclass(frozen=True)
class _Place:
    """Where a file goes: the slot, the version that counts in it, and what a question asks of it."""

    slot: DocumentSlot
    newest: DocumentVersion | None
    asked: ClarificationItem | None

    @property
    def there(self) -> DocumentVersion:
        """The version that counts, where there is one."""
        assert self.newest is not None  # noqa: S101 -- for the type checker: asked where `holds` said so
        return self.newest

    def holds(self, found: files.Examined) -> bool:
        """Whether the same file is there already, and is no answer that a question waits for."""
        newest, asked = self.newest, self.asked
        if newest is None or newest.file.sha256 != found.sha256 or newest.state not in NOT_JUDGED:
            return False
        return asked is None or newest.number > asked.version_asked


def _newest(file: Application, kinds: Collection[DocumentKind], by: Any) -> dict[int, _Place]:
    """The place of each kind, by the kind's key. Raises Refused where none may be sent."""
    versions = Prefetch("versions", DocumentVersion.objects.select_related("file"))
    slots = {slot.kind_id: slot for slot in file.slots.filter(kind__in=kinds).prefetch_related(versions)}
    named = clarifications.documents_named(file)
    found = {}
    for kind in kinds:
        slot, asked = slots.get(kind.pk), named.get(kind.pk)
        if slot is None:
            raise Refused(_("This document is not asked for now."))
        newest = max(slot.versions.all(), key=lambda version: version.number, default=None)
        _need(rules.may_send_document(by, file, newest, named=asked is not None))
        found[kind.pk] = _Place(slot, newest, asked)
    return found


@act
def _add_versions(file: Application, found: Mapping[DocumentKind, files.Examined], *, by: Any) -> list[DocumentVersion]:
    held = lock_one(Application, file.pk)
    places = _newest(held, found, by)
    new = {kind: one for kind, one in found.items() if not places[kind.pk].holds(one)}
    stored = files.keep_all(new.values(), by=by)
    made = {kind.pk: _version(held, places[kind.pk], kind, one, by) for kind, one in zip(new, stored, strict=True)}
    DocumentVersion.objects.bulk_create(made.values())
    return [made.get(kind.pk) or places[kind.pk].there for kind in found]


def _version(held: Application, place: _Place, kind: DocumentKind, file: StoredFile, by: Any) -> DocumentVersion:
    """The next version in its place, not yet saved."""
    newest = place.newest
    if newest:
        DocumentVersion.objects.filter(pk=newest.pk, state__in=NOT_JUDGED).update(state=DocumentState.REPLACED)
    number = (newest.number if newest else 0) + 1
    data = {"kind": kind.key, "version": number, "sha256": file.sha256}
    audit.record("document.send", held, by=by, scope=held.office.code, data=data)
    state = DocumentState.AWAITING_SCAN if file.scan == scanner.AWAITING else DocumentState.RECEIVED
    return DocumentVersion(slot=place.slot, number=number, file=file, state=state, sent_by=by, sent_at=now())


@act
def judge_document(
    version: DocumentVersion, *, accept: bool, by: Any, reason: str = "", note: str = ""
) -> DocumentVersion:
    """Accept a document, or reject it with a coded reason; the applicant is told the reason and sends only that one again."""
    return judge_documents([version], accept=accept, by=by, reason=reason, note=note)[0]


@act
def judge_documents(
    versions: Sequence[DocumentVersion], *, accept: bool, by: Any, reason: str = "", note: str = ""
) -> list[DocumentVersion]:
    """The same with several documents of one file: all of them are judged, or none."""
    held = lock_one(Application, versions[0].slot.application_id)
    slots = [version.slot_id for version in versions]
    sent = DocumentVersion.objects.filter(slot__in=slots, slot__application=held).select_related("slot__kind")
    newest = {version.slot_id: version for version in sent.order_by("number")}
    _need(rules.may_judge(by, held))
    if not accept:
        _check_reason(reason, note)
    judged = DocumentState.ACCEPTED if accept else DocumentState.REJECTED
    told: list[Callable[[], None] | None] = []
    for version in versions:
        newest[version.slot_id].slot.application = held  # as it is locked: whoever judged goes on with it
        one = newest[version.slot_id]
        told.append(_judge(held, one, version, (judged, *(("", "") if accept else (reason, note.strip()))), by))
    for tell in filter(None, told):  # after all of them: a mail says what is left to do
        tell()
    return [newest[version.slot_id] for version in versions]


def _judge(
    held: Application, newest: DocumentVersion, meant: DocumentVersion, judged: tuple[DocumentState, str, str], by: Any
) -> Callable[[], None] | None:
    """Write what was said of a document, where it is still the one that was meant; whom to tell then, if anybody.

    `judged`: state, reason, note.
    """
    if newest.pk != meant.pk:
        raise Refused(_("A newer version was sent meanwhile. Open that one."))
    if newest.state not in {DocumentState.RECEIVED, DocumentState.ACCEPTED, DocumentState.REJECTED}:
        raise Refused(_("This document is not ready to be judged."))
    if (newest.state, newest.reason, newest.note) == judged and newest.judged_by_id == by.pk:
        return None  # a second click; another reason is another judgement
    asked_again = newest.state == DocumentState.REJECTED
    newest.state, newest.reason, newest.note = judged
    newest.judged_by, newest.judged_at = by, now()
    newest.save(update_fields=["state", "reason", "note", "judged_by", "judged_at"])
    rejected = newest.state == DocumentState.REJECTED
    data = {"kind": newest.slot.kind.key, "version": newest.number, "reason": newest.reason}
    verb = "document.reject" if rejected else "document.accept"
    audit.record(verb, held, by=by, note=newest.note, scope=held.office.code, data=data)
    if rejected:
        return partial(notices.document_rejected, held, newest)
    return partial(notices.document_taken_after_all, held, newest) if asked_again else None


def _check_reason(reason: str, note: str) -> None:
    if reason not in RejectionReason.values:
        raise Refused(_("Choose the reason for the rejection."), "reason")
    if reason == RejectionReason.OTHER and not note.strip():
        raise Refused(_("Say in words why the document is rejected."), "note")
