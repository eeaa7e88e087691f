"""One file of an agenda as the Committee reads it: what was verified, how it was marked, what the district proposes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from applications import queries as applications
from applications.answers import QuestionRow, question_rows
from applications.models import Application, AskedBy
from evaluation import ranking, reading
from evaluation.models import AgendaItem
from evaluation.queries import document_rows, figure_rows
from evaluation.queries.committee import hidden_from
from evaluation.queries.judgement import panel
from evaluation.queries.visits import visits_of
from evaluation.rules import agenda as rules
from evaluation.states import Recommendation
from records import papers
from records.models import Paper


@dataclass(frozen=True)
class Criterion:
    """One line of the marks: what each evaluator gave; None where it does not apply."""

    name: str
    weight: str
    most: int
    marks: list[int | None]


@dataclass(frozen=True)
class Marks:
    """The marks of a file as its shortlist froze them. Evaluators have numbers here, no names and no posts."""

    evaluators: list[int]
    criteria: list[Criterion]
    totals: list[str]
    official: str
    moderated: str  # why, where the total was moderated


def of(item: AgendaItem, user: User) -> dict[str, Any]:
    """Everything the page shows to this reader; of a file they are recused from nothing but its number."""
    hidden = hidden_from(user)
    before, after = neighbours(item, hidden)
    shown = {"meeting": item.meeting, "item": item, "previous": before, "following": after}
    if item.application_id in hidden:
        return {**shown, "reference": item.application.reference, "hidden": True}
    file = item.application
    prefetch_related_objects([file], "enterprise__members")
    frozen = snapshot_row(item)
    return {
        **shown,
        "hidden": False,
        "file": file,
        "row": item.row,
        "packet": item.row.shortlist,
        "paper": shortlist_paper(item, user),
        "recommendation": Recommendation(item.row.recommendation),
        "proposed": item.row.proposal[0],
        "because": item.row.proposal[1],
        "choice": ranking.placing_said(ranking.placing_of(item.row)),
        "marks": marks_of(item, frozen),
        "figures": figure_rows(file),
        "flags": applications.soft_flags(file),
        "visits": visits_of(file),
        "documents": reading.openable(document_rows(file), user, shelf_of(item)),
        "questions": committee_questions(file),
        "elsewhere": elsewhere(item),
        "acts": acts_of(item, user),
        "judgement": panel(item, user),
    }


def shortlist_paper(item: AgendaItem, user: User) -> Paper | None:
    """The paper of the shortlist, where this reader may read it: not where a file they are recused from stands in it."""
    paper = item.row.shortlist.paper
    return paper if paper is not None and papers.may_see(user, paper) else None


def shelf_of(item: AgendaItem) -> reading.Shelf:
    """The papers of the file on the agenda."""
    return reading.Shelf("agenda_document", (item.meeting.number, item.application.reference))


def acts_of(item: AgendaItem, user: User) -> list[tuple[str, str]]:
    """What this reader can do with the file now beside its decision: the name of the address, and the words."""
    told = (
        ("agenda_details", _("Seek details from the applicant"), rules.may_seek_details(user, item, recused=False)),
        ("agenda_end_details", _("Take the question back"), rules.may_end_details(user, item, recused=False)),
        ("agenda_put_off", _("Put off to another meeting"), rules.may_put_off(user, item, None, recused=False)),
        ("agenda_send_back", _("Return to the appraisal"), rules.may_send_back(user, item, recused=False)),
    )
    return [(name, label) for name, label, verdict in told if verdict]


def snapshot_row(item: AgendaItem) -> Mapping[str, Any] | None:
    """The file's row in the frozen shortlist."""
    rows = (item.row.shortlist.snapshot or {"rows": []})["rows"]
    return next((row for row in rows if row["reference"] == item.application.reference), None)


def marks_of(item: AgendaItem, frozen: Mapping[str, Any] | None) -> Marks | None:
    """Its marks by criterion."""
    if frozen is None:
        return None
    cards = frozen["evaluations"]
    criteria = [
        Criterion(
            name=one["ml"] if get_language() == "ml" and one["ml"] else one["en"],
            weight=str(one["weight"]),
            most=one["max"],
            marks=[card["marks"].get(one["key"]) for card in cards],
        )
        for one in (item.row.shortlist.snapshot or {})["criteria"]
    ]
    moderation = frozen.get("moderation") or {}
    return Marks(
        evaluators=[card["evaluator"] for card in cards],
        criteria=criteria,
        totals=[card["total"] for card in cards],
        official=frozen["total"],
        moderated=moderation.get("reason", ""),
    )


def committee_questions(file: Application) -> list[QuestionRow]:
    """What the Committee asked the applicant, the newest first, with what stood there before and after."""
    return [row for row in question_rows(file) if row.question.asked_for == AskedBy.COMMITTEE]


def neighbours(item: AgendaItem, hidden: frozenset[int]) -> tuple[str, str]:
    """References of the files before and after this one on the agenda, without those the reader is recused from."""
    kept = item.meeting.items.live().exclude(application__in=hidden).order_by("position")
    order = list(kept.values_list("position", "application__reference"))
    before = [reference for position, reference in order if position < item.position]
    after = [reference for position, reference in order if position > item.position]
    return (before[-1] if before else "", after[0] if after else "")


def elsewhere(item: AgendaItem) -> AgendaItem | None:
    """Where the file stands now, if it was put off from here."""
    if item.ended_at is None:
        return None
    return AgendaItem.objects.live().filter(application=item.application_id).select_related("meeting").first()
