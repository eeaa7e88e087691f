"""What a decision about one file is measured by: who can decide it and is present, and how the votes stand."""

from collections import Counter
from dataclasses import dataclass

from evaluation.models import AgendaItem, CommitteeRecusal, RoundRules
from evaluation.queries.committee import members_of
from evaluation.rules.quorum import Quorum, carries, quorum


@dataclass(frozen=True)
class Backing:
    """Quorum and votes of one file, by the rules of its round."""

    rules: RoundRules
    quorum: Quorum
    votes: Counter[str]

    def against_votes(self, outcome: str) -> bool:
        """Whether votes were cast and this outcome has no majority of them."""
        return not carries(self.rules, self.votes, outcome)

    def is_enough(self, outcome: str) -> bool:
        """Whether the outcome can be decided without a word about it."""
        return self.quorum.met and not self.against_votes(outcome)


def backing_of(item: AgendaItem) -> Backing:
    """How quorum and votes of a file on an agenda stand now, in five queries."""
    meeting = item.meeting
    rules = RoundRules.objects.get(round=meeting.round_id)
    recused = CommitteeRecusal.objects.filter(application=item.application_id).values_list("member", flat=True)
    return Backing(
        rules,
        quorum(
            rules,
            members=[member.pk for member in members_of()],
            present=list(meeting.attendance.present().values_list("member", flat=True)),
            recused=list(recused),
            chair=meeting.chair_id,
        ),
        Counter(item.votes.values_list("outcome", flat=True)),
    )
