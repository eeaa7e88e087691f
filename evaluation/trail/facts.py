"""What the sentences of a trail are filled with: read once for all lines of a page, and only what these lines name."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from accounts.models import User
from applications.models import Application, DocumentKind, DocumentVersion, RejectionReason
from applications.sections import BY_KEY
from districts.models import Office
from evaluation import figures
from evaluation.models import VerifiedFigure
from evaluation.queries import value_of
from evaluation.queries.contests import found_in_words
from evaluation.rules.ineligible import words_of
from records.formats import day
from records.models import AuditEvent, Paper

OF_THE_LINE = ("number", "version", "reminder")  # numbers that need no other row


class Facts:
    """The rows a file's lines speak of, each kind in one query, none where no line asks for it."""

    def __init__(self, file: Application, events: Iterable[AuditEvent]) -> None:
        self.file, self.events = file, list(events)
        self.figures = {figure.key: figure for figure in figures.asked(file.round.financial_years)}

    def _named(self, *keys: str) -> set[Any]:
        return {event.data[key] for event in self.events for key in keys if event.data.get(key)}

    @cached_property
    def documents(self) -> dict[str, str]:
        """Names of kinds of documents, by key."""
        return {kind.key: kind.name for kind in DocumentKind.objects.all()}

    @cached_property
    def opened(self) -> dict[str, DocumentVersion]:
        """The file's documents by the words the trail has for a stored file."""
        versions = DocumentVersion.objects.filter(slot__application=self.file).select_related("slot__kind")
        return {f"file:{version.file_id}": version for version in versions}

    @cached_property
    def verified(self) -> list[VerifiedFigure]:
        """Every figure ever verified, newest first."""
        return list(VerifiedFigure.objects.filter(application=self.file).order_by("-at", "-pk"))

    @cached_property
    def offices(self) -> dict[str, str]:
        """Names of offices, by code."""
        return {office.code: office.name for office in Office.objects.all()}

    @cached_property
    def takers(self) -> dict[int, str]:
        """Names of those a file was given to."""
        return dict(User.objects.filter(pk__in=self._named("to")).values_list("pk", "full_name"))

    @cached_property
    def papers(self) -> dict[str, str]:
        """Titles of papers, by number."""
        return {paper.number: paper.title for paper in Paper.objects.filter(number__in=self._named("number"))}


def _figure(facts: Facts, event: AuditEvent) -> Mapping[str, str]:
    """What was found: the row written just before the line, in the same act."""
    figure = facts.figures.get(event.data.get("key", ""))
    if figure is None:
        return {"figure": event.note} if event.note else {}
    row = next((row for row in facts.verified if row.key == figure.key and row.at <= event.at), None)
    value = {"value": figures.shown(figure, value_of(row))} if row else {}
    return {"figure": figure.label, **value}


def _document(facts: Facts, event: AuditEvent) -> Mapping[str, str]:
    name, why = facts.documents.get(event.data.get("kind", "")), event.data.get("reason")
    words = {"document": name} if name else {}
    return words | ({"why": str(RejectionReason(why).label)} if why in RejectionReason.values else {})


def _opened(facts: Facts, event: AuditEvent) -> Mapping[str, str]:
    version = facts.opened.get(event.note)
    return {"document": version.slot.kind.name, "version": str(version.number)} if version else {}


def _question(_facts: Facts, event: AuditEvent) -> Mapping[str, str]:
    due = event.data.get("due_on")
    return {"due": day(date.fromisoformat(due))} if due else {}


def _visit(_facts: Facts, event: AuditEvent) -> Mapping[str, str]:
    return {"day": event.note} if event.note else {}


def _section(_facts: Facts, event: AuditEvent) -> Mapping[str, str]:
    section = BY_KEY.get(event.data.get("section", ""))
    return {"section": str(section.title)} if section else {}


def _offices(facts: Facts, event: AuditEvent) -> Mapping[str, str]:
    codes = {"from": event.data.get("old", ""), "to": event.data.get("new", "")}
    return {side: facts.offices[code] for side, code in codes.items() if code in facts.offices}


def _taker(facts: Facts, event: AuditEvent) -> Mapping[str, str]:
    name = facts.takers.get(event.data.get("to", 0))
    return {"to": name} if name else {}


def _rule(_facts: Facts, event: AuditEvent) -> Mapping[str, str]:
    try:
        return {"rule": str(words_of(event.data["rule"]).title)}
    except KeyError:
        return {}


def _contest(_facts: Facts, event: AuditEvent) -> Mapping[str, str]:
    words = {key: str(event.data[key]) for key in ("of", "other") if event.data.get(key)}
    if event.data.get("outcome") and event.data.get("application") and "other" in words:
        said = event.data["outcome"], event.data["application"], words["other"]
        words["finding"] = found_in_words(*said).rstrip(".")
    return words


def _paper(facts: Facts, event: AuditEvent) -> Mapping[str, str]:
    number = event.data.get("number", "")
    words = {key: event.data[key] for key in ("old", "new") if event.data.get(key)}
    if number:
        words["paper"] = number
    return words | ({"title": facts.papers[number]} if number in facts.papers else {})


def _evaluation(_facts: Facts, event: AuditEvent) -> Mapping[str, str]:
    """The number of the evaluation, which its trail is called by."""
    return {"number": event.subject.rpartition(":")[2]}


FACTS: dict[str, Callable[[Facts, AuditEvent], Mapping[str, str]]] = {
    "contest": _contest,
    "document": _document,
    "evaluation": _evaluation,
    "figure": _figure,
    "offices": _offices,
    "opened": _opened,
    "paper": _paper,
    "question": _question,
    "rule": _rule,
    "section": _section,
    "taker": _taker,
    "visit": _visit,
}


def facts_of(facts: Facts, event: AuditEvent, how: str) -> dict[str, str]:
    """What the sentence of one line is filled with."""
    numbers = {key: str(event.data[key]) for key in OF_THE_LINE if event.data.get(key)}
    return {**numbers, **(FACTS[how](facts, event) if how else {})}
