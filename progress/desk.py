"""The desk: its lines with what comes next for each file, the figures above them, the packets that wait for this person."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.roles import Permission
from applications import queries as applications
from applications.models import Application, Clarification, Traits
from applications.queries import Clock
from applications.states import State
from districts import calendar
from evaluation import figures, rules
from evaluation import queries as evaluation
from evaluation.models import Assessment, Shortlist, VerifiedFigure, Visit
from evaluation.queries import Opening
from evaluation.scoring import EVALUATIONS_NEEDED
from evaluation.states import OPEN_ASSESSMENTS, UNFINISHED, AssessmentState, ShortlistState
from progress import waiting as wait
from progress.listing import Listing
from records.clock import today
from records.formats import HUNDREDTH, day
from records.verdicts import Verdict

CRORE = Decimal(10_000_000)
TO_SCORE = (AssessmentState.ASSIGNED, *OPEN_ASSESSMENTS)


@dataclass(frozen=True)
class Line:
    """One file of the list. `step` is the short word for what it needs next, `step_url` where that is done."""

    file: Application
    url: str
    clock: Clock
    holder: str
    own: AssessmentState | None  # state of the reader's own scorecard
    step: str
    step_url: str

    @property
    def tick(self) -> str:
        """What its box does."""
        return _("Tick %(reference)s") % {"reference": self.file.reference}

    @property
    def since(self) -> str:
        """Since when its state is so, or until when the applicant answers."""
        until = self.file.answer_by  # type: ignore[attr-defined]
        if until:
            return _("until %(day)s") % {"day": day(until)}
        return _("since %(day)s") % {"day": day(self.file.since)}

    @property
    def who(self) -> str:
        """In whose hands it is, in words."""
        sent = self.file.state == State.SUBMITTED
        if self.own:
            return f"{_('Your scorecard:')} {self.own.label}"
        if self.file.current.clock == "paused":
            return _("with the applicant")
        if self.holder:
            return (_("given to %(post)s") if sent else _("with %(post)s")) % {"post": self.holder}
        return _("not taken up") if sent else ""

    @property
    def hint(self) -> str:
        """What an officer should look at; no evaluator reads it."""
        if self.file.contested:
            return _("To look at: the same Udyam number or PAN stands in another application.")
        words = ngettext("%(flags)s thing to look at", "%(flags)s things to look at", self.flags)
        return words % {"flags": self.flags} if self.flags else ""

    @property
    def traits(self) -> Traits | None:
        """What lists know of the file; nothing until it was handed in through the portal."""
        return getattr(self.file, "traits", None)

    @property
    def crore(self) -> str:
        """Turnover of the latest year as claimed, ₹ crore to two places; a dash where none is known."""
        own = self.traits
        if own is None or own.turnover is None:
            return "–"
        return str((own.turnover / CRORE).quantize(HUNDREDTH, ROUND_HALF_UP))

    @property
    def activity(self) -> str:
        """The sector in words."""
        return self.traits.get_sector_display() if self.traits else ""

    @property
    def flags(self) -> int:
        """How many things an officer should look at."""
        return self.traits.flags if self.traits else 0


@dataclass(frozen=True)
class Tile:
    """A figure above the list that opens its rows."""

    figure: int
    what: str
    query: str
    note: str = ""
    turn: str = ""


@dataclass(frozen=True)
class Waiting:
    """A packet that waits for this person, and for what."""

    packet: Shortlist
    what: str


# ---- Lines ----------------------------------------------------------------------------------------------------
def rows(user: User) -> QuerySet[Application]:
    """Files with everything `lines` needs, in one question; which of them is the list's to say."""
    return evaluation.desk_rows(_with_next_steps(), user)


@cache
def _with_next_steps() -> QuerySet[Application]:
    """Files with what says what they need next: the same for everybody and on every day, so that it is put together once.

    Never read itself, only filtered further.
    """
    own = {"application": OuterRef("pk")}
    question = Clarification.objects.filter(**own, answered_at__isnull=True, closed_at__isnull=True)
    return Application.objects.annotate(
        answered=wait.answer_to_read(),
        sent_anew=wait.document_to_judge(),
        proposed=wait.proposal_to_answer(),
        visited=Exists(Visit.objects.filter(**own)),
        evaluators=_number_of(Assessment.objects.live().filter(**own), "application", "evaluator"),
        verified=_number_of(VerifiedFigure.objects.filter(**own), "application", "key"),
        answer_by=Subquery(question.order_by().values("due_on")[:1]),
    )


def lines(files: Sequence[Application], user: User) -> list[Line]:
    """The rows of one page, read through `rows`."""
    posts = evaluation.post_labels(file.officer_id for file in files)
    found = []
    for file in files:
        own = AssessmentState(file.my_assessment) if file.my_assessment else None  # type: ignore[attr-defined]
        page = reverse("desk_file", args=[file.reference])
        step, url = step_of(file, user, own, page)
        found.append(Line(file, page, applications.clock(file), posts.get(file.officer_id or 0, ""), own, step, url))
    return found


def step_of(file: Any, user: User, own: AssessmentState | None, page: str) -> tuple[str, str]:
    """What the file needs next, in few words, and where; for who does not do it, its `page` is there to be read."""
    if own in TO_SCORE and file.state == State.APPRAISAL:
        return _("Open your scorecard"), reverse("scorecard", args=[file.reference])
    if file.proposed and user.has(Permission.FIND_INELIGIBLE):
        return _("Answer the proposal"), page
    if file.answered:
        return _("Read the answer"), page
    if file.sent_anew:
        return _("Judge the paper sent again"), f"{page}#documents"
    if file.state == State.APPRAISED and user.has(Permission.FREEZE):
        return _("Put into a shortlist"), reverse("shortlists")
    return _step_in_state(file, user), page


def _step_in_state(file: Any, user: User) -> str:
    works = user.has(Permission.TAKE_UP)
    match file.state:
        case State.SUBMITTED if works:
            return _("Take up")
        case State.SUBMITTED if user.has(Permission.ASSIGN) and not file.officer_id:
            return _("Give to an officer")
        case State.SCRUTINY if works:
            left = len(figures.asked(file.round.financial_years)) - file.verified
            if left > 0:
                return ngettext("Verify %(count)s figure", "Verify %(count)s figures", left) % {"count": left}
            return _("End scrutiny")
        case State.CLARIFICATION:
            return _("See the question")
        case State.APPRAISAL if works and not file.visited:
            return _("Record the visit")
        case State.APPRAISAL if file.evaluators < EVALUATIONS_NEEDED and user.has(Permission.ASSIGN):
            return _("Name evaluators")
    return _("Read the file")


def _number_of(rows: QuerySet[Any], outer: str, what: str = "pk") -> Coalesce:
    counted = rows.order_by().values(outer).annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted), 0)


# ---- Tiles ----------------------------------------------------------------------------------------------------
def tiles(listing: Listing) -> list[Tile]:
    """The figures above the list; each is the number of files behind its address."""
    counts = listing.counts
    found = [
        Tile(
            counts["over"], _("past their day"), "tab=all&clock=over", _oldest(listing), _turn_of(counts["over"], "bad")
        ),
        Tile(counts["near"], _("due within 3 days"), "tab=all&clock=near", turn=_turn_of(counts["near"], "yours")),
    ]
    if not listing.officer:
        return found
    if listing.waits == "proposal":
        found.append(
            Tile(counts["proposal"], _("proposals to answer"), "tab=all&waits=proposal", _("to find ineligible"))
        )
    else:
        note = _("the clock runs again")
        found.append(
            Tile(counts["answer"], _("answers to read"), "tab=all&waits=answer", note if counts["answer"] else "")
        )
    if listing.latest:
        found.append(_received(listing, listing.latest))
    return found


def _turn_of(figure: int, turn: str) -> str:
    return turn if figure else ""


def _oldest(listing: Listing) -> str:
    """By how much the file that waits longest is over; said where the days of one district are counted."""
    due = listing.oldest_due
    days = calendar.working_days_between(due, today(), listing.places[0]) if due and len(listing.places) == 1 else 0
    if not days:
        return ""
    words = ngettext("the oldest by %(days)s working day", "the oldest by %(days)s working days", days)
    return words % {"days": days}


def _received(listing: Listing, call: Any) -> Tile:
    """Files received in the newest round that has opened, against what the district may recommend in it."""
    places, asked = listing.places, getattr(call, "rules", None)
    target = sum(asked.targets.get(place.code, 0) for place in places) if asked else 0
    figures_ = {"listed": listing.counts["listed"], "target": target}
    note = _("%(listed)s on the district shortlist, target %(target)s") % figures_ if target else ""
    where = places[0].name if len(places) == 1 else _("your districts")
    what = _("received in %(place)s, %(round)s") % {"place": where, "round": str(call)}
    return Tile(listing.counts["received"], what, f"tab=all&round={call.number}", note)


# ---- Packets --------------------------------------------------------------------------------------------------
def waiting(user: User) -> list[Waiting]:
    """Packets this person may freeze, check or approve now, in one question."""
    packets = _with_work(user.pk, user.has(Permission.FREEZE), user.has(Permission.CHECK)).visible_to(user)
    found = [(packet, *_turn(user, packet)) for packet in packets]
    return [Waiting(packet, what) for packet, verdict, what in found if verdict]


@lru_cache(maxsize=1024)
def _with_work(person: int, freezes: bool, checks: bool) -> Any:
    """Packets with what their acts ask: put together once for each person. Never read itself, only filtered further."""
    ready = Application.objects.filter(office=OuterRef("office"), round=OuterRef("round"), state=State.APPRAISED)
    scored = Assessment.objects.filter(evaluator=person, application__shortlist_rows__shortlist=OuterRef("pk"))
    number_scored = _number_of(scored, "application__shortlist_rows__shortlist", "application")
    found = Shortlist.objects.filter(state__in=UNFINISHED).select_related("office", "round")
    return (
        found.defer("snapshot")  # every row of the packet, as it was frozen
        .annotate(
            ready=_number_of(ready, "office") if freezes else Value(0), scored=number_scored if checks else Value(0)
        )
        .order_by("made_at", "pk")
    )


def openings(listing: Listing) -> list[Opening]:
    """Packets this person may make now; not asked for where no file of the desk is appraised."""
    if not listing.counts["shortlist"]:
        return []
    return [opening for opening in evaluation.openings(listing.user) if opening.verdict]


def _turn(user: User, packet: Any) -> tuple[Verdict, str]:
    if packet.state == ShortlistState.DRAFT:
        return rules.may_freeze(user, packet, ready=packet.ready), _("to freeze")
    if packet.state == ShortlistState.FROZEN:
        return rules.may_check(user, packet, scored=packet.scored), _("to check")
    return rules.may_approve(user, packet), _("to approve")
