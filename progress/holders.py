"""Who holds a file: the post whose act comes next. One reading for the Directorate's watch and the district report."""

from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from applications.models import Application
from applications.states import BEFORE_SUBMIT, ENDED, State
from evaluation.models import Assessment, Ineligibility, ShortlistRow, Visit
from evaluation.scoring import EVALUATIONS_NEEDED
from evaluation.states import LIVE_ASSESSMENTS
from progress.periods import Period, Standing

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

# In the order files go. Every open file (handed in, not ended) has exactly one of them.
HOLDERS = ("nobody", "officer", "manager", "gm", "applicant", "directorate")
# Handed in and not ended: what "pending" means wherever holders are counted.
OPEN: tuple[State, ...] = tuple(state for state in State if state not in BEFORE_SUBMIT | ENDED)
_PROPOSABLE = (State.SUBMITTED, State.SCRUTINY, State.APPRAISAL)
# Who holds a file in a state, unless `turned` says otherwise.
HOLDER_IN = {
    State.SUBMITTED: "nobody",
    State.SCRUTINY: "officer",
    State.APPRAISAL: "officer",
    State.APPRAISED: "manager",
    State.CLARIFICATION: "applicant",
    State.COMMITTEE_DETAILS: "applicant",
    State.SHORTLISTED: "directorate",
    State.NOT_SHORTLISTED: "directorate",
    State.COMMITTEE: "directorate",
    State.DECIDED: "directorate",
}


def holder_labels() -> dict[str, str]:
    """The words of the holders, in the reader's language."""
    return {
        "nobody": _("Not taken up yet"),
        "officer": _("Officer or evaluator"),
        "manager": _("Manager"),
        "gm": _("General Manager"),
        "applicant": _("Applicant"),
        "directorate": _("Directorate and Committee"),
    }


def held(files: "QuerySet[WithAnnotations[Application, Standing]]", period: Period) -> Any:
    """Files from `periods.standing` with `holder`: whose act came next at the period's end (in the running month: now).

    One of HOLDERS, or "" for a draft and for a file that has ended.

    A proposal to find a file ineligible waits for the General Manager; so does a shortlist that was checked. In the
    appraisal the officer records the visit, the manager names two evaluators, and then the file is with them.
    """
    return _with_named(files, period).annotate(
        holder=Case(
            When(_waits_for_the_gm(period), then=Value("gm")),
            When(_to_be_given_evaluators(period), then=Value("manager")),
            *(When(stood=state, then=Value(holder)) for state, holder in HOLDER_IN.items()),
            default=Value(""),
            output_field=CharField(),
        )
    )


def turned(files: "QuerySet[WithAnnotations[Application, Standing]]", period: Period) -> list[tuple[str, Any]]:
    """Of files from `periods.standing` those whose holder is another than HOLDER_IN says, by holder.

    In parts, each of which the database finds from the few rows that make the difference; no file is in two.
    """
    appraisal = _with_named(files, period).filter(_to_be_given_evaluators(period))
    return [
        ("gm", files.filter(_to_be_found_ineligible(period))),
        ("gm", files.filter(_to_be_approved(period))),
        ("manager", appraisal.exclude(_to_be_found_ineligible(period))),
    ]


def _with_named(files: Any, period: Period) -> Any:
    return files.annotate(evaluators_named=Coalesce(Subquery(_named(period)), 0))


def _waits_for_the_gm(period: Period) -> Q:
    """For a proposal to find it ineligible, or with its shortlist, checked."""
    return _to_be_found_ineligible(period) | _to_be_approved(period)


def _to_be_found_ineligible(period: Period) -> Q:
    return Q(stood__in=_PROPOSABLE) & Q(Exists(_proposed(period)))


def _to_be_approved(period: Period) -> Q:
    return Q(stood=State.APPRAISED) & Q(Exists(_checked(period)))


def _to_be_given_evaluators(period: Period) -> Q:
    """Visited, and not yet given two evaluators."""
    visited = Exists(Visit.objects.filter(_by(period, "at"), application=OuterRef("pk")))
    return Q(stood=State.APPRAISAL) & Q(visited) & Q(evaluators_named__lt=EVALUATIONS_NEEDED)


# ---- What had happened by the period's end --------------------------------------------------------------------
def _by(period: Period, name: str) -> Q:
    """It had happened."""
    return Q(**{f"{name}__isnull": False}) if period.running else Q(**{f"{name}__lt": period.end})


def _not_by(period: Period, name: str) -> Q:
    """It had not."""
    yet = Q(**{f"{name}__isnull": True})
    return yet if period.running else yet | Q(**{f"{name}__gte": period.end})


def _proposed(period: Period) -> QuerySet[Ineligibility]:
    waiting = _by(period, "proposed_at") & _not_by(period, "answered_at")
    return Ineligibility.objects.filter(waiting, application=OuterRef("pk"))


def _named(period: Period) -> QuerySet[Any, Any]:
    """How many evaluators a file had. When one stepped back is not written down: they count for no month."""
    if period.running:
        live = Q(state__in=LIVE_ASSESSMENTS)
    else:
        live = _by(period, "assigned_at") & _not_by(period, "superseded_at") & ~Q(state="recused")
    rows = Assessment.objects.filter(live, application=OuterRef("pk")).order_by().values("application")
    return rows.annotate(n=Count("*")).values("n")


def _checked(period: Period) -> QuerySet[ShortlistRow]:
    """Its row in a shortlist that was checked and not yet approved."""
    waits = _by(period, "shortlist__checked_at") & _not_by(period, "shortlist__approved_at")
    stands = _not_by(period, "shortlist__ended_at") & _not_by(period, "returned_at")
    return ShortlistRow.objects.filter(waits & stands, application=OuterRef("pk"))
