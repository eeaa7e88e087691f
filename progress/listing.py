"""The desk as an address asks for it: one reading of tab, filters and order for the page, its export and "next file"."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from applications.models import Application, Round
from applications.states import State
from districts.models import District, Office, Taluk
from evaluation import queries as evaluation
from evaluation.models import Assessment
from evaluation.states import OPEN_ASSESSMENTS, AssessmentState
from progress import paging, search, waiting
from progress.filters import OLD_STATES, ORDERS, DeskFilter
from records.clock import now

AT_WORK = (State.SUBMITTED, State.SCRUTINY, State.APPRAISAL)
# Tabs that hold all files of one state, and nothing else: `conditions` lists them, `counts` adds them up by the same table.
IN_ONE_STATE = {"new": State.SUBMITTED, "with_applicant": State.CLARIFICATION, "shortlist": State.APPRAISED}
# Behind the district shortlist: the figure that stands beside the target.
ON_THE_LIST = (
    State.SHORTLISTED,
    State.COMMITTEE,
    State.COMMITTEE_DETAILS,
    State.DECIDED,
    State.SELECTED,
    State.RESERVE,
    State.NOT_SELECTED,
)


@dataclass(frozen=True)
class Tab:
    """One queue of the desk with its count."""

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class Chip:
    """One thing the list is narrowed by, and the address without it."""

    label: str
    value: str
    without: str


@dataclass(frozen=True)
class Head:
    """A head of a column that orders the list: its address, and how the list is ordered by it now."""

    key: str
    address: str
    aria: str


def tab_labels() -> dict[str, str]:
    """The words of the tabs, in their order."""
    return {
        "new": _("New"),
        "mine": _("Mine"),
        "with_applicant": _("With applicant"),
        "to_check": _("To check"),
        "shortlist": _("Shortlist"),
        "all": _("All"),
    }


class Listing:
    """What the person's desk holds under an address. `data` is that address's query, in any state."""

    def __init__(self, user: User, data: Mapping[str, str]) -> None:
        self.user = user
        self.officer = user.has(Permission.SEE_FILE)
        self.places = _places(user)
        known = {name: data.get(name, "").strip() for name in DeskFilter.base_filters}
        self.renamed = _rename(known)
        self.filter = self._filter(known)
        self.not_known = self.filter.left_out
        if self.not_known:
            self.filter = self._filter({name: known[name] for name in known if name not in self.filter.form.errors})
        self.asked_tab = data.get("tab", "")
        self.unknown_tab = bool(self.asked_tab) and self.asked_tab not in self.conditions
        # A list narrowed without a word on the tab is all files; so are addresses that name a tab there is not.
        narrows = self.narrowed or bool(data.get("state"))
        self._tab = "all" if self.unknown_tab or (narrows and not self.asked_tab) else self.asked_tab

    # ---- What is asked ----------------------------------------------------------------------------------------
    @property
    def narrowed(self) -> bool:
        """Whether filters leave files out."""
        return bool(self.filter.asked or self.not_known)

    @property
    def left_out(self) -> list[str]:
        """What the address names that is not known here, in words."""
        return [*self.not_known, *([_("Queue")] if self.unknown_tab else [])]

    @cached_property
    def rounds(self) -> list[Round]:
        """Every round, the newest first, with its rules."""
        return list(Round.objects.select_related("rules").order_by("-number"))

    @cached_property
    def taluks(self) -> list[Taluk]:
        """Every taluk of the person's districts."""
        return list(Taluk.objects.filter(district__in=self.places))

    @cached_property
    def offices(self) -> dict[int, Office]:
        """Every office of the person's districts, by its key."""
        places = {place.pk: place for place in self.places}
        found = {}
        for office in Office.objects.filter(district__in=places).order_by():
            office.district = places[office.district_id or 0]
            found[office.pk] = office
        return found

    @cached_property
    def _desk(self) -> QuerySet[Application]:
        """Every file of the desk. The keys of its offices say the same again: by them the database has an index."""
        return self._of_the_desk()

    def _of_the_desk(self, files: Any = None) -> QuerySet[Application]:
        found = evaluation.on_the_desk(self.user, files)
        return found if self._reaches_the_state else found.filter(office__in=list(self.offices))

    @cached_property
    def _reaches_the_state(self) -> bool:
        """Whether files of other districts than those of the person's posts are on the desk."""
        permissions = (Permission.SEE_FILE, Permission.EVALUATE)
        return any(self.user.districts_where(permission) is None for permission in permissions)

    def _filter(self, asked: Mapping[str, str]) -> DeskFilter:
        return DeskFilter(asked, places=self.places, rounds=self.rounds, taluks=self.taluks, officer=self.officer)

    # ---- Tabs -------------------------------------------------------------------------------------------------
    @cached_property
    def conditions(self) -> dict[str, Q]:
        """What each tab of this person holds. A tab for acts their post does not know is not there."""
        user, found = self.user, {}
        if user.has(Permission.TAKE_UP) or user.has(Permission.EVALUATE):
            found["mine"] = Q(officer=user.pk, state__in=AT_WORK) | self._to_score()
        if self.officer:
            found |= {key: Q(state=state) for key, state in IN_ONE_STATE.items()}
            found["to_check"] = _to_check(*self._answers)
        return {**found, "all": Q()}

    def _to_score(self) -> Q:
        states = (AssessmentState.ASSIGNED, *OPEN_ASSESSMENTS)
        own = Assessment.objects.of(self.user).filter(state__in=states)
        return Q(state=State.APPRAISAL, pk__in=own.values("application"))

    @property
    def _answers(self) -> tuple[bool, bool]:
        """Whether answers and papers are for this person to check, and whether proposals are for them to answer."""
        return self.user.has(Permission.SCRUTINISE), self.user.has(Permission.FIND_INELIGIBLE)

    @cached_property
    def _heaps(self) -> list[dict[str, Any]]:
        """The files of the desk, added up where they are alike in all that tabs and tiles ask; one question."""
        asked = {"over": waiting.past_their_day(self.places), "near": waiting.due_within(self.places)}
        asked |= {"mine": self.conditions["mine"]} if "mine" in self.conditions else {}
        flagged = _with_what_waits(*self._answers, self.waits) if self.officer else None
        files = self._of_the_desk(flagged).order_by()
        files = files.annotate(**{f"is_{name}": condition for name, condition in asked.items()})
        there = (*asked, "to_check", self.waits) if self.officer else asked
        alike = files.values("state", "round", *(f"is_{name}" for name in there))
        return list(alike.annotate(number=Count("*"), first_due=Min("due_on")))

    @cached_property
    def counts(self) -> Counter[str]:
        """Files of each tab and of the tiles; nought for what is not there."""
        found: Counter[str] = Counter()
        for heap in self._heaps:
            for name in self._counted_as(heap):
                found[name] += heap["number"]
        return found

    @property
    def oldest_due(self) -> date | None:
        """The day on which the file was due that is longest past it."""
        return min((heap["first_due"] for heap in self._heaps if heap["is_over"] and heap["first_due"]), default=None)

    def _counted_as(self, heap: Mapping[str, Any]) -> Iterator[str]:
        """The figures that files alike in this count in."""
        yield "all"
        is_so = {name.removeprefix("is_") for name, there in heap.items() if name.startswith("is_") and there}
        yield from is_so - ({"near"} if "over" in is_so else set())  # `due_within` holds some that are over
        yield from (key for key, state in IN_ONE_STATE.items() if heap["state"] == state)
        if self.latest and heap["round"] == self.latest.pk:
            yield "received"
            if heap["state"] in ON_THE_LIST:
                yield "listed"

    @property
    def waits(self) -> str:
        """What a tile says of: a General Manager answers proposals, others read answers."""
        return "proposal" if self.user.has(Permission.FIND_INELIGIBLE) else "answer"

    @cached_property
    def latest(self) -> Round | None:
        """The newest round that has opened."""
        return next((call for call in self.rounds if call.opens_at <= now()), None)

    @cached_property
    def tabs(self) -> list[Tab]:
        """Every tab with its count."""
        words = tab_labels()
        return [Tab(key, words[key], self.counts[key]) for key in words if key in self.conditions]

    @property
    def is_empty(self) -> bool:
        """Whether the whole desk is."""
        return not self.counts["all"]

    @cached_property
    def tab(self) -> Tab:
        """The tab asked for; else the first with work in it: own work first, what is to be checked for who holds no files."""
        found = {tab.key: tab for tab in self.tabs}
        if self._tab:
            return found[self._tab]
        first = ("mine", "new", "to_check") if self.user.has(Permission.TAKE_UP) else ("to_check", "mine", "new")
        order = [found[key] for key in (*first, "with_applicant", "shortlist", "all") if key in found]
        return next((tab for tab in order if tab.count), order[0])

    @property
    def _key(self) -> str:
        return self._tab or self.tab.key  # only a list without a tab in its address has to count

    @property
    def count(self) -> int:
        """Files of this list."""
        return len(self._found) if self.filter.asked else self.tab.count

    # ---- Files ------------------------------------------------------------------------------------------------
    @property
    def files(self) -> QuerySet[Application]:
        """The files with what a line shows, in the order asked."""
        found = evaluation.desk_for(self.user).filter(self.conditions[self._key] & self.filter.condition)
        return found.order_by(*self.filter.order)

    @property
    def references(self) -> list[str]:
        """Their numbers, in the same order."""
        return list(self._in_order.values_list("reference", flat=True))

    @cached_property
    def _found(self) -> list[int]:
        """Keys of a list that filters narrow, in its order: looked for once, and not again for the page."""
        return list(self._in_order.values_list("pk", flat=True))

    @property
    def _in_order(self) -> QuerySet[Application]:
        found = self._desk.filter(self.conditions[self._key] & self.filter.condition)
        return found.order_by(*self.filter.order)

    def page(self, rows: QuerySet[Application], number: str | None, size: int) -> Page[Application]:
        """One page of the list. `rows`: files with what a line shows, save round and office, which are at hand."""
        rows = rows.order_by(*self.filter.order)
        if not self._reaches_the_state:
            rows = rows.select_related(None).select_related("enterprise", "taluk", "traits")
        keys = self._found if self.filter.asked else self._in_order.values("pk")
        files: Any = paging.OnePage(keys, rows, self.count)
        page: Page[Application] = Paginator(files, size).get_page(number)
        calls = {call.pk: call for call in self.rounds}
        for file in page:
            file.round = calls.get(file.round_id) or file.round
            file.office = self.offices.get(file.office_id) or file.office
        return page

    # ---- Addresses --------------------------------------------------------------------------------------------
    def query(self, **changes: str) -> str:
        """The query of this list, with something changed; what is empty is left out."""
        asked = {"tab": self._key, **self.filter.asked}
        if self.filter.sorted_by != "clock":
            asked["sort"] = self.filter.sorted_by
        return urlencode({name: value for name, value in (asked | changes).items() if value})

    @property
    def everywhere(self) -> str:
        """The same among all files."""
        return self.query(tab="all")

    @property
    def chips(self) -> list[Chip]:
        """What the list is narrowed by."""
        found = []
        for name, value in self.filter.asked.items():
            field = self.filter.form.fields[name]
            words = {"q": f"“{value}”", "key": _key_words(value)}.get(name)
            label = _("Search") if name in {"q", "key"} else str(field.label)
            shown = words or str(dict(field.choices).get(value, value))
            found.append(Chip(label, shown, self.query(**{name: ""})))
        return found

    @property
    def is_filtered(self) -> bool:
        """Whether something besides the search narrows the list."""
        return any(name != "q" for name in self.filter.asked)

    @property
    def heads(self) -> dict[str, Head]:
        """The heads of the columns that order the list; a second press turns the order round."""
        sort, found = self.filter.sorted_by, {}
        for key in ORDERS:
            aria = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
            turned = f"-{key}" if aria == "ascending" else key
            found[key] = Head(key, self.query(sort=turned if turned != "clock" else ""), aria)
        return found

    @property
    def order_words(self) -> str:
        """How the list is ordered, in words."""
        _by, up, down = ORDERS[self.filter.sorted_by.lstrip("-")]
        return str(down if self.filter.sorted_by.startswith("-") else up)


def _to_check(scrutinises: bool, finds: bool) -> Q:
    found = waiting.NONE
    if scrutinises:
        found |= waiting.answer_to_read() | waiting.document_to_judge()
    return found | waiting.proposal_to_answer() if finds else found


@cache
def _with_what_waits(scrutinises: bool, finds: bool, tile: str) -> QuerySet[Application]:
    """Files with what waits on them: the same on every day, so that it is put together once. Never read itself."""
    asked = {"is_to_check": _to_check(scrutinises, finds), f"is_{tile}": waiting.WAITS[tile][1]()}
    return Application.objects.annotate(**asked)


def _places(user: User) -> list[District]:
    posts = [post.office.district for post in user.postings_now() if post.office and post.office.district]
    return sorted(set(posts), key=lambda place: place.order)


def _rename(known: dict[str, str]) -> bool:
    """Put the words of old addresses, and a PAN or mobile number typed into one, as they are written now. Whether there was any."""
    known["state"] = OLD_STATES.get(known["state"], known["state"])
    if key := search.key_in(known["q"]):
        known["q"], known["key"] = "", key
    return bool(key)


def _key_words(key: str) -> str:
    return _("the PAN typed") if key.startswith("pan-") else _("the mobile number typed")
