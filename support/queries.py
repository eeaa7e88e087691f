"""What the public page of the scheme shows of a round."""

from typing import Any

from applications.models import DocumentKind, Round


def round_shown() -> Round | None:
    """The round a visitor reads about: the open one, else the newest."""
    rounds: Any = Round.objects.select_related("caps")
    return rounds.open_now().first() or rounds.first()


def papers_of(call: Round | None) -> list[DocumentKind]:
    """The papers a round asks for at the start; without a round those every round asks for."""
    kinds = DocumentKind.objects.all()
    wanted = kinds.filter(key__in=call.required_documents) if call else kinds.filter(asked_at_start=True)
    return list(wanted)
