"""The moves this room makes with a file. The door that makes them is `applications.actions.take`."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import Permission
from applications.models import Application, DocumentVersion
from applications.states import DocumentState, State
from applications.steps import Reach, Step
from evaluation import figures, scoring
from evaluation.models import Assessment, RoundRules, ShortlistRow, VerifiedFigure
from evaluation.states import AssessmentState, Recommendation, ShortlistState
from records.verdicts import ALLOWED, Verdict, refuse


def unverified(file: Application) -> list[figures.Figure]:
    """The figures nobody has verified yet."""
    found = set(VerifiedFigure.objects.filter(application=file).values_list("key", flat=True))
    return [figure for figure in figures.asked(file.round.financial_years) if figure.key not in found]


def documents_open(file: Application) -> int:
    """How many of the documents the round asks for are not accepted: not there, to read, or rejected."""
    newest: dict[str, str] = {}
    versions = DocumentVersion.objects.filter(slot__application=file).order_by("number")
    for key, state in versions.values_list("slot__kind__key", "state"):
        newest[key] = state
    return sum(1 for key in file.round.required_documents if newest.get(key) != DocumentState.ACCEPTED)


def left_of_scrutiny(figures_left: int, documents_left: int) -> Verdict:
    """Whether nothing is left, or the sentence that says what is."""
    if figures_left and documents_left:
        return refuse(
            _("Before scrutiny can end: figures to verify: %(figures)s; documents to accept: %(documents)s.")
            % {"figures": figures_left, "documents": documents_left}
        )
    if figures_left:
        return refuse(
            ngettext(
                "Before scrutiny can end: %(count)s figure to verify.",
                "Before scrutiny can end: %(count)s figures to verify.",
                figures_left,
            )
            % {"count": figures_left}
        )
    if documents_left:
        return refuse(
            ngettext(
                "Before scrutiny can end: %(count)s document to accept.",
                "Before scrutiny can end: %(count)s documents to accept.",
                documents_left,
            )
            % {"count": documents_left}
        )
    return ALLOWED


def nothing_left(file: Application) -> Verdict:
    """Guard of `pass_scrutiny`: every document accepted, every figure verified."""
    return left_of_scrutiny(len(unverified(file)), documents_open(file))


def settled(file: Application) -> Verdict:
    """Guard of `appraise`: two locked evaluations (or three), none open, and their spread within the round's rules."""
    rows = list(Assessment.objects.live().filter(application=file))
    if any(row.state != AssessmentState.LOCKED for row in rows):
        return refuse(_("An evaluation is still open."))
    rules = RoundRules.objects.get(round=file.round_id)
    return spread_verdict(scoring.spread([row.exact for row in rows], rules.spread_limit, rules.pass_mark), rules)


def spread_verdict(answer: scoring.Spread, rules: RoundRules) -> Verdict:
    """The sentence for what the locked totals say together."""
    limit, mark = rules.spread_limit.normalize(), rules.pass_mark.normalize()
    match answer:
        case scoring.Spread.TOO_FEW:
            return refuse(_("Two locked evaluations are needed."))
        case scoring.Spread.WIDE:
            return refuse(
                _("The two totals are more than %(limit)s marks apart: name a third evaluator.")
                % {"limit": f"{limit:f}"}
            )
        case scoring.Spread.STRADDLES:
            return refuse(
                _("The two totals lie on either side of the pass mark %(mark)s: name a third evaluator.")
                % {"mark": f"{mark:f}"}
            )
        case scoring.Spread.SETTLED:
            return ALLOWED


def _in_a_checked_packet(file: Application, *recommendations: str) -> Verdict:
    row = ShortlistRow.objects.filter(application=file, shortlist__state=ShortlistState.CHECKED).first()
    if row is None:
        return refuse(_("The file is in no checked shortlist."))
    return ALLOWED if row.recommendation in recommendations else refuse(_("The checked shortlist says otherwise."))


def on_the_list(file: Application) -> Verdict:
    """Guard of `shortlist`: a checked packet recommends the file or puts it on reserve."""
    return _in_a_checked_packet(file, Recommendation.RECOMMENDED, Recommendation.RESERVE)


def off_the_list(file: Application) -> Verdict:
    """Guard of `leave_out`: a checked packet holds the file and does not recommend it."""
    return _in_a_checked_packet(file, Recommendation.BELOW, Recommendation.NOT_RECOMMENDED)


STEPS: dict[str, Step] = {
    step.move: step
    for step in (
        Step(
            move="take_up",
            sources=frozenset({State.SUBMITTED}),
            target=State.SCRUTINY,
            permission=Permission.TAKE_UP,
            reach=Reach.OWN_OFFICE,
            label=gettext_lazy("Take up"),
            room="evaluation",
        ),
        Step(
            move="pass_scrutiny",
            sources=frozenset({State.SCRUTINY}),
            target=State.APPRAISAL,
            permission=Permission.SCRUTINISE,
            reach=Reach.OWN_OFFICE,
            label=gettext_lazy("End scrutiny"),
            guard=nothing_left,
            room="evaluation",
        ),
        Step(
            move="appraise",
            sources=frozenset({State.APPRAISAL}),
            target=State.APPRAISED,
            permission=Permission.SYSTEM,
            reach=Reach.SYSTEM,
            label=gettext_lazy("Close the appraisal"),
            guard=settled,
            room="evaluation",
        ),
        Step(
            move="shortlist",
            sources=frozenset({State.APPRAISED}),
            target=State.SHORTLISTED,
            permission=Permission.APPROVE,
            reach=Reach.OWN_OFFICE,
            label=gettext_lazy("Put on the district shortlist"),
            guard=on_the_list,
            room="evaluation",
        ),
        Step(
            move="leave_out",
            sources=frozenset({State.APPRAISED}),
            target=State.NOT_SHORTLISTED,
            permission=Permission.APPROVE,
            reach=Reach.OWN_OFFICE,
            label=gettext_lazy("Leave off the shortlist"),
            guard=off_the_list,
            room="evaluation",
        ),
    )
}
