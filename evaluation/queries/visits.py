"""The visits of a file as its page shows them."""

from dataclasses import dataclass

from accounts.signatures import Signatures
from applications.models import Application
from evaluation import figures
from evaluation.models import Visit, VisitPhoto
from evaluation.queries import value_of


@dataclass(frozen=True)
class VisitRow:
    """One visit with its photographs, the figures verified on it: (what, found), and the post of who recorded it."""

    visit: Visit
    photographs: list[VisitPhoto]
    found: list[tuple[str, str]]
    post: str


def visits_of(file: Application) -> list[VisitRow]:
    """The visits of a file, the newest first; three queries, however many there are, and one for a post in Malayalam."""
    signatures = Signatures()
    asked = {figure.key: figure for figure in figures.asked(file.round.financial_years)}
    visits = Visit.objects.filter(application=file).prefetch_related("photos", "figures").order_by("-number")
    return [
        VisitRow(
            visit,
            list(visit.photos.all()),
            [
                (asked[row.key].label, figures.shown(asked[row.key], value_of(row)))
                for row in sorted(visit.figures.all(), key=lambda row: list(asked).index(row.key))
            ],
            signatures.post(visit.post),
        )
        for visit in visits
    ]
