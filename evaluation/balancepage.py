"""The page that proposes evaluators evenly: each file with its pair and who is barred, each person with their load."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from applications.models import Application
from evaluation.queries.balance import Person, Proposal, people_of, proposals_for


@dataclass(frozen=True)
class Load:
    """A person with what they have to do now, and what this proposal would add."""

    person: Person
    added: int

    @property
    def after(self) -> int:
        return self.person.open + self.added


@dataclass(frozen=True)
class Row:
    """A file with its proposal; `named` counts the evaluators it has."""

    file: Application
    proposal: Proposal
    named: int
    barred: list[str]


def page(files: Sequence[Application]) -> dict[str, Any]:
    """Everything the page shows."""
    proposals = proposals_for(files)
    added: dict[int, int] = {}
    for proposal in proposals:
        for person in proposal.people:
            added[person.key] = added.get(person.key, 0) + 1
    people = {person.key: person for office in _offices(files) for person in people_of(office)}
    return {
        "rows": [
            Row(file, proposal, file.named, list(proposal.wanted.barred.values()))  # type: ignore[attr-defined]
            for file, proposal in zip(files, proposals, strict=True)
        ],
        "loads": [Load(person, added.get(person.key, 0)) for person in people.values()],
        "able": sum(1 for proposal in proposals if proposal.complete),
    }


def _offices(files: Sequence[Application]) -> list[Any]:
    return list({file.office_id: file.office for file in files}.values())
