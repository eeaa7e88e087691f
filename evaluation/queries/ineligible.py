"""Reads of what makes a file ineligible: the proposal that waits, what was found."""

from dataclasses import dataclass
from typing import Any

from applications.eligibility_texts import Words
from applications.endings import Ending
from applications.models import Application
from applications.states import State
from evaluation.models import Ineligibility
from evaluation.queries import post_labels
from evaluation.queries.conflicts import conflict_verdict
from evaluation.queries.giving import Taker
from evaluation.queries.handover import officers_of
from evaluation.rules.ineligible import may_propose, words_of
from records.verdicts import Verdict

NUMBER_OF_ANOTHER = "number_of_another"  # the rule a settled contest proposes; of evaluation.rules.ineligible


def waiting_proposal(file: Application) -> Ineligibility | None:
    """The proposal of a file that the General Manager has not answered."""
    return Ineligibility.objects.waiting().filter(application=file).select_related("proposed_by").first()


def propose_verdict(user: Any, file: Application, *, waiting: bool) -> Verdict:
    """Whether this person may propose to find the file ineligible now: not who stepped back from it."""
    verdict = may_propose(user, file, waiting=waiting)
    return conflict_verdict(user, file) if verdict else verdict


def offered(proposal: Ineligibility | None) -> str:
    """The officer's words as the General Manager finds them in the answer, which the enterprise reads. None where they
    compare the certificates of two enterprises: neither is told who the other is.
    """
    return "" if proposal is None or proposal.rule == NUMBER_OF_ANOTHER else proposal.reason


def finding_of(file: Application) -> Ineligibility | None:
    """The finding that stands: confirmed and not reinstated."""
    found = Ineligibility.objects.filter(application=file, confirmed=True, reinstated_at=None)
    return found.order_by("answered_at", "pk").last()


@dataclass(frozen=True)
class Proposal:
    """A proposal or finding as the office reads it: the rule in words, and the post of who proposed it."""

    row: Ineligibility
    words: Words
    post: str


def shown(row: Ineligibility | None) -> Proposal | None:
    """A row with its words; nothing for nothing."""
    if row is None:
        return None
    return Proposal(row, words_of(row.rule), post_labels([row.proposed_by_id]).get(row.proposed_by_id, ""))


def ending(file: Application) -> Ending | None:
    """Why a file is not eligible, as its enterprise reads it: never who proposed it."""
    found = finding_of(file) if file.state == State.INELIGIBLE else None
    if found is None:
        return None
    words = words_of(found.rule)
    return Ending(title=str(words.title), rule=str(words.red), reason=found.answer, change=str(words.change))


def officers_for(file: Application) -> list[Taker]:
    """Who can look after a reinstated file: the officer who had it, then who proposed, then the others of the office."""
    found = finding_of(file)
    first = [file.officer_id, found.proposed_by_id if found else None]
    members = {member.user_id for member in file.enterprise.members.all()}
    able = [one for one in officers_of(file.office) if one.user.pk not in members]
    return sorted(able, key=lambda one: first.index(one.user.pk) if one.user.pk in first else len(first))
