"""Whose desk holds what in an office, and who could take it over."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from accounts.models import Posting, User
from accounts.roles import ROLE_PERMISSIONS, Permission
from applications.models import Application, EnterpriseMember
from applications.states import BEFORE_SUBMIT, ENDED
from districts.models import Office, OfficeKind
from evaluation.models import Assessment
from evaluation.queries import post_labels
from evaluation.queries.giving import Taker
from evaluation.rules.handover import may_hold
from evaluation.rules.settling import REPLACED_IN
from evaluation.states import LIVE_ASSESSMENTS, AssessmentState

OPEN = [state for state in LIVE_ASSESSMENTS if state != AssessmentState.LOCKED]  # named, and not locked so far


def files_held(office: Office, person: User) -> QuerySet[Application]:
    """Files of the office on this person's desk: every one that is not ended, also those the applicant holds now."""
    held = Application.objects.filter(office=office, officer=person)
    return held.exclude(state__in=[*BEFORE_SUBMIT, *ENDED]).select_related("enterprise").order_by("reference")


def open_evaluations(office: Office, person: User) -> QuerySet[Assessment]:
    """Evaluations of the office's files that wait for this person."""
    named = Assessment.objects.filter(application__office=office, evaluator=person, state__in=OPEN)
    found = named.filter(application__state__in=REPLACED_IN)
    return found.select_related("application__enterprise").order_by("application__reference")


@dataclass(frozen=True)
class Desk:
    """What one person holds in an office: how many files and open evaluations, and the post held today (or last)."""

    person: User
    post: str
    files: int
    evaluations: int


def desks_of(office: Office) -> list[Desk]:
    """Everybody who holds something in an office, by name: also who is posted there no more."""
    held = Application.objects.filter(office=office, officer__isnull=False)
    held = held.exclude(state__in=[*BEFORE_SUBMIT, *ENDED]).order_by()
    files = dict(held.values("officer").annotate(n=Count("pk")).values_list("officer", "n"))
    named = Assessment.objects.filter(
        application__office=office, application__state__in=REPLACED_IN, state__in=OPEN
    ).order_by()
    evaluations = dict(named.values("evaluator").annotate(n=Count("pk")).values_list("evaluator", "n"))
    people = User.objects.filter(pk__in={*files, *evaluations}).order_by("full_name", "pk")
    posts = post_labels({*files, *evaluations})
    return [Desk(one, posts.get(one.pk, ""), files.get(one.pk, 0), evaluations.get(one.pk, 0)) for one in people]


def offices_of(user: User) -> list[Office]:
    """The offices whose desks this person hands over."""
    posts = [post for post in user.postings_now() if Permission.TRANSFER in ROLE_PERMISSIONS[post.role]]
    keys = [post.office_id for post in posts if post.office_id]
    return list(Office.objects.filter(kind=OfficeKind.DIC, pk__in=keys).order_by("code"))


def officers_of(office: Office) -> list[Taker]:
    """Everybody who takes up files of an office, by name."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.TAKE_UP in permissions]
    postings = Posting.objects.live().filter(role__in=roles, office=office).select_related("user", "office")
    found = {post.user_id: Taker(post.user, post.label) for post in postings.order_by("user__full_name", "pk")}
    return list(found.values())


@dataclass(frozen=True)
class Stays:
    """A file that a new holder may not have, and why."""

    file: Application
    officer: User
    why: Any


def would_stay(files: list[Application], officers: list[Taker]) -> list[Stays]:
    """For each officer who could take the desk over, the files that would stay with who holds them now."""
    enterprises = {file.enterprise_id for file in files}
    acting: dict[int, set[int]] = {}
    members = EnterpriseMember.objects.filter(enterprise__in=enterprises, user__in=[one.user.pk for one in officers])
    for enterprise, person in members.values_list("enterprise_id", "user_id"):
        acting.setdefault(enterprise, set()).add(person)
    return [
        Stays(file, one.user, verdict.reason)
        for one in officers
        for file in files
        if not (verdict := may_hold(one.user, members=acting.get(file.enterprise_id, set())))
    ]
