"""What waits on a file, and whose clock has run out: conditions that tabs, tiles and filters of the desk share."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from applications.dayclock import LIMITS
from applications.models import AskedBy, Clarification, DocumentVersion
from applications.states import BEFORE_SUBMIT, DEAD, DocumentState, State
from districts import calendar
from districts.models import District
from evaluation.models import Ineligibility
from records.clock import today

NEAR = 3  # working days: "due within 3 days"
NONE = Q(pk__in=[])


# ---- What waits ---------------------------------------------------------------------------------------------------
def answer_to_read() -> Q:
    """An answer of the applicant to the DIC that nobody of the office has read."""
    unread = Clarification.objects.to_read().filter(asked_for=AskedBy.DIC)
    return ~Q(state__in=[*BEFORE_SUBMIT, *DEAD]) & Q(Exists(unread.filter(application=OuterRef("pk"))))


def document_to_judge() -> Q:
    """A document sent anew after a rejection, while documents are judged."""
    anew = DocumentVersion.objects.filter(
        state=DocumentState.RECEIVED, number__gt=1, slot__versions__state=DocumentState.REJECTED
    )
    return Q(state__in=(State.SCRUTINY, State.APPRAISAL)) & Q(Exists(anew.filter(slot__application=OuterRef("pk"))))


def proposal_to_answer() -> Q:
    """A proposal to find the file ineligible, not answered by the General Manager."""
    return ~Q(state__in=DEAD) & Q(Exists(Ineligibility.objects.waiting().filter(application=OuterRef("pk"))))


WAITS: dict[str, tuple[Any, Callable[[], Q]]] = {
    "answer": (_("An answer to read"), answer_to_read),
    "document": (_("A document sent again"), document_to_judge),
    "proposal": (_("A proposal to find it ineligible"), proposal_to_answer),
}


# ---- The clock ----------------------------------------------------------------------------------------------------
def past_their_day(places: Sequence[District]) -> Q:
    """Files whose clock says "days over": a working day of their office has passed since the one they were due on."""
    found, days = _used_up(), dict[date, list[int]]()
    for place in places:
        days.setdefault(_last_working_day(place), []).append(place.pk)
    for day, keys in days.items():  # one condition for all districts with the same holidays
        found |= Q(office__district__in=keys, due_on__lt=day)
    return found


def due_soon(places: Sequence[District]) -> Q:
    """Files not over that are due within the next 3 working days of their office."""
    return due_within(places) & ~_used_up()


def due_within(places: Sequence[District]) -> Q:
    """The same, and those among them whose days were used up while the applicant had them: these are over."""
    found = NONE
    for place in places:
        last = calendar.add_working_days(today(), NEAR, place)
        found |= Q(office__district=place.pk, due_on__range=(_last_working_day(place), last))
    return found


def _used_up() -> Q:
    """Files back from the applicant with more days used than the state allows: over from the first day on."""
    found = NONE
    for state, name in LIMITS.items():
        found |= Q(state=state, clock_used__gt=F(f"round__{name}"))
    return found


def _last_working_day(place: District) -> date:
    """Today, or the working day before it."""
    day = today()
    while not calendar.is_working_day(day, place):
        day -= timedelta(days=1)
    return day
