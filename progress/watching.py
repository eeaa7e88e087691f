"""Every figure of the Directorate's watch, and the files behind each: one reading of what a figure counts serves both.

A figure is a `Narrow`: which files it counts. `Tally` adds it up from what `counted` finds; the list
asks `Narrow.condition`. Drafts are counted, never named. A file that is decided and not released is "before the
Committee" like any other there: no figure says more.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, CharField, Q, Value, When
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Round
from applications.states import State
from districts.models import District
from evaluation.queries import without_recused
from progress.ages import older_than
from progress.counted import Heap, counted
from progress.holders import HOLDERS, OPEN, held, holder_labels
from progress.periods import month_of, standing, this_month
from progress.stages import AGES, FUNNEL, WITH_THE_DIC, age_heads, age_labels, funnel_labels
from progress.targets import with_recommended
from progress.waiting import past_their_day
from records.clock import today
from records.formats import indian

YES = "yes"
SENT = "sent"  # handed in and not taken back, whatever became of it
GROUPS: dict[str, tuple[State, ...]] = {"open": OPEN, "with_dic": WITH_THE_DIC}
STAGES: dict[str, tuple[State, ...]] = {**GROUPS, **dict(FUNNEL)}
_STAGES_OF = {state: tuple(key for key, states in STAGES.items() if state in states) for state in State}
AGE_KEYS = tuple(f"{low}-{high}" if high is not None else f"over-{low - 1}" for low, high in AGES)


def stage_labels() -> dict[str, str]:
    """The words of everything a list can be narrowed to: groups of stages first, then the funnel."""
    groups = {SENT: _("Handed in"), "open": _("Handed in, not ended"), "with_dic": _("Waiting for the DIC")}
    return groups | funnel_labels()


@dataclass(frozen=True)
class Narrow:
    """Which files are meant: nothing said of a thing leaves it open. Every value is a key of an allow-list."""

    district: str = ""  # code
    stage: str = ""  # SENT, a key of GROUPS, or of the funnel
    age: str = ""  # a key of AGE_KEYS; only open files have one
    holder: str = ""  # one of HOLDERS
    late: str = ""  # YES: past their day
    listed: str = ""  # YES: recommended by the district

    @property
    def asked(self) -> dict[str, str]:
        """What is said, by the names of the address."""
        return {name: value for name, value in vars(self).items() if value}

    def address(self, call: Round | None) -> str:
        """The list of these files in a round, or in all."""
        return f"{reverse('watch_files')}?{_query(self, call.number if call else 'all')}"

    @property
    def needs_more(self) -> bool:
        """Whether something is asked that `unsorted` does not know."""
        return bool(self.age or self.holder or self.late or self.listed)

    @property
    def condition(self) -> Q:
        """The same for files read through `watched`."""
        found = Q()
        if self.district:
            found &= Q(office__district__code=self.district)
        if self.stage == SENT:
            found &= Q(submitted_at__isnull=False)
        elif self.stage:
            found &= Q(stood__in=STAGES[self.stage])
        if self.age:
            found &= Q(age=self.age)
        if self.holder:
            found &= Q(holder=self.holder)
        if self.late:
            found &= Q(late=True)
        if self.listed:
            found &= Q(listed=True)
        return found


def watched(places: Sequence[District], call: Round | None, user: User) -> Any:
    """Files of the districts given with `stood`, `holder`, `age`, `late` and `listed`: what `Narrow.condition` asks.

    A file from which the reader is recused is not counted: a figure with a file more than its rows would say where it is.
    """
    files = with_holders(unsorted(places, call, user))
    late = Case(When(past_their_day(places), then=Value(True)), default=Value(False), output_field=BooleanField())
    return with_recommended(files, month_of(this_month())).annotate(late=late, age=_age(places))


def unsorted(places: Sequence[District], call: Round | None, user: User) -> Any:
    """The same files with `stood` alone: all that district and stage ask of them."""
    files = without_recused(standing(month_of(this_month()), [place.pk for place in places]), user)
    return files if call is None else files.filter(round=call)


def with_holders(files: Any) -> Any:
    """Files of `unsorted` with `holder`."""
    return held(files, month_of(this_month()))


def _age(places: Sequence[District]) -> Case:
    """The bucket of working days in the present state."""
    buckets = reversed(list(zip(older_than(places, today()), AGE_KEYS[1:], strict=True)))
    whens = [When(older, then=Value(key)) for older, key in buckets]
    closed = When(~Q(stood__in=OPEN), then=Value(""))
    return Case(closed, *whens, default=Value(AGE_KEYS[0]), output_field=CharField())


# ---- Adding up ------------------------------------------------------------------------------------------------
def _kind(narrow: Narrow) -> tuple[str, ...]:
    return narrow.stage, narrow.age, narrow.holder, narrow.late, narrow.listed


# What is added up. The lists know every other combination too, but no figure shows one.
COUNTED = frozenset(
    _kind(narrow)
    for narrow in (
        *(Narrow(stage=stage) for stage in ("", SENT, *STAGES)),
        *(Narrow(stage=stage, age=age) for stage in STAGES for age in AGE_KEYS),
        *(Narrow(holder=holder) for holder in HOLDERS),
        Narrow(late=YES),
        Narrow(listed=YES),
    )
)


class Tally:
    """The files of the districts given, counted once for a reader; `count` answers for every figure."""

    def __init__(self, places: Sequence[District], call: Round | None, user: User) -> None:
        self.places, self.call, self.list = places, call, reverse("watch_files")
        codes = {place.pk: place.code for place in places}
        self._numbers: dict[str, Counter[tuple[str, ...]]] = {code: Counter() for code in ("", *codes.values())}
        found = counted(month_of(this_month()), places, call, reader=user, late=past_their_day(places))
        for heap in found.heaps:
            self._add(codes[heap.place], heap, found.holders(heap))
        for key, number in found.listed.items():
            self._add_to(codes[key], Narrow(listed=YES), number)

    def _add(self, code: str, heap: Heap, holders: Iterable[tuple[str, int]]) -> None:
        for narrow, number in ((Narrow(), heap.number), (Narrow(stage=SENT), heap.sent), (Narrow(late=YES), heap.late)):
            self._add_to(code, narrow, number)
        for holder, number in holders:
            self._add_to(code, Narrow(holder=holder), number)
        for stage in _STAGES_OF[heap.state]:
            self._add_to(code, Narrow(stage=stage), heap.number)
            for age, number in zip(AGE_KEYS, heap.ages if heap.state in OPEN else (), strict=False):
                self._add_to(code, Narrow(stage=stage, age=age), number)

    def _add_to(self, code: str, narrow: Narrow, number: int) -> None:
        for place in (code, ""):
            self._numbers[place][_kind(narrow)] += number

    def count(self, narrow: Narrow, district: str = "") -> int:
        """How many files the figure counts, of the district named here or by itself. ValueError for what is not added up."""
        kind = _kind(narrow)
        if kind not in COUNTED:
            raise ValueError(f"{narrow} is no figure of the watch")
        return self._numbers[district or narrow.district][kind]

    def address(self, narrow: Narrow, district: str = "") -> str:
        """The list of these files: `Narrow.address` for the hundreds of figures of a page."""
        return f"{self.list}?{_query(narrow, self.call.number if self.call else 'all', district)}"


@lru_cache(maxsize=4096)
def _query(narrow: Narrow, number: int | str, district: str = "") -> str:
    named = replace(narrow, district=district) if district else narrow
    return urlencode({"round": number, **named.asked})


# ---- Tables ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cell:
    """A figure and the address of its rows; none where there are no rows, or the figure counts no files."""

    value: int | None
    url: str = ""
    late: bool = False
    of_hundred: bool = False

    @property
    def html(self) -> str:
        """The figure as a cell of a table; written here because a page has hundreds."""
        if self.value is None:
            return format_html('<td class="m-n{}">–</td>', " m-late" if self.late else "")
        late, unit = " m-late" if self.late else "", " %" if self.of_hundred else ""
        figure = indian(self.value)
        if self.url:
            figure = f'<a href="{escape(self.url)}">{figure}</a>'
        return mark_safe(f'<td class="m-n{late}">{figure}{unit}</td>')  # noqa: S308 -- digits, and an escaped address


@dataclass(frozen=True)
class Column:
    """A head with what its figures count."""

    label: str
    narrow: Narrow
    short: str = ""  # the same where the title says the rest

    @property
    def warns(self) -> bool:
        """Whether files in it are late."""
        return bool(self.narrow.late)


@dataclass(frozen=True)
class Line:
    """One district in figures; no district: the State."""

    district: District | None
    cells: list[Cell]

    @property
    def html(self) -> str:
        """Its cells."""
        return mark_safe("".join(cell.html for cell in self.cells))  # noqa: S308 -- each is made safe above


@dataclass(frozen=True)
class Table:
    """Districts in the Department's order against some figures, and the State below."""

    key: str
    title: str
    heads: list[str]
    lines: list[Line]
    total: Line
    short: list[str]


def funnel_columns() -> list[Column]:
    """Every stage, and all files."""
    labels = funnel_labels()
    return [*(Column(labels[key], Narrow(stage=key)) for key, _states in FUNNEL), Column(_("All files"), Narrow())]


def holder_columns() -> list[Column]:
    """Open files by the post that acts next, and all of them."""
    labels = holder_labels()
    return [
        *(Column(labels[key], Narrow(holder=key)) for key in HOLDERS),
        Column(_("Open files"), Narrow(stage="open")),
    ]


def age_columns() -> list[Column]:
    """Files that wait for the DIC by their working days in the state, all of them, and those past their day."""
    words = zip(AGE_KEYS, age_labels(), age_heads(), strict=True)
    ages = [Column(label, Narrow(stage="with_dic", age=key), short) for key, label, short in words]
    return [
        *ages,
        Column(_("All with the DIC"), Narrow(stage="with_dic")),
        Column(_("Past their day"), Narrow(late=YES)),
    ]


def cell_of(tally: Tally, column: Column, code: str = "") -> Cell:
    """The figure of a column for one district (its code), or for the State."""
    number = tally.count(column.narrow, code)
    return Cell(number, tally.address(column.narrow, code) if number else "", late=column.warns and bool(number))


def table_of(key: str, title: str, columns: Sequence[Column], tally: Tally) -> Table:
    """A table of counted files."""
    lines = [Line(place, [cell_of(tally, column, place.code) for column in columns]) for place in tally.places]
    total = Line(None, [cell_of(tally, column) for column in columns])
    short = [column.short or column.label for column in columns]
    return Table(key, title, [column.label for column in columns], lines, total, short)
