"""Every figure of the Directorate's watch, and the files behind each: one reading of what a figure counts serves both.

A figure is a `Narrow`: which files it counts. `Tally` adds it up from one question, grouped in the database; the list
asks `Narrow.condition`. Drafts are counted, never named. A file that is decided and not released is "before the
Committee" like any other there: no figure says more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, Case, CharField, Count, Q, Value, When
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Round
from applications.states import State
from districts import calendar
from districts.models import District
from evaluation.queries import without_recused
from progress.holders import HOLDERS, OPEN, held, holder_labels
from progress.periods import month_of, standing, this_month
from progress.stages import AGES, FUNNEL, WITH_THE_DIC, age_heads, age_labels, funnel_labels
from progress.targets import with_recommended
from progress.waiting import past_their_day
from records.clock import INDIA, today
from records.formats import indian

YES = "yes"
SENT = "sent"  # handed in and not taken back, whatever became of it
GROUPS: dict[str, tuple[State, ...]] = {"open": OPEN, "with_dic": WITH_THE_DIC}
STAGES: dict[str, tuple[State, ...]] = {**GROUPS, **dict(FUNNEL)}
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
    """The bucket of working days in the present state; districts with the same holidays share their conditions."""
    bounds: dict[tuple[datetime, ...], list[int]] = {}
    for place in places:
        days = tuple(_first_too_young(place, low) for low, _high in AGES[1:])
        bounds.setdefault(days, []).append(place.pk)
    whens = [When(~Q(stood__in=OPEN), then=Value(""))]
    for days, keys in bounds.items():
        own = Q(office__district__in=keys) if len(bounds) > 1 else Q()
        buckets = reversed(list(zip(days, AGE_KEYS[1:], strict=True)))
        whens += [When(own & Q(stood_since__lt=day), then=Value(key)) for day, key in buckets]
    return Case(*whens, default=Value(AGE_KEYS[0]), output_field=CharField())


def _first_too_young(place: District, count: int) -> datetime:
    """The first moment at which a state may have begun and have lasted fewer working days than `count`."""
    last = calendar.add_working_days(today(), -count, place)
    return datetime.combine(last + timedelta(days=1), time.min, INDIA)


# ---- Adding up ------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Heap:
    """Files that are alike in everything a figure asks."""

    state: str
    holder: str
    age: str
    late: bool
    listed: bool
    sent: bool
    number: int

    def fits(self, narrow: Narrow) -> bool:
        """Whether the figure counts them."""
        stage = narrow.stage
        return (
            (self.sent if stage == SENT else not stage or self.state in STAGES[stage])
            and narrow.age in {"", self.age}
            and narrow.holder in {"", self.holder}
            and (self.late or not narrow.late)
            and (self.listed or not narrow.listed)
        )


class Tally:
    """The files of the districts given, counted once for a reader; `count` answers for every figure."""

    def __init__(self, places: Sequence[District], call: Round | None, user: User) -> None:
        self.places, self.call, self.list = places, call, reverse("watch_files")
        self.heaps: dict[str, list[Heap]] = {place.code: [] for place in places}
        alike = ("stood", "holder", "age", "late", "listed", "sent")
        sent = Case(When(submitted_at__isnull=False, then=Value(True)), default=Value(False))
        files = watched(places, call, user).annotate(sent=sent).values("office__district__code", *alike)
        for code, *rest in files.annotate(n=Count("pk")).values_list("office__district__code", *alike, "n"):
            self.heaps[code].append(Heap(*rest))
        self.all = [heap for own in self.heaps.values() for heap in own]

    def count(self, narrow: Narrow) -> int:
        """How many files the figure counts."""
        heaps = self.heaps[narrow.district] if narrow.district else self.all
        return sum(heap.number for heap in heaps if heap.fits(narrow))

    def address(self, narrow: Narrow) -> str:
        """The list of these files: `Narrow.address` for the hundreds of figures of a page."""
        return f"{self.list}?{_query(narrow, self.call.number if self.call else 'all')}"


@lru_cache(maxsize=4096)
def _query(narrow: Narrow, number: int | str) -> str:
    return urlencode({"round": number, **narrow.asked})


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
        if self.url:
            return format_html('<td class="m-n{}"><a href="{}">{}</a>{}</td>', late, self.url, indian(self.value), unit)
        return format_html('<td class="m-n{}">{}{}</td>', late, indian(self.value), unit)


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
        return format_html_join("", "{}", ((cell.html,) for cell in self.cells))


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
    narrow = replace(column.narrow, district=code)
    number = tally.count(narrow)
    return Cell(number, tally.address(narrow) if number else "", late=column.warns and bool(number))


def table_of(key: str, title: str, columns: Sequence[Column], tally: Tally) -> Table:
    """A table of counted files."""
    lines = [Line(place, [cell_of(tally, column, place.code) for column in columns]) for place in tally.places]
    total = Line(None, [cell_of(tally, column) for column in columns])
    short = [column.short or column.label for column in columns]
    return Table(key, title, [column.label for column in columns], lines, total, short)
