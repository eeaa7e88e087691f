"""Why a file ended before a decision, as its enterprise reads it. The room that ends files says so here."""

from collections.abc import Callable
from dataclasses import dataclass

from applications.models import Application


@dataclass(frozen=True)
class Ending:
    """The rule in plain words, the reason in this case, and what would change the answer; in the reader's language."""

    title: str
    rule: str
    reason: str
    change: str


Explain = Callable[[Application], Ending | None]
_explain: dict[str, Explain] = {}


def register(state: str, explain: Explain) -> None:
    """Name who explains files in a state."""
    _explain[str(state)] = explain


def ending_of(file: Application) -> Ending | None:
    """Why the file is where it is; nothing where nobody explains its state."""
    explain = _explain.get(str(file.state))
    return explain(file) if explain else None
