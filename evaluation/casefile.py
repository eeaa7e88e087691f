"""A file as the office's page shows it: one reading of everything, in a constant number of queries."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from applications import queries as applications
from applications.models import Application
from applications.rules import may
from applications.sections import SECTIONS
from applications.states import DocumentState, State
from evaluation import rules, scoring, trail
from evaluation.cards import in_this_language
from evaluation.models import Assessment, Mark, Shortlist
from evaluation.queries import (
    DocumentRow,
    assign_verdict,
    document_rows,
    figure_rows,
    live_assessments,
    post_labels,
    rules_of,
    verified_values,
)
from evaluation.states import AssessmentState
from evaluation.steps import STEPS
from records.verdicts import Verdict


@dataclass(frozen=True)
class Next:
    """What can be done next: a button (`post`) or a link, and why it may not be pressed."""

    sentence: str
    label: str = ""
    address: str = ""
    post: bool = False
    verdict: Verdict | None = None


@dataclass(frozen=True)
class EvaluationRow:
    """One evaluation as this reader may see it: who and how far always, marks only once they are open."""

    assessment: Assessment
    post: str
    total: str
    marks: list[Mark]


def of(file: Application, user: User) -> dict[str, Any]:
    """Everything the page shows to this reader."""
    figures, documents, live = figure_rows(file), document_rows(file), live_assessments(file)
    officer_view = user.has(Permission.SEE_FILE, file.office)
    own = next((row for row in live if row.evaluator_id == user.pk), None)
    lines, in_all = trail.lines(file) if officer_view else ([], 0)
    return {
        "file": file,
        "figures": figures,
        "figures_done": sum(1 for row in figures if row.row),
        "documents": documents,
        "document_counts": _document_counts(documents),
        "may_verify": rules.may_verify(user, file),
        "clock": applications.clock(file),
        "holder": post_labels([file.officer_id]).get(file.officer_id or 0, ""),
        "flags": applications.soft_flags(file) if officer_view else [],
        "sections": sections_of(file),
        "officer_view": officer_view,
        "own": own,
        "evaluations": evaluation_rows(file, user, live) if officer_view else [],
        "next": next_of(file, user, live),
        "trail": lines,
        "trail_count": in_all,
        "packet": Shortlist.objects.filter(rows__application=file).first() if officer_view else None,
    }


def sections_of(file: Application) -> list[dict[str, Any]]:
    """The sections as the enterprise filled them, documents aside (they have their own panel)."""
    return [
        {"title": section.title, "facts": applications.section_facts(file, section.key)}
        for section in SECTIONS
        if section.key != "documents"
    ]


def _document_counts(rows: list[DocumentRow]) -> dict[str, int]:
    states = [row.version.state if row.version else "" for row in rows]
    return {
        "all": len(states),
        "accepted": states.count(DocumentState.ACCEPTED),
        "rejected": states.count(DocumentState.REJECTED),
        "to_read": states.count(DocumentState.RECEIVED),
    }


def evaluation_rows(file: Application, user: User, live: list[Assessment]) -> list[EvaluationRow]:
    """Who evaluates, by post; totals and marks only where `rules.marks_open` says so, and one's own."""
    posts = post_labels(row.evaluator_id for row in live)
    seen = rules.marks_open(user, file, live)
    shown = [row for row in live if seen and row.state == AssessmentState.LOCKED]
    marks: dict[int, list[Mark]] = {}
    if shown:
        kept = Mark.objects.filter(assessment__in=shown).select_related("criterion")
        for mark in in_this_language(kept, file, verified_values(file)):
            marks.setdefault(mark.assessment_id, []).append(mark)
    return [
        EvaluationRow(
            assessment=row,
            post=posts.get(row.evaluator_id, ""),
            total=str(scoring.rounded(row.exact)) if row in shown else "",
            marks=marks.get(row.pk, []),
        )
        for row in live
    ]


def _own_next(file: Application, own: Assessment) -> Next | None:
    address = f"/desk/{file.reference}/scorecard/"
    if own.state == AssessmentState.ASSIGNED:
        return Next(_("You are named as evaluator of this file."), _("Open your scorecard"), address)
    if own.is_open:
        return Next(_("Your scorecard is not locked yet."), _("Open your scorecard"), address)
    return None


def next_of(file: Application, user: User, live: list[Assessment]) -> Next:
    """The one thing to do now, in a sentence, with its button."""
    own = next((row for row in live if row.evaluator_id == user.pk), None)
    if own and file.state == State.APPRAISAL and (mine := _own_next(file, own)):
        return mine
    match file.state:
        case State.SUBMITTED:
            return _step(file, user, "take_up", "take-up", _("Nobody has taken this file up."))
        case State.SCRUTINY:
            return _step(file, user, "pass_scrutiny", "end-scrutiny", _("Verify each figure and judge each document."))
        case State.APPRAISAL:
            return _appraisal(file, user, live)
        case State.APPRAISED:
            return Next(_("Appraised. The file goes into the next shortlist."), _("Shortlists"), "/desk/shortlists/")
        case State.CLARIFICATION:
            return Next(_("Nothing to do now: the applicant has been asked."))
        case _:
            return Next(_("Nothing to do now."))


def _step(file: Application, user: User, move: str, address: str, sentence: str) -> Next:
    step = STEPS[move]
    return Next(sentence, str(step.label), f"/desk/{file.reference}/{address}/", True, may(user, step, file))


def _appraisal(file: Application, user: User, live: list[Assessment]) -> Next:
    verdict = assign_verdict(user, file, live)
    address = f"/desk/{file.reference}/evaluators/"
    if len(live) < scoring.EVALUATIONS_NEEDED:
        return Next(
            _("Two evaluators score this file, each without seeing the other."),
            _("Name evaluators"),
            address,
            False,
            verdict,
        )
    if any(row.state != AssessmentState.LOCKED for row in live):
        return Next(_("Nothing to do now: the evaluators are at work."))
    answer = _spread(file, live)
    if answer in {scoring.Spread.WIDE, scoring.Spread.STRADDLES} and verdict:
        # How far the totals lie apart is part of what stays blind.
        why = _sentence(answer) if rules.marks_open(user, file, live) else _("Two evaluations do not settle this file.")
        return Next(why, _("Name a third evaluator"), address, False, verdict)
    if not rules.marks_open(user, file, live):
        return Next(_("Nothing to do now: the evaluations are being settled."))
    return Next(_("Nothing to do now: the appraisal is being closed."))


def _spread(file: Application, live: list[Assessment]) -> scoring.Spread:
    asked = rules_of(file)
    return scoring.spread([row.exact for row in live], asked.spread_limit, asked.pass_mark)


def _sentence(answer: scoring.Spread) -> str:
    if answer is scoring.Spread.WIDE:
        return _("The two totals are too far apart: a third evaluator decides.")
    return _("The two totals lie on either side of the pass mark: a third evaluator decides.")
