"""A contested number at the desk: open the other's certificate, settle whose the number is."""

from typing import Any

from django.utils.translation import gettext as _

from applications.actions import contests
from applications.models import Application, DocumentVersion, Outcome, Settlement
from evaluation.actions.ineligible import propose
from evaluation.models import Ineligibility
from evaluation.queries.conflicts import conflict_verdict
from evaluation.queries.ineligible import NUMBER_OF_ANOTHER
from records import audit
from records.acts import act
from records.verdicts import Refused

RULE = NUMBER_OF_ANOTHER


@act
def settle(file: Application, other: Application, outcome: str, reason: str, *, by: Any) -> Settlement:
    """Settle a contested number. Where it belongs to the other, this file is proposed to be found ineligible, in one act.

    Raises Refused, also while a proposal waits that this would contradict or double.
    """
    free = conflict_verdict(by, file)
    if not free:
        raise Refused(free.reason)
    said = contests.settle(file, other, outcome, reason, by=by)
    waiting = Ineligibility.objects.waiting().filter(application=file).first()
    if waiting and (outcome == Outcome.OTHER or waiting.rule == RULE):
        raise Refused(
            _("A proposal to find this file ineligible waits for the General Manager. Settle this when it is answered.")
        )
    if outcome == Outcome.OTHER:
        _propose(said, by)
    return said


def _propose(said: Settlement, by: Any) -> None:
    """The proposal by the same person, with what the certificates showed as its reason."""
    file = said.application
    if file.state == "clarification":
        sentence = _("The file is with the applicant. It can be proposed to be ineligible when the answer is in.")
        raise Refused(sentence, "outcome")
    propose(file, RULE, said.reason, by=by)


@act
def open_certificate(file: Application, other: Application, version: DocumentVersion, *, by: Any) -> None:
    """Account for the opening of a certificate beside the contest: a line on the file held and one on the file it is of."""
    for one in {file, other}:
        data = {"of": other.reference, "for": file.reference}
        audit.record(
            "application.certificate", one, by=by, note=f"file:{version.file_id}", scope=one.office.code, data=data
        )
