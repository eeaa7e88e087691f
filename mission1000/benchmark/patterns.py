"""What is copied: a few hundred files that go through the real acts, in every district and as far as files go."""

from collections.abc import Iterator
from itertools import islice

from applications.models import Application, Round
from districts.models import District
from mission1000.demonstration import files
from mission1000.demonstration.plan import APPROVED, File

PATTERNS = 297  # three of a packet, and 21 in each of 14 districts
FOR_A_PACKET = ("high", "high", "low")  # of the one district whose packet of the open round is approved
# Every second one is appraised or decided: at the end of a round that is where most files stand.
MIX = (
    "appraised", "submitted", "appraised", "ranked", "draft", "appraised", "scrutiny", "ranked", "appraised", "asked", "named",
    "appraised", "ranked", "answered", "appraised", "scored_once", "ranked_low", "appraised", "half_verified", "appraised",
)  # fmt: skip
RARE = (
    "submitted_late", "withdrawn", "rejected", "proposed", "visited", "begun", "ineligible", "lapsed", "given", "apart",
    "scrutiny_late", "resent", "asked_late", "reinstated",
)  # fmt: skip


def make(call: Round, count: int, seed: int) -> list[int]:
    """Make `count` files through the real acts; their keys."""
    planned = list(islice(_planned(list(District.objects.values_list("code", flat=True))), count))
    files.carry(call, planned, seed)
    return list(Application.objects.order_by("pk").values_list("pk", flat=True))


def _planned(codes: list[str]) -> Iterator[File]:
    goals = [(APPROVED[0], goal) for goal in FOR_A_PACKET]
    for row in range(len(MIX) + 1):
        for number, code in enumerate(codes):
            place = (row + number) % (len(MIX) + 1)  # in each district another one first: a few files show many goals
            goals.append((code, MIX[place] if place < len(MIX) else RARE[number % len(RARE)]))
    for number, (code, goal) in enumerate(goals, start=1):
        yield File(number, code, goal)
