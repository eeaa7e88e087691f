"""The agenda as it goes on paper: what stood on it that day, with what the approved shortlists propose, and the annexure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils import translation

from accounts.roles import Permission
from applications.models import Application
from evaluation.letters import COMMITTEE
from evaluation.models import AgendaItem, Meeting
from evaluation.queries.committee import hidden_from
from evaluation.states import PROPOSED
from records import papers
from records.formats import moment
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
    rows: Sequence[Mapping[str, Any]]

    @property
    def number_prefix(self) -> str:
        return self.meeting

    @property
    def title_en(self) -> str:
        return f"Agenda of meeting {self.meeting}, Round {self.round}"

    @property
    def title_ml(self) -> str:
        return f"യോഗം {self.meeting}-ന്റെ അജണ്ട, റൗണ്ട് {self.round}"


def agenda_paper(meeting: Meeting, items: Iterable[AgendaItem]) -> AgendaPaper:
    """The paper of an agenda as it stands."""
    return AgendaPaper(
        meeting=meeting.number,
        round=meeting.round.number,
        held_at=moment(meeting.held_at),
        place=meeting.place,
        rows=[_row(item) for item in items],
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
        "rank": item.row.rank,
        "total": str(item.row.total),
        "recommendation": item.row.recommendation,
        "reason": item.row.reason,
        "annexure": item.annexure,
    }


def context(snapshot: dict[str, Any]) -> dict[str, Any]:
    """What the template prints: the rows with the outcome their shortlist proposes, in both languages."""
    rows = [{**row, "proposed": _proposed(row["recommendation"])} for row in snapshot["rows"]]
    main, annexure = ([row for row in rows if row["annexure"] is left_off] for left_off in (False, True))
    return {**snapshot, "main": main, "annexure": annexure}


def _proposed(recommendation: str) -> dict[str, str]:
    words = {}
    for language in ("en", "ml"):
        with translation.override(language):
            words[language] = str(PROPOSED[recommendation][0].label)
    return words


def may_see(user: Any, paper: Paper) -> bool:
    """Whoever reads meetings; not who is recused from a file that stands in it, or acts for its enterprise."""
    if not getattr(user, "is_authenticated", False) or not user.is_staff_member:
        return False
    if not user.has(Permission.SEE_COMMITTEE):
        return False
    named = [row["reference"] for row in paper.snapshot["rows"]]
    return not Application.objects.filter(reference__in=named, pk__in=hidden_from(user)).exists()
