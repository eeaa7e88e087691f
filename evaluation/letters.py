"""The letter about a released decision: what is frozen of it, and how it reads in a language."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, ClassVar

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluation.marksheet import by_criterion, computed_total
from evaluation.models import Criterion, Decision, RoundRules
from evaluation.ranking import placing_of, placing_said
from evaluation.rules.quorum import departures_said
from evaluation.states import DecisionReason, Outcome, Recommendation
from records import papers
from records.clock import ist, now
from records.formats import day
from records.models import Paper

COMMITTEE = ("State-Level Approval Committee", "സംസ്ഥാനതല അംഗീകാര സമിതി")
NAMED = 3  # criteria named where most points were lost
LANGUAGES = ("en", "ml")


@dataclass(frozen=True)
class Letter(papers.Document):
    """What the Committee tells an enterprise. The title is one for every outcome: it stands where outcomes must not.

    `released_on`, `released_post` and `until` are empty, and `place` is nothing, in a preview. `placing` is how the
    approved shortlist left the file (`ranking.placing_of`).
    """

    kind: ClassVar[str] = "evaluation.letter"
    template_version: ClassVar[str] = "2"  # 1: says nothing of recommendation, rank, quorum and votes
    audience: ClassVar[str] = "owner"
    issuer_en: ClassVar[str] = COMMITTEE[0]
    issuer_ml: ClassVar[str] = COMMITTEE[1]

    reference: str
    round: int
    enterprise_en: str
    enterprise_ml: str
    district_en: str
    district_ml: str
    office_code: str
    office_en: str
    office_ml: str
    speak: str
    meeting: str
    met_on: str
    outcome: str
    code: str
    out_of_rank: bool
    reason: str
    district_reason: str
    place: int | None
    total: str
    pass_mark: str
    computed: str
    moderated: bool
    evaluations: int
    criteria: Sequence[Mapping[str, Any]]
    released_on: str
    released_post: str
    released_post_ml: str
    days: int
    until: str
    confirmed: bool
    placing: Mapping[str, Any]
    quorate: bool
    against_votes: bool

    @property
    def language(self) -> str:  # type: ignore[override]
        return self.speak

    @property
    def scope(self) -> str:  # type: ignore[override]
        return self.office_code

    @property
    def number_prefix(self) -> str:
        return f"LT-{self.round}-{self.reference.split('-')[2]}"

    @property
    def title_en(self) -> str:
        return "Letter of the State-Level Approval Committee"

    @property
    def title_ml(self) -> str:
        return "സംസ്ഥാനതല അംഗീകാര സമിതിയുടെ കത്ത്"


def letter_of(decision: Decision, language: str = "") -> Letter:
    """The letter about a decision, released or not, in a language; without one, in that of whoever filed."""
    file, frozen, release = decision.application, decision.item.row.shortlist.snapshot or {}, decision.release
    row = next(one for one in frozen["rows"] if one["reference"] == file.reference)
    rules = RoundRules.objects.get(round=file.round_id)
    computed = computed_total(frozen, row)
    return Letter(
        reference=file.reference,
        round=frozen["round"],
        enterprise_en=row["name_en"],
        enterprise_ml=row["name_ml"],
        district_en=frozen["district"]["en"],
        district_ml=frozen["district"]["ml"],
        office_code=file.office.code,
        office_en=file.office.name_en,
        office_ml=file.office.name_ml or file.office.name_en,
        speak=language or file.filed_by.language,
        meeting=decision.item.meeting.number,
        met_on=day(decision.item.meeting.held_on),
        outcome=decision.outcome,
        code=decision.code,
        out_of_rank=decision.out_of_rank,
        reason=decision.reason,
        district_reason=decision.item.row.reason,
        place=decision.place,
        total=f"{decision.total:.2f}",
        pass_mark=f"{decision.pass_mark.normalize():f}",
        computed=computed,
        moderated=row.get("moderation") is not None,
        evaluations=len(row["evaluations"]),
        criteria=by_criterion(frozen, row, _bands(frozen["rubric"])),
        released_on=day(release.released_at) if release else "",
        released_post=release.released_post if release else "",
        released_post_ml=release.released_post_ml if release else "",
        days=rules.reconsideration_days,
        until=day(ist(release.released_at).date() + timedelta(days=rules.reconsideration_days)) if release else "",
        confirmed=rules.confirmed,
        placing=placing_of(decision.item.row),
        quorate=decision.quorate,
        against_votes=decision.against_votes,
    )


def _bands(version: int) -> dict[tuple[str, int], dict[str, str]]:
    """What each mark of a rubric stands for. A rubric never changes once a mark stands on it."""
    return {
        (criterion.key, band["mark"]): {"en": band["en"], "ml": band["ml"]}
        for criterion in Criterion.objects.filter(rubric__version=version)
        for band in criterion.bands
    }


def snapshot_of(decision: Decision) -> dict[str, Any]:
    """What the letter says, as it was frozen; before it is written, what it will say."""
    if decision.letter is not None:
        return dict(decision.letter.snapshot)
    return asdict(letter_of(decision))


def context(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """The words of a letter in the language of its reader, for the paper and for the page of the result."""
    language = "ml" if get_language() == "ml" else "en"
    criteria = [_read(one, language) for one in snapshot["criteria"]]
    lost = sorted((one for one in criteria if one["lost"] > 0), key=lambda one: -one["lost"])
    return {
        "letter": snapshot,
        "outcome": Outcome(snapshot["outcome"]),
        "because": DecisionReason(snapshot["code"]).label,
        **_placing(snapshot.get("placing")),
        "departures": departures_said(
            quorate=snapshot.get("quorate", True), against_votes=snapshot.get("against_votes", False)
        ),
        "criteria": criteria,
        "lost": lost[:NAMED],
        "office": snapshot[f"office_{language}"],
        "district": snapshot[f"district_{language}"] or snapshot["district_en"],
        "post": (snapshot["released_post_ml"] if language == "ml" else "") or snapshot["released_post"],
    }


def _placing(placing: Mapping[str, Any] | None) -> dict[str, Any]:
    """Recommendation, rank, and what was chosen beside the ranks; a letter of template version 1 has none of it."""
    if placing is None:
        return {"recommendation": "", "rank": None, "choice": ""}
    word = Recommendation(placing["recommendation"]).label
    return {"recommendation": word, "rank": placing["rank"], "choice": placing_said(placing)}


def _read(line: Mapping[str, Any], language: str) -> dict[str, Any]:
    low, high = line["low"].get(language, ""), line["high"].get(language, "")
    said = low if low == high else _("from “%(low)s” to “%(high)s”") % {"low": low, "high": high}
    lost = float(line["of"]) - float(line["points"]) if line["mark"] else 0.0
    return {**line, "name": line[language] or line["en"], "said": said, "lost": lost}


def preview(decision: Decision, language: str) -> str:
    """The page the letter will be made of, marked as a preview: no number, no hash, no code."""
    letter = letter_of(decision, language)
    paper = Paper(
        title_en=letter.title_en,
        title_ml=letter.title_ml,
        language=language,
        issuer_en=letter.issuer_en,
        issuer_ml=letter.issuer_ml,
        issued_at=now(),
    )
    with translation.override(language):
        said = {"paper": paper, "preview": True, "languages": LANGUAGES, **context(asdict(letter))}
        return render_to_string("documents/letter.html", said)
