"""What the worker does for this room: close an appraisal after the last lock, render the shortlist."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from applications.models import Application
from evaluation import actions, figures
from evaluation.documents import ShortlistPaper
from evaluation.models import Shortlist
from evaluation.ranking import counts_of
from records import jobs, papers
from records.acts import system
from records.models import Job, Paper


@jobs.handler("evaluation.appraise")
def appraise(job: Job) -> None:
    """Close the appraisal of a file where its locked evaluations settle it. Harmless when run again."""
    file = Application.objects.filter(pk=job.payload["application"]).first()
    if file is not None:
        actions.appraise(file, by=system("appraisal"))


def may_see(user: Any, paper: Paper) -> bool:
    """Whoever may open the packet may read its paper."""
    if not getattr(user, "is_authenticated", False) or not user.has(Permission.SEE_FILE):
        return False
    return Shortlist.objects.visible_to(user).filter(paper=paper).exists()


def context(snapshot: dict[str, Any]) -> dict[str, Any]:
    """What the template of the shortlist prints: the snapshot, with amounts in ₹ crore and marks in the rubric's order."""
    ranking = snapshot["ranking"]
    rows = []
    for row in ranking["rows"]:
        rows.append(
            {
                **row,
                "turnover_crore": figures.crore(Decimal(row["turnover"])) if row["turnover"] else "",
                "gone": row["reference"] in snapshot["gone"],
                "cards": [
                    {
                        "evaluator": evaluation["evaluator"],
                        "total": evaluation["total"],
                        "marks": [evaluation["marks"].get(criterion["key"]) for criterion in ranking["criteria"]],
                    }
                    for evaluation in row["evaluations"]
                ],
            }
        )
    words = {criterion["key"]: criterion["en"].lower() for criterion in ranking["criteria"]}
    ties = ", ".join({**words, "submitted_at": "earlier submission"}[link] for link in ranking["tie_chain"])
    return {**snapshot, "ranking": ranking, "rows": rows, "counts": counts_of(ranking["rows"]), "ties": ties}


papers.register(
    ShortlistPaper.kind,
    template="documents/shortlist.html",
    context=context,
    may_see=may_see,
    title=_("District shortlist"),
)
