"""Who is told what."""

from typing import Any

from applications.models import Application, DocumentVersion
from records import outbox
from records.models import Paper


def received(file: Application, paper: Paper, *, to: Any) -> None:
    """The acknowledgement, in the sender's language."""
    context = {"reference": file.reference, "date": file.submitted_at, "office": file.office, "receipt": paper.number}
    outbox.send(to, kind="application.received", template="application_received", context=context, subject=file)


def document_taken_after_all(file: Application, version: DocumentVersion) -> None:
    """A rejected document was accepted: nothing need be sent again."""
    for member in file.enterprise.members.select_related("user"):
        context = {"reference": file.reference, "kind": version.slot.kind}
        outbox.send(member.user, kind="document.accepted", template="document_accepted", context=context, subject=file)


def document_rejected(file: Application, version: DocumentVersion) -> None:
    """Which document is asked again and why, to everybody who may act for the enterprise."""
    for member in file.enterprise.members.select_related("user"):
        context = {"reference": file.reference, "version": version, "kind": version.slot.kind}
        outbox.send(member.user, kind="document.rejected", template="document_rejected", context=context, subject=file)
