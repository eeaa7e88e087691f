"""Reads across the file: the to-do list, the clock, what is claimed, what an officer should look at."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from applications import identifiers
from applications.dayclock import Clock, clock
from applications.models import (
    Application,
    Outcome,
    Profile,
    Revision,
    Round,
    Settlement,
)
from applications.sections import BY_KEY, SECTIONS, Facts, Todo, missing
from applications.states import BEFORE_SUBMIT, DEAD, ENDED, State

__all__ = ["Clock", "clock"]  # read from here by the rooms above


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


def newest_revision(file: Application, sections: Collection[str]) -> Revision | None:
    """The latest save in any of the sections."""
    found = Revision.objects.filter(application=file, section__in=sections)
    return found.select_related("by").order_by("-pk").first()


# ---- Claimed figures and flags ----------------------------------------------------------------------------


def claimed(file: Application) -> dict[str, Decimal | str]:
    """What the enterprise states, by the key under which an officer verifies it. Rupees, persons, "yes"/"no", ISO dates."""
    found: dict[str, Decimal | str] = {}
    for year in file.financial_years.all():
        found[f"turnover:{year.year}"] = Decimal(year.turnover)
        found[f"exports:{year.year}"] = Decimal(year.turnover_export)
        found[f"profit:{year.year}"] = Decimal(year.profit)
    latest = max(file.employment_years.all(), key=lambda year: year.year, default=None)
    if latest:
        found["jobs"], found["women"] = Decimal(latest.total), Decimal(latest.women)
    growth = getattr(file, "growth", None)
    if growth is not None:
        found["fixed_capital"] = Decimal(growth.fixed_capital)
    profile = getattr(file, "profile", None)
    if profile is not None and profile.began_on:
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


def soft_flags(file: Application, others: Sequence[Application] | None = None) -> list[Flag]:
    """Mismatches an officer should look at. `others`: the file's contenders, where they were read already."""
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
    for other in contenders(file) if others is None else others:
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
    """Other files of the round, sent and neither dead nor ineligible, with the same Udyam number or PAN."""
    profile = getattr(file, "profile", None)
    if profile is None:
        return Application.objects.none()
    numbers = _udyam_numbers(file)
    stated = Q(udyam_number__in=numbers)
    if profile.pan_key:
        stated |= Q(pan_key=profile.pan_key)
    # Two looks into indexes: one condition over both tables would read every file of the round.
    same = Profile.objects.filter(stated).values("application")
    sent = Application.objects.filter(udyam_number__in=numbers).order_by().values("pk")
    return (
        Application.objects.filter(pk__in=same.union(sent), round=file.round)
        .exclude(pk=file.pk)
        .exclude(state__in=[*BEFORE_SUBMIT, *DEAD, State.INELIGIBLE])
        .order_by("submitted_at", "pk")
    )


def contenders(file: Application) -> list[Application]:
    """Those of them with which it is not settled whose number it is, or settled against this file. Two queries at most."""
    others = list(others_with_the_same_number(file).select_related("profile", "enterprise", "office__district"))
    if not others:
        return []
    keys = [other.pk for other in others]
    last: dict[int, Settlement] = {}
    between = Q(application=file, other__in=keys) | Q(application__in=keys, other=file)
    for said in Settlement.objects.filter(between).order_by("at", "pk"):
        last[said.other_id if said.application_id == file.pk else said.application_id] = said
    return [other for other in others if _contends(file, other, last.get(other.pk))]


def _contends(file: Application, other: Application, last: Settlement | None) -> bool:
    """Whether the other still stands against this file. `last`: what was settled between the two, last of all."""
    if last is None:
        return True
    if last.outcome == Outcome.DIFFERENT:  # two enterprises may share a PAN, never a Udyam number
        return same_udyam(file, other)
    against = Outcome.OTHER if last.application_id == file.pk else Outcome.THIS
    return last.outcome == against


def same_udyam(file: Application, other: Application) -> bool:
    """Whether both files state the same Udyam number."""
    return bool(_udyam_numbers(file) & _udyam_numbers(other))


def _udyam_numbers(file: Application) -> set[str]:
    """The number in the file's section, and the one it was sent with: they differ while an answer is being written."""
    return {file.profile.udyam_number, file.udyam_number} - {""}


def is_held(file: Application) -> bool:
    """Whether a contested number holds the file now: when every other file is out of the round, nothing holds it."""
    return file.contested and bool(contenders(file))


# ---- The applicant's way ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    """One line of the way: done, now or next."""

    kind: str
    title: str
    at: datetime | None = None
    detail: str = ""


# The way in the order files go. A move that leads back takes what came later off the way.
WAY = {
    State.DRAFT: 0,
    State.SUBMITTED: 1,
    State.SCRUTINY: 2,
    State.APPRAISAL: 3,
    State.SHORTLISTED: 4,
    State.NOT_SHORTLISTED: 4,
}


def _reached(file: Application) -> dict[int, datetime]:
    """When each place of the way was reached first; what was taken back, or is done anew in another office, is not."""
    found: dict[int, datetime] = {}
    for move in file.transitions.all():
        place = WAY.get(State(move.target))
        if place is not None:
            found = {earlier: at for earlier, at in found.items() if earlier <= place}
            found.setdefault(place, move.at)
    return found


def way(file: Application) -> list[Stage]:
    """The way of a file in the applicant's words: what is done, what is now, what comes. Nothing comes after its end."""
    reached = _reached(file)
    office = file.office.name
    stages = [
        (_("You applied"), reached.get(WAY[State.SUBMITTED])),
        (_("%(office)s took it up") % {"office": office}, reached.get(WAY[State.SCRUTINY])),
        (_("Your DIC checked the papers"), reached.get(WAY[State.APPRAISAL])),
        (_("Visit and marks"), reached.get(WAY[State.SHORTLISTED])),
        (_("State-Level Approval Committee"), None),
        (_("Your letter"), None),
    ]
    rows = [Stage("done", title, at) for title, at in stages if at is not None]
    if file.state in ENDED:
        return [*rows, Stage("done", str(file.current.applicant_label), file.ended_at)]
    ahead = [Stage("next", title) for title, at in stages if at is None]
    if rows:
        rows.append(Stage("now", str(file.current.applicant_label)))
    return rows + ahead
