"""A field visit: what was seen, who was met, what the photographs say of place and time, which figures were verified."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from applications.models import Application
from evaluation import figures
from evaluation.actions.files import write_figures
from evaluation.models import Visit, VisitPhoto
from evaluation.queries import value_of
from evaluation.queries.conflicts import visit_verdict
from evaluation.rules.visits import MOST_PHOTOGRAPHS, may_be_on
from records import audit, files, pages
from records.acts import act, lock_one
from records.clock import now
from records.formats import day
from records.verdicts import Refused


@dataclass(frozen=True)
class Seen:
    """What an officer tells of a visit. `found`: the figures verified on it, by key."""

    visited_on: date
    people_met: str
    findings: str
    found: Mapping[str, figures.Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Photograph:
    """A picture as it will be kept, with what it said of itself before that was taken out."""

    kept: files.Examined
    said: files.PlaceAndTime


def record_visit(file: Application, seen: Seen, uploads: Sequence[Any] = (), *, by: Any) -> Visit:
    """Record a visit whole or not at all: its photographs, its figures, its line in the trail. Raises Refused.

    Photographs take seconds to examine, so they are examined before the act: nobody waits for them at a lock.
    """
    _check(file, seen, len(uploads), by)
    return _write(file, seen, [_photograph(number, upload) for number, upload in enumerate(uploads, 1)], by=by)


def _check(file: Application, seen: Seen, photographs: int, by: Any) -> None:
    may = visit_verdict(by, file)
    if not may:
        raise Refused(may.reason)
    on_that_day = may_be_on(seen.visited_on, file)
    if not on_that_day:
        raise Refused(on_that_day.reason, "visited_on")
    if not seen.people_met.strip():
        raise Refused(_("Write whom you met."), "people_met")
    if not seen.findings.strip():
        raise Refused(_("Write what you found."), "findings")
    if photographs > MOST_PHOTOGRAPHS:
        raise Refused(_("Send at most %(most)s photographs.") % {"most": MOST_PHOTOGRAPHS}, "photographs")


def _photograph(number: int, upload: Any) -> Photograph:
    """Examine one, and read its place and time from what was sent: what is kept has none."""
    try:
        kept = files.examine(upload, kinds=files.PICTURES)
    except Refused as refusal:
        words = {"number": number, "name": files.safe_name(upload.name, "image/jpeg"), "why": refusal.reason}
        raise Refused(_("Photograph %(number)s (%(name)s): %(why)s") % words, "photographs") from refusal
    upload.seek(0)
    return Photograph(kept, files.place_and_time(upload.read()))


@act
def _write(file: Application, seen: Seen, photographs: Sequence[Photograph], *, by: Any) -> Visit:
    held = lock_one(Application, file.pk)
    _check(held, seen, len(photographs), by)
    if same := _sent_twice(held, seen, photographs, by):
        return same
    last = Visit.objects.filter(application=held).aggregate(last=Max("number"))["last"] or 0
    visit = Visit.objects.create(
        application=held,
        number=last + 1,
        visited_on=seen.visited_on,
        people_met=seen.people_met.strip(),
        findings=seen.findings.strip(),
        by=by,
        post=_post(by),
        at=now(),
    )
    for photograph in photographs:
        _keep(visit, photograph, by)
    # The source is kept in the language of the officer who wrote it, as every other source is.
    source = _("Field visit, %(day)s") % {"day": day(seen.visited_on)}
    write_figures(held, seen.found, dict.fromkeys(seen.found, source), by=by, visit=visit)
    data = {"number": visit.number, "photographs": len(photographs), "figures": sorted(seen.found)}
    audit.record("application.visit", held, by=by, note=day(seen.visited_on), scope=held.office.code, data=data)
    return visit


def _keep(visit: Visit, photograph: Photograph, by: Any) -> VisitPhoto:
    stored = files.keep(photograph.kept, by=by)
    pages.ask_for(stored)  # a small picture of it for the file's page
    said = photograph.said
    return VisitPhoto.objects.create(
        visit=visit, file=stored, taken_at=said.at, latitude=said.latitude, longitude=said.longitude
    )


def _sent_twice(held: Application, seen: Seen, photographs: Sequence[Photograph], by: Any) -> Visit | None:
    """The visit as it was recorded already, where the newest of the file says the same to the letter: a second click."""
    newest = Visit.objects.filter(application=held).order_by("-number").first()
    if newest is None or newest.by_id != by.pk:
        return None
    told = (seen.visited_on, seen.people_met.strip(), seen.findings.strip())
    pictures = sorted(photograph.kept.sha256 for photograph in photographs)
    before = sorted(newest.photos.values_list("file__sha256", flat=True))
    found = {row.key: value_of(row) for row in newest.figures.all()}
    same = (newest.visited_on, newest.people_met, newest.findings) == told and before == pictures
    return newest if same and found == dict(seen.found) else None


def _post(by: Any) -> str:
    """The post as it is held today, in English whoever records and reads."""
    with translation.override("en"):
        return str(by.role_label)[:200]
