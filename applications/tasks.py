"""How this room's papers are printed and who may read them; reminders of questions that wait for an answer."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications import actions, queries
from applications.actions.contests import OUT, look_again
from applications.models import Application, Clarification, Transition
from records import jobs, papers, scanner
from records.acts import system
from records.models import Job, Paper, StoredFile


def _context(snapshot: dict[str, Any]) -> dict[str, Any]:
    return {"receipt": snapshot}


def _may_see(user: Any, paper: Paper) -> bool:
    reference = paper.subject.partition(":")[2]
    return Application.objects.visible_to(user).filter(reference=reference).exists()


SINCE = {
    "recall": (_("Recalled"), _("The enterprise took the application back after this receipt.")),
    "withdraw": (_("Withdrawn"), _("The enterprise gave the application up after this receipt.")),
}


def _overtaken(paper: Paper) -> papers.Overtaken | None:
    """A receipt whose application was recalled or withdrawn since. Of what the office did nothing is said here."""
    reference = paper.subject.partition(":")[2]
    own = Transition.objects.filter(application__reference=reference, at__gte=paper.issued_at)
    last = own.filter(move__in=SINCE).order_by("-at", "-pk").first()
    return papers.Overtaken(*SINCE[last.move], last.at) if last else None


papers.register(
    "application.receipt",
    template="documents/receipt.html",
    context=_context,
    may_see=_may_see,
    title=_("Acknowledgement of application"),
    overtaken=_overtaken,
)


@jobs.handler("applications.reminders", title=_("Looking for reminders that are due"))
def reminders(_job: Job) -> None:
    """Look through the questions that wait: a job for each, so that one that fails holds up no other."""
    for key in Clarification.objects.open().values_list("pk", flat=True):
        jobs.enqueue("applications.remind", payload={"clarification": key}, priority=9)


@jobs.handler("applications.remind", title=_("Reminding an applicant of a question"))
def remind(job: Job) -> None:
    """Send the reminder of one question, if it is due today. Harmless when run again."""
    question = Clarification.objects.filter(pk=job.payload["clarification"]).first()
    if question is not None:
        actions.remind(question, by=system("reminders"))


@jobs.handler("applications.contests", title=_("Looking again at files with the same Udyam number"))
def contests(job: Job) -> None:
    """A file came to or left its number: look again at each file that is held, or states the same. Harmless when run again."""
    file = Application.objects.filter(pk=job.payload["application"]).first()
    if file is None:
        return
    held = Application.objects.filter(round=file.round_id, contested=True).exclude(state__in=OUT)
    for one in {*held, *queries.others_with_the_same_number(file), file}:
        look_again(one, by=system("contests"))


def _scanned(file: StoredFile) -> None:
    actions.document_scanned(file, by=system("scanner"))


scanner.tell(_scanned)
jobs.repeat("applications.reminders", every=timedelta(hours=6))
