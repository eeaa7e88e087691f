"""The agenda of a meeting as an address asks for it and as one reader may see it: for the page, its print and its export."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application, Clarification
from applications.states import State
from evaluation.models import AgendaItem, Decision, Meeting
from evaluation.queries.agenda import decisions_of, questions_of
from evaluation.queries.committee import hidden_from, items_of
from evaluation.ranking import placing_of, placing_said
from evaluation.rules.quorum import departures_said
from evaluation.states import DecisionReason, DecisionState, MeetingState, Outcome, Recommendation

ORDERS: dict[str, tuple[Any, Any]] = {
    "position": (gettext_lazy("in the order of the agenda"), gettext_lazy("the last of the agenda first")),
    "enterprise": (gettext_lazy("by name, A first"), gettext_lazy("by name, Z first")),
    "district": (gettext_lazy("by district"), gettext_lazy("by district, the last first")),
    "rank": (gettext_lazy("the first rank first"), gettext_lazy("the last rank first")),
    "total": (gettext_lazy("the lowest marks first"), gettext_lazy("the highest marks first")),
    "state": (gettext_lazy("by state"), gettext_lazy("by state, the last first")),
}
SHOWN = {
    "": gettext_lazy("All"),
    "undecided": gettext_lazy("Undecided"),
    "out_of_rank": gettext_lazy("Out of rank"),
    "annexure": gettext_lazy("Annexure"),
}
STATES = [str(state) for state in State]


@dataclass(frozen=True)
class Row:
    """One file of the agenda: what its shortlist proposes, and what the Committee did with it so far."""

    item: AgendaItem
    decision: Decision | None
    question: Clarification | None

    @property
    def file(self) -> Application:
        return self.item.application

    @property
    def district(self) -> Any:
        return self.file.office.district

    @property
    def proposed(self) -> Outcome:
        """The outcome the approved shortlist proposes."""
        return self.item.row.proposal[0]

    @property
    def because(self) -> DecisionReason:
        """Why it proposes it."""
        return self.item.row.proposal[1]

    @property
    def choice(self) -> str:
        """What was chosen beside the ranks about it; empty where its rank decided."""
        return placing_said(placing_of(self.item.row))

    @property
    def recommendation(self) -> Recommendation:
        """What the district recommended."""
        return Recommendation(self.item.row.recommendation)

    @property
    def outcome(self) -> Outcome | None:
        return Outcome(self.decision.outcome) if self.decision else None

    @property
    def departures(self) -> str:
        """Whether it was decided without a quorum or against the votes, in words; empty where not."""
        one = self.decision
        return departures_said(quorate=one.quorate, against_votes=one.against_votes) if one else ""

    @property
    def is_pending(self) -> bool:
        """Whether the decision still waits for its release."""
        return self.decision is not None and self.decision.state == DecisionState.PENDING

    @property
    def is_undecided(self) -> bool:
        return self.file.state in {State.COMMITTEE, State.COMMITTEE_DETAILS}

    @property
    def is_ready(self) -> bool:
        """Whether it can be decided now: no question is open, nothing is decided, the meeting is in session."""
        return self.file.state == State.COMMITTEE and self.item.meeting.state == MeetingState.SESSION

    @property
    def out_of_rank(self) -> bool:
        """Whether the Committee decided otherwise than the ranking, or the district chose beside it."""
        return bool(self.choice) or (self.decision is not None and self.decision.out_of_rank)

    def key(self, order: str) -> Any:
        """What the list is ordered by; what stands alike stays in the order of the agenda."""
        return {
            "position": self.item.position,
            "enterprise": self.file.enterprise.name_en.casefold(),
            "district": self.district.order,
            "rank": self.item.row.rank,
            "total": self.item.row.total,
            "state": STATES.index(self.file.state),
        }[order]


@dataclass(frozen=True)
class Tab:
    """One way to narrow the agenda, with its count and address."""

    key: str
    label: str
    count: int
    address: str
    is_open: bool


@dataclass(frozen=True)
class Head:
    """A head of a column that orders the list: its address, and how the list is ordered by it now."""

    key: str
    address: str
    aria: str


class Agenda:
    """What stands on the agenda of a meeting, for one reader. `data` is the query of the address, in any state.

    Of the files a reader is recused from only the numbers are here, in `recused`; nothing counts or narrows them.
    """

    def __init__(self, meeting: Meeting, user: Any, data: Mapping[str, str]) -> None:
        self.meeting = meeting
        hidden, items = hidden_from(user), list(items_of(meeting))
        decisions, questions = decisions_of(meeting), questions_of(meeting)
        self.recused = [item.application.reference for item in items if item.application_id in hidden]
        self.all = [
            Row(item, decisions.get(item.pk), questions.get(item.application_id))
            for item in items
            if item.application_id not in hidden
        ]
        self.show = _known(data, "show", set(SHOWN))
        self.district = _known(data, "district", {"", *(place.code for place in self.districts)})
        orders = {"", *ORDERS, *(f"-{key}" for key in ORDERS)}
        self.sort = _known(data, "sort", orders) or "position"
        labels = {"show": _("Show"), "district": _("District"), "sort": _("Order")}
        self.left_out = [
            label for name, label in labels.items() if data.get(name, "").strip() not in {"", getattr(self, name)}
        ]

    @cached_property
    def districts(self) -> list[Any]:
        """The districts whose files stand on the agenda."""
        found = {row.district.pk: row.district for row in self.all}
        return sorted(found.values(), key=lambda place: place.order)

    # ---- Rows -------------------------------------------------------------------------------------------------
    def _of_district(self) -> list[Row]:
        return [row for row in self.all if not self.district or row.district.code == self.district]

    def _narrowed(self, show: str) -> list[Row]:
        tests: dict[str, Any] = {
            "undecided": lambda row: row.is_undecided,
            "out_of_rank": lambda row: row.out_of_rank,
            "annexure": lambda row: row.item.annexure,
        }
        return [row for row in self._of_district() if not show or tests[show](row)]

    @cached_property
    def rows(self) -> list[Row]:
        """The rows asked for, in the order asked."""
        order = self.sort.lstrip("-")
        return sorted(self._narrowed(self.show), key=lambda row: row.key(order), reverse=self.sort.startswith("-"))

    @property
    def main(self) -> list[Row]:
        """Those the district put on its list."""
        return [row for row in self.rows if not row.item.annexure]

    @property
    def annexure(self) -> list[Row]:
        """Those it left off, so that the Committee sees them."""
        return [row for row in self.rows if row.item.annexure]

    @property
    def ready(self) -> int:
        """How many of the rows shown can be decided now."""
        return sum(row.is_ready for row in self.rows)

    @property
    def undecided(self) -> int:
        """How many are undecided, whatever the list is narrowed by."""
        return sum(row.is_undecided for row in self.all)

    @property
    def first_undecided(self) -> str:
        """The number of the first file that can be decided now."""
        return next((row.file.reference for row in self.all if row.file.state == State.COMMITTEE), "")

    # ---- Addresses --------------------------------------------------------------------------------------------
    def query(self, **changes: str) -> str:
        """The query of this list, with something changed; what is empty or usual is left out."""
        asked = {"show": self.show, "district": self.district, "sort": self.sort} | changes
        return urlencode({name: value for name, value in asked.items() if value and (name, value) != USUAL})

    @property
    def tabs(self) -> list[Tab]:
        """The ways to narrow it, with how many there are of each."""
        return [
            Tab(key, str(label), len(self._narrowed(key)), self.query(show=key), key == self.show)
            for key, label in SHOWN.items()
        ]

    @property
    def heads(self) -> dict[str, Head]:
        """The heads of the columns that order the list; a second press turns the order round."""
        found = {}
        for key in ORDERS:
            aria = {key: "ascending", f"-{key}": "descending"}.get(self.sort, "")
            found[key] = Head(key, self.query(sort=f"-{key}" if aria == "ascending" else key), aria)
        return found

    @property
    def order_words(self) -> str:
        """How the list is ordered, in words."""
        up, down = ORDERS[self.sort.lstrip("-")]
        return str(down if self.sort.startswith("-") else up)


USUAL = ("sort", "position")


def _known(data: Mapping[str, str], name: str, allowed: set[str]) -> str:
    asked = data.get(name, "").strip()
    return asked if asked in allowed else ""


# ---- The table to take away -----------------------------------------------------------------------------------
def header() -> list[str]:
    """The heads of the columns."""
    return [
        _("Position"),
        _("Application number"),
        _("Enterprise"),
        _("Name in Malayalam"),
        _("District"),
        _("Rank"),
        _("Marks"),
        _("Proposed"),
        _("Proposed, because"),
        _("Beside its rank"),
        _("Annexure"),
        _("State"),
        _("Decision"),
        _("Reason"),
        _("Reason in words"),
        _("Released"),
    ]


def lines(agenda: Agenda) -> Iterator[list[Any]]:
    """Exactly the rows of the list, in its order; then the numbers of the files the reader is recused from."""
    for row in agenda.rows:
        said = row.decision
        yield [
            row.item.position,
            row.file.reference,
            row.file.enterprise.name_en,
            row.file.enterprise.name_ml,
            row.district.name,
            row.item.row.rank,
            row.item.row.total,
            str(row.proposed.label),
            str(row.because.label),
            f"{row.choice} {row.item.row.reason}".strip(),
            _("Yes") if row.item.annexure else _("No"),
            str(row.file.current.label),
            str(row.outcome.label) if row.outcome else "",
            said.get_code_display() if said else "",
            f"{row.departures} {said.reason}".strip() if said else "",
            (_("No") if row.is_pending else _("Yes")) if said else "",
        ]
    for reference in agenda.recused:
        yield ["", reference, _("recused")]
