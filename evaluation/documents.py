"""The district shortlist as it goes on paper: the frozen ranking, and who prepared, checked and approved it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from evaluation.models import Shortlist
from records import papers
from records.formats import day, moment


@dataclass(frozen=True)
class Signature:
    """A post in both languages and the day it signed, as printed. `post_ml` is empty where it reads as in English."""

    post: str
    day: str
    post_ml: str = ""

    @classmethod
    def of(cls, packet: Shortlist, step: str) -> "Signature":
        """The signature under one step of a packet: frozen, checked or approved."""
        post, malayalam = getattr(packet, f"{step}_post"), getattr(packet, f"{step}_post_ml")
        return cls(post, day(getattr(packet, f"{step}_at")), malayalam if malayalam != post else "")


@dataclass(frozen=True)
class ShortlistPaper(papers.Document):
    """`ranking` is the packet's frozen snapshot, `gone` the references withdrawn between freeze and approval, `returned`
    the day each returned file went back to the appraisal, `replaces` the number of the paper this one corrects.
    """

    kind: ClassVar[str] = "evaluation.shortlist"
    template_version: ClassVar[str] = "3"  # 2: rows in the order of ranks; nothing is said of who was displaced

    ranking: Mapping[str, Any]
    ranking_sha256: str
    frozen_at: str
    prepared: Signature
    checked: Signature
    approved: Signature
    gone: Sequence[str]
    returned: Mapping[str, str]
    replaces: str

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


def shortlist_paper(
    packet: Shortlist, *, gone: Sequence[str], returned: Mapping[str, str], replaces: str = ""
) -> ShortlistPaper:
    """The paper of a packet that three people have signed."""
    return ShortlistPaper(
        ranking=packet.snapshot or {},
        ranking_sha256=packet.sha256,
        frozen_at=moment(packet.frozen_at),
        prepared=Signature.of(packet, "frozen"),
        checked=Signature.of(packet, "checked"),
        approved=Signature.of(packet, "approved"),
        gone=list(gone),
        returned=dict(returned),
        replaces=replaces,
    )
