"""A file as the office's page shows it: one reading of everything, in a constant number of queries."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from applications import queries as applications
from applications import sections
from applications.clarifications import open_question
from applications.models import Application
from applications.rules import is_member, may
from applications.sections import SECTIONS
from applications.states import DEAD, OUTCOMES, DocumentState, State
from applications.steps import STEPS as APPLICANT_STEPS
from evaluation import rules, scoring, trail
from evaluation.appraisal import panel
from evaluation.models import Assessment, Shortlist
from evaluation.queries import (
    DocumentRow,
    assign_verdict,
    document_rows,
    figure_rows,
    live_assessments,
    post_labels,
    rules_of,
)
from evaluation.queries.answers import older_marks
from evaluation.queries.answers import panel as questions_of
from evaluation.queries.casework import Casework, casework
from evaluation.queries.conflicts import stepped_back
from evaluation.queries.contests import Contest, contest_of
from evaluation.queries.notes import sheet
from evaluation.queries.releases import released_decision
from evaluation.queries.returns import close_again_verdict, return_verdict
from evaluation.queries.visits import visits_of
from evaluation.rules.conflicts import without_conflict
from evaluation.rules.settling import may_moderate
from evaluation.rules.visits import may_visit
from evaluation.states import AssessmentState
from evaluation.steps import STEPS, closable, documents_open
from records.acts import one_reading
from records.formats import day
from records.verdicts import Verdict

CLOSE = APPLICANT_STEPS["close_unanswered"]


@dataclass(frozen=True)
class Next:
    """What can be done next: a button (`post`) or a link, and why it may not be pressed."""

    sentence: str
    label: str = ""
    address: str = ""
    post: bool = False
    verdict: Verdict | None = None


@one_reading
def of(file: Application, user: User) -> dict[str, Any]:
    """Everything the page shows to this reader."""
    prefetch_related_objects([file], "enterprise__members")  # each rule asks whether the reader acts for it
    with sections.read_once(file):
        return _of(file, user)


def _of(file: Application, user: User) -> dict[str, Any]:
    figures, documents, live = figure_rows(file), document_rows(file), live_assessments(file)
    officer_view = user.has(Permission.SEE_FILE, file.office)
    gone = stepped_back(user, file)
    free = without_conflict(stepped_back=gone)
    own = next((row for row in live if row.evaluator_id == user.pk), None)
    work = casework(file, user)
    told = _told(file, user) if officer_view else None
    evaluation = panel(file, user, live, gone=gone) if officer_view and not is_member(user, file) else None
    marks = [mark for row in evaluation.rows for mark in row.marks] if evaluation else []
    return {
        "file": file,
        "figures": figures,
        "figures_done": sum(1 for row in figures if row.row),
        "documents": documents,
        "document_counts": _document_counts(documents),
        "may_verify": rules.may_verify(user, file) and free,
        "visits": visits_of(file),
        "may_visit": may_visit(user, file) and free,
        "clock": applications.clock(file),
        "holder": post_labels([file.officer_id]).get(file.officer_id or 0, ""),
        "flags": applications.soft_flags(file, told.against) if told else [],
        "sections": sections_of(file),
        "officer_view": officer_view,
        "own": own,
        "evaluation": evaluation,
        "older_marks": older_marks(file, marks),
        "contest": told if told and told.matters else None,
        "held": [other.reference for other in told.others] if told and file.contested else [],
        "next": (work and _answer_next(file, work)) or _next_for(file, user, live, told, gone=gone),
        "trail": trail.newest(file, trail.sight_of(user, file, live, gone=gone)) if told else None,
        "notes": sheet(file, user),
        "questions": questions_of(file, user, gone=gone),
        "casework": work,
        "decision": released_decision(file) if told and not gone and file.state in OUTCOMES else None,
        "packet": Shortlist.objects.filter(rows__application=file).first() if officer_view else None,
        "may_return": return_verdict(user, file),
    }


def _told(file: Application, user: User) -> Contest | None:
    """What stands against the file's number; None for who acts for one of the enterprises: neither reads who the other is."""
    found = contest_of(file, user)
    return None if found.own else found


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


def _own_next(file: Application, own: Assessment) -> Next | None:
    address = f"/desk/{file.reference}/scorecard/"
    if own.state == AssessmentState.ASSIGNED:
        return Next(_("You are named as evaluator of this file."), _("Open your scorecard"), address)
    if own.state == AssessmentState.UNLOCKED:
        return Next(
            _("Your marks were unlocked. Look at them again, then lock them."), _("Open your scorecard"), address
        )
    if own.is_open:
        return Next(_("Your scorecard is not locked yet."), _("Open your scorecard"), address)
    return None


def _next_for(file: Application, user: User, live: list[Assessment], contest: Contest | None, *, gone: bool) -> Next:
    """What comes next for this reader: a button that moves the file is not for who stepped back from it, and says so."""
    ahead = next_of(file, user, [] if gone else live, contest)
    return replace(ahead, verdict=without_conflict(stepped_back=True)) if gone and ahead.post else ahead


def _answer_next(file: Application, work: Casework) -> Next | None:
    """What the General Manager does before anything else: answer a proposal, or reinstate what was found."""
    if work.waiting and work.may_answer and file.state not in DEAD:
        sentence = _("An officer proposes to find this file ineligible.")
        return Next(sentence, _("Answer the proposal"), f"/desk/{file.reference}/ineligible/")
    if work.found and work.may_reinstate:
        sentence = _("Nothing to do now: the file is ineligible. You can reinstate it.")
        return Next(sentence, str(STEPS["reinstate"].label), f"/desk/{file.reference}/reinstate/")
    return None


def next_of(file: Application, user: User, live: list[Assessment], contest: Contest | None = None) -> Next:
    """The one thing to do now, in a sentence, with its button."""
    own = next((row for row in live if row.evaluator_id == user.pk), None)
    if own and file.state == State.APPRAISAL and (mine := _own_next(file, own)):
        return mine
    if contest and contest.others and file.state in {State.SCRUTINY, State.APPRAISAL}:
        return _contested(file, contest)
    match file.state:
        case State.SUBMITTED:
            return _step(file, user, "take_up", "take-up", _("Nobody has taken this file up."))
        case State.SCRUTINY:
            return _step(file, user, "pass_scrutiny", "end-scrutiny", _("Verify each figure and judge each document."))
        case State.APPRAISAL:
            return _appraisal(file, user, live)
        case State.APPRAISED:
            label = _("Shortlists") if user.has(Permission.SEE_FILE) else ""  # an evaluator alone reads no shortlist
            return Next(_("Appraised. The file goes into the next shortlist."), label, "/desk/shortlists/")
        case State.CLARIFICATION | State.COMMITTEE_DETAILS:
            return _with_applicant(file, user)
        case _:
            return Next(_("Nothing to do now."))


def _with_applicant(file: Application, user: User) -> Next:
    """By when the answer is due; once nobody answered in time, whoever may close the file."""
    question = open_question(file)
    if question is None:
        return Next(_("Nothing to do now: the applicant has been asked."))
    facts = {"number": question.number, "day": day(question.due_on)}
    verdict = may(user, CLOSE, file)
    if verdict:
        sentence = _("Question %(number)s was due on %(day)s and is not answered.") % facts
        return Next(sentence, str(CLOSE.label), f"/desk/{file.reference}/close-unanswered/", False, verdict)
    return Next(_("Nothing to do now: question %(number)s is with the applicant until %(day)s.") % facts)


def _contested(file: Application, contest: Contest) -> Next:
    sentence = _(
        "Held: the Udyam number or PAN stands in another application of the round too. The certificates decide."
    )
    address = f"/desk/{file.reference}/contest/"
    return Next(sentence, _("See both applications"), address, False, contest.verdict)


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
        if may_moderate(user, file, live, settled=False):
            return Next(why, _("Settle the totals"), f"/desk/{file.reference}/moderate/", False, verdict)
        return Next(why, _("Name a third evaluator"), address, False, verdict)
    if documents_open(file):
        return Next(_("A document the applicant sent is still to be judged; then the appraisal closes."))
    if not (waits := closable(file)) and user.has(Permission.SEE_FILE, file.office):
        return Next(waits.reason)
    if close := close_again_verdict(user, file):
        why = _("Every mark is locked, and the evaluations settle the file.")
        return Next(why, _("Close the appraisal"), f"/desk/{file.reference}/close-appraisal/", True, close)
    if not rules.marks_open(user, file, live):
        return Next(_("Nothing to do now: the evaluations are being settled."))
    return Next(_("Nothing to do now: the appraisal is being closed."))


def _spread(file: Application, live: list[Assessment]) -> scoring.Spread:
    asked = rules_of(file)
    return scoring.spread([row.exact for row in live], asked.spread_limit, asked.pass_mark)


def _sentence(answer: scoring.Spread) -> str:
    if answer is scoring.Spread.WIDE:
        return _("The two totals are too far apart: a third evaluator or a moderation settles the file.")
    return _("The two totals lie on either side of the pass mark: a third evaluator or a moderation settles the file.")
