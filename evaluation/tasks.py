"""What the worker does for this room: close an appraisal after the last lock, write letters, render papers."""

import logging
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from applications.models import Application
from evaluation import actions, agendapaper, figures, letters, ranking
from evaluation.actions.letters import write_letter
from evaluation.documents import ShortlistPaper
from evaluation.models import Release, Shortlist
from evaluation.queries.committee import may_read_letter
from evaluation.queries.conflicts import conflicts_in
from evaluation.states import Recommendation, ShortlistState
from records import jobs, papers
from records.acts import system
from records.models import Job, Paper

log = logging.getLogger(__name__)


@jobs.handler("evaluation.appraise", title=_("Closing an appraisal after the last lock"))
def appraise(job: Job) -> None:
    """Close the appraisal of a file where its locked evaluations settle it. Harmless when run again."""
    file = Application.objects.filter(pk=job.payload["application"]).first()
    if file is not None:
        actions.appraise(file, by=system("appraisal"))


AT_ONCE = 25  # letters; then whatever is more urgent has its turn


@jobs.handler("evaluation.letters", title=_("Writing the letters of a release"), queue="letters", attempts=12)
def write_letters(job: Job) -> None:
    """Write the letters of a release that are not written yet, each as an act of its own. Harmless when run again.

    One that cannot be written holds up no other; the job fails with their number and is tried again.
    """
    release = Release.objects.select_related("meeting").get(pk=job.payload["release"])
    waiting = release.decisions.filter(letter__isnull=True).order_by("application__reference")
    of, written, failed = release.decisions.count(), 0, 0
    before = of - waiting.count()
    for decision in waiting:
        if written >= AT_ONCE:
            jobs.enqueue("evaluation.letters", release.meeting, payload=job.payload, priority=job.priority)
            return
        try:
            written += write_letter(decision, by=system("letters")) is not None
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with one letter, the others are written
            log.warning("letter_failed decision=%s error=%s", decision.pk, type(error).__name__)
            failed += 1
        jobs.progress(job, before + written, of)
    if failed:
        raise RuntimeError(f"{failed} of {of} letters could not be written.")


def may_see(user: Any, paper: Paper) -> bool:
    """Whoever may open the packet may read its paper, and the Committee once it is approved; not who stepped back from a
    file whose marks stand in it, or is recused from one.
    """
    if not getattr(user, "is_authenticated", False):
        return False
    number = paper.subject.removeprefix("shortlist:")  # also of a paper that a corrected one has replaced
    packet = Shortlist.objects.visible_to(user).filter(number=number).first()
    if packet is None and user.is_staff_member and user.has(Permission.SEE_COMMITTEE):
        packet = Shortlist.objects.filter(state=ShortlistState.APPROVED, number=number).first()
    if packet is None:
        return False
    frozen = {row["reference"] for row in (packet.snapshot or {"rows": []})["rows"]}
    own = Application.objects.filter(reference__in=frozen, enterprise__members__user=user)
    if user.has(Permission.SEE_COMMITTEE) and own.exists():
        return False
    return frozen.isdisjoint(conflicts_in(user, packet))


SINCE_THE_FIRST = {
    "out_of_rank": False,
    "before": None,
    "displaced_by": (),
    "reason": "",
    "moderation": None,
}  # papers of before lack these


def context(snapshot: dict[str, Any]) -> dict[str, Any]:
    """What the template of the shortlist prints: the snapshot, with amounts in ₹ crore and marks in the rubric's order."""
    frozen = {"supersedes": "", **snapshot["ranking"]}
    returned = snapshot.get("returned", {})
    said = {language: _said(frozen, language) for language in ("en", "ml")}
    rows = []
    for number, row in enumerate(frozen["rows"]):
        rows.append(
            {
                **SINCE_THE_FIRST,
                **row,
                "turnover_crore": figures.crore(Decimal(row["turnover"])) if row["turnover"] else "",
                "gone": row["reference"] in snapshot["gone"],
                "returned": returned.get(row["reference"], ""),
                **{language: said[language]["rows"][number] for language in said},
                "cards": [
                    {
                        "evaluator": evaluation["evaluator"],
                        "total": evaluation["total"],
                        "marks": [evaluation["marks"].get(criterion["key"]) for criterion in frozen["criteria"]],
                    }
                    for evaluation in row["evaluations"]
                ],
            }
        )
    signed = {step: {"post_ml": "", **snapshot[step]} for step in ("prepared", "checked", "approved")}
    return {
        "replaces": "",
        **snapshot,
        **signed,
        "ranking": frozen,
        "rows": rows,
        "counts": ranking.counts_of(frozen["rows"], {*snapshot["gone"], *returned}),
        "ties": said["en"]["ties"],
        "ties_ml": said["ml"]["ties"],
    }


def _said(frozen: dict[str, Any], language: str) -> dict[str, Any]:
    """The words of the paper that follow from its rows, in one of its two languages."""
    with translation.override(language):
        return {
            "ties": ranking.ties_of(frozen),
            "rows": [
                {
                    "line": line,
                    "choice": ranking.choice_said(row),
                    "recommendation": str(Recommendation(row["recommendation"]).label),
                }
                for row, line in zip(frozen["rows"], ranking.lines_of(frozen), strict=True)
            ],
        }


papers.register(
    ShortlistPaper.kind,
    template="documents/shortlist.html",
    context=context,
    may_see=may_see,
    title=_("District shortlist"),
)
papers.register(
    agendapaper.AgendaPaper.kind,
    template="documents/agenda.html",
    context=agendapaper.context,
    may_see=agendapaper.may_see,
    title=_("Agenda of the State-Level Approval Committee"),
)
papers.register(
    letters.Letter.kind,
    template="documents/letter.html",
    context=letters.context,
    may_see=may_read_letter,
    title=_("Letter of the State-Level Approval Committee"),
)
