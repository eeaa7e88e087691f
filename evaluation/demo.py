"""Carries demonstration files through the appraisal to a shortlist, by the real acts and with the demonstration's own people."""

from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from accounts.models import User
from accounts.roles import Permission
from applications.models import Application, Round
from applications.states import State
from districts.models import Office
from evaluation import actions, demo_words, ranking
from evaluation.actions.moderation import moderate as moderate_totals
from evaluation.actions.picks import pick
from evaluation.actions.returns import return_file
from evaluation.actions.unlocking import unlock as unlock_marks
from evaluation.cards import card_of
from evaluation.demo_desk import holders
from evaluation.models import Assessment, RoundRules, Shortlist
from evaluation.queries import candidates, live_assessments, scored_by
from evaluation.queries.settling import bounds
from evaluation.states import AssessmentState, Recommendation
from records import audit, jobs
from records.models import Job, JobState

PASSES, WEAK, STRONG = 3, 2, 5  # the least mark of a file that leans up, the most of one that leans down, the best
MARKED = 3  # criteria marked on a scorecard that was begun


# ---- Evaluators and marks -------------------------------------------------------------------------------------------
def _manager(file: Application) -> User:
    return next(user for user in holders(file.office, Permission.ASSIGN) if user.has(Permission.FREEZE, file.office))


def name_evaluators(file: Application, rng: Random | None = None) -> list[Assessment]:
    """The manager names two people who are not needed to freeze, check or approve: the first officer stays free."""
    manager, first = _manager(file), holders(file.office, Permission.CHECK)[0]
    able = [candidate.user for candidate in candidates(file) if candidate.verdict and candidate.user.pk != manager.pk]
    able.sort(key=lambda user: user.pk == first.pk)
    return actions.assign_all(file, able[:2], by=manager)


def _name_manager(file: Application) -> Assessment:
    """The General Manager names the manager, who then neither checks nor is needed to: another officer does."""
    return actions.assign(file, _manager(file), by=holders(file.office, Permission.APPROVE)[0])


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
        if lean > 1:
            mark = line.criterion.max_mark - (line.criterion.order % 3 == 0)  # the best, and two just below it
        elif lean:
            mark = max(mark, PASSES) if lean > 0 else min(mark, WEAK)
        given[line.criterion.key] = actions.Given(mark=mark, justification=demo_words.REASONS[line.criterion.key])
    return given


def _score_one(assessment: Assessment, level: int, rng: Random, lean: int = 0) -> None:
    evaluator: Any = assessment.evaluator
    held = actions.accept_assessment(assessment, by=evaluator)
    actions.lock_marks(held, _marks(held, level, rng, lean), version=held.version, by=evaluator)


def _after_the_lock(file: Application) -> Application:
    """Do the jobs that locks have queued, as a worker would in that moment: later they would close what was returned since."""
    queued = Job.objects.filter(name="evaluation.appraise", subject=audit.subject_key(file), state=JobState.QUEUED)
    for key in list(queued.values_list("pk", flat=True)):
        jobs.run(key)
    file.refresh_from_db()
    return file


def begin_marks(file: Application, rng: Random) -> None:
    """The first evaluator accepts and keeps a few marks."""
    first: Any = live_assessments(file)[0]
    held = actions.accept_assessment(first, by=first.evaluator)
    some = dict(list(_marks(held, 4, rng, 0).items())[:MARKED])
    actions.save_marks(held, some, version=held.version, by=first.evaluator)


def score_first(file: Application, rng: Random) -> None:
    """Two evaluators are named and the first has locked: the file waits for the second."""
    _score_one(name_evaluators(file)[0], rng.choice((3, 4, 4, 5)), rng)
    _after_the_lock(file)


def score(file: Application, rng: Random, *, lean: int = 0) -> Application:
    """Two evaluators score and lock; the appraisal is closed at once where they settle it, by a third otherwise.

    `lean`: 2 for the best marks, 1 for a file that passes, -1 for one whose marks are all low, 0 for what the figures suggest.
    """
    level = rng.choice((3, 4, 4, 5))
    for assessment in name_evaluators(file):
        _score_one(assessment, level, rng, lean)
    if _after_the_lock(file).state != State.APPRAISED:
        _score_one(_name_manager(file), level, rng, lean)
        _after_the_lock(file)
    return file


def score_apart(file: Application, rng: Random) -> None:
    """Two evaluators lock totals that do not settle the file: it waits for a third, or for moderation."""
    first, second = name_evaluators(file)
    _score_one(first, STRONG, rng, 1)
    _score_one(second, WEAK, rng, -1)
    _after_the_lock(file)


def step_back_and_replace(file: Application, rng: Random) -> None:
    """The second evaluator steps back, and the manager takes the place."""
    second: Any = live_assessments(file)[1]
    actions.step_back(second, demo_words.STEPPED_BACK, by=second.evaluator)
    _name_manager(file)


def moderate(file: Application, rng: Random) -> None:
    """The General Manager settles two totals; the appraisal closes."""
    total = (sum(bounds(live_assessments(file)), Decimal(0)) / 2).quantize(Decimal("0.01"), ROUND_HALF_UP)
    moderate_totals(file, total, demo_words.MODERATED, by=holders(file.office, Permission.UNLOCK)[0])
    _after_the_lock(file)


def unlock(file: Application, rng: Random) -> None:
    """The General Manager unlocks the marks of the second evaluator; the file is back in the appraisal."""
    unlock_marks(live_assessments(file)[1], demo_words.UNLOCKED, by=holders(file.office, Permission.UNLOCK)[0])


def lock_again(file: Application, rng: Random) -> None:
    """The evaluator whose marks were unlocked marks and locks again; the appraisal closes."""
    again: Any = next(row for row in live_assessments(file) if row.state == AssessmentState.UNLOCKED)
    actions.lock_marks(again, _marks(again, 4, rng, 1), version=again.version, by=again.evaluator)
    _after_the_lock(file)


# ---- The packet -----------------------------------------------------------------------------------------------------
def freeze(office: Office, call: Round, *, picks: bool = False) -> Shortlist:
    """The manager makes a packet of everything appraised and freezes it; `picks`: with choices beside the ranks."""
    manager = holders(office, Permission.FREEZE)[0]
    made = actions.make_packet(office, call, by=manager)
    if picks:
        _choose(made, call, manager)
    return actions.freeze(made, by=manager)


def _choose(packet: Shortlist, call: Round, manager: User) -> None:
    """Where the ranking is long enough: one is taken out of its rank, and one above it passed over."""
    rows = ranking.rows_of(packet.office, call, RoundRules.objects.get(round=call))
    beyond = [row for row in rows if row["recommendation"] == Recommendation.NOT_RECOMMENDED]
    listed = [row for row in rows if row["recommendation"] == Recommendation.RECOMMENDED]
    if not beyond or len(listed) < 2:
        return
    files = {file.reference: file for file in Application.objects.filter(office=packet.office, round=call)}
    pick(packet, files[beyond[0]["reference"]], Recommendation.RECOMMENDED, demo_words.OUT_OF_RANK, by=manager)
    pick(
        packet,
        files[listed[len(listed) // 2]["reference"]],
        Recommendation.PASSED_OVER,
        demo_words.PASSED_OVER,
        by=manager,
    )


def check(packet: Shortlist) -> Shortlist:
    """Somebody checks who neither froze the packet nor scored a file in it."""
    able = [user for user in holders(packet.office, Permission.CHECK) if user.pk != packet.frozen_by_id]
    return actions.check(packet, by=next(user for user in able if not scored_by(user, packet)))


def approve(packet: Shortlist, *, render: bool = True) -> Shortlist:
    """The General Manager approves; `render`: the paper is made at once."""
    return actions.approve(packet, by=holders(packet.office, Permission.APPROVE)[0], render=render)


def return_one(packet: Shortlist) -> None:
    """The General Manager returns one file that its rank recommended to the appraisal; the paper is superseded."""
    listed = packet.rows.filter(recommendation=Recommendation.RECOMMENDED, reason="", returned_at=None).order_by(
        "position"
    )
    row = listed.select_related("application").last()
    if row is not None:
        return_file(row.application, demo_words.RETURNED, by=holders(packet.office, Permission.RETURN)[0])
