"""The map of the 14 districts: outlines, where each label stands, and the five steps a figure falls into.

Outlines: `data/kerala-districts-paths.json`, made from a map under the MIT licence, which stands beside it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from districts.models import District
from records.formats import indian

OUTLINES = Path(__file__).parent / "data" / "kerala-districts-paths.json"
VIEW_BOX = "-46 0 412 652"  # room left of the coast for the labels that stand outside
STEPS = 5
# Districts too narrow for their label: a line from the land to the label, and where the label ends.
OUTSIDE = {
    "ALP": ("M224 484L174 504", 172, 508),
    "KKD": ("M137 188L88 222", 86, 226),
    "KSD": ("M40 48L10 88", 8, 92),
}
ASIDE = {"WYD": 4, "TSR": -8, "PKD": 8, "IDK": 4}  # labels moved a little, so that they stay on the land
BELOW = 4


@dataclass(frozen=True)
class Outline:
    """One district as it is drawn."""

    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Land:
    """One district on the map: its outline, the step its figure falls into, its label, the rows it opens."""

    name: str
    said: str
    url: str
    step: int
    path: str
    label: str
    x: int
    y: int
    lead: str


@dataclass(frozen=True)
class Shown:
    """What a map shows of one district."""

    value: int | None
    said: str
    url: str


@cache
def outlines() -> dict[int, Outline]:
    """Outlines by the LGD code of their district."""
    found = json.loads(OUTLINES.read_text(encoding="utf-8"))["districts"]
    return {one["lgd"]: Outline(one["d"], one["cx"], one["cy"]) for one in found}


def step_size(values: Sequence[int | None], least: int = 1) -> int:
    """How many figures one of the five steps holds, at least `least`; the greatest figure fits into the last."""
    most = max((value for value in values if value is not None), default=0)
    return max(least, -(-(most + 1) // STEPS))


def lands(places: Sequence[District], shown: Sequence[Shown], size: int) -> list[Land]:
    """The districts with what the map shows of each, in the same order; `size` as of `step_size`."""
    found = []
    for place, one in zip(places, shown, strict=True):
        outline = outlines().get(place.lgd)
        if outline is None:
            continue
        lead, x, y = OUTSIDE.get(place.code, ("", outline.x + ASIDE.get(place.code, 0), outline.y + BELOW))
        figure = "–" if one.value is None else indian(one.value)
        label, step = f"{place.code} {figure}", (one.value or 0) // size + 1
        found.append(Land(place.name, one.said, one.url, step, outline.path, label, x, y, lead))
    return found


def key_of(size: int, unit: str = "") -> list[tuple[int, str]]:
    """Each step with the figures it stands for."""
    return [
        (step + 1, f"{indian(step * size)}{f'–{indian((step + 1) * size - 1)}' if size > 1 else ''}{unit}")
        for step in range(STEPS)
    ]
