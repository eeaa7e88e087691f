"""Who is told what."""

from typing import Any

from applications.models import Application, Clarification, DocumentVersion
from applications.to_do import tasks_of
from records import outbox
from records.models import Paper


def received(file: Application, paper: Paper, *, to: Any) -> None:
    """The acknowledgement, in the sender's language."""
    context = {"reference": file.reference, "date": file.submitted_at, "office": file.office, "receipt": paper.number}
    outbox.send(to, kind="application.received", template="application_received", context=context, subject=file)


def document_taken_after_all(file: Application, version: DocumentVersion) -> None:
    """A rejected document was accepted: it need not be sent again; what else is to be done."""
    context = {"reference": file.reference, "kind": version.slot.kind, "to_do": tasks_of(file)}
    for member in file.enterprise.members.select_related("user"):
        outbox.send(member.user, kind="document.accepted", template="document_accepted", context=context, subject=file)


def document_rejected(file: Application, version: DocumentVersion) -> None:
    """Which document is asked again and why, to everybody who may act for the enterprise."""
    for member in file.enterprise.members.select_related("user"):
        context = {"reference": file.reference, "version": version, "kind": version.slot.kind}
        outbox.send(member.user, kind="document.rejected", template="document_rejected", context=context, subject=file)


def document_infected(file: Application, version: DocumentVersion) -> None:
    """Which document holds a virus and is to be sent anew, to everybody who may act for the enterprise."""
    for member in file.enterprise.members.select_related("user"):
        context = {"reference": file.reference, "kind": version.slot.kind}
        outbox.send(member.user, kind="document.infected", template="document_infected", context=context, subject=file)


def asked(file: Application, question: Clarification) -> None:
    """The question, by when it is to be answered and where, to everybody who may act for the enterprise."""
    _about(file, question, "clarification.asked", "clarification_asked")


def reminded(file: Application, question: Clarification) -> None:
    """The same once more, because no answer came."""
    _about(file, question, "clarification.reminded", "clarification_reminded")


def closed_unanswered(file: Application, question: Clarification) -> None:
    """The application is closed: the question was not answered."""
    _about(file, question, "clarification.closed", "clarification_closed")


def taken_back(file: Application, question: Clarification) -> None:
    """The question need not be answered any more."""
    _about(file, question, "clarification.taken_back", "clarification_taken_back", to_do=tasks_of(file))


def _about(file: Application, question: Clarification, kind: str, template: str, **more: Any) -> None:
    context = {"reference": file.reference, "question": question, "office": file.office, **more}
    for member in file.enterprise.members.select_related("user"):
        outbox.send(member.user, kind=kind, template=template, context=context, subject=file)
