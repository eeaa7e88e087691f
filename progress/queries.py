"""The one place a figure of the district report, the progress pages and the homes is computed, whatever shows it."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.roles import Permission
from applications.models import Application, DocumentVersion, RejectionReason, Round, Transition
from applications.states import BEFORE_SUBMIT, DEAD, ENDED, State
from districts import calendar
from districts.models import District, Office, OfficeKind
from records.clock import INDIA, ist, now, today
from records.models import Paper
from records.verdicts import Refused

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

REPORT = "progress.district_report"
FIRST_MONTH = "2023-04"  # Mission 1000 was inaugurated on 10 April 2023

# Funnel in the order files go; drafts are counted, never named.
FUNNEL: tuple[tuple[str, tuple[State, ...]], ...] = (
    ("draft", (State.NOMINATED, State.DRAFT)),
    ("received", (State.SUBMITTED,)),
    ("scrutiny", (State.SCRUTINY,)),
    ("clarification", (State.CLARIFICATION, State.COMMITTEE_DETAILS)),
    ("appraisal", (State.APPRAISAL,)),
    ("appraised", (State.APPRAISED,)),
    ("shortlisted", (State.SHORTLISTED,)),
    ("not_shortlisted", (State.NOT_SHORTLISTED,)),
    ("committee", (State.COMMITTEE, State.DECIDED)),
    ("selected", (State.SELECTED,)),
    ("reserve", (State.RESERVE,)),
    ("not_selected", (State.NOT_SELECTED,)),
    ("ineligible", (State.INELIGIBLE,)),
    ("closed", (State.WITHDRAWN, State.LAPSED)),
)
STAGE = {state: key for key, states in FUNNEL for state in states}
AGES = ((0, 5), (6, 10), (11, 20), (21, None))  # working days in the present state
WITH_THE_DIC = (State.SUBMITTED, State.SCRUTINY, State.APPRAISAL, State.APPRAISED)


def funnel_labels() -> dict[str, str]:
    """The words of the funnel, in the reader's language."""
    return {
        "draft": _("Being filled in"),
        "received": _("Received at DIC"),
        "scrutiny": _("Under scrutiny"),
        "clarification": _("With applicant"),
        "appraisal": _("Field visit and appraisal"),
        "appraised": _("Appraised"),
        "shortlisted": _("On the district shortlist"),
        "not_shortlisted": _("Not on the shortlist"),
        "committee": _("Before the State-Level Approval Committee"),
        "selected": _("Selected"),
        "reserve": _("On the reserve list"),
        "not_selected": _("Not selected"),
        "ineligible": _("Ineligible"),
        "closed": _("Withdrawn or lapsed"),
    }


def age_labels() -> list[str]:
    """The words of the age buckets."""
    return [
        _("%(low)s to %(high)s working days") % {"low": low, "high": high}
        if high is not None
        else _("over %(low)s working days") % {"low": low - 1}
        for low, high in AGES
    ]


# ---- The month ------------------------------------------------------------------------------------------------
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


def this_month() -> str:
    """The running month."""
    return today().strftime("%Y-%m")


# ---- Figures of a month ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Figures:
    """The figures of one district, or of several, for one month.

    `states` and `ages` are as things stood at the month's end (in the running month: now); `complete` says that the
    month is over, `moment` until when was counted. `oldest` and `ages` are in working days in the state.
    """

    month: str
    moment: str
    complete: bool
    states: dict[str, int]
    received: int
    decided: int
    ages: list[int]
    oldest: int
    rejected: dict[str, int]
    total: int

    @property
    def pending(self) -> int:
        """Files that wait for the DIC."""
        return sum(self.ages)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Row:
    """One district of the table; no district: the sum."""

    district: District | None
    figures: Figures


def by_district(month: str, places: Sequence[District]) -> list[Row]:
    """The figures of each district given, zeros included, in five questions whatever their number. Raises Refused."""
    period = month_of(month)
    keys = [place.pk for place in places]
    states, ages = _states(period, keys), _ages(period, places)
    received, decided, rejected = _received(period, keys), _decided(period, keys), _rejected(period, keys)
    rows = []
    for place in places:
        own = states.get(place.pk, {})
        counts, oldest = ages.get(place.pk, ([0] * len(AGES), 0))
        reasons = rejected.get(place.pk, {})
        figures = Figures(
            month=month,
            moment=period.moment,
            complete=not period.running,
            states={key: own.get(key, 0) for key, _states_of in FUNNEL},
            received=received.get(place.pk, 0),
            decided=decided.get(place.pk, 0),
            ages=counts,
            oldest=oldest,
            rejected={reason: reasons.get(reason, 0) for reason in RejectionReason.values},
            total=sum(own.values()),
        )
        rows.append(Row(place, figures))
    return rows


def district_figures(district: District, month: str) -> Figures:
    """Every figure of a district's report. Raises Refused for a month that is none, lies ahead or is too old."""
    return by_district(month, [district])[0].figures


def state_table(month: str, places: Sequence[District] | None = None) -> tuple[list[Row], Row]:
    """All 14 districts (or those given) in the Department's order, and their sum, which is counted from the rows shown."""
    rows = by_district(month, list(District.objects.all()) if places is None else places)
    return rows, Row(None, sum_of(month, [row.figures for row in rows]))


def sum_of(month: str, parts: Sequence[Figures]) -> Figures:
    """Several districts together."""
    period = month_of(month)
    return Figures(
        month=month,
        moment=parts[0].moment if parts else period.moment,
        complete=not period.running,
        states={key: sum(part.states[key] for part in parts) for key, _states_of in FUNNEL},
        received=sum(part.received for part in parts),
        decided=sum(part.decided for part in parts),
        ages=[sum(part.ages[place] for part in parts) for place in range(len(AGES))],
        oldest=max((part.oldest for part in parts), default=0),
        rejected={key: sum(part.rejected[key] for part in parts) for key in RejectionReason.values},
        total=sum(part.total for part in parts),
    )


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


def _states(period: Period, keys: Sequence[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    counted = standing(period, keys).values("office__district", "stood").annotate(n=Count("pk"))
    for place, state, number in counted.values_list("office__district", "stood", "n"):
        own, stage = found.setdefault(place, {}), STAGE[State(state)]
        own[stage] = own.get(stage, 0) + number
    return found


def _ages(period: Period, places: Sequence[District]) -> dict[int, tuple[list[int], int]]:
    """How many files wait how long with each DIC, in working days, and the longest."""
    by_key = {place.pk: place for place in places}
    found: dict[int, tuple[list[int], int]] = {}
    waiting = standing(period, list(by_key)).filter(stood__in=WITH_THE_DIC)
    for key, since in waiting.values_list("office__district", "stood_since"):
        age = calendar.working_days_between(ist(since).date(), period.last_day, by_key[key])
        counts, oldest = found.get(key, ([0] * len(AGES), 0))
        counts[next(n for n, (low, high) in enumerate(AGES) if age >= low and (high is None or age <= high))] += 1
        found[key] = counts, max(oldest, age)
    return found


def _moves(period: Period, keys: Sequence[int]) -> QuerySet[Transition]:
    inside = Transition.objects.filter(at__gte=period.start, at__lt=period.end)
    return inside.filter(application__office__district__in=keys).order_by()


def _received(period: Period, keys: Sequence[int]) -> dict[int, int]:
    """Files handed in within the period and not taken back by its end; each once."""
    back, sent = Q(target__in=BEFORE_SUBMIT), Q(target=State.SUBMITTED, source__in=BEFORE_SUBMIT)
    rows = (
        _moves(period, keys)
        .filter(back | sent)
        .values("application", "application__office__district")
        .annotate(sent=Max("at", filter=sent), back=Max("at", filter=back))
        .filter(Q(sent__isnull=False) & (Q(back__isnull=True) | Q(back__lt=F("sent"))))
    )
    found: dict[int, int] = {}
    for key in rows.values_list("application__office__district", flat=True):
        found[key] = found.get(key, 0) + 1
    return found


def _decided(period: Period, keys: Sequence[int]) -> dict[int, int]:
    moves = _moves(period, keys).filter(target__in=ENDED - DEAD)
    counted = moves.values("application__office__district").annotate(n=Count("application", distinct=True))
    return dict(counted.values_list("application__office__district", "n"))


def _rejected(period: Period, keys: Sequence[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    place = "slot__application__office__district"
    judged = DocumentVersion.objects.filter(judged_at__gte=period.start, judged_at__lt=period.end).exclude(reason="")
    counted = judged.filter(**{f"{place}__in": keys}).order_by().values(place, "reason").annotate(n=Count("pk"))
    for key, reason, number in counted.values_list(place, "reason", "n"):
        found.setdefault(key, {})[reason] = number
    return found


# ---- Reports --------------------------------------------------------------------------------------------------
def places_of(user: Any) -> list[District]:
    """Districts whose figures the person may read, in the Department's order."""
    if not user.has(Permission.SEE_REPORTS):
        return []
    keys = user.districts_where(Permission.SEE_REPORTS)
    found = District.objects.all()
    return list(found if keys is None else found.filter(pk__in=keys))


def reports_for(user: Any) -> QuerySet[Paper]:
    """District reports the person may read, newest first."""
    found = Paper.objects.filter(kind=REPORT).select_related("superseded_by")
    if not user.has(Permission.SEE_REPORTS):
        return found.none()
    keys = user.districts_where(Permission.SEE_REPORTS)
    if keys is None:
        return found
    return found.filter(scope__in=Office.objects.filter(kind=OfficeKind.DIC, district__in=keys).values("code"))


def report_key(district: District, month: str) -> str:
    """What a report is about."""
    return f"report:{district.code}:{month}"


def reports_about(reports: QuerySet[Paper], *, district: str = "", month: str = "") -> QuerySet[Paper]:
    """Those of one district (its code), of one month, or both."""
    if district:
        reports = reports.filter(subject__startswith=f"report:{district}:")
    return reports.filter(subject__endswith=f":{month}") if month else reports


# ---- The homes ------------------------------------------------------------------------------------------------
def selected_so_far() -> int:
    """Enterprises selected in all rounds."""
    return Application.objects.filter(state=State.SELECTED).count()


def next_round() -> Round | None:
    """The round that opens next."""
    return Round.objects.filter(opens_at__gt=now()).order_by("opens_at").first()


def days_left(call: Round) -> int:
    """Days until the round closes."""
    return max((ist(call.closes_at).date() - today()).days, 0)


def own_places(user: Any) -> list[District]:
    """Districts of the person's own posts that read figures, without a question of its own; none for State-wide posts."""
    keys = user.districts_where(Permission.SEE_REPORTS)
    posts = [post.office.district for post in user.postings_now() if post.office and post.office.district]
    return sorted({place for place in posts if place.pk in (keys or [])}, key=lambda place: place.order)


def counts_now(places: Sequence[District]) -> tuple[dict[int, dict[str, int]], dict[int, int]]:
    """Files by stage now, and files received in the running month, for each district, in two questions."""
    period, keys = month_of(this_month()), [place.pk for place in places]
    states, received = _states(period, keys), _received(period, keys)
    return {key: {stage: states.get(key, {}).get(stage, 0) for stage, _states_of in FUNNEL} for key in keys}, received
