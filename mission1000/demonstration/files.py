"""Carries the planned files through the real acts, each act at its moment. A stopped run is taken up where it ended."""

from collections.abc import Callable
from random import Random
from typing import Any

from accounts.demo import people
from accounts.models import User
from applications import actions as applications
from applications import demo
from applications.models import Application, Round
from applications.states import State
from districts.models import District, Office, OfficeKind
from evaluation import demo as judging
from evaluation.models import Assessment, Shortlist
from mission1000.demonstration import plan
from mission1000.demonstration.plan import Planned, Step
from records import audit
from records.acts import act, system
from records.clock import moved_to, now
from records.models import AuditEvent

WHOLE = "demonstration.made"
APPLICANT = "applicant@demo.test"
RECEIPTS = 12  # PDFs made at once, of the latest; the others when somebody asks for them
DRAFT_FILLED = 0.4
REASON = "The expansion is put off by a year."


def is_whole() -> bool:
    """Whether a run came to its end; from then on nothing is added, whatever people did with the files since."""
    return AuditEvent.objects.filter(verb=WHOLE).exists()


def make(call: Round, count: int, seed: int) -> list[tuple[str, str]]:
    """People and `count` files; (address, post) of the people."""
    moments = plan.moments(call.opens_at, now())
    with moved_to(moments[0]):  # posts begin before the first act
        found = people()
    if count and not is_whole():
        _carry(call, plan.files(count, list(District.objects.values_list("code", flat=True))), moments, seed)
        _finish(count, seed)
    return found


def _carry(call: Round, planned: list[Planned], moments: list[Any], seed: int) -> None:
    ahead = plan.steps(planned, seed)
    handed_in = [step for step in ahead if step.act == "submit"]
    rendered = set(handed_in[-RECEIPTS:])
    for step in ahead:
        with moved_to(moments[int(step.share * (len(moments) - 1))]):
            _do(step, call, seed, render=step in rendered)


@act
def _finish(count: int, seed: int) -> None:
    """Say in the trail that the demonstration is whole."""
    audit.record(WHOLE, "demonstration", by=system("demonstration"), data={"applications": count, "seed": seed})


@act
def _do(step: Step, call: Round, seed: int, *, render: bool) -> None:
    """One act, committed once. What is done already, in an earlier run or by a person, is left."""
    if step.item is None:
        office = Office.objects.get(kind=OfficeKind.DIC, district__code=step.district)
        if not Shortlist.objects.filter(office=office, round=call).exists():
            judging.packet(office, call)
        return
    rng = Random(f"{seed}:{step.item.number}:{step.act}")  # noqa: S311 -- invented figures
    file = Application.objects.filter(enterprise__made_by__email=_address(step.item), round=call).first()
    if step.act in {"begin", "submit"}:
        if file is None:
            _begin(step, call, rng, render=render)
    elif file is not None and file.state == SOURCES[step.act]:
        JUDGING[step.act](file, rng)


def _address(item: Planned) -> str:
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
        taken = _udyam_number_of_another(call, district) if item.goal == "contested" else ""
        demo.submitted(call, district, rng, by=owner, udyam_number=taken, render=render)


def _udyam_number_of_another(call: Round, district: District) -> str:
    """The Udyam number of the file handed in last there."""
    files = Application.objects.filter(round=call, district=district).exclude(udyam_number="")
    return files.order_by("-submitted_at").values_list("udyam_number", flat=True)[0]


def _reject(file: Application, rng: Random) -> None:
    if not file.slots.exclude(versions__state="received").exists():
        judging.reject_a_document(file, rng)


def _score_first(file: Application, rng: Random) -> None:
    if not Assessment.objects.filter(application=file).exists():
        judging.score_first(file, rng)


def _withdraw(file: Application, rng: Random) -> None:
    applications.withdraw(file, by=file.filed_by, note=REASON)


JUDGING: dict[str, Callable[[Application, Random], Any]] = {
    "take_up": judging.take_up,
    "reject": _reject,
    "end_scrutiny": judging.end_scrutiny,
    "score_first": _score_first,
    "score": judging.score,
    "score_high": lambda file, rng: judging.score(file, rng, lean=1),
    "score_low": lambda file, rng: judging.score(file, rng, lean=-1),
    "withdraw": _withdraw,
}
SOURCES = {
    "take_up": State.SUBMITTED,
    "reject": State.SCRUTINY,
    "end_scrutiny": State.SCRUTINY,
    "score_first": State.APPRAISAL,
    "score": State.APPRAISAL,
    "score_high": State.APPRAISAL,
    "score_low": State.APPRAISAL,
    "withdraw": State.SUBMITTED,
}
