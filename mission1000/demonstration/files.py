"""Carries the planned files through the real acts, each act at its moment. A stopped run is taken up where it ended."""

from collections import deque
from datetime import datetime, timedelta
from random import Random
from time import monotonic, sleep

from django.db import connection, transaction

from accounts.demo import people
from accounts.models import User
from applications import demo
from applications.models import Application, Round
from applications.states import State
from districts.models import District
from evaluation.demo_desk import known_people
from mission1000.demonstration import plan
from mission1000.demonstration.acts import ACTS, moves_of
from mission1000.demonstration.goals import GOALS
from mission1000.demonstration.kept import read_once
from mission1000.demonstration.plan import File, Step
from mission1000.demonstration.rounds import earlier_than
from mission1000.demonstration.sittings import SITTINGS
from mission1000.demonstration.waiting import BEGUN, WHOLE, is_begun, is_whole
from records import audit
from records.acts import act, system
from records.clock import moved_to, now
from records.jobs import in_bulk

APPLICANT = "applicant@demo.test"
RECEIPTS = 8  # PDFs made at once, of the latest; the others when somebody asks for them
DRAFT_FILLED = 0.4
TURN = 0.25  # seconds of acts that are committed together
GAP = 0.03  # seconds between: whoever signs in or clicks meanwhile gets the one turn to write that SQLite has
NAMES_ANOTHER = {"contested", "settled"}  # goals whose files state the Udyam number of another
FAR = (State.APPRAISAL, State.APPRAISED, State.SHORTLISTED, State.NOT_SHORTLISTED)


def make(call: Round, count: int, seed: int) -> list[tuple[str, str]]:
    """People and `count` files; (address, post) of the people."""
    with moved_to(now() - timedelta(days=plan.DAYS)):  # posts begin before the first act
        found = people()
        if count and not is_begun():
            _begin_to_make()
    if count and not is_whole():
        carry(call, plan.files(count, list(District.objects.values_list("code", flat=True))), seed)
        _finish(count, seed)
    return found


def carry(call: Round, planned: list[File], seed: int) -> None:
    """Carry planned files through their acts, each at its moment."""
    rounds = {False: call}
    if any(item.earlier for item in planned):
        rounds[True] = earlier_than(call)
    ahead = _dated(rounds, planned, seed)
    handed_in = [step for _moment, step in ahead if step.act == "submit"]
    rendered = set(handed_in[-RECEIPTS:])
    waiting = deque(ahead)
    with read_once(), known_people(), in_bulk():
        while waiting:
            with transaction.atomic():
                until = monotonic() + TURN
                while waiting and monotonic() < until:
                    moment, step = waiting.popleft()
                    with moved_to(moment):
                        _do(step, rounds[step.earlier], seed, render=step in rendered)
            if not connection.in_atomic_block:
                sleep(GAP)


def _dated(rounds: dict[bool, Round], planned: list[File], seed: int) -> list[tuple[datetime, Step]]:
    """Every act with its moment, in the order of time."""
    until = now()
    since = plan.moments(max(rounds[False].opens_at, until - timedelta(weeks=plan.WEEKS)), until)
    before = plan.moments(rounds[True].opens_at, until) if True in rounds else []
    return plan.dated(plan.steps(planned, seed), since, before)


@act
def _begin_to_make() -> None:
    """Say in the trail that files follow: what the portal does by itself waits for the last of them."""
    audit.record(BEGUN, "demonstration", by=system("demonstration"))


@act
def _finish(count: int, seed: int) -> None:
    """Say in the trail that the demonstration is whole."""
    audit.record(WHOLE, "demonstration", by=system("demonstration"), data={"applications": count, "seed": seed})


@act
def _do(step: Step, call: Round, seed: int, *, render: bool) -> None:
    """One act. What is done already, in an earlier run or by a person, is left."""
    item = step.item
    rng = Random(f"{seed}:{item.key if item else step.district}:{step.act}:{step.place}")  # noqa: S311 -- invented figures
    if item is None:
        SITTINGS[step.act](step, call, rng)
        return
    found = Application.objects.filter(enterprise__made_by__email=_address(item), round=call)
    file = found.first()
    if step.act in {"begin", "submit"}:
        if file is None:
            _begin(step, call, rng, render=render)
        return
    planned = ACTS[step.act]
    if file is not None and _way(file) == _way_before(step, item) and not planned.done(file):
        planned.do(file, rng)


def _way(file: Application) -> list[str]:
    """The moves a file has made."""
    return list(file.transitions.values_list("move", flat=True))


def _way_before(step: Step, item: File) -> list[str]:
    """The moves of a file that came as far as this act as planned, and no further."""
    return moves_of([one.act for one in GOALS[item.goal][: step.place]])


def _address(item: File) -> str:
    return f"owner{item.number}@demo.test" if item.number else APPLICANT


def _begin(step: Step, call: Round, rng: Random, *, render: bool) -> None:
    item = step.item
    assert item is not None  # noqa: S101 -- for the type checker: packets are done before
    owner = demo.owner(item.number, rng) if item.number else User.objects.get(email=APPLICANT)
    district = District.objects.get(code=item.district)
    if step.act == "begin":
        filled = rng.choice((0.25, 0.4, 0.6, 0.9)) if item.number else DRAFT_FILLED
        demo.draft(call, district, rng, by=owner, filled=filled)
    else:
        taken = _udyam_number_of_another(call, district) if item.goal in NAMES_ANOTHER else ""
        demo.submitted(call, district, rng, by=owner, udyam_number=taken, render=render)


def _udyam_number_of_another(call: Round, district: District) -> str:
    """The Udyam number of a file that has come far there; nothing where there is none."""
    files = Application.objects.filter(round=call, office__district=district, state__in=FAR, contested=False)
    return files.order_by("submitted_at").values_list("udyam_number", flat=True).first() or ""
