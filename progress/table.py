"""The table of districts, once, for the page and for what is exported from it."""

from collections.abc import Iterator, Sequence

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from progress.holders import HOLDERS, holder_labels
from progress.queries import DECISIONS, FUNNEL, TARGETS, Row, funnel_labels
from records.formats import indian

OF_THE_STATE = 14  # districts


def header() -> list[str]:
    """The heads of the columns."""
    labels, posts = funnel_labels(), holder_labels()
    return [
        _("District"),
        _("Received in the month"),
        _("Decided in the month"),
        *(labels[key] for key, _states in FUNNEL),
        _("All files"),
        _("Waiting for the DIC"),
        _("Oldest, working days"),
        *(_("Decided in the month: %(outcome)s") % {"outcome": labels[key]} for key in DECISIONS),
        *(_("Open files: %(holder)s") % {"holder": posts[key]} for key in HOLDERS),
        _("Target"),
        _("Recommended"),
        _("Selected in all"),
    ]


def numbers(row: Row) -> list[int]:
    """The figures of one line, in the order of the heads."""
    figures = row.figures
    return [
        figures.received,
        figures.decided,
        *(figures.states[key] for key, _states in FUNNEL),
        figures.total,
        figures.pending,
        figures.oldest,
        *(figures.decisions[key] for key in DECISIONS),
        *(figures.holders[key] for key in HOLDERS),
        *(figures.targets[key] for key in TARGETS),
    ]


def cells(row: Row) -> SafeString:
    """The same as cells of the page's table; written here because a page has hundreds."""
    return mark_safe("".join(f'<td class="m-n">{indian(number)}</td>' for number in numbers(row)))  # noqa: S308 -- digits


def sum_label(rows: Sequence[Row]) -> str:
    """What the sum stands for: the State, or the districts shown where somebody reaches only some of them."""
    return _("Kerala") if len(rows) == OF_THE_STATE else _("All")


def lines(rows: Sequence[Row], total: Row) -> Iterator[list[str | int]]:
    """Every line as it is exported; the sum last, where there is more than one district."""
    for row in rows:
        yield [row.district.name if row.district else "", *numbers(row)]
    if len(rows) > 1:
        yield [sum_label(rows), *numbers(total)]
