"""When a decision of the Committee has the people and the votes for it. The numbers are those of the round's rules."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

from evaluation.models import RoundRules


@dataclass(frozen=True)
class Quorum:
    """Of those who can decide a file, how many are `present` and how many it takes; whether one who can decide chairs."""

    present: int
    needed: int
    chaired: bool
    met: bool

    @property
    def sentence(self) -> str:
        """How it stands, in the reader's language."""
        numbers = {"present": self.present, "needed": self.needed}
        if self.met:
            return _("Quorum: %(present)s present who can decide this file, %(needed)s needed.") % numbers
        if self.chaired:
            return _("No quorum: %(present)s present who can decide this file, %(needed)s needed.") % numbers
        said = _(
            "No quorum: who chairs is absent or recused (present who can decide: %(present)s, needed: %(needed)s)."
        )
        return said % numbers


def quorum(
    rules: RoundRules,
    *,
    members: Collection[int],
    present: Collection[int],
    recused: Collection[int],
    chair: int | None,
) -> Quorum:
    """The quorum for one file: the chair and a share of the other members, those recused from the file left out of both.

    All are keys of people; a share that is no whole number is rounded up.
    """
    able = set(members) - set(recused)
    here = set(present) - set(recused)
    others = ceil(len(able - {chair}) * rules.quorum_percent / 100)
    needed = max(rules.quorum_least, others + int(rules.quorum_chair))
    chaired = not rules.quorum_chair or chair in here
    return Quorum(len(here), needed, chaired, chaired and len(here) >= needed)


def carries(rules: RoundRules, votes: Mapping[str, int], outcome: str) -> bool:
    """Whether an outcome has more than the share of the votes cast that the round asks for. Where nobody voted it has."""
    cast = sum(votes.values())
    return not cast or votes.get(outcome, 0) * 100 > rules.majority_percent * cast


def departures_said(*, quorate: bool, against_votes: bool) -> str:
    """In what a decision departs from the round's rules, for letter, minutes, file and trail; empty where in nothing."""
    told = []
    if not quorate:
        told.append(_("Decided without a quorum."))
    if against_votes:
        told.append(_("Decided against the votes cast."))
    return " ".join(told)
