"""The State-Level Approval Committee: agenda, questions, decisions, their release.

A row with `committee=True` is read before the release only by who sees the Committee's papers, and by no enterprise.
The moves of RELEASES make a decision known: what came before the last of them is read by the office too.
"""

from django.utils.translation import gettext_lazy as _

from evaluation.trail.moves import BACK
from evaluation.trail.verbs import Kind, Verb

RELEASES = ("application.select", "application.reserve", "application.not_select")

COMMITTEE = (
    Verb(
        "application.put_on_agenda",
        Kind.COMMITTEE,
        (_("Put on the agenda of the State-Level Approval Committee"),),
        (_("Your application is before the State-Level Approval Committee"),),
        note=False,
    ),
    Verb(
        "application.seek_details",
        Kind.QUESTIONS,
        (
            _("Question %(number)s of the Committee sent to the applicant, to be answered by %(due)s; the clock stops"),
            _("Question of the Committee sent to the applicant; the clock stops"),
        ),
        (
            _("The Committee asked for details: question %(number)s, answer by %(due)s"),
            _("The Committee asked for details"),
        ),
        facts="question",
    ),
    Verb(
        "application.end_details",
        Kind.QUESTIONS,
        (_("The Committee took its question back; the clock goes on"),),
        (_("The Committee took its question back"),),
    ),
    Verb("application.send_back", Kind.COMMITTEE, (_("Returned to the appraisal by the Committee"),), BACK),
    Verb("application.decide", Kind.COMMITTEE, (_("Decided by the Committee"),), committee=True),
    Verb("application.reopen", Kind.COMMITTEE, (_("Decision reopened before its release"),), committee=True),
    Verb(
        "application.select", Kind.COMMITTEE, (_("Released: selected"),), (_("The Committee selected your enterprise"),)
    ),
    Verb(
        "application.reserve",
        Kind.COMMITTEE,
        (_("Released: on the reserve list"),),
        (_("The Committee put your enterprise on the reserve list"),),
    ),
    Verb(
        "application.not_select",
        Kind.COMMITTEE,
        (_("Released: not selected"),),
        (_("The Committee did not select your enterprise"),),
    ),
)
