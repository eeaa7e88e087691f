"""Judging: rules of the round, rubric, what an officer writes on a file, assessments, the district's packet, the Committee."""

from evaluation.models.assessments import Assessment, EarlierMarks, Mark, Moderation
from evaluation.models.committee import (
    AgendaItem,
    Attendance,
    CommitteeRecusal,
    Decision,
    Meeting,
    Release,
    Vote,
)
from evaluation.models.desk import Ineligibility, NoteKind, OfficeNote, VerifiedFigure, Visit, VisitPhoto
from evaluation.models.packets import Pick, Shortlist, ShortlistRow
from evaluation.models.rubric import Criterion, RoundRules, Rubric

__all__ = [
    "AgendaItem",
    "Assessment",
    "Attendance",
    "CommitteeRecusal",
    "Criterion",
    "Decision",
    "EarlierMarks",
    "Ineligibility",
    "Mark",
    "Meeting",
    "Moderation",
    "NoteKind",
    "OfficeNote",
    "Pick",
    "Release",
    "RoundRules",
    "Rubric",
    "Shortlist",
    "ShortlistRow",
    "VerifiedFigure",
    "Visit",
    "VisitPhoto",
    "Vote",
]
