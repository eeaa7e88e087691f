"""What a copied row has of its own, table by table: numbers, names, sealed values, times."""

import json
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from allauth.account.models import EmailAddress
from django.db import models

from accounts.models import User
from applications.models import Application, Bank, Enterprise, Profile
from evaluation.models import Meeting, Release, Shortlist
from mission1000.benchmark import names
from mission1000.benchmark.copies import Change
from mission1000.benchmark.names import Names
from mission1000.benchmark.tables import Patterns
from records import papers
from records.models import JobState, Message, Paper

DOMAIN = "benchmark.test"
TIMES = ("since", "begun_at", "submitted_at", "taken_up_at", "ended_at")


class Changes:
    """Knows the pattern's numbers and changes rows of their copies."""

    def __init__(self, patterns: Patterns, called: Names, seed: int) -> None:
        self.patterns, self.called = patterns, called
        self.rng = Random(f"{seed}:papers")  # noqa: S311 -- invented numbers
        self.first = _first_with_the_number(patterns.rows(Profile))
        self.enterprises = {file.enterprise_id: file.pk for file in patterns.rows(Application)}
        self.numbers = dict(patterns.rows(Profile).values_list("application", "udyam_number"))

    def of(self, model: type[models.Model]) -> Change:
        """How a copied row of this table is changed."""
        known: dict[type[models.Model], Change] = {
            User: _address, EmailAddress: _address, Enterprise: self._enterprise, Application: self._application,
            Profile: self._profile, Bank: _sealed_anew, Paper: self._paper, Message: self._message,
            Shortlist: self._packet, Meeting: self._numbered, Release: self._numbered,
        }  # fmt: skip
        return known[model]

    def _udyam(self, number: str, generation: int) -> str:
        return names.udyam(number, self.first.get(number, 0), generation)

    def _enterprise(self, row: dict[str, Any], generation: int) -> None:
        row["name_en"] = f"{row['name_en']} {generation}"
        file = self.enterprises.get(row["id"] - generation * self.patterns.stride)
        row["udyam_number"] = self._udyam(self.numbers.get(file or 0, row["udyam_number"]), generation)

    def _application(self, row: dict[str, Any], generation: int) -> None:
        row["reference"] = self.called.renamed(row["reference"], generation)
        row["udyam_number"] = self._udyam(row["udyam_number"], generation)
        for name in TIMES:
            moment: datetime | None = row[name]
            row[name] = moment and moment - timedelta(minutes=generation)

    def _profile(self, row: dict[str, Any], generation: int) -> None:
        _sealed_anew(row, generation)
        row["name_en"] = f"{row['name_en']} {generation}" if row["name_en"] else ""
        row["udyam_number"] = self._udyam(row["udyam_number"], generation)
        for name, other in (("pan", names.pan), ("gstin", names.gstin), ("mobile", names.mobile)):
            row[name] = other(row[name], generation)

    def _renamed(self, snapshot: Any, generation: int) -> Any:
        return json.loads(self.called.renamed(json.dumps(snapshot, ensure_ascii=False), generation))

    def _paper(self, row: dict[str, Any], generation: int) -> None:
        """Its PDF is made when somebody asks for it, as after a deadline."""
        row["number"] = self.called.paper(row["number"], generation, self.rng)
        row["subject"] = self.called.renamed(row["subject"], generation)
        row["snapshot"] = self._renamed(row["snapshot"], generation)
        row["sha256"] = papers.sha256_of(row["snapshot"])
        row.update(state=JobState.QUEUED, pdf="", pdf_sha256="", ready_at=None, error="")

    def _message(self, row: dict[str, Any], generation: int) -> None:
        _address(row, generation, "address")
        for name in ("subject", "title", "body"):
            row[name] = self.called.renamed(row[name], generation)

    def _numbered(self, row: dict[str, Any], generation: int) -> None:
        row["number"] = self.called.renamed(row["number"], generation)
        if "serial" in row:
            row["serial"] = names.serial(row["serial"], generation)

    def _packet(self, row: dict[str, Any], generation: int) -> None:
        self._numbered(row, generation)
        row["snapshot"] = self._renamed(row["snapshot"], generation)
        row["sha256"] = papers.sha256_of(row["snapshot"])


def _first_with_the_number(profiles: Iterable[Any]) -> dict[str, int]:
    """By Udyam number the key of the first file that states it."""
    found: dict[str, int] = {}
    for profile in profiles:
        found.setdefault(profile.udyam_number, profile.application_id)
    return found


def _address(row: dict[str, Any], generation: int, name: str = "email") -> None:
    row[name] = f"{row[name].partition('@')[0]}.{generation}@{DOMAIN}"


def _sealed_anew(row: dict[str, Any], _generation: int) -> None:
    row["seal_id"] = uuid.uuid4()
