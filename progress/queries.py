"""The one place a figure of the district report, the progress pages and the homes is computed, whatever shows it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from accounts.roles import Permission
from applications.models import Application, DocumentVersion, RejectionReason, Round, Transition
from applications.states import BEFORE_SUBMIT, ENDED, State
from districts.models import District, Office, OfficeKind
from progress.counted import against_targets, by_age, by_holder, by_stage, counted
from progress.holders import HOLDERS
from progress.periods import FIRST_MONTH, Period, Standing, month_of, standing, this_month
from progress.stages import AGES, DECISIONS, FUNNEL, STAGE, WITH_THE_DIC, age_labels, funnel_labels
from records.clock import ist, now, today
from records.models import Paper

# Read from here by pages and papers: one name for everything a figure is made of.
__all__ = [
    "AGES",
    "DECISIONS",
    "FIRST_MONTH",
    "FUNNEL",
    "STAGE",
    "WITH_THE_DIC",
    "Period",
    "Standing",
    "age_labels",
    "funnel_labels",
    "month_of",
    "standing",
    "this_month",
]

REPORT = "progress.district_report"
TARGETS = ("target", "recommended", "selected")


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
    decisions: dict[str, int]  # of those decided: selected, reserve, … by the day of their release
    holders: dict[str, int]  # open files by whose act comes next
    targets: dict[str, int]  # target, recommended, selected, of all rounds that had begun

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
    """The figures of each district given, zeros included, in six questions whatever their number. Raises Refused."""
    period = month_of(month)
    keys = [place.pk for place in places]
    heaps = counted(period, places)
    states, ages = by_stage(heaps), by_age(heaps, period, places)
    received, decisions, rejected = _received(period, keys), _decisions(period, keys), _rejected(period, keys)
    holders, against = by_holder(heaps, places), against_targets(heaps, period, places)
    rows = []
    for place in places:
        own = states.get(place.pk, {})
        counts, oldest = ages[place.pk]
        reasons = rejected.get(place.pk, {})
        figures = Figures(
            month=month,
            moment=period.moment,
            complete=not period.running,
            states={key: own.get(key, 0) for key, _states_of in FUNNEL},
            received=received.get(place.pk, 0),
            decided=sum(decisions.get(place.pk, {}).values()),
            ages=counts,
            oldest=oldest,
            rejected={reason: reasons.get(reason, 0) for reason in RejectionReason.values},
            total=sum(own.values()),
            decisions={key: decisions.get(place.pk, {}).get(key, 0) for key in DECISIONS},
            holders=holders[place.pk],
            targets=against[place.pk].as_json(),
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
        decisions={key: sum(part.decisions[key] for part in parts) for key in DECISIONS},
        holders={key: sum(part.holders[key] for part in parts) for key in HOLDERS},
        targets={key: sum(part.targets[key] for part in parts) for key in TARGETS},
    )


def _states(period: Period, keys: Sequence[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    counted = standing(period, keys).values("office__district", "stood").annotate(n=Count("pk"))
    for place, state, number in counted.values_list("office__district", "stood", "n"):
        own, stage = found.setdefault(place, {}), STAGE[State(state)]
        own[stage] = own.get(stage, 0) + number
    return found


def _moves(period: Period) -> QuerySet[Transition]:
    return Transition.objects.filter(at__gte=period.start, at__lt=period.end).order_by()


def _received(period: Period, keys: Sequence[int]) -> dict[int, int]:
    """Files handed in within the period and not taken back by its end.

    Each once without being told so: of a file that was handed in twice the first time was taken back.
    """
    back = Transition.objects.filter(
        target__in=BEFORE_SUBMIT, at__gte=OuterRef("at"), at__lt=period.end, application=OuterRef("application")
    )
    place = "application__office__district"
    sent = _moves(period).filter(~Exists(back), target=State.SUBMITTED, source__in=BEFORE_SUBMIT)
    counted = sent.filter(**{f"{place}__in": keys}).values(place).annotate(n=Count("*"))
    return dict(counted.values_list(place, "n"))


def _decisions(period: Period, keys: Sequence[int]) -> dict[int, dict[str, int]]:
    """Files decided within the period and not taken up again by its end, by what was decided last. Each once.

    A decision counts on the day of its release: until then a file's state gives nothing away, and neither does this.
    Where the few files lie is asked apart: with the moves the database would read every file.
    """
    again = Q(source__in=DECISIONS) & ~Q(target__in=ENDED)
    rows: Any = (
        _moves(period)
        .filter(Q(target__in=DECISIONS) | again)
        .values("application")
        .annotate(again=Max("at", filter=again), **{key: Max("at", filter=Q(target=key)) for key in DECISIONS})
    )
    files = Application.objects.filter(pk__in=[row["application"] for row in rows], office__district__in=keys)
    places = dict(files.order_by().values_list("pk", "office__district"))
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        if row["application"] not in places:
            continue
        ended = max((row[key], key) for key in DECISIONS if row[key]) if any(row[key] for key in DECISIONS) else None
        if ended is None or (row["again"] and row["again"] >= ended[0]):
            continue
        own = found.setdefault(places[row["application"]], {})
        own[ended[1]] = own.get(ended[1], 0) + 1
    return found


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


def reports_about(
    reports: QuerySet[Paper], *, district: str = "", month: str = "", language: str = "", standing: str = ""
) -> QuerySet[Paper]:
    """Those of one district (its code), one month, one language, those that stand ("current") or do not ("superseded")."""
    if language:
        reports = reports.filter(language=language)
    if standing:
        reports = reports.filter(superseded_by__isnull=standing == "current")
    if district:
        reports = reports.filter(subject__startswith=f"report:{district}:")
    return reports.filter(subject__endswith=f":{month}") if month else reports


# ---- The homes ------------------------------------------------------------------------------------------------
def selected_so_far(files: QuerySet[Application] | None = None) -> int:
    """Enterprises selected in all rounds; of the files given, or of all."""
    return (Application.objects.all() if files is None else files).filter(state=State.SELECTED).count()


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
