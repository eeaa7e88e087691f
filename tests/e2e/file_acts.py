"""What the back room does with one file, by the rooms' own acts, where a journey has shown the page of it already."""

from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from applications import demo as applicants
from applications.actions import receive_documents
from applications.models import Application, DocumentKind, DocumentSlot, DocumentVersion, Round
from applications.states import DocumentState
from districts.models import District
from evaluation import actions, demo_desk
from evaluation.models import Assessment
from evaluation.queries import verified_values
from records.models import Paper
from tests.e2e.judging import MARKS, SEEN


def _place() -> tuple[Round, District]:
    return Round.objects.get(number=3), District.objects.get(code="EKM")


def _owner(number: int, rng: Random) -> User:
    owner = applicants.owner(number, rng)
    owner.language = "en"
    owner.save(update_fields=["language"])
    return owner


def handed_in(numbers: list[int]) -> list[str]:
    """Files of Ernakulam as the demonstration's owners hand them in, who read English: their application numbers."""
    made = []
    for number in numbers:
        rng = Random(number)
        made.append(applicants.submitted(*_place(), rng, by=_owner(number, rng)))
    return [file.reference for file in made]


def complete(number: int) -> str:
    """A draft of Ernakulam in which nothing is missing: its application number."""
    rng = Random(number)
    return applicants.complete(*_place(), rng, by=_owner(number, rng)).reference


def malayalam_name(reference: str) -> str:
    """The enterprise's."""
    return Application.objects.get(reference=reference).enterprise.name_ml


def accept_and_verify_the_rest(reference: str) -> None:
    """The officer accepts every document that waits, and verifies every figure that is not verified."""
    file = Application.objects.get(reference=reference)
    waiting = DocumentVersion.objects.filter(slot__application=file, state=DocumentState.RECEIVED)
    actions.accept_documents(list(waiting), by=file.officer)
    known = verified_values(file)
    left = {key: value for key, value in demo_desk._findings(file, Random(1)).items() if key not in known}
    actions.verify_figures(file, left, dict.fromkeys(left, "Balance sheet, page 2"), by=file.officer)


def mark_and_lock(reference: str, email: str) -> None:
    """An evaluator accepts the assignment, marks every criterion as `judging.mark` does, and locks."""
    evaluator = User.objects.get(email=email)
    given = {key: actions.Given(mark=int(mark), justification=SEEN) for key, mark in MARKS.items()}
    row = Assessment.objects.get(application__reference=reference, evaluator=evaluator)
    held = actions.accept_assessment(row, by=evaluator)
    actions.lock_marks(held, given, version=held.version, by=evaluator)


def send_the_rest(reference: str) -> None:
    """The owner sends every document that is still missing."""
    file = Application.objects.get(reference=reference)
    sent = DocumentSlot.objects.filter(application=file, versions__isnull=False).values("kind")
    missing = DocumentKind.objects.filter(key__in=file.round.required_documents).exclude(pk__in=sent)
    uploads = {
        kind: SimpleUploadedFile(f"{kind.key}.pdf", applicants.paper(f"{reference} {kind.key}"), "application/pdf")
        for kind in missing
    }
    receive_documents(file, uploads, by=file.filed_by)


def say_of_paper(number: str, state: str) -> None:
    """Let a paper's row say this of its PDF, as it does while a worker is busy."""
    Paper.objects.filter(number=number).update(state=state)
