"""Which rows belong to a pattern, table by table, those first that others point to."""

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.db import models

from accounts.models import User
from applications import models as applications
from evaluation import models as evaluation
from evaluation.states import ShortlistState
from records.models import Message, Paper

CLOSED_PACKETS = (ShortlistState.APPROVED, ShortlistState.SUPERSEDED)  # an office has one open packet at a time
# Written row by row, because something in them is the copy's own: numbers, names, sealed values, marks.
OWN: tuple[type[models.Model], ...] = (
    User, EmailAddress, Message, Paper, applications.Enterprise, applications.Application, applications.Profile,
    applications.Bank, evaluation.Assessment, evaluation.Mark, evaluation.Shortlist, evaluation.Meeting, evaluation.Release,
)  # fmt: skip
# Copied by the database itself, as they are. A row of the second kind hangs on another row of the file.
OF_A_FILE: tuple[type[models.Model], ...] = (
    applications.Owner, applications.Activity, applications.Plant, applications.FinancialYear, applications.EmploymentYear,
    applications.Growth, applications.GrowthYear, applications.Declaration, applications.Traits, applications.Consent,
    applications.Transition, applications.Revision, applications.EligibilityResult, applications.DocumentSlot,
    applications.Clarification, applications.Settlement, evaluation.Visit, evaluation.VerifiedFigure,
    evaluation.OfficeNote, evaluation.Ineligibility, evaluation.Moderation,
)  # fmt: skip
FURTHER: tuple[tuple[type[models.Model], str], ...] = (
    (applications.EnterpriseMember, "enterprise"),
    (applications.DocumentVersion, "slot"),
    (applications.ClarificationItem, "clarification"),
    (evaluation.VisitPhoto, "visit"),
    (evaluation.EarlierMarks, "assessment"),
    (evaluation.ShortlistRow, "shortlist"),
    (evaluation.Pick, "shortlist"),
    (evaluation.AgendaItem, "meeting"),
    (evaluation.Attendance, "meeting"),
    (evaluation.CommitteeRecusal, "application"),
    (evaluation.Vote, "item"),
    (evaluation.Decision, "item"),
)
COPIED: set[type[models.Model]] = {*OWN, *OF_A_FILE, *(model for model, _over in FURTHER)}


@dataclass(frozen=True)
class Patterns:
    """The rows that are copied. `stride` is more than any of their keys: a copy's key is the pattern's plus a multiple of it."""

    files: list[int]
    owners: frozenset[int]
    rounds: dict[int, int]
    stride: int

    def rows(self, model: type[models.Model]) -> models.QuerySet[Any]:
        """The rows of one table."""
        manager = model._default_manager
        over = dict(FURTHER).get(model)
        if over:
            above: Any = model._meta.get_field(over).related_model
            return manager.filter(**{f"{over}__in": self.rows(above).values("pk")})
        return manager.filter(**self._own(model)).order_by("pk")

    def _own(self, model: type[models.Model]) -> dict[str, Any]:
        if model is User:
            return {"pk__in": self.owners}
        if model in {EmailAddress, Message}:
            return {"user__in" if model is EmailAddress else "to_user__in": self.owners}
        if model is Paper:
            return {"subject__in": self._subjects()}
        if model is applications.Enterprise:
            return {"made_by__in": self.owners}
        if model is applications.Application:
            return {"pk__in": self.files}
        if model is evaluation.Mark:
            return {"assessment__application__in": self.files}
        if model is evaluation.Shortlist:
            return {"round__in": list(self.rounds), "state__in": CLOSED_PACKETS}
        if model is evaluation.Meeting:
            return {"round__in": list(self.rounds)}
        if model is evaluation.Release:
            return {"meeting__round__in": list(self.rounds)}
        return {"application__in": self.files}

    def _subjects(self) -> list[str]:
        """What papers of patterns are about."""
        things = [
            *self.rows(applications.Application),
            *self.rows(evaluation.Shortlist),
            *self.rows(evaluation.Meeting),
        ]
        return [thing.trail_key for thing in things]
