"""What the public page of the scheme shows of a round."""

from typing import Any

from applications.models import DocumentKind, Round, Sector


def round_shown() -> Round | None:
    """The round a visitor reads about, with caps and rules: the open one, else the newest."""
    rounds: Any = Round.objects.select_related("caps", "rules")
    found: Round | None = rounds.open_now().first() or rounds.first()
    return found


def papers_of(call: Round | None) -> list[DocumentKind]:
    """The papers a round asks for at the start; without a round those every round asks for."""
    kinds = DocumentKind.objects.all()
    wanted = kinds.filter(key__in=call.required_documents) if call else kinds.filter(asked_at_start=True)
    return list(wanted)


def sectors_of(call: Round | None) -> list[str]:
    """The sectors that may apply, in words."""
    return [str(Sector(key).label) for key in call.activities] if call else []
