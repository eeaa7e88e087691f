"""The acts that are of no single file: a district's packet, the Committee's meetings, the reports of a month."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from accounts.roles import Permission
from applications.models import Round
from districts.calendar import is_working_day
from districts.models import District, Office, OfficeKind
from evaluation import demo as judging
from evaluation import demo_committee as committee
from evaluation.demo_desk import holders
from evaluation.models import Meeting, Shortlist
from evaluation.states import ShortlistState
from mission1000.demonstration import plan
from mission1000.demonstration.plan import Step
from progress import demo as progress
from records.clock import ist, now

AHEAD = timedelta(days=14)  # from the calling of the second meeting to its day
LETTERS = ("EKM",)  # districts whose letters are made at once
SOME = 2  # decisions written down while the meeting is in session


def office_of(code: str) -> Office:
    """The DIC of a district."""
    return Office.objects.select_related("district").get(kind=OfficeKind.DIC, district__code=code)


# ---- Packets ----------------------------------------------------------------------------------------------------------
def packet(step: Step, call: Round, _rng: Random) -> None:
    """One act of a district's first packet, where that is as far as before it."""
    office = office_of(step.district)
    made = Shortlist.objects.filter(office=office, round=call).order_by("serial").first()
    if made is None:
        if step.act == "freeze":
            judging.freeze(office, call, picks=step.district == plan.APPROVED[0] and not step.earlier)
    elif step.act == "check" and made.state == ShortlistState.FROZEN:
        judging.check(made)
    elif step.act == "approve" and made.state == ShortlistState.CHECKED:
        judging.approve(made, render=not step.earlier)
    elif step.act == "return" and made.state == ShortlistState.APPROVED and not _is_returned_from(made):
        judging.return_one(made)


def _is_returned_from(made: Shortlist) -> bool:
    return made.rows.filter(returned_at__isnull=False).exists()


# ---- Meetings ---------------------------------------------------------------------------------------------------------
def _call(step: Step, call: Round, _rng: Random) -> None:
    if step.day is not None and committee.meeting_of(call) is None:
        committee.call(call, _at_eleven(step.day))


def _call_another(_step: Step, call: Round, _rng: Random) -> None:
    day = now() + AHEAD
    while not is_working_day(ist(day).date()):
        day += timedelta(days=1)
    if committee.meeting_of(call, 2) is None:
        committee.call(call, _at_eleven(day))


def _at_eleven(moment: datetime) -> datetime:
    return ist(moment).replace(hour=11, minute=0, second=0, microsecond=0)


def _sitting(verb: Callable[[Meeting, Office, Random], None]) -> Callable[[Step, Round, Random], None]:
    """An act of the first meeting of a round, about the files of one district."""

    def do(step: Step, call: Round, rng: Random) -> None:
        meeting = committee.meeting_of(call)
        if meeting is not None:
            verb(meeting, office_of(step.district), rng)

    return do


# ---- Reports ----------------------------------------------------------------------------------------------------------
def _write(step: Step, _call: Round, _rng: Random) -> None:
    district = District.objects.get(code=step.district)
    progress.write(district, step.month, by=holders(office_of(step.district), Permission.WRITE_NARRATIVE)[0])


def _report(number: int) -> Callable[[Step, Round, Random], None]:
    def do(step: Step, _call: Round, _rng: Random) -> None:
        by = holders(office_of(step.district), Permission.WRITE_NARRATIVE)[0]
        language = "ml" if step.district == plan.IN_MALAYALAM else "en"
        progress.report(District.objects.get(code=step.district), step.month, number, by=by, language=language)

    return do


SITTINGS: dict[str, Callable[[Step, Round, Random], None]] = {
    **dict.fromkeys(("freeze", "check", "approve", "return"), packet),
    "call": _call,
    "call_another": _call_another,
    "fill": _sitting(lambda meeting, office, _rng: committee.fill(meeting, office)),
    "open": _sitting(lambda meeting, _office, _rng: committee.open_session(meeting)),
    "recuse": _sitting(lambda meeting, office, _rng: committee.recuse(meeting, office)),
    "vote": _sitting(committee.vote),
    "seek": _sitting(lambda meeting, office, _rng: committee.seek(meeting, office)),
    "answer": _sitting(lambda meeting, office, _rng: committee.answer(meeting, office)),
    "decide": _sitting(lambda meeting, office, _rng: committee.decide(meeting, office)),
    "decide_some": _sitting(lambda meeting, office, _rng: committee.decide(meeting, office, most=SOME)),
    "release": _sitting(lambda meeting, _office, _rng: committee.release(meeting, LETTERS)),
    "write": _write,
    "report": _report(1),
    "report_again": _report(2),
}
