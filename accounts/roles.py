"""Roles and what each may do: in code, so that a change of power is a change somebody reads."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop


class Role(models.TextChoices):
    """What a post is. `APPLICANT` is not posted: everybody who signs up is one, for their own files only."""

    APPLICANT = "applicant", _("Applicant")
    FACILITATOR = "facilitator", _("Facilitator")
    AGENCY = "agency", _("Nominating agency")
    OFFICER = "officer", _("DIC officer")
    EVALUATOR = "evaluator", _("Evaluator at a taluk office")
    MANAGER = "manager", _("DIC manager")
    GM = "gm", _("General Manager, DIC")
    DIRECTORATE = "directorate", _("Directorate officer")
    CONVENOR = "convenor", _("SLAC convenor")
    MEMBER = "member", _("SLAC member")
    HANDHOLDER = "handholder", _("Handholding officer")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


# Titles of posts the Department uses, known in both languages. Any other title is shown as it was typed.
USUAL_TITLES = frozenset(
    {
        gettext_noop("General Manager"),
        gettext_noop("Manager (Credit)"),
        gettext_noop("Industries Extension Officer"),
        gettext_noop("Assistant District Industries Officer"),
        gettext_noop("Deputy Director"),
        gettext_noop("Convenor"),
        gettext_noop("Member"),
        gettext_noop("Auditor"),
        gettext_noop("Administrator"),
        gettext_noop("Handholding officer"),
        gettext_noop("Facilitator"),
        gettext_noop("Nominating agency"),
    }
)


class Permission(StrEnum):
    """What a person can be allowed to do. Reach (own file, own office, State) is asked beside it."""

    OWN_FILE = "own_file"  # fill, submit, recall, withdraw one's own file
    SEE_FILE = "see_file"  # read a file within reach
    SEE_DESK = "see_desk"
    TAKE_UP = "take_up"
    SCRUTINISE = "scrutinise"  # judge documents, verify figures, pass scrutiny
    ASK = "ask"  # ask the applicant, close a question that nobody answered
    WRITE_NOTE = "write_note"  # office notes and calls on the note sheet
    VISIT = "visit"  # record a field visit
    FIND_INELIGIBLE = "find_ineligible"  # confirm or refuse what an officer proposed; reinstate
    TRANSFER = "transfer"  # a file to another DIC, a whole desk to another officer
    UNLOCK = "unlock"  # unlock marks, moderate two totals
    RETURN = "return"  # take one file out of a packet, back to the appraisal
    EVALUATE = "evaluate"  # be assigned, score, lock
    ASSIGN = "assign"  # name evaluators
    FREEZE = "freeze"  # make and freeze a packet
    CHECK = "check"  # check a packet that somebody else froze
    APPROVE = "approve"  # approve a packet
    SEE_COMMITTEE = "see_committee"  # meetings of the State-Level Approval Committee, their papers and decisions
    CONVENE = "convene"  # call a meeting, put files on its agenda, seek details, put off, return
    VOTE = "vote"  # sit in a meeting, say what one holds of a file, be recused
    DECIDE = "decide"  # write down what the Committee decided, reopen it before the release
    RELEASE = "release"  # make the decisions of a meeting known
    SEE_REPORTS = "see_reports"  # district report and progress page of the own office
    SEE_STATE = "see_state"  # all districts
    WRITE_NARRATIVE = "write_narrative"  # the page of a district's report that its General Manager writes
    MANAGE_PEOPLE = "manage_people"
    MANAGE_WORK = "manage_work"  # see what the workers could not do, have it tried again
    READ_TRAIL = "read_trail"
    SEE_REFERENCE = "see_reference"  # the administration pages of reference data
    SYSTEM = "system"  # moves only a job makes


_DESK = {Permission.SEE_FILE, Permission.SEE_DESK, Permission.SEE_REPORTS}
_CASE = {Permission.TAKE_UP, Permission.SCRUTINISE, Permission.ASK, Permission.WRITE_NOTE, Permission.VISIT}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.APPLICANT: frozenset({Permission.OWN_FILE}),
    Role.FACILITATOR: frozenset(),
    Role.AGENCY: frozenset(),
    Role.OFFICER: frozenset(_DESK | _CASE | {Permission.EVALUATE, Permission.CHECK}),
    Role.EVALUATOR: frozenset({Permission.SEE_DESK, Permission.EVALUATE}),
    Role.MANAGER: frozenset(
        _DESK
        | _CASE
        | {
            Permission.EVALUATE,
            Permission.ASSIGN,
            Permission.FREEZE,
            Permission.CHECK,
        }
    ),
    Role.GM: frozenset(
        _DESK
        | {
            Permission.WRITE_NOTE,
            Permission.ASSIGN,
            Permission.APPROVE,
            Permission.FIND_INELIGIBLE,
            Permission.TRANSFER,
            Permission.UNLOCK,
            Permission.RETURN,
            Permission.WRITE_NARRATIVE,
        }
    ),
    Role.DIRECTORATE: frozenset(
        {Permission.SEE_FILE, Permission.SEE_COMMITTEE, Permission.SEE_REPORTS, Permission.SEE_STATE}
    ),
    Role.CONVENOR: frozenset(
        {
            Permission.SEE_FILE,
            Permission.SEE_COMMITTEE,
            Permission.CONVENE,
            Permission.DECIDE,
            Permission.RELEASE,
        }
    ),
    Role.MEMBER: frozenset({Permission.SEE_COMMITTEE, Permission.VOTE}),
    Role.HANDHOLDER: frozenset(),
    Role.AUDITOR: frozenset(
        {
            Permission.SEE_FILE,
            Permission.SEE_COMMITTEE,
            Permission.SEE_REPORTS,
            Permission.SEE_STATE,
            Permission.READ_TRAIL,
        }
    ),
    Role.ADMINISTRATOR: frozenset({Permission.MANAGE_PEOPLE, Permission.MANAGE_WORK, Permission.SEE_REFERENCE}),
}

# Posts that reach every district: their office is the Directorate.
STATE_ROLES = frozenset({Role.DIRECTORATE, Role.CONVENOR, Role.MEMBER, Role.AUDITOR, Role.ADMINISTRATOR})
# Posts that are held in an office of the Department and so need a second factor.
STAFF_ROLES = frozenset(set(Role) - {Role.APPLICANT, Role.FACILITATOR, Role.AGENCY})
