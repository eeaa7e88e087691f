"""Who stepped back from which file, and what that leaves them."""

from typing import Any

from django.db.models import Q

from accounts.roles import Permission
from applications.models import Application
from evaluation import rules
from evaluation.models import Assessment, CommitteeRecusal, Shortlist
from evaluation.rules.conflicts import without_conflict
from evaluation.rules.visits import may_visit
from evaluation.states import AssessmentState, ShortlistState
from records.verdicts import Verdict


def stepped_back(user: Any, file: Application) -> bool:
    """Whether this person stepped back from evaluating the file, or is recused from it in the Committee."""
    key = getattr(user, "pk", None)
    stepped = Assessment.objects.filter(application=file, evaluator=key, state=AssessmentState.RECUSED)
    recused = CommitteeRecusal.objects.filter(application=file, member=key)
    return stepped.values("pk").union(recused.values("pk")).exists()


def conflict_verdict(user: Any, file: Application) -> Verdict:
    """Whether this person may work on the file at all: asking the applicant, visiting, naming evaluators, moderating."""
    return without_conflict(stepped_back=stepped_back(user, file))


def verify_verdict(user: Any, file: Application) -> Verdict:
    """Whether this person may verify figures and judge documents of the file now."""
    verdict = rules.may_verify(user, file)
    return conflict_verdict(user, file) if verdict else verdict


def visit_verdict(user: Any, file: Application) -> Verdict:
    """Whether this person may record a visit to the enterprise of the file now."""
    verdict = may_visit(user, file)
    return conflict_verdict(user, file) if verdict else verdict


def hidden_in(user: Any, packet: Shortlist, conflicts: frozenset[str]) -> frozenset[str]:
    """References of the files of a packet whose marks this person may not see there.

    Those they stepped back from (`conflicts_in`); those of an enterprise they act for; and, between freeze and approval,
    those back in the appraisal, for whoever may score them.
    """
    mine = Application.objects.filter(office=packet.office_id, round=packet.round_id, enterprise__members__user=user)
    conflicts |= frozenset(mine.values_list("reference", flat=True))
    settled = {ShortlistState.DRAFT, ShortlistState.APPROVED}  # a draft holds appraised files only
    if packet.state in settled or not user.has(Permission.EVALUATE, packet.office):
        return conflicts
    blind = Application.objects.filter(shortlist_rows__shortlist=packet, state__in=rules.BLIND_IN)
    return conflicts | frozenset(blind.values_list("reference", flat=True))


def recused_in(user: Any, packet: Shortlist) -> frozenset[str]:
    """References of the files of a packet from which somebody of the Committee is recused: of these the number is shown alone."""
    if not user.has(Permission.SEE_COMMITTEE):
        return frozenset()
    found = CommitteeRecusal.objects.filter(member=user, application__office=packet.office_id)
    return frozenset(found.filter(application__round=packet.round_id).values_list("application__reference", flat=True))


def conflicts_in(user: Any, packet: Shortlist) -> frozenset[str]:
    """References of the files of a packet, or of those a freeze would take, that this person stepped back from, or is
    recused from in the Committee.
    """
    stepped = Assessment.objects.filter(evaluator=user, state=AssessmentState.RECUSED).values("application")
    recused = CommitteeRecusal.objects.filter(member=user).values("application")
    found = Application.objects.filter(Q(pk__in=stepped) | Q(pk__in=recused), office=packet.office_id)
    return frozenset(found.filter(round=packet.round_id).order_by().values_list("reference", flat=True))
