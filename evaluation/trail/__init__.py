"""The trail of a file in plain sentences, for the office and for the enterprise.

A verb is one row of the table (`moves`, `casework`, `judging`, `committee`): its sentences, and who may read it.
"""

from evaluation.trail.lines import Line, lines, newest, office_lines, own_lines
from evaluation.trail.listing import Listing
from evaluation.trail.sight import Sight, for_applicant, for_office, sight_of
from evaluation.trail.table import ELSEWHERE, VERBS

__all__ = [
    "ELSEWHERE",
    "VERBS",
    "Line",
    "Listing",
    "Sight",
    "for_applicant",
    "for_office",
    "lines",
    "newest",
    "office_lines",
    "own_lines",
    "sight_of",
]
