"""Carries demonstration files through the judging, by the real acts and with the demonstration's own people."""

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from accounts.models import Posting, User
from accounts.roles import ROLE_PERMISSIONS, Permission
from applications.models import Application, Round
from applications.queries import claimed
from applications.sections import newest_versions
from applications.states import State
from districts.models import Office
from evaluation import actions, figures
from evaluation.cards import card_of
from evaluation.models import Assessment, Shortlist
from evaluation.queries import candidates
from records.acts import system

SOURCES = (
    "Profit and loss, page 3",
    "Balance sheet, page 2",
    "EPF challan, last month",
    "Bank letter",
    "Udyam certificate",
)
REASONS = {
    "growth": "Sales grew in each year on the verified figures.",
    "financial": "Steady profit; loans regular by the bank’s letter.",
    "plan": "The new line is costed with two quotations.",
    "employment": "EPF challans agree with the wage register.",
    "exports": "Shipping bills seen for the year.",
    "technology": "Licences are valid; a quality mark is in hand.",
}

STRONG, WEAK = 4, 2  # the least mark of a file that leans up, the most of one that leans down


def holders(office: Office, permission: Permission) -> list[User]:
    """People of an office, or of a taluk office of its district, whose post allows this; own office first."""
    postings = Posting.objects.live().filter(office__district=office.district_id).select_related("user", "office")
    found = [
        post for post in postings.order_by("pk") if permission in ROLE_PERMISSIONS[post.role] and post.reaches(office)
    ]
    found.sort(key=lambda post: post.office_id != office.pk)
    return list(dict.fromkeys(post.user for post in found))


def take_up(file: Application, rng: Random) -> Application:
    """The first officer of the office takes the file up."""
    officer = holders(file.office, Permission.TAKE_UP)[0]
    return actions.take_up(file, by=officer)


def _found(figure: figures.Figure, stated: figures.Value | None, rng: Random) -> figures.Value:
    """Mostly what is claimed; now and then a little less turnover, as other income is taken out."""
    if figure.kind is figures.Kind.MONEY and isinstance(stated, Decimal) and stated > 0 and rng.random() < 0.2:
        return (stated * rng.randint(92, 99) / 100).quantize(Decimal(1))
    if stated is not None:
        return stated
    if figure.kind is figures.Kind.DATE:
        return date(2018, 4, 1).isoformat()
    return "no" if figure.kind is figures.Kind.YES_NO else Decimal(0)


def end_scrutiny(held: Application, rng: Random) -> Application:
    """The officer who took the file up accepts every document, verifies every figure and ends the scrutiny."""
    officer = held.officer
    for version in newest_versions(held).values():
        actions.judge_document(version, accept=True, by=officer)
    stated = claimed(held)
    for figure in figures.asked(held.round.financial_years):
        found = _found(figure, stated.get(figure.key), rng)
        actions.verify_figure(held, figure.key, found, rng.choice(SOURCES), by=officer)
    return actions.pass_scrutiny(held, by=officer)


def reject_a_document(file: Application, rng: Random) -> None:
    """Reject one document of a file under scrutiny, with a reason that varies."""
    version = rng.choice(list(newest_versions(file).values()))
    reason, note = rng.choice(
        [("unreadable", "Pages 6 to 9 are blurred."), ("incomplete", "The schedules are missing."), ("unsigned", "")]
    )
    actions.judge_document(version, accept=False, reason=reason, note=note, by=file.officer)


def _marks(assessment: Assessment, level: int, rng: Random, lean: int) -> dict[str, actions.Given]:
    given = {}
    for line in card_of(assessment).lines:
        if line.may_leave_out:
            given[line.criterion.key] = actions.Given(
                not_applicable=True, justification="No exports, and none planned."
            )
            continue
        base = line.suggested or level
        mark = min(line.criterion.max_mark, max(1, base + rng.choice((0, 0, 0, 1))))
        mark = max(mark, STRONG) if lean > 0 else min(mark, WEAK) if lean < 0 else mark
        given[line.criterion.key] = actions.Given(mark=mark, justification=REASONS[line.criterion.key])
    return given


def name_evaluators(file: Application) -> list[Assessment]:
    """The manager names two people of the district who are not needed to check or approve."""
    manager = next(user for user in holders(file.office, Permission.ASSIGN) if user.has(Permission.FREEZE, file.office))
    able = [candidate.user for candidate in candidates(file) if candidate.verdict and candidate.user.pk != manager.pk]
    able.sort(key=lambda user: user.pk == file.officer_id)
    return actions.assign_all(file, able[:2], by=manager)


def score_first(file: Application, rng: Random) -> None:
    """Two evaluators are named and the first has locked: the file waits for the second."""
    _score_one(name_evaluators(file)[0], rng.choice((3, 4, 4, 5)), rng)


def score(file: Application, rng: Random, *, lean: int = 0) -> Application:
    """Two evaluators score and lock; the appraisal is closed at once where they settle it, by a third otherwise.

    `lean`: 1 for a file whose marks are all high, -1 for one whose marks are all low, 0 for what the figures suggest.
    """
    level = rng.choice((3, 4, 4, 5))
    for assessment in name_evaluators(file):
        _score_one(assessment, level, rng, lean)
    if not actions.appraise(file, by=system("appraisal")):
        able = [candidate.user for candidate in candidates(file) if candidate.verdict]
        third = next(
            user for user in able if user.has(Permission.FREEZE, file.office)
        )  # who checks must not have scored
        _score_one(actions.assign(file, third, by=holders(file.office, Permission.APPROVE)[0]), level, rng)
        actions.appraise(file, by=system("appraisal"))
    file.refresh_from_db()
    return file


def _score_one(assessment: Assessment, level: int, rng: Random, lean: int = 0) -> None:
    evaluator: Any = assessment.evaluator
    held = actions.accept_assessment(assessment, by=evaluator)
    actions.lock_marks(held, _marks(held, level, rng, lean), version=held.version, by=evaluator)


def packet(office: Office, call: Round) -> Shortlist:
    """Make, freeze, check and approve a packet of everything appraised at an office."""
    manager = holders(office, Permission.FREEZE)[0]
    made = actions.make_packet(office, call, by=manager)
    actions.freeze(made, by=manager)
    scorers = set(
        Assessment.objects.filter(application__office=office, application__state=State.APPRAISED).values_list(
            "evaluator_id", flat=True
        )
    )
    checker = next(user for user in holders(office, Permission.CHECK) if user.pk not in {manager.pk, *scorers})
    actions.check(made, by=checker)
    approver = holders(office, Permission.APPROVE)[0]
    return actions.approve(made, by=approver)
