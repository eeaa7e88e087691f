"""Reads across the file: the to-do list, the clock, what is claimed, what an officer should look at."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from applications import identifiers
from applications.models import Application, EmploymentYear, FinancialYear, Growth, Profile, Revision, Round
from applications.sections import BY_KEY, SECTIONS, Facts, Todo, missing
from applications.states import BEFORE_SUBMIT, DEAD, State
from districts import calendar
from records.clock import ist, today


def open_round() -> Round | None:
    """The round that takes applications now; the latest where several do."""
    return Round.objects.open_now().order_by("-number").first()


def latest_round() -> Round | None:
    """The newest round, open or not."""
    return Round.objects.order_by("-number").first()


def missing_to_submit(file: Application) -> list[Todo]:
    """The one to-do list."""
    return missing(file)


def again(file: Application) -> Application:
    """The file read anew, with what an act has just written."""
    return Application.objects.with_file().get(pk=file.pk)


def section_facts(file: Application, key: str) -> Facts:
    """A section as it is read, for the applicant, the officer and the receipt alike."""
    return BY_KEY[key].facts(file)


@dataclass(frozen=True)
class SectionRow:
    """A line of the task list: the tag's words and colour, and what is missing there."""

    key: str
    title: Any
    number: int
    tag: str
    colour: str
    left: int


def task_list(file: Application) -> list[SectionRow]:
    """The eight sections with how far each is."""
    begun = set(Revision.objects.filter(application=file).values_list("section", flat=True))
    rows = []
    for number, section in enumerate(SECTIONS, 1):
        left = len(section.missing(file))
        if not left:
            tag, colour = _("Done"), "good"
        elif section.key in begun:
            tag, colour = _("Started"), "yours"
        else:
            tag, colour = _("To do"), "still"
        rows.append(SectionRow(section.key, section.title, number, tag, colour, left))
    return rows


def last_revision(file: Application, section: str) -> Revision | None:
    """Who saved a section last, and when."""
    return Revision.objects.filter(application=file, section=section).select_related("by").order_by("-number").first()


# ---- The clock --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clock:
    """Working days used of those allowed in the present state: `state` is run, near (from 80 %), over, stop or none."""

    state: str
    day: int = 0
    limit: int = 0
    due: date | None = None
    started: date | None = None

    @property
    def strip_width(self) -> int:
        """Units of the strip's drawing: 24 a day."""
        return 24 * self.limit

    @property
    def cells(self) -> list[tuple[int, str]]:
        """Place and class of each day's cell."""
        return [
            (1 + 24 * n, "today" if n + 1 == self.day else "past" if n + 1 < self.day else "")
            for n in range(self.limit)
        ]


LIMITS = {
    State.SUBMITTED: "take_up_days",
    State.SCRUTINY: "scrutiny_days",
    State.APPRAISAL: "appraisal_days",
    State.APPRAISED: "shortlist_days",
}


def clock(file: Application) -> Clock:
    """Day n of m: the working day after the state began is day 1; on that day itself it is day 0."""
    name = LIMITS.get(State(file.state))
    if file.current.clock == "paused":
        return Clock("stop")
    if name is None:
        return Clock("none")
    limit: int = getattr(file.round, name)
    started = ist(file.since).date()
    day = calendar.working_days_between(started, today(), file.district)
    due = calendar.add_working_days(started, limit, file.district)
    state = "over" if day > limit else "near" if day * 5 >= limit * 4 else "run"
    return Clock(state, day, limit, due, started)


# ---- Claimed figures and flags ----------------------------------------------------------------------------


def claimed(file: Application) -> dict[str, Decimal | str]:
    """What the enterprise states, by the key under which an officer verifies it. Rupees, persons, "yes"/"no", ISO dates."""
    found: dict[str, Decimal | str] = {}
    for year in FinancialYear.objects.filter(application=file):
        found[f"turnover:{year.year}"] = Decimal(year.turnover)
        found[f"exports:{year.year}"] = Decimal(year.turnover_export)
        found[f"profit:{year.year}"] = Decimal(year.profit)
    latest = EmploymentYear.objects.filter(application=file).order_by("-year").first()
    if latest:
        found["jobs"], found["women"] = Decimal(latest.total), Decimal(latest.women)
    growth = Growth.objects.filter(application=file).first()
    if growth:
        found["fixed_capital"] = Decimal(growth.fixed_capital)
    profile = Profile.objects.filter(application=file).only("began_on", "seal_id").first()
    if profile and profile.began_on:
        found["began_on"] = profile.began_on.isoformat()
    bank = getattr(file, "bank", None)
    if bank is not None and bank.loan_status:
        found["overdue"] = "yes" if bank.loan_status == "overdue" else "no"
    return found


@dataclass(frozen=True)
class Flag:
    """Something for the officer to look at. It blocks nothing and tells the applicant nothing."""

    key: str
    sentence: str


def soft_flags(file: Application) -> list[Flag]:
    """Mismatches an officer should look at."""
    profile = getattr(file, "profile", None)
    if profile is None:
        return []
    flags = []
    if profile.udyam_number and identifiers.udyam_district(profile.udyam_number) != file.district.udyam_code:
        flags.append(
            Flag(
                "udyam_district",
                _(
                    "The district in the Udyam number is not %(district)s. The unit may lie elsewhere than the office on the certificate."
                )
                % {"district": file.district.name},
            )
        )
    if profile.udyam_number and identifiers.udyam_state(profile.udyam_number) != "KL":
        flags.append(Flag("udyam_state", _("The Udyam number was given in another State.")))
    if profile.pan and profile.constitution and not identifiers.pan_fits(profile.pan, profile.constitution):
        flags.append(
            Flag(
                "pan_kind",
                _("The PAN is of a kind that does not go with the constitution stated: %(constitution)s.")
                % {"constitution": profile.get_constitution_display()},
            )
        )
    for other in others_with_the_same_number(file):
        flags.append(
            Flag(
                "same_number",
                _("The same Udyam number or PAN stands in another application of this round: %(reference)s.")
                % {"reference": other.reference},
            )
        )
    latest = file.eligibility.first()
    if latest and latest.outcome == "yellow":
        flags.append(Flag("eligibility", _("The eligibility check says: an officer will check.")))
    return flags


def others_with_the_same_number(file: Application) -> QuerySet[Application]:
    """Other files of the round, sent and not dead, with the same Udyam number or PAN."""
    profile = getattr(file, "profile", None)
    if profile is None:
        return Application.objects.none()
    same = Q(profile__udyam_number=profile.udyam_number) & ~Q(profile__udyam_number="")
    if profile.pan_key:
        same |= Q(profile__pan_key=profile.pan_key)
    return (
        Application.objects.filter(same, round=file.round)
        .exclude(pk=file.pk)
        .exclude(state__in=[*BEFORE_SUBMIT, *DEAD])
        .order_by("submitted_at", "pk")
    )


# ---- The applicant's way ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    """One line of the way: done, now or next."""

    kind: str
    title: str
    at: datetime | None = None
    detail: str = ""


def way(file: Application) -> list[Stage]:
    """The way of a file in the applicant's words: what is done, what is now, what comes. Nothing comes after its end."""
    moves = {move.target: move.at for move in file.transitions.all()}
    office = file.office.name
    stages = [
        (_("You applied"), moves.get(State.SUBMITTED)),
        (_("%(office)s took it up") % {"office": office}, moves.get(State.SCRUTINY)),
        (_("Your DIC checked the papers"), moves.get(State.APPRAISAL)),
        (_("Visit and marks"), moves.get(State.SHORTLISTED) or moves.get(State.NOT_SHORTLISTED)),
        (_("State-Level Approval Committee"), None),
        (_("Your letter"), None),
    ]
    rows = [Stage("done", title, at) for title, at in stages if at is not None]
    if file.state in DEAD:
        return [*rows, Stage("done", str(file.current.applicant_label), file.ended_at)]
    ahead = [Stage("next", title) for title, at in stages if at is None]
    if rows:
        rows.append(Stage("now", str(file.current.applicant_label)))
    return rows + ahead
