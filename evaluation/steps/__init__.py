"""The moves this room makes with a file. The door that makes them is `applications.actions.take`."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import Permission
from applications.models import Application, DocumentVersion
from applications.queries import is_held
from applications.states import DocumentState, State
from applications.steps import Reach, Step
from evaluation import figures, scoring
from evaluation.models import Assessment, Ineligibility, Moderation, RoundRules, ShortlistRow, VerifiedFigure
from evaluation.states import AssessmentState, Recommendation, ShortlistState
from evaluation.steps.committee import COMMITTEE_STEPS
from records.verdicts import ALLOWED, Verdict, refuse


def unverified(file: Application) -> list[figures.Figure]:
    """The figures nobody has verified yet."""
    found = set(VerifiedFigure.objects.filter(application=file).values_list("key", flat=True))
    return [figure for figure in figures.asked(file.round.financial_years) if figure.key not in found]


def documents_open(file: Application) -> int:
    """How many documents the round asks for, or a question asked for, are not accepted: not there, to read, or rejected."""
    newest: dict[str, str] = {}
    versions = DocumentVersion.objects.filter(slot__application=file).order_by("number")
    for key, state in versions.values_list("slot__kind__key", "state"):
        newest[key] = state
    return sum(1 for key in {*file.round.required_documents, *newest} if newest.get(key) != DocumentState.ACCEPTED)


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
    """Guard of `pass_scrutiny`: every document accepted, every figure verified; no contested number holds the file."""
    left = left_of_scrutiny(len(unverified(file)), documents_open(file))
    return not_held(file) if left else left


def not_held(file: Application) -> Verdict:
    """Whether no other file of the round stands against this one with the same Udyam number or PAN."""
    if not is_held(file):
        return ALLOWED
    return refuse(
        _(
            "Held: the Udyam number or PAN stands in another application of the round too. Settle with the certificates whose it is."
        )
    )


def settled(file: Application) -> Verdict:
    """Whether the evaluations settle a file: two locked (or three), none open; spread within the rules, or moderated."""
    rows = list(Assessment.objects.live().filter(application=file))
    if any(row.state != AssessmentState.LOCKED for row in rows):
        return refuse(_("An evaluation is still open."))
    if len(rows) >= scoring.EVALUATIONS_NEEDED and Moderation.objects.filter(application=file, ended_at=None).exists():
        return ALLOWED
    rules = RoundRules.objects.get(round=file.round_id)
    return spread_verdict(scoring.spread([row.exact for row in rows], rules.spread_limit, rules.pass_mark), rules)


def closable(file: Application) -> Verdict:
    """Guard of `appraise`: two locked evaluations (or three), none open; their spread within the round's rules, or moderated; every document accepted; no contested number holds the file; no proposal to find it ineligible waits."""
    if documents_open(file):
        return refuse(_("A document is still to be judged."))
    for verdict in (not_held(file), unproposed(file)):
        if not verdict:
            return verdict
    return settled(file)


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
    rows = ShortlistRow.objects.filter(application=file, shortlist__state=ShortlistState.CHECKED, returned_at=None)
    row = rows.first()
    if row is None:
        return refuse(_("The file is in no checked shortlist."))
    return ALLOWED if row.recommendation in recommendations else refuse(_("The checked shortlist says otherwise."))


def proposed(file: Application) -> Verdict:
    """Guard of `find_ineligible`: an officer has proposed it, with rule and reason."""
    if Ineligibility.objects.waiting().filter(application=file).exists():
        return ALLOWED
    return refuse(_("No officer has proposed to find this file ineligible."))


def unproposed(file: Application) -> Verdict:
    """Guard of `transfer`: no proposal to find the file ineligible waits for the General Manager."""
    if Ineligibility.objects.waiting().filter(application=file).exists():
        return refuse(_("An officer proposed to find this file ineligible: answer that first."))
    return ALLOWED


def on_the_list(file: Application) -> Verdict:
    """Guard of `shortlist`: a checked packet recommends the file or puts it on reserve."""
    return _in_a_checked_packet(file, Recommendation.RECOMMENDED, Recommendation.RESERVE)


def off_the_list(file: Application) -> Verdict:
    """Guard of `leave_out`: a checked packet holds the file and does not recommend it."""
    return _in_a_checked_packet(file, Recommendation.BELOW, Recommendation.NOT_RECOMMENDED, Recommendation.PASSED_OVER)


def standing_row(file: Application) -> ShortlistRow | None:
    """The file's row in a frozen, checked or approved packet from which it was not returned: the newest one."""
    held = (ShortlistState.FROZEN, ShortlistState.CHECKED, ShortlistState.APPROVED)
    rows = ShortlistRow.objects.filter(application=file, shortlist__state__in=held, returned_at=None)
    return rows.select_related("shortlist").order_by("-shortlist__made_at", "-pk").first()


def out_of_its_packet(file: Application) -> Verdict:
    """Guard of `return`: in no shortlist after its freeze, or its row there is marked as returned."""
    row = standing_row(file)
    if row is None:
        return ALLOWED
    return refuse(_("The file is in shortlist %(number)s: return it from there.") % {"number": row.shortlist.number})


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
            guard=closable,
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
        Step(
            move="transfer",
            sources=frozenset({State.SUBMITTED, State.SCRUTINY}),
            target=State.SUBMITTED,
            permission=Permission.TRANSFER,
            reach=Reach.OWN_OFFICE,
            label=gettext_lazy("Transfer to another DIC"),
            guard=unproposed,
            note_required=True,
            room="evaluation",
        ),
        Step(
            move="find_ineligible",
            sources=frozenset({State.SUBMITTED, State.SCRUTINY, State.APPRAISAL}),
            target=State.INELIGIBLE,
            permission=Permission.FIND_INELIGIBLE,
            reach=Reach.OWN_OFFICE,
            label=gettext_lazy("Find ineligible"),
            guard=proposed,
            note_required=True,
            room="evaluation",
        ),
        Step(
            move="reinstate",
            sources=frozenset({State.INELIGIBLE}),
            target=State.SCRUTINY,
            permission=Permission.FIND_INELIGIBLE,
            reach=Reach.OWN_OFFICE,
            label=gettext_lazy("Reinstate"),
            note_required=True,
            room="evaluation",
        ),
        Step(
            move="return",
            sources=frozenset({State.APPRAISED, State.SHORTLISTED, State.NOT_SHORTLISTED, State.COMMITTEE}),
            target=State.APPRAISAL,
            permission=Permission.RETURN,
            reach=Reach.OWN_OFFICE,
            label=gettext_lazy("Return to the appraisal"),
            guard=out_of_its_packet,
            note_required=True,
            room="evaluation",
        ),
        *COMMITTEE_STEPS,
    )
}
