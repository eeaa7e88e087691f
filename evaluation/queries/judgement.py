"""What the page of an agenda item shows of recusals, votes and the decision, and what this reader may do there."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from applications.rules import is_member
from evaluation.models import AgendaItem, Attendance, CommitteeRecusal, Decision, Vote
from evaluation.queries import post_labels
from evaluation.queries.committee import hidden_from, members_of, pass_mark_of
from evaluation.queries.quorum import backing_of
from evaluation.ranking import placing_of, placing_said
from evaluation.rules import committee as rules
from evaluation.rules.quorum import departures_said
from evaluation.states import DecisionReason, DecisionState, MeetingState, Outcome
from records.formats import moment
from records.verdicts import Verdict


@dataclass(frozen=True)
class RecusalRow:
    """Somebody who is kept out of the file, and who wrote it down where it was not they themselves."""

    who: str
    reason: str
    at: datetime
    recorded_by: str


@dataclass(frozen=True)
class VoteRow:
    """What one member holds of the file."""

    who: str
    outcome: Outcome
    remark: str
    at: datetime


@dataclass(frozen=True)
class Proposal:
    """What the approved shortlist gives for the file; `said`: what was chosen beside the ranks, with its reason."""

    outcome: Outcome
    code: DecisionReason
    rank: int
    total: Decimal
    pass_mark: Decimal
    said: str = ""

    @property
    def below(self) -> bool:
        """Below the pass mark, where nothing but "not selected" can be written down."""
        return self.total < self.pass_mark


@dataclass(frozen=True)
class DecisionRow:
    """A decision with its words; `reopened` says when, by whom and why it was taken up again."""

    outcome: Outcome
    code: DecisionReason
    reason: str
    out_of_rank: bool
    pending: bool
    by: str
    at: datetime
    departures: str = ""  # decided without a quorum, or against the votes
    ended_by: str = ""
    ended_at: datetime | None = None
    ended_reason: str = ""


@dataclass(frozen=True)
class Powers:
    """What this reader's post does here at all (None: never), and whether now, or why not."""

    recuse: Verdict | None = None
    recuse_others: bool = False
    vote: Verdict | None = None
    decide: Verdict | None = None
    reopen: Verdict | None = None


@dataclass(frozen=True)
class Panel:
    """Everything the page says of recusals, votes and the decision. Of a file hidden from the reader: `recused` alone."""

    recused: bool = False
    recusals: list[RecusalRow] = field(default_factory=list)
    votes: list[VoteRow] = field(default_factory=list)
    tally: list[tuple[Outcome, int]] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)  # those present who have not voted
    own_vote: Vote | None = None
    proposal: Proposal | None = None
    quorum: str = ""  # how it stands, as a sentence, while the file can be decided
    needs_words: bool = False  # what the shortlist proposes has no quorum or no majority: it is decided with words
    decision: DecisionRow | None = None
    reopened: list[DecisionRow] = field(default_factory=list)
    may: Powers = Powers()
    ahead: str = ""  # the next file of the agenda that waits for this reader's decision
    seen: str = ""  # goes with the decision, which is refused where something happened meanwhile

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """What can be voted for."""
        return [(outcome.value, str(outcome.label)) for outcome in Outcome]


def panel(item: AgendaItem, user: User) -> Panel:
    """Recusals, votes and decision of a file on an agenda, as this reader may see them, in a constant number of queries."""
    recusals = list(CommitteeRecusal.objects.filter(application=item.application_id).select_related("member"))
    recused = any(row.member_id == user.pk for row in recusals)
    if recused or is_member(user, item.application):
        return Panel(recused=True)
    votes = list(item.votes.select_related("member"))
    decisions = list(Decision.objects.filter(application=item.application_id).order_by("pk"))
    seats = list(item.meeting.attendance.present().select_related("member"))
    names = _called(seats, recusals, votes, decisions)
    live = next((row for row in decisions if row.state != DecisionState.REOPENED), None)
    out = {row.member_id for row in recusals}
    spoken = {vote.member_id for vote in votes}
    here = [seat.member_id for seat in seats if seat.left_at is None]
    backing = backing_of(item) if item.meeting.state == MeetingState.SESSION and live is None else None
    return Panel(
        recusals=[_recusal(row, names) for row in recusals],
        votes=[VoteRow(names[vote.member_id], Outcome(vote.outcome), vote.remark, vote.at) for vote in votes],
        tally=[(outcome, sum(vote.outcome == outcome for vote in votes)) for outcome in Outcome] if votes else [],
        silent=[names[key] for key in here if key not in out | spoken],
        own_vote=next((vote for vote in votes if vote.member_id == user.pk), None),
        proposal=proposal_of(item),
        quorum=backing.quorum.sentence if backing else "",
        needs_words=bool(backing and not backing.is_enough(item.row.proposal[0])),
        decision=_decision(live, names) if live else None,
        reopened=[_decision(row, names) for row in decisions if row.state == DecisionState.REOPENED],
        may=_powers(item, user, present=user.pk in here, standing=live),
        ahead=next_undecided(item, user) if user.has(Permission.DECIDE) else "",
        seen=_mark(decisions, votes, recusals),
    )


def _called(
    seats: Sequence[Attendance],
    recusals: Sequence[CommitteeRecusal],
    votes: Sequence[Vote],
    decisions: Sequence[Decision],
) -> dict[int, str]:
    """By key how people are called here: by their post, with the name where two hold the same."""
    told: list[Any] = [*recusals, *votes, *seats]
    people: dict[int, User] = {row.member_id: row.member for row in told}
    others = {row.recorded_by_id for row in recusals} | {row.ended_by_id for row in decisions if row.ended_by_id}
    posts = post_labels({*people, *others}) | {seat.member_id: seat.post("member") for seat in seats}
    alike = Counter(posts.get(key, "") for key in people)
    both = _("%(name)s, %(post)s")
    named = {
        key: both % {"name": one.full_name, "post": posts.get(key, "")}
        for key, one in people.items()
        if alike[posts.get(key, "")] > 1
    }
    return dict.fromkeys((*people, *others), "") | posts | named


def _recusal(row: CommitteeRecusal, names: dict[int, str]) -> RecusalRow:
    by = "" if row.recorded_by_id == row.member_id else names[row.recorded_by_id]
    return RecusalRow(names[row.member_id], row.reason, row.at, by)


def _decision(row: Decision, names: dict[int, str]) -> DecisionRow:
    return DecisionRow(
        outcome=Outcome(row.outcome),
        code=DecisionReason(row.code),
        reason=row.reason,
        out_of_rank=row.out_of_rank,
        pending=row.state == DecisionState.PENDING,
        by=row.post("decided"),
        at=row.decided_at,
        departures=departures_said(quorate=row.quorate, against_votes=row.against_votes),
        ended_by=names.get(row.ended_by_id or 0, ""),
        ended_at=row.ended_at,
        ended_reason=row.ended_reason,
    )


def _powers(item: AgendaItem, user: User, *, present: bool, standing: Decision | None) -> Powers:
    """For a reader without a conflict."""
    convenes, votes, decides = (user.has(one) for one in (Permission.CONVENE, Permission.VOTE, Permission.DECIDE))
    recuse = rules.may_recuse(user, user, item, recused=False) if convenes or votes else None
    said = standing_said(standing)
    return Powers(
        recuse=recuse,
        recuse_others=bool(convenes and recuse),
        vote=rules.may_vote(user, item, present=present, recused=False) if votes else None,
        decide=rules.may_decide(user, item, recused=False, standing=said) if decides else None,
        reopen=rules.may_reopen(user, item, recused=False) if decides else None,
    )


def proposal_of(item: AgendaItem) -> Proposal:
    """What the ranking proposes for the file."""
    row = item.row
    outcome, code = row.proposal
    said = " ".join(part for part in (placing_said(placing_of(row)), row.reason) if part)
    return Proposal(outcome, code, row.rank, row.total, pass_mark_of(item), said)


def standing_decision(item: AgendaItem) -> Decision | None:
    """The decision that stands about a file, released or not."""
    return Decision.objects.live().filter(application=item.application_id).first()


def standing_said(decision: Decision | None) -> str:
    """Who decided what and when, as the one is told who decides after them; empty where nobody did."""
    if decision is None:
        return ""
    return _("%(post)s decided this file on %(when)s: %(outcome)s. Reopen the decision to change it.") % {
        "post": decision.post("decided"),
        "when": moment(decision.decided_at),
        "outcome": Outcome(decision.outcome).label,
    }


def changed_since(item: AgendaItem, seen: str) -> str:
    """What happened to a file since a form was opened that carries `seen`, as a sentence; empty where nothing did.

    An empty `seen` says nothing and is not compared.
    """
    now = mark_of(item).split("-")
    before = seen.split("-")
    if not seen or before == now:
        return ""
    if len(before) != len(now):
        before = [""] * len(now)
    names = (_("an earlier decision"), _("the votes"), _("the recusals"))
    changed = [name for name, old, new in zip(names, before, now, strict=True) if old != new]
    return _("Changed since you opened this form: %(what)s. Look at them, then decide again.") % {
        "what": ", ".join(changed)
    }


def mark_of(item: AgendaItem) -> str:
    """How decisions, votes and recusals of a file stand now."""
    file = item.application_id
    return _mark(
        Decision.objects.filter(application=file).order_by("pk"),
        Vote.objects.filter(item=item),
        CommitteeRecusal.objects.filter(application=file),
    )


def _mark(decisions: Iterable[Decision], votes: Iterable[Vote], recusals: Iterable[CommitteeRecusal]) -> str:
    parts = (
        [f"{row.pk}{row.state}" for row in decisions],
        sorted(f"{vote.pk} {vote.at.isoformat()}" for vote in votes),
        sorted(str(row.pk) for row in recusals),
    )
    return "-".join(hashlib.sha256(repr(part).encode()).hexdigest()[:10] for part in parts)


def recusable(item: AgendaItem, user: User) -> list[tuple[User, str]]:
    """Whom this person may recuse from a file, with their posts: a convenor every member and convenor, a member themselves."""
    people = [user]
    if user.has(Permission.CONVENE) and not is_member(user, item.application):
        people += [one for one in (*members_of(Permission.VOTE), *members_of(Permission.CONVENE)) if one != user]
    gone = set(CommitteeRecusal.objects.filter(application=item.application_id).values_list("member", flat=True))
    free = {one.pk: one for one in people if one.pk not in gone}
    posts = post_labels(free)
    return [(one, posts.get(key, "")) for key, one in free.items()]


def my_recusals(user: User) -> list[Mapping[str, Any]]:
    """The files this person is recused from, the newest first: their numbers and days, and nothing else of them."""
    rows = CommitteeRecusal.objects.filter(member=user).order_by("-at", "-pk")
    return [*rows.values("at", reference=F("application__reference"))]


def next_undecided(item: AgendaItem, user: User) -> str:
    """The reference of the next file of the agenda that this person can decide now; empty where none waits."""
    waiting = item.meeting.items.live().filter(application__state="committee").exclude(pk=item.pk)
    waiting = waiting.exclude(application__in=hidden_from(user)).order_by("position")
    found = dict(waiting.values_list("position", "application__reference"))
    after = [reference for position, reference in found.items() if position > item.position]
    return next(iter([*after, *found.values()]), "")
