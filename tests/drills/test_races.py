"""Two people press the same button at the same moment, a thousand times for each of four acts: one wins, the other is told.

After the races every row they may leave is counted by race: transitions, papers, jobs, mails, decisions, lines of the
trail. The controls run the same races with the guard off. Small, barriers make each of them double; whole, they run as they
come, and what is doubled by chance is written down.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, models

from applications.actions import moves
from applications.models import Transition
from evaluation import actions
from evaluation.actions import assessments, decisions, packets
from evaluation.models import Decision
from evaluation.states import DecisionReason, Outcome
from records.audit import subject_key
from records.models import AuditEvent, Job, Message, Paper
from tests.applications.conftest import build_world as build_applying
from tests.drills import race_rows
from tests.drills.size import BENCHMARKS, FULL, size, write_figures
from tests.evaluation.conftest import build_world, person
from tests.evaluation.sitting import sit
from tests.racing import Verb, after_all_have_read, all_plainly, plainly, threads, told

pytestmark = [pytest.mark.drill, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
RACES, CONTROLS = size(5, 1000), size(2, 20)
HEAD = ["| act | races | doubled | without the guard: races | doubled |", "|---|---|---|---|---|"]
Patch = pytest.MonkeyPatch
Counted = tuple[Counter[Any], Callable[[Any], Any]]  # rows by something, and how a race's thing is called there


@dataclass(frozen=True)
class Act:
    """One act two people want to do: its races (what is raced for, two verbs), whether the words they got are right, every
    kind of row it leaves, and how its guard is taken away.
    """

    name: str
    races: Callable[[int], Iterator[tuple[Any, Verb, Verb]]]
    fair: Callable[[list[Any]], bool]
    left: Callable[[], list[Counted]]
    take_guard: Callable[[Patch], None]

    def run(self, count: int, *, guarded: bool = True) -> tuple[list[Any], list[list[Any]]]:
        """What was raced for, and what the two got each time. The guard is off for the race only, not while it is prepared."""
        things, words = [], []
        with threads(2) as together:
            for thing, *verbs in self.races(count):
                with Patch.context() as patch:
                    if not guarded:
                        self.take_guard(patch)
                    things.append(thing)
                    words.append(together(*verbs))
        return things, words

    def found(self, things: list[Any]) -> list[list[int]]:
        """For each race how many rows of each kind it left."""
        left = self.left()
        return [[counted[key(thing)] for counted, key in left] for thing in things]


def by(rows: models.QuerySet[Any], column: str) -> Counter[Any]:
    """How many rows there are of each."""
    return Counter(rows.values_list(column, flat=True))


def trail(verb: str, column: str = "subject") -> Counter[Any]:
    return by(AuditEvent.objects.filter(verb=verb), column)


def jobs_of(name: str, rows: models.QuerySet[Any], word: str) -> Counter[Any]:
    """Jobs about rows (`word:pk`), by what these rows are about."""
    about = {f"{word}:{pk}": subject for pk, subject in rows.values_list("pk", "subject")}
    return Counter(
        about.get(subject, "") for subject in Job.objects.filter(name=name).values_list("subject", flat=True)
    )


def key(thing: Any) -> Any:
    return thing.pk


def unlocked(patch: Patch, module: Any) -> None:
    """Rows are read plainly; small, nobody goes on before both have read: of an act's reads the last, after which it writes."""
    patch.setattr(module, "lock_one", plainly if FULL else after_all_have_read())


# ---- Two who act for one enterprise hand its file in ---------------------------------------------------------------
def submits(count: int) -> Iterator[tuple[Any, Verb, Verb]]:
    world = build_applying()
    for many in race_rows.batches(count):
        for file in race_rows.drafts(world, many):
            yield (
                file,
                lambda file=file: moves.submit(file, by=world.owner),
                lambda file=file: moves.submit(file, by=world.rival),
            )


def both_see_it_sent(said: list[Any]) -> bool:
    """The second press is harmless: both are shown the same file, handed in by the first, with one receipt."""
    first, second = said
    seen = {(file.pk, file.state, file.submitted_at, file.submitted_hash) for file in (first, second)}
    return len(seen) == 1 and first.state == "submitted"


def submit_left() -> list[Counted]:
    receipts, mails = (
        Paper.objects.filter(kind="application.receipt"),
        Message.objects.filter(kind="application.received"),
    )
    return [
        (by(Transition.objects.filter(move="submit"), "application"), key),
        (by(receipts, "subject"), subject_key),
        (jobs_of("records.render", receipts, "paper"), subject_key),
        (by(mails, "subject"), subject_key),
        (jobs_of("records.mail", mails, "message"), subject_key),
        (trail("application.submit"), subject_key),
    ]


# ---- One evaluator locks the marks in two windows ------------------------------------------------------------------
def locks(count: int) -> Iterator[tuple[Any, Verb, Verb]]:
    world = build_world()
    for _number in range(count):
        one = race_rows.to_be_locked(world)
        yield (
            one,
            lambda one=one: world.lock(one, 4, 3, 4, 3, 5, 4),
            lambda one=one: world.lock(one, 2, 2, 2, 2, 2, 2),
        )


def lock_left() -> list[Counted]:
    return [
        (trail("assessment.lock"), subject_key),
        (by(Job.objects.filter(name="evaluation.appraise"), "subject"), lambda one: subject_key(one.application)),
    ]


# ---- Two General Managers approve one packet -----------------------------------------------------------------------
def approvals(count: int) -> Iterator[tuple[Any, Verb, Verb]]:
    world = build_world()
    second = person("gm2", "gm", world.dic)
    for _number in range(count):
        packet = race_rows.checked_packet(world)
        yield (
            packet,
            lambda packet=packet: actions.approve(packet, by=world.gm),
            lambda packet=packet: actions.approve(packet, by=second),
        )


def approve_left() -> list[Counted]:
    papers = Paper.objects.filter(kind="evaluation.shortlist")
    moved = Transition.objects.filter(source="appraised")
    return [
        (by(moved, "application__shortlist_rows__shortlist"), key),
        (by(papers, "subject"), subject_key),
        (jobs_of("records.render", papers, "paper"), subject_key),
        (trail("shortlist.approve"), subject_key),
    ]


def open_approve(patch: Patch) -> None:
    patch.setattr(packets, "lock_one", plainly)
    patch.setattr(packets, "lock", all_plainly)
    unlocked(patch, moves)


# ---- Two convenors decide one file ---------------------------------------------------------------------------------
def decides(count: int) -> Iterator[tuple[Any, Verb, Verb]]:
    sitting = sit(build_world())
    for serial, many in enumerate(race_rows.batches(count), 1):
        for file in race_rows.on_the_agenda(sitting, many, serial):
            item = sitting.item(file)
            yes, no = (
                (Outcome.SELECTED, DecisionReason.WITHIN_TARGET, ""),
                (Outcome.NOT_SELECTED, "finding", "Two loans."),
            )
            yield (
                file,
                lambda item=item, word=yes: decisions.decide(item, *word, by=sitting.convenor),
                lambda item=item, word=no: decisions.decide(item, *word, by=sitting.convenor2),
            )


def decide_left() -> list[Counted]:
    return [
        (by(Decision.objects.all(), "application"), key),
        (by(Transition.objects.filter(move="decide"), "application"), key),
        (trail("application.decide"), subject_key),
        (trail("meeting.decide", "data__reference"), lambda file: file.reference),
    ]


def open_decide(patch: Patch) -> None:
    patch.setattr(decisions, "lock_one", plainly)
    unlocked(patch, moves)


def loser_hears(*parts: str) -> Callable[[list[Any]], bool]:
    """One came through, and the other was refused with a sentence that has these parts."""

    def fair(said: list[Any]) -> bool:
        won, *others = told(said)
        return won == "won" and len(others) == 1 and all(part in others[0] for part in parts)

    return fair


ACTS = [
    Act("submit", submits, both_see_it_sent, submit_left, lambda patch: unlocked(patch, moves)),
    Act("lock", locks, loser_hears("These marks are locked."), lock_left, lambda patch: unlocked(patch, assessments)),
    Act("approve", approvals, loser_hears("This shortlist is approved already."), approve_left, open_approve),
    Act("decide", decides, loser_hears("SLAC convenor, Directorate decided this file on "), decide_left, open_decide),
]


def keep(act: Act, place: int, races: int, doubled: int) -> None:
    """Put two figures into the act's row of the table; what was not measured in this run stays as it stood."""
    if not FULL:
        return
    cells = [line.strip("| ").split(" | ") for line in BENCHMARKS.read_text().splitlines()]
    rows = {name: ["", "", "", ""] for name in (act.name for act in ACTS)}
    rows |= {row[0]: row[1:] for row in cells if row[0] in rows and len(row) == 5}
    rows[act.name][place : place + 2] = [f"{races:,}", f"{doubled:,}"]
    write_figures("races", [*HEAD, *(f"| {name} | {' | '.join(row)} |" for name, row in rows.items())])


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_one_of_two_wins_and_leaves_one_row_of_each_kind(act: Act) -> None:
    things, words = act.run(RACES)
    assert len({thing.pk for thing in things}) == RACES
    assert [said for said in words if not act.fair(said)] == []
    found = act.found(things)
    assert [numbers for numbers in found if set(numbers) != {1}] == []
    keep(act, 0, RACES, 0)


@pytest.fixture
def one_decision_is_not_asked_for() -> Iterator[None]:
    """The second guard of a decision, a unique constraint, taken away too."""
    guard = next(one for one in Decision._meta.constraints if one.name == "one_live_decision_a_file")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Decision, guard)
    yield
    Decision.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Decision, guard)


@pytest.mark.usefixtures("one_decision_is_not_asked_for")
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_control_without_the_guard_some_are_doubled(act: Act) -> None:
    things, _words = act.run(CONTROLS, guarded=False)
    doubled = sum(max(numbers) > 1 for numbers in act.found(things))
    assert doubled > 0 if FULL else doubled == CONTROLS
    keep(act, 2, CONTROLS, doubled)
