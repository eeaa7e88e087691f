"""Every verb of a file's trail, one row each. A test holds that no verb is recorded without its row."""

from evaluation.trail.casework import CASEWORK
from evaluation.trail.committee import COMMITTEE
from evaluation.trail.judging import JUDGING
from evaluation.trail.moves import MOVES
from evaluation.trail.verbs import Verb

VERBS: dict[str, Verb] = {row.name: row for row in (*MOVES, *CASEWORK, *JUDGING, *COMMITTEE)}

# Verbs of people, desks, meetings, reports and the portal itself: their lines stand in no file's trail.
ELSEWHERE = frozenset(
    {
        *("account", "demonstration", "desk", "eligibility", "enterprise", "job", "meeting", "narrative"),
        *("person", "portal", "reference", "report", "reports"),
    }
)
