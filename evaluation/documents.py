"""The district shortlist as it goes on paper: the frozen ranking, and who prepared, checked and approved it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from evaluation.models import Shortlist
from records import papers
from records.clock import ist


@dataclass(frozen=True)
class Signature:
    """A post and the day it signed, as printed."""

    post: str
    day: str

    @classmethod
    def of(cls, post: str, moment: datetime | None) -> "Signature":
        return cls(post, ist(moment).strftime("%d-%m-%Y") if moment else "")


@dataclass(frozen=True)
class ShortlistPaper(papers.Document):
    """`ranking` is the packet's frozen snapshot, `gone` the references withdrawn between freeze and approval."""

    kind: ClassVar[str] = "evaluation.shortlist"
    template_version: ClassVar[str] = "1"

    ranking: Mapping[str, Any]
    ranking_sha256: str
    frozen_at: str
    prepared: Signature
    checked: Signature
    approved: Signature
    gone: Sequence[str]

    @property
    def number_prefix(self) -> str:
        return str(self.ranking["shortlist"])

    @property
    def title_en(self) -> str:
        return f"District shortlist, Round {self.ranking['round']}, {self.ranking['district']['en']}"

    @property
    def title_ml(self) -> str:
        return f"ജില്ലാ ചുരുക്കപ്പട്ടിക, റൗണ്ട് {self.ranking['round']}, {self.ranking['district']['ml']}"

    @property
    def scope(self) -> str:  # type: ignore[override]
        return str(self.ranking["office"]["code"])

    @property
    def issuer_en(self) -> str:  # type: ignore[override]
        return str(self.ranking["office"]["en"])

    @property
    def issuer_ml(self) -> str:  # type: ignore[override]
        return str(self.ranking["office"]["ml"])


def shortlist_paper(packet: Shortlist, *, approved: Signature, gone: Sequence[str]) -> ShortlistPaper:
    """The paper of a checked packet at the moment of its approval."""
    return ShortlistPaper(
        ranking=packet.snapshot or {},
        ranking_sha256=packet.sha256,
        frozen_at=ist(packet.frozen_at).strftime("%d-%m-%Y, %H:%M") if packet.frozen_at else "",
        prepared=Signature.of(packet.frozen_post, packet.frozen_at),
        checked=Signature.of(packet.checked_post, packet.checked_at),
        approved=approved,
        gone=list(gone),
    )
