"""How a file went: from its beginning to the district's shortlist, and out of the hands of one into those of another."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.states import State
from evaluation.trail.verbs import Kind, Verb

BACK = (_("Your DIC appraises your application once more"),)
# With the Directorate: put on the shortlist or left off it, which an applicant reads alike.
WENT_UP = (_("Your DIC sent your application to the Directorate"),)

MOVES = (
    Verb("application.begin", Kind.MOVES, (_("Application begun"),), (_("Application begun"),)),
    Verb("application.submit", Kind.MOVES, (_("Submitted"),), (_("Application sent to your DIC"),)),
    Verb("application.recall", Kind.MOVES, (_("Taken back by the applicant"),), (_("Taken back to change it"),)),
    Verb("application.withdraw", Kind.MOVES, (_("Withdrawn"),), (_("Application withdrawn"),), told_note=True),
    Verb("application.take_up", Kind.MOVES, (_("Taken up for scrutiny"),), (_("Your DIC took up your application"),)),
    Verb("application.pass_scrutiny", Kind.MOVES, (_("Scrutiny ended"),), (_("Your DIC checked the papers"),)),
    Verb("application.appraise", Kind.MOVES, (_("Appraisal closed: the evaluations are settled"),)),
    Verb("application.close_again", Kind.MOVES, (_("Asked to close the appraisal again"),)),
    Verb("application.shortlist", Kind.MOVES, (_("Was put on the district shortlist"),), WENT_UP),
    Verb("application.leave_out", Kind.MOVES, (_("Left off the district shortlist"),), WENT_UP),
    Verb(
        "application.return",
        Kind.MOVES,
        (_("Returned to the appraisal"),),
        BACK,
        only=~Q(data__old=str(State.APPRAISED)),  # to the enterprise it was being appraised all the time
    ),
    Verb(
        "application.close_unanswered",
        Kind.MOVES,
        (_("Closed: the question was not answered"),),
        (_("Closed: the question was not answered in time"),),
    ),
    Verb("application.give", Kind.MOVES, (_("Given to an officer"),)),
    Verb(
        "application.hand_over",
        Kind.MOVES,
        (_("Given to %(to)s with the whole desk"), _("Given to another officer with the whole desk")),
        facts="taker",
    ),
    Verb("application.transfer", Kind.MOVES, (_("Transferred to another DIC"),)),
    Verb(
        "application.hand_on",
        Kind.MOVES,
        (_("Handed on from %(from)s to %(to)s"), _("Handed on")),
        (_("Your application went to another DIC: %(to)s"), _("Your application went to another DIC")),
        facts="offices",
        note=False,
    ),
    Verb(
        "application.propose_ineligible",
        Kind.MOVES,
        (_("Proposed: ineligible, %(rule)s"), _("Proposed: ineligible")),
        facts="rule",
    ),
    Verb("application.keep_eligible", Kind.MOVES, (_("Proposal sent back"),)),
    Verb(
        "application.find_ineligible",
        Kind.MOVES,
        (_("Found ineligible"),),
        (_("Your DIC found the application not eligible"),),
    ),
    Verb("application.reinstate", Kind.MOVES, (_("Reinstated"),), (_("Your DIC takes up your application once more"),)),
    Verb(
        "application.hold",
        Kind.MOVES,
        (
            _("Held: its number stands in another application, %(other)s"),
            _("Held: its number stands in another application"),
        ),
        facts="contest",
    ),
    Verb("application.free", Kind.MOVES, (_("No longer held: nothing stands against its number"),)),
    Verb(
        "application.settle",
        Kind.MOVES,
        (_("Contested number settled: %(finding)s"), _("Contested number settled")),
        facts="contest",
    ),
)
