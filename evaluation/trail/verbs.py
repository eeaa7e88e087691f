"""What a row of the trail's table says of one verb. The rows stand in `moves`, `casework`, `judging` and `committee`."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What the lines of a trail are narrowed by."""

    MOVES = "moves", _("Moves")
    SECTIONS = "sections", _("Sections")
    DOCUMENTS = "documents", _("Documents")
    FIGURES = "figures", _("Figures")
    QUESTIONS = "questions", _("Questions")
    CASEWORK = "casework", _("Notes, calls, visits")
    EVALUATION = "evaluation", _("Evaluation")
    COMMITTEE = "committee", _("Committee")
    PAPERS = "papers", _("Papers")
    READS = "reads", _("Papers opened")


Sentences = tuple[Promise, ...]  # the fullest first: the first one whose facts the line has is said


@dataclass(frozen=True)
class Verb:
    """One verb: its sentences, and who may read it.

    `office` is what officers read, `applicant` what the enterprise reads; nothing there: it reads nothing of it.
    `facts` names what the sentences are filled with, a function of `facts.FACTS`; empty: the numbers the line carries.
    """

    name: str
    kind: Kind
    office: Sentences
    applicant: Sentences = ()
    facts: str = ""
    note: bool = True  # whether officers read the note that stands with it
    told_note: bool = False  # whether the enterprise reads it
    evaluation: bool = False  # of evaluators and marks: not for who stepped back from the file
    marks: bool = False  # says that somebody marked: not before all have locked
    committee: bool = False  # of a decision: before its release only for who sees the Committee's papers
    only: Q | None = None  # which lines of it the enterprise reads


def say(sentences: Sentences, facts: Mapping[str, str]) -> str:
    """The first sentence whose facts are all there; the last one needs none."""
    for sentence in sentences[:-1]:
        try:
            return str(sentence) % facts
        except KeyError:
            continue
    return str(sentences[-1])
