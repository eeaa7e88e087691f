"""What can become of a file beside its straight way, for the panel on its page: ineligible, reinstated, transferred."""

from dataclasses import dataclass
from typing import Any

from accounts.roles import Permission
from applications.models import Application
from applications.rules import is_member, may
from applications.states import State
from evaluation.models import Ineligibility
from evaluation.queries.ineligible import Proposal, propose_verdict, shown
from evaluation.rules.ineligible import may_answer
from evaluation.steps import STEPS
from records.verdicts import Verdict


@dataclass(frozen=True)
class Casework:
    """The proposal that waits, what was found or sent back (at most one of the three), and what this reader may do."""

    waiting: Proposal | None
    found: Proposal | None
    sent_back: Proposal | None
    may_propose: Verdict
    may_answer: Verdict
    may_transfer: Verdict
    may_reinstate: Verdict
    hands_over: bool  # whether the reader hands whole desks over

    @property
    def anything(self) -> bool:
        """Whether the panel has something to say."""
        rows = (self.waiting, self.found, self.sent_back)
        return any(rows) or bool(self.may_propose or self.may_transfer or self.hands_over)


def casework(file: Application, user: Any) -> Casework | None:
    """What the panel shows this reader; None for who reads the file by no post, or acts for its enterprise."""
    if not user.has(Permission.SEE_FILE, file.office) or is_member(user, file):
        return None
    rows = Ineligibility.objects.filter(application=file).select_related("proposed_by")
    newest = rows.order_by("proposed_at", "pk").last()
    waiting = newest if newest is not None and newest.answered_at is None else None
    found = newest if newest is not None and file.state == State.INELIGIBLE else None
    back = newest if newest is not None and newest.confirmed is False else None
    return Casework(
        waiting=shown(waiting),
        found=shown(found),
        sent_back=shown(back),
        may_propose=propose_verdict(user, file, waiting=waiting is not None),
        may_answer=may_answer(user, file, waiting),
        may_transfer=may(user, STEPS["transfer"], file),
        may_reinstate=may(user, STEPS["reinstate"], file),
        hands_over=user.has(Permission.TRANSFER, file.office),
    )
