"""The one place a figure of the district report, the progress pages and the homes is computed, whatever shows it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from applications.models import Application, DocumentVersion, RejectionReason, Round, Transition
from applications.states import BEFORE_SUBMIT, DEAD, ENDED, State
from districts import calendar
from districts.models import District
from records.clock import INDIA, ist, now, today
from records.verdicts import Refused

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


@dataclass(frozen=True)
class Figures:
    """The figures of one district, or of the State, for one month. `moment` is when they were counted."""

    month: str
    moment: str
    states: dict[str, int]
    received: int
    decided: int
    ages: list[int]
    oldest: int
    rejected: dict[str, int]
    total: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def month_of(text: str) -> tuple[datetime, datetime]:
    """First and last moment of "2026-11"; the running month ends now. Raises Refused for what is no month or lies ahead."""
    try:
        first = date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        first = None
    if first is None or first.year < 2000:
        raise Refused(_("Write the month as YYYY-MM, for example 2026-11."), "month")
    if first > today():
        raise Refused(_("This month has not begun. Choose this month or an earlier one."), "month")
    start = datetime.combine(first, time.min, INDIA)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return start, min(datetime.combine(following, time.min, INDIA), now())


def this_month() -> str:
    """The running month."""
    return today().strftime("%Y-%m")


def files(district: District | None) -> QuerySet[Application]:
    """The files of one district, or of all."""
    found = Application.objects.all()
    return found if district is None else found.filter(office__district=district)


def district_figures(district: District | None, month: str) -> Figures:
    """Every figure of the report: files by state now, received and decided in the month, ages, rejections by reason."""
    start, end = month_of(month)
    moves = Transition.objects.filter(at__gte=start, at__lt=end)
    versions = DocumentVersion.objects.filter(judged_at__gte=start, judged_at__lt=end).exclude(reason="")
    if district is not None:
        moves = moves.filter(application__office__district=district)
        versions = versions.filter(slot__application__office__district=district)
    counted = moves.aggregate(
        received=Count("application", distinct=True, filter=Q(target=State.SUBMITTED)),
        decided=Count("application", distinct=True, filter=Q(target__in=ENDED - DEAD)),
    )
    reasons = dict(versions.values_list("reason").annotate(n=Count("pk")).order_by())
    states = _by_state(files(district))
    ages, oldest = _ages(district)
    return Figures(
        month=month,
        moment=ist(end).strftime("%d-%m-%Y, %H:%M"),
        states=states,
        received=counted["received"],
        decided=counted["decided"],
        ages=ages,
        oldest=oldest,
        rejected={reason: reasons.get(reason, 0) for reason in RejectionReason.values},
        total=sum(states.values()),
    )


def _by_state(found: QuerySet[Application]) -> dict[str, int]:
    counts = dict(found.values_list("state").annotate(n=Count("pk")).order_by())
    return {key: sum(counts.get(state, 0) for state in states) for key, states in FUNNEL}


def _ages(district: District | None) -> tuple[list[int], int]:
    """How many files wait how long with the DIC, in working days, and the longest."""
    rows = files(district).filter(state__in=WITH_THE_DIC).values_list("since", "office__district")
    places = {place.pk: place for place in District.objects.all()}
    day, counts, oldest = today(), [0] * len(AGES), 0
    for since, place in rows:
        age = calendar.working_days_between(ist(since).date(), day, places.get(place))
        oldest = max(oldest, age)
        counts[next(n for n, (low, high) in enumerate(AGES) if age >= low and (high is None or age <= high))] += 1
    return counts, oldest


@dataclass(frozen=True)
class Row:
    """One district of the State's table."""

    district: District | None
    states: dict[str, int]
    total: int


def state_table() -> tuple[list[Row], Row]:
    """All 14 districts in the Department's order, zeros included, and their sum, which is counted from the rows shown."""
    counts: dict[int | None, dict[str, int]] = {}
    for place, state, number in (
        Application.objects.values_list("office__district", "state").annotate(n=Count("pk")).order_by()
    ):
        counts.setdefault(place, {})[state] = number
    rows = []
    for district in District.objects.all():
        own = counts.get(district.pk, {})
        states = {key: sum(own.get(state, 0) for state in group) for key, group in FUNNEL}
        rows.append(Row(district, states, sum(states.values())))
    sums = {key: sum(row.states[key] for row in rows) for key, _states in FUNNEL}
    return rows, Row(None, sums, sum(sums.values()))


def selected_so_far() -> int:
    """Enterprises selected in all rounds."""
    return Application.objects.filter(state=State.SELECTED).count()


def days_left(call: Round) -> int:
    """Days until the round closes."""
    return max((ist(call.closes_at).date() - today()).days, 0)


def own_files(user: Any) -> QuerySet[Application]:
    """An applicant's files with what the home page shows of them."""
    found = Application.objects.visible_to(user).with_file().prefetch_related("transitions").distinct()
    return found.order_by("-begun_at", "-pk")


def drafts_of(found: list[Application]) -> list[Application]:
    """Those not yet handed in."""
    return [file for file in found if file.state in BEFORE_SUBMIT]
