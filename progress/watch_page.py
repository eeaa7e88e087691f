"""The Directorate's watch as it is shown: tiles, map, tables and bars of a round, or of all rounds together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, Round
from districts.models import District
from evaluation.queries import without_recused
from progress import districtmap
from progress.queries import selected_so_far
from progress.stages import FUNNEL, WITH_THE_DIC, age_heads, funnel_labels
from progress.targets import Target, sum_of, targets_of
from progress.watch_filters import MEASURES, WatchForm
from progress.watching import (
    AGE_KEYS,
    SENT,
    YES,
    Cell,
    Column,
    Line,
    Narrow,
    Table,
    Tally,
    age_columns,
    cell_of,
    funnel_columns,
    holder_columns,
    table_of,
)
from records.formats import indian

BEHIND = {  # the files behind what the map shows
    "received": Narrow(stage=SENT),
    "pending": Narrow(stage="open"),
    "late": Narrow(late=YES),
    "recommended": Narrow(listed=YES),
    "selected": Narrow(stage="selected"),
    "percent": Narrow(stage="selected"),
}
DIC_STAGES = tuple(key for key, states in FUNNEL if set(states) <= set(WITH_THE_DIC))
AGE_CSS = ("q2", "q3", "q4", "qbad")  # a class of the look for each bucket of ages


@dataclass(frozen=True)
class Part:
    """A piece of a stacked bar: where it begins, how wide it is, its class."""

    at: int
    width: int
    css: str


@dataclass(frozen=True)
class Bars:
    """One row of a chart: its words, its figures with their rows, and its bar."""

    label: str
    cells: list[Cell]
    parts: list[Part]


@dataclass(frozen=True)
class Tile:
    """A figure above the tables that opens its rows."""

    cell: Cell
    what: str
    note: str = ""
    turn: str = ""
    of: str = ""


class Watch:
    """What `/watch/` shows under an address. Its questions do not grow with the files."""

    def __init__(self, user: User, data: Mapping[str, str]) -> None:
        self.user = user
        self.rounds = list(Round.objects.order_by("-number"))
        self.form = WatchForm(data, rounds=self.rounds)
        self.call, self.measure = self.form.call, self.form.measure
        self.places = list(District.objects.all())
        self.tally = Tally(self.places, self.call, user)

    @cached_property
    def selected_in_all(self) -> int:
        """Enterprises selected in all rounds: the figure of the first page, as far as the reader finds its rows."""
        return selected_so_far(without_recused(Application.objects.all(), self.user))

    @property
    def selected_url(self) -> str:
        """Their rows."""
        return Narrow(stage="selected").address(None) if self.selected_in_all else ""

    @cached_property
    def targets(self) -> dict[str, Target]:
        """Target, recommended and selected of each district, by its code."""
        given = targets_of(self.places, self.call)
        return {place.code: self._target(given[place.pk], place.code) for place in self.places}

    def _target(self, target: int, code: str) -> Target:
        listed, selected = (self.tally.count(BEHIND[name], code) for name in ("recommended", "selected"))
        return Target(target, listed, selected)

    @cached_property
    def target(self) -> Target:
        """Those of the State."""
        return sum_of(list(self.targets.values()))

    # ---- Tiles ------------------------------------------------------------------------------------------------
    def cell(self, narrow: Narrow) -> Cell:
        """A figure of the State."""
        return cell_of(self.tally, Column("", narrow))

    @property
    def tiles(self) -> list[Tile]:
        """The figures of the State that matter first."""
        with_dic, late = self.cell(Narrow(stage="with_dic")), self.cell(Narrow(late=YES))
        applicants = self.cell(Narrow(holder="applicant"))
        of_dics = _("of the %(files)s with the DICs") % {"files": indian(with_dic.value)}
        target = self.target
        of = _("of %(target)s") % {"target": indian(target.target)} if target.target else ""
        percent = "" if target.percent is None else f"{indian(target.percent)} %"
        return [
            Tile(self.cell(Narrow(stage=SENT)), _("handed in")),
            Tile(with_dic, _("with the DICs")),
            Tile(late, _("past their day"), of_dics, "bad" if late.value else ""),
            Tile(applicants, _("with applicants"), _("clock paused"), "yours" if applicants.value else ""),
            Tile(self.cell(Narrow(holder="directorate")), _("with Directorate and Committee")),
            Tile(self.cell(BEHIND["selected"]), _("selected, against the target"), percent, of=of),
        ]

    # ---- Map --------------------------------------------------------------------------------------------------
    @property
    def measure_label(self) -> str:
        """What the map shows, in words."""
        return str(MEASURES[self.measure])

    @cached_property
    def shown(self) -> list[districtmap.Shown]:
        """What the map says of each district."""
        return [self._shown(place) for place in self.places]

    def _shown(self, place: District) -> districtmap.Shown:
        target, narrow = self.targets[place.code], replace(BEHIND[self.measure], district=place.code)
        url = narrow.address(self.call)
        if self.measure != "percent":
            number = self.tally.count(narrow)
            return districtmap.Shown(number, f"{place.name}: {indian(number)}", url)
        words = {"district": place.name, "selected": indian(target.selected), "target": indian(target.target)}
        said = _("%(district)s: %(selected)s of %(target)s") % words
        percent = "" if target.percent is None else f", {indian(target.percent)} %"
        return districtmap.Shown(target.percent, said + percent, url)

    @property
    def lands(self) -> list[districtmap.Land]:
        """The districts as they are drawn."""
        return districtmap.lands(self.places, self.shown, self.step_size)

    @property
    def step_size(self) -> int:
        """How many figures a step of the map holds; per cent go by twenties."""
        return districtmap.step_size([one.value for one in self.shown], 20 if self.measure == "percent" else 1)

    @property
    def map_key(self) -> list[tuple[int, str]]:
        """The five steps of the map."""
        unit = " %" if self.measure == "percent" else ""
        return districtmap.key_of(self.step_size, unit)

    # ---- Tables -----------------------------------------------------------------------------------------------
    @cached_property
    def against_target(self) -> Table:
        """The figures of the map, and what a district may recommend."""
        first = [Column(str(MEASURES[name]), BEHIND[name]) for name in ("received", "pending", "late", "recommended")]
        selected = Column(str(MEASURES["selected"]), BEHIND["selected"])
        lines = [
            Line(place, self._against(first, selected, place.code, self.targets[place.code])) for place in self.places
        ]
        heads = [*(column.label for column in first), _("Target"), selected.label, _("Of the target")]
        total = Line(None, self._against(first, selected, "", self.target))
        return Table("target", self._districts_title, heads, lines, total, heads)

    def _against(self, first: Sequence[Column], selected: Column, code: str, target: Target) -> list[Cell]:
        return [
            *(cell_of(self.tally, column, code) for column in first),
            Cell(target.target),
            cell_of(self.tally, selected, code),
            Cell(target.percent, of_hundred=True),
        ]

    @property
    def _districts_title(self) -> str:
        return _("%(districts)s districts, in the Department’s order") % {"districts": len(self.places)}

    @cached_property
    def funnel(self) -> Table:
        """Where files stand."""
        return table_of("funnel", _("Where files stand"), funnel_columns(), self.tally)

    @cached_property
    def holding(self) -> Table:
        """Whose act comes next."""
        return table_of("holding", _("Open files, by who acts next"), holder_columns(), self.tally)

    @cached_property
    def waiting(self) -> Table:
        """How long files have waited at the DICs."""
        return table_of(
            "waiting", _("Waiting for the DIC, by working days in the present state"), age_columns(), self.tally
        )

    # ---- Bars -------------------------------------------------------------------------------------------------
    @cached_property
    def funnel_bars(self) -> list[Bars]:
        """The funnel of the State."""
        labels, cells = funnel_labels(), {key: self.cell(Narrow(stage=key)) for key, _states in FUNNEL}
        return [Bars(labels[key], [cell], [Part(0, cell.value or 0, "fill")]) for key, cell in cells.items()]

    @cached_property
    def funnel_most(self) -> int:
        """The longest of these bars."""
        return max([bar.cells[0].value or 0 for bar in self.funnel_bars] + [1])

    @cached_property
    def age_bars(self) -> list[Bars]:
        """Files of the State that wait for a DIC: by stage, each by its working days in it."""
        labels, found = funnel_labels(), []
        for stage in DIC_STAGES:
            cells = [self.cell(Narrow(stage=stage, age=key)) for key in AGE_KEYS]
            found.append(Bars(labels[stage], cells, list(_stacked([cell.value or 0 for cell in cells]))))
        return found

    @cached_property
    def age_most(self) -> int:
        """The longest of these bars."""
        return max([sum(cell.value or 0 for cell in bar.cells) for bar in self.age_bars] + [1])

    @property
    def age_heads(self) -> list[tuple[str, str]]:
        """The buckets with the class of their colour."""
        return list(zip(AGE_CSS, age_heads(), strict=True))

    @property
    def age_total(self) -> list[Cell]:
        """All of them by bucket."""
        return [self.cell(Narrow(stage="with_dic", age=key)) for key in AGE_KEYS]


def _stacked(numbers: Sequence[int]) -> Iterator[Part]:
    at = 0
    for number, css in zip(numbers, AGE_CSS, strict=True):
        if number:
            yield Part(at, number, css)
        at += number


# ---- The tables to take away ----------------------------------------------------------------------------------
def sheet(watch: Watch) -> tuple[list[str], Iterator[list[Any]]]:
    """Every table of the page as one: heads, and a line for each district and for the State. No figure stands twice."""
    tables = [watch.against_target, watch.funnel, watch.holding, watch.waiting]
    places: dict[str, tuple[Table, int]] = {}
    for table in tables:
        for number, head in enumerate(table.heads):
            places.setdefault(head, (table, number))

    def lines() -> Iterator[list[Any]]:
        for row, line in enumerate(watch.against_target.lines):
            yield [line.district, *(table.lines[row].cells[number].value for table, number in places.values())]
        yield [_("Kerala"), *(table.total.cells[number].value for table, number in places.values())]

    return [_("District"), *places], lines()
