"""The desk as a table to take away: the files of a list, nothing sealed among them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from applications import priority
from applications.dayclock import Clock
from applications.queries import clock
from evaluation.queries import post_labels
from progress.listing import Listing
from records.formats import day

Cell = str | int


def header(*, officer: bool) -> list[str]:
    """The heads of the columns. Hints stand only in an officer's."""
    hints = [_("Contested number"), _("Things to look at")] if officer else []
    return [
        _("Application number"),
        _("Enterprise"),
        _("Name in Malayalam"),
        _("Udyam number"),
        _("Round"),
        _("State"),
        _("Since"),
        _("Working days used"),
        _("Working days allowed"),
        _("Due"),
        _("With"),
        _("Taluk"),
        _("Activity"),
        _("Size"),
        _("Priority sector"),
        _("Turnover of the latest year, ₹, claimed"),
        _("Exports"),
        _("Women-led"),
        _("SC/ST-owned"),
        *hints,
    ]


def rows(listing: Listing) -> Iterator[list[Cell]]:
    """Exactly the files of the list, in its order."""
    files = list(listing.files)
    posts = post_labels(file.officer_id for file in files)
    for file in files:
        traits = getattr(file, "traits", None)
        hints = [_yes(file.contested), traits.flags if traits else 0] if listing.officer else []
        yield [
            file.reference,
            file.enterprise.name_en,
            file.enterprise.name_ml,
            file.udyam_number,
            file.round.number,
            str(file.current.label),
            day(file.since),
            *_days(clock(file)),
            posts.get(file.officer_id or 0, ""),
            file.taluk.name,
            *_traits(traits),
            *hints,
        ]


def _days(own: Clock) -> list[Cell]:
    return [own.day, own.limit, day(own.due)] if own.limit else ["", "", ""]


def _traits(traits: Any) -> list[Cell]:
    if traits is None:
        return [""] * 7
    sector = priority.SECTORS.get(traits.priority_sector)
    return [
        traits.get_sector_display(),
        traits.get_size_display(),
        str(sector[0]) if sector else "",
        "" if traits.turnover is None else traits.turnover,
        _yes(traits.exports),
        _yes(traits.women_led),
        _yes(traits.sc_st),
    ]


def _yes(value: bool) -> str:
    return _("Yes") if value else _("No")
