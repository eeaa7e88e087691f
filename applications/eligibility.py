"""May it apply? Versioned rules, three colours: green (eligible), yellow (an officer will check), red (not eligible because…).

Pure: inputs in, rules and colours out. Yellow never blocks. The words are in `eligibility_texts`.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Colour(StrEnum):
    """An answer; a worse one wins."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


ORDER = {Colour.GREEN: 0, Colour.YELLOW: 1, Colour.RED: 2}


@dataclass(frozen=True)
class Inputs:
    """What is asked. None means "not known" and leads to yellow, never to red.

    `loans`: none, regular, overdue (by more than 90 days), defaulter (declared a wilful defaulter, or in insolvency).
    `planned`: whether the enterprise plans to grow its turnover towards the scheme's goal.
    """

    udyam: bool | None
    in_kerala: bool | None
    sector: str
    began_on: date | None
    sales_in_years: int | None
    loans: str
    other_subsidy: bool | None
    planned: bool | None

    def as_json(self) -> dict[str, Any]:
        """The inputs as they are kept with the result."""
        return {**asdict(self), "began_on": self.began_on.isoformat() if self.began_on else None}


@dataclass(frozen=True)
class Policy:
    """What the round says: cut-off, full years needed by then, sectors."""

    cut_off: date
    years: int
    sectors: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """The colour of the whole and of each rule, in the order asked."""

    version: str
    colour: Colour
    rules: tuple[tuple[str, Colour], ...]

    def reds(self) -> list[str]:
        return [key for key, colour in self.rules if colour is Colour.RED]


def full_years(began: date, until: date) -> int:
    """Whole years from the first day to `until`: 3 on the third anniversary, 2 on the day before it."""
    if until < began:
        return 0
    years = until.year - began.year
    while years > 0 and anniversary(began, years) > until:
        years -= 1
    return years


def anniversary(began: date, years: int) -> date:
    """The day on which `years` full years are complete: the same day of the later year, 28 February for a leap day."""
    try:
        return began.replace(year=began.year + years)
    except ValueError:
        return date(began.year + years, 2, 28)


def _registered(inputs: Inputs, _policy: Policy) -> Colour:
    return _known(inputs.udyam)


def _kerala(inputs: Inputs, _policy: Policy) -> Colour:
    return _known(inputs.in_kerala)


def _sector(inputs: Inputs, policy: Policy) -> Colour:
    if not inputs.sector:
        return Colour.YELLOW
    return Colour.GREEN if inputs.sector in policy.sectors else Colour.RED


def _years(inputs: Inputs, policy: Policy) -> Colour:
    if inputs.began_on is None:
        return Colour.YELLOW
    return Colour.GREEN if full_years(inputs.began_on, policy.cut_off) >= policy.years else Colour.RED


def _history(inputs: Inputs, _policy: Policy) -> Colour:
    """A unit without sales in any of the years asked has no operating history; one with gaps is looked at."""
    if inputs.sales_in_years is None:
        return Colour.YELLOW
    if inputs.sales_in_years == 0:
        return Colour.RED
    return Colour.GREEN if inputs.sales_in_years >= 3 else Colour.YELLOW


def _loans(inputs: Inputs, _policy: Policy) -> Colour:
    return {"none": Colour.GREEN, "regular": Colour.GREEN, "defaulter": Colour.RED}.get(inputs.loans, Colour.YELLOW)


def _subsidy(inputs: Inputs, _policy: Policy) -> Colour:
    return Colour.GREEN if inputs.other_subsidy is False else Colour.YELLOW


def _plan(inputs: Inputs, _policy: Policy) -> Colour:
    return Colour.GREEN if inputs.planned else Colour.YELLOW


def _known(value: bool | None) -> Colour:
    return Colour.YELLOW if value is None else Colour.GREEN if value else Colour.RED


Rule = Callable[[Inputs, Policy], Colour]
VERSIONS: dict[str, tuple[tuple[str, Rule], ...]] = {
    "1": (
        ("udyam", _registered),
        ("kerala", _kerala),
        ("sector", _sector),
        ("years", _years),
        ("history", _history),
        ("loans", _loans),
        ("subsidy", _subsidy),
        ("plan", _plan),
    )
}


def answer(version: str, inputs: Inputs, policy: Policy) -> Outcome:
    """Ask every rule of a version; the worst colour is the answer."""
    rules = tuple((key, rule(inputs, policy)) for key, rule in VERSIONS[version])
    return Outcome(version, max((colour for _key, colour in rules), key=ORDER.__getitem__), rules)
