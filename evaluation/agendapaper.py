"""The agenda as it goes on paper: what stood on it that day, with what the approved shortlists propose, and the annexure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils import translation

from accounts.roles import Permission
from applications.models import Application
from evaluation.letters import COMMITTEE, LANGUAGES
from evaluation.models import AgendaItem, Decision, Meeting
from evaluation.queries.committee import hidden_from
from evaluation.ranking import placing_of, placing_said
from evaluation.rules.quorum import departures_said
from evaluation.states import PROPOSED, DecisionReason, Outcome, proposed
from records import papers
from records.formats import day, moment
from records.models import Paper


@dataclass(frozen=True)
class AgendaPaper(papers.Document):
    """`rows`: the files in the order of the agenda; those with `annexure` were left off their district's list."""

    kind: ClassVar[str] = "evaluation.agenda"
    issuer_en: ClassVar[str] = COMMITTEE[0]
    issuer_ml: ClassVar[str] = COMMITTEE[1]

    meeting: str
    round: int
    held_at: str
    place: str
    held_on: str  # empty while it is planned
    moved_reason: str
    rows: Sequence[Mapping[str, Any]]
    template_version: ClassVar[str] = "2"  # 1: no day held; of its place in the ranking a row says rank and reason

    @property
    def number_prefix(self) -> str:
        return self.meeting

    @property
    def title_en(self) -> str:
        return f"Agenda of meeting {self.meeting}, Round {self.round}"

    @property
    def title_ml(self) -> str:
        return f"യോഗം {self.meeting}-ന്റെ അജണ്ട, റൗണ്ട് {self.round}"


def agenda_paper(meeting: Meeting, items: Iterable[AgendaItem], decided: Mapping[int, Decision]) -> AgendaPaper:
    """The paper of an agenda as it stands; with the decisions written down, by key of the item, it is its minutes."""
    return AgendaPaper(
        meeting=meeting.number,
        round=meeting.round.number,
        held_at=moment(meeting.held_at),
        place=meeting.place,
        held_on=day(meeting.held_on) if meeting.held_on else "",
        moved_reason=meeting.moved_reason,
        rows=[{**_row(item), "decision": _decision(decided.get(item.pk))} for item in items],
    )


def _row(item: AgendaItem) -> dict[str, Any]:
    file, district = item.application, item.application.office.district
    return {
        "position": item.position,
        "reference": file.reference,
        "name_en": file.enterprise.name_en,
        "name_ml": file.enterprise.name_ml,
        "district_en": district.name_en if district else "",
        "district_ml": district.name_ml if district else "",
        "total": str(item.row.total),
        **placing_of(item.row),
        "annexure": item.annexure,
    }


def _decision(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    told = ("outcome", "code", "reason", "out_of_rank", "quorate", "against_votes")
    return {name: getattr(decision, name) for name in told}


def context(snapshot: dict[str, Any]) -> dict[str, Any]:
    """What the template prints: the rows with what their shortlist proposes and why, in both languages.

    Papers of template version 1 hold neither the reason nor what was chosen beside the ranks, and print neither.
    """
    rows = [{**row, **{language: _said(row, language) for language in LANGUAGES}} for row in snapshot["rows"]]
    main, annexure = ([row for row in rows if row["annexure"] is left_off] for left_off in (False, True))
    return {"held_on": "", "moved_reason": "", **snapshot, "main": main, "annexure": annexure}


def _said(row: Mapping[str, Any], language: str) -> dict[str, str]:
    with translation.override(language):
        decision = _decided(row.get("decision"))
        if "displaced" not in row:
            outcome, code = PROPOSED[row["recommendation"]]
            return {"proposed": str(outcome.label), "because": "", "choice": "", "decision": decision}
        outcome, code = proposed(
            row["recommendation"], out_of_rank=row["before"] is not None, displaced=row["displaced"]
        )
        return {
            "proposed": str(outcome.label),
            "because": str(code.label),
            "choice": placing_said(row),
            "decision": decision,
        }


def _decided(decision: Mapping[str, Any] | None) -> str:
    """A decision as the minutes say it, without its reason in words; empty before there is one."""
    if decision is None:
        return ""
    words = departures_said(quorate=decision["quorate"], against_votes=decision["against_votes"])
    said = f"{Outcome(decision['outcome']).label}. {DecisionReason(decision['code']).label}."
    return f"{said} {words}".strip()


def may_see(user: Any, paper: Paper) -> bool:
    """Whoever reads meetings; not who is recused from a file that stands in it, or acts for its enterprise."""
    if not getattr(user, "is_authenticated", False) or not user.is_staff_member:
        return False
    if not user.has(Permission.SEE_COMMITTEE):
        return False
    named = [row["reference"] for row in paper.snapshot["rows"]]
    return not Application.objects.filter(reference__in=named, pk__in=hidden_from(user)).exists()
