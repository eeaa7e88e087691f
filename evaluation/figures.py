"""Which figures an officer verifies, and what is computed from them. No database: values go in, words come out.

A value is a Decimal (rupees, persons) or a text ("yes", "no", a date as YYYY-MM-DD), as `applications.queries.claimed` gives it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from records import formats

Value = Decimal | str
Values = Mapping[str, Value]


class Kind(StrEnum):
    """How a figure is typed and compared."""

    MONEY = "money"
    PERSONS = "persons"
    YES_NO = "yes_no"
    DATE = "date"


@dataclass(frozen=True)
class Figure:
    """One figure to verify. `key` is what VerifiedFigure and the claim carry."""

    key: str
    name: str | Promise
    kind: Kind
    year: str = ""

    @property
    def label(self) -> str:
        """The row's heading in the reader's language; the name of a year's figure holds the place of the year."""
        return str(self.name) % {"year": self.year} if self.year else str(self.name)


_TURNOVER = gettext_lazy("Turnover %(year)s")
_EXPORTS = gettext_lazy("Export sales %(year)s")
_PROFIT = gettext_lazy("Net profit %(year)s")


def asked(years: Sequence[str]) -> list[Figure]:
    """The figures to verify in a round that asks for these financial years, oldest first."""
    latest = years[-1]
    return [
        *(Figure(f"turnover:{year}", _TURNOVER, Kind.MONEY, year) for year in years),
        Figure(f"exports:{latest}", _EXPORTS, Kind.MONEY, latest),
        Figure(f"profit:{latest}", _PROFIT, Kind.MONEY, latest),
        Figure("jobs", gettext_lazy("Persons employed"), Kind.PERSONS),
        Figure("women", gettext_lazy("Women employed"), Kind.PERSONS),
        Figure("fixed_capital", gettext_lazy("Fixed capital planned"), Kind.MONEY),
        Figure("overdue", gettext_lazy("Loan overdue over 90 days"), Kind.YES_NO),
        Figure("began_on", gettext_lazy("Began operations"), Kind.DATE),
    ]


def shown(figure: Figure, value: Value | None) -> str:
    """A value as the page writes it; empty where there is none."""
    if value is None or value == "":
        return ""
    match figure.kind:
        case Kind.MONEY:
            return formats.rupees(value)
        case Kind.PERSONS:
            return formats.indian(value)
        case Kind.YES_NO:
            return _("Yes") if value == "yes" else _("No")
        case Kind.DATE:
            return formats.day(date.fromisoformat(str(value)))


def crore(rupees: Decimal) -> str:
    """6,18,00,000 as "6.18"; below 10 lakh with four places, so that a small unit does not read 0.00."""
    places = 2 if abs(rupees) >= 1_000_000 or not rupees else 4
    return _signed(rupees / 10_000_000, places)


def _signed(number: Decimal, places: int = 1) -> str:
    """Half up, as every other figure is rounded, with a true minus sign; nothing rounds to a minus nought."""
    found = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{found or abs(found):f}".replace("-", "−")


@dataclass(frozen=True)
class Computed:
    """A figure made from verified ones. `value` is None where it cannot be made, and `how` then says why."""

    headline: str
    how: str
    value: Decimal | None = None

    @property
    def text(self) -> str:
        """Both in one line, as it is kept beside a mark."""
        return f"{self.headline} = {self.how}" if self.headline and self.how else self.headline or self.how


def _amount(values: Values, key: str) -> Decimal | None:
    value = values.get(key)
    return value if isinstance(value, Decimal) else None


def contradiction(values: Values, years: Sequence[str]) -> str:
    """What cannot be true of verified figures taken together, in a sentence; empty where they agree."""
    parts = [("women", "jobs", _("Women employed (%(part)s) cannot be more than persons employed (%(whole)s)."))]
    parts += [
        (
            f"exports:{year}",
            f"turnover:{year}",
            _("Export sales (₹%(part)s) cannot be more than turnover (₹%(whole)s)."),
        )
        for year in years
    ]
    for part, whole, sentence in parts:
        less, more = _amount(values, part), _amount(values, whole)
        if less is not None and more is not None and less > more:
            return sentence % {"part": formats.indian(less), "whole": formats.indian(more)}
    return ""


def _missing(names: str) -> Computed:
    return Computed("", _("Cannot be computed yet: not verified: %(names)s.") % {"names": names})


def growth(values: Values, years: Sequence[str]) -> Computed:
    """Growth of turnover a year, per cent, compounded from the first to the last year asked for."""
    first, last = _amount(values, f"turnover:{years[0]}"), _amount(values, f"turnover:{years[-1]}")
    if first is None or last is None:
        return _missing(_("turnover"))
    if first <= 0:
        return Computed("", _("Cannot be computed: the turnover of %(year)s is 0.") % {"year": years[0]})
    steps = len(years) - 1
    with localcontext() as context:
        context.prec = 28
        percent = ((last / first) ** (Decimal(1) / steps) - 1) * 100 if last > 0 else Decimal(-100)
    return Computed(
        _("%(percent)s %% a year") % {"percent": _signed(percent)},
        _("(%(last)s ÷ %(first)s)^(1/%(steps)s) − 1, from verified turnover of %(from)s and %(to)s in ₹ crore")
        % {"last": crore(last), "first": crore(first), "steps": steps, "from": years[0], "to": years[-1]},
        percent,
    )


def profit_share(values: Values, years: Sequence[str]) -> Computed:
    """Net profit by turnover of the last year, per cent."""
    year = years[-1]
    profit, turnover = _amount(values, f"profit:{year}"), _amount(values, f"turnover:{year}")
    if profit is None or turnover is None:
        return _missing(_("profit, turnover"))
    if turnover <= 0:
        return Computed("", _("Cannot be computed: the turnover of %(year)s is 0.") % {"year": year})
    percent = profit / turnover * 100
    return Computed(
        _("%(percent)s %%") % {"percent": _signed(percent)},
        _("%(profit)s ÷ %(turnover)s, net profit by turnover of %(year)s, verified, in ₹ crore")
        % {"profit": crore(profit), "turnover": crore(turnover), "year": year},
        percent,
    )


def jobs(values: Values, _years: Sequence[str]) -> Computed:
    """Persons employed, and the women among them."""
    persons, women = _amount(values, "jobs"), _amount(values, "women")
    if persons is None:
        return _missing(_("persons employed"))
    headline = ngettext("%(count)s person verified", "%(count)s persons verified", int(persons)) % {
        "count": int(persons)
    }
    if women is None:
        return Computed(headline, "", persons)
    return Computed(
        ngettext(
            "%(count)s person verified; women among them: %(women)s",
            "%(count)s persons verified; women among them: %(women)s",
            int(persons),
        )
        % {"count": int(persons), "women": int(women)},
        "",
        persons,
    )


def export_share(values: Values, years: Sequence[str]) -> Computed:
    """Exports by turnover of the last year, per cent."""
    year = years[-1]
    exports, turnover = _amount(values, f"exports:{year}"), _amount(values, f"turnover:{year}")
    if exports is None or turnover is None:
        return _missing(_("export sales, turnover"))
    if turnover <= 0:
        return Computed("", _("Cannot be computed: the turnover of %(year)s is 0.") % {"year": year})
    percent = exports / turnover * 100
    return Computed(
        _("%(percent)s %%") % {"percent": _signed(percent)},
        _("%(exports)s ÷ %(turnover)s, export sales by turnover of %(year)s, verified, in ₹ crore")
        % {"exports": crore(exports), "turnover": crore(turnover), "year": year},
        percent,
    )


FORMULAS: dict[str, Callable[[Values, Sequence[str]], Computed]] = {
    "growth": growth,
    "profit_share": profit_share,
    "jobs": jobs,
    "export_share": export_share,
}


def compute(formula: str, values: Values, years: Sequence[str]) -> Computed | None:
    """The computed figure of a criterion; None where it has none."""
    return FORMULAS[formula](values, years) if formula else None


def band_of(bands: Sequence[Mapping[str, object]], value: Decimal | None) -> int | None:
    """The mark of the band a computed value falls in (from ≤ value < to; a bound left out is open).

    Asked of the value as it is shown, with one place: what reads 10.0 % does not lie under 10.
    """
    if value is None:
        return None
    value = value.quantize(Decimal("0.1"), ROUND_HALF_UP)
    for band in bands:
        low, high = band.get("from"), band.get("to")
        if low is None and high is None:
            continue
        if (low is None or value >= Decimal(str(low))) and (high is None or value < Decimal(str(high))):
            return int(str(band["mark"]))
    return None


@dataclass(frozen=True)
class Difference:
    """Verified against claimed: 0 is the same, otherwise how much, and what share of the claim (None where it was 0)."""

    amount: Decimal
    percent: Decimal | None

    @property
    def same(self) -> bool:
        return self.amount == 0


def difference(claimed: Value | None, verified: Value | None) -> Difference | None:
    """The difference of two amounts; None for texts and where one is missing."""
    if not isinstance(claimed, Decimal) or not isinstance(verified, Decimal):
        return None
    amount = verified - claimed
    return Difference(amount, abs(amount) / abs(claimed) * 100 if claimed else None)


def difference_shown(figure: Figure, found: Difference) -> str:
    """With sign and share: "− ₹24,00,000 (3.7 %)"."""
    size = shown(figure, abs(found.amount))
    words = {"sign": "−" if found.amount < 0 else "+", "size": size, "percent": _signed(found.percent or Decimal(0))}
    return _("%(sign)s %(size)s") % words if found.percent is None else _("%(sign)s %(size)s (%(percent)s %%)") % words
