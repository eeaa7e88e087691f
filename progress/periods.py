"""The month a figure is about, and the files as they stood at its end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from applications.models import Application, Transition
from records.clock import INDIA, ist, now, today
from records.verdicts import Refused

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

FIRST_MONTH = "2023-04"  # Mission 1000 was inaugurated on 10 April 2023


@dataclass(frozen=True)
class Period:
    """A month: from `start` up to `end` (not included). The running month ends now."""

    month: str
    start: datetime
    end: datetime
    running: bool

    @property
    def last_day(self) -> date:
        """The day on which ages are counted."""
        return today() if self.running else (ist(self.end) - timedelta(days=1)).date()

    @property
    def moment(self) -> str:
        """Until when was counted: a moment in the running month, else the last day."""
        return ist(self.end).strftime("%d-%m-%Y, %H:%M") if self.running else self.last_day.strftime("%d-%m-%Y")


def month_of(text: str) -> Period:
    """The month written "2026-11". Raises Refused for what is no month, lies ahead, or is older than the scheme."""
    first = date(int(text[:4]), int(text[5:]), 1) if re.fullmatch(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])", text) else None
    if first is None or first.year == date.max.year:
        raise Refused(_("Write the month as YYYY-MM, for example %(month)s.") % {"month": this_month()}, "month")
    if first > today():
        raise Refused(_("This month has not begun. Choose this month or an earlier one."), "month")
    if text < FIRST_MONTH:
        sentence = _("Mission 1000 began in April 2023. Choose %(month)s or a later month.") % {"month": FIRST_MONTH}
        raise Refused(sentence, "month")
    following = datetime.combine(date(first.year + first.month // 12, first.month % 12 + 1, 1), time.min, INDIA)
    moment = now()
    return Period(text, datetime.combine(first, time.min, INDIA), min(following, moment), moment < following)


def need_files(period: Period) -> None:
    """Raise Refused for a month before the first file: a report of it would say nought of what was not there."""
    if not Application.objects.filter(begun_at__lt=period.end).exists():
        sentence = _("No application had been begun by the end of %(month)s: there is nothing to report.")
        raise Refused(sentence % {"month": period.month}, "month")


def this_month() -> str:
    """The running month."""
    return today().strftime("%Y-%m")


class Standing(TypedDict):
    """What `standing` adds to a file."""

    stood: str
    stood_since: datetime


def standing(period: Period, keys: Sequence[int]) -> "QuerySet[WithAnnotations[Application, Standing]]":
    """Files of districts with `stood` and `stood_since`: their state at the period's end, and since when.

    Now: as the rows say. A month that is over: the target of the last move before its end; a file that had begun and
    not moved was what its first later move took it from. Files count where their office is now.
    """
    found = Application.objects.filter(office__district__in=keys).order_by()
    if period.running:
        return found.annotate(stood=F("state"), stood_since=F("since"))
    own = Transition.objects.filter(application=OuterRef("pk"))
    before = own.filter(at__lt=period.end).order_by("-at", "-pk")
    after = own.filter(at__gte=period.end).order_by("at", "pk")
    return found.filter(begun_at__lt=period.end).annotate(
        stood=Coalesce(Subquery(before.values("target")[:1]), Subquery(after.values("source")[:1]), F("state")),
        stood_since=Coalesce(Subquery(before.values("at")[:1]), F("begun_at")),
    )
