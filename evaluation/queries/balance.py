"""Who is to evaluate which file, evenly: a proposal, the same for the same facts. People decide by pressing the button.

Whoever has least to do comes first; nobody with a conflict; and somebody stays free to check the shortlist.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts.models import Posting, User
from accounts.roles import ROLE_PERMISSIONS, Permission
from applications.models import Application, EnterpriseMember
from applications.states import State
from evaluation import rules
from evaluation.models import Assessment
from evaluation.queries.named import named_before
from evaluation.scoring import EVALUATIONS_NEEDED
from evaluation.states import LIVE_ASSESSMENTS, OPEN_ASSESSMENTS, AssessmentState
from records.clock import now

RECENT = timedelta(days=30)
EVALUATES = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.EVALUATE in permissions]


@dataclass(frozen=True)
class Person:
    """Somebody of the district who evaluates. `open` and `recent` count evaluations: to do, and named in 30 days."""

    key: int
    name: str
    post: str = ""
    open: int = 0
    recent: int = 0
    checks: bool = False
    freezes: bool = False
    user: Any = None


@dataclass(frozen=True)
class Wanted:
    """A file that lacks evaluators: how many, and who is barred (key of the person → sentence)."""

    key: str
    lacking: int
    barred: Mapping[int, str] = field(default_factory=dict)
    officer: int | None = None  # who did the scrutiny: taken last among equals
    file: Any = None


@dataclass(frozen=True)
class Proposal:
    """Who is to evaluate one file; `reason` says why not enough are free, empty where they are."""

    wanted: Wanted
    people: tuple[Person, ...]
    reason: str = ""

    @property
    def complete(self) -> bool:
        return not self.reason


# ---- The proposal: no database ----------------------------------------------------------------------------------
def propose(files: Sequence[Wanted], people: Sequence[Person], scored: Collection[int]) -> list[Proposal]:
    """For each file, in the order given, the people with the least to do. What is proposed counts for the next file.

    `scored` are those who evaluate, or stepped back from, another file of the same shortlist.
    """
    checkers = {person.key for person in people if person.checks}
    freezers = {person.key for person in people if person.freezes}
    more: dict[int, int] = {}
    taken = set(scored)
    answer = []
    for wanted in files:
        chosen: list[Person] = []
        for person in sorted(people, key=lambda one: _load(one, more.get(one.key, 0), wanted)):
            busy = taken | {one.key for one in chosen}
            if len(chosen) == wanted.lacking:
                break
            if person.key not in wanted.barred and _leaves_one(person, busy, checkers, freezers):
                chosen.append(person)
        if len(chosen) < wanted.lacking:
            answer.append(Proposal(wanted, (), _too_few(len(chosen), wanted.lacking)))
            continue
        taken |= {person.key for person in chosen}
        for person in chosen:
            more[person.key] = more.get(person.key, 0) + 1
        answer.append(Proposal(wanted, tuple(chosen)))
    return answer


def _load(person: Person, more: int, wanted: Wanted) -> tuple[Any, ...]:
    """Least open first, then least recent; then whom the shortlist needs least, and who did not do the scrutiny."""
    return (
        person.open + more,
        person.recent + more,
        person.checks,
        person.freezes,
        person.key == wanted.officer,
        person.name,
        person.key,
    )


def _leaves_one(person: Person, taken: set[int], checkers: set[int], freezers: set[int]) -> bool:
    """Whether somebody can still check the shortlist if this person scores too. Who scores already takes nobody away."""
    if person.key in taken or not person.checks:
        return True
    return bool(rules.leaves_a_checker(checkers=checkers, freezers=freezers, scored=taken | {person.key}))


def _too_few(found: int, lacking: int) -> str:
    return _(
        "Too few people are free: %(found)s of the %(lacking)s needed. One officer stays free to check the shortlist."
    ) % {"found": found, "lacking": lacking}


# ---- The facts --------------------------------------------------------------------------------------------------
def people_of(office: Any) -> list[Person]:
    """Everybody in the office's district who holds a post that evaluates, with how much they have to do."""
    postings = (
        Posting.objects.live()
        .filter(office__district=office.district_id)
        .select_related("user", "office")
        .order_by("user__full_name", "pk")
    )
    posts: dict[int, list[Posting]] = {}
    for posting in postings:
        posts.setdefault(posting.user_id, []).append(posting)
    loads = {row["evaluator"]: row for row in _loads(posts)}
    found = []
    for key, held in posts.items():
        if not any(post.role in EVALUATES for post in held):
            continue
        user: User = held[0].user
        user._postings = held
        load = loads.get(key, {})
        able = {permission: user.has(permission, office) for permission in (Permission.CHECK, Permission.FREEZE)}
        found.append(
            Person(
                key=key,
                name=user.full_name,
                post=held[0].label,
                open=load.get("open", 0),
                recent=load.get("recent", 0),
                checks=able[Permission.CHECK],
                freezes=able[Permission.FREEZE],
                user=user,
            )
        )
    return found


def _loads(keys: Iterable[int]) -> Any:
    to_do = Q(state__in=[AssessmentState.ASSIGNED, *OPEN_ASSESSMENTS])
    return (
        Assessment.objects.filter(evaluator__in=list(keys), state__in=LIVE_ASSESSMENTS)
        .order_by()
        .values("evaluator")
        .annotate(open=Count("pk", filter=to_do), recent=Count("pk", filter=Q(assigned_at__gte=now() - RECENT)))
    )


def lacking(user: User) -> list[Application]:
    """Files in appraisal with fewer than two evaluators, of the offices this person names evaluators for; oldest first.

    Not those the person stepped back from.
    """
    offices = [post.office_id for post in user.postings_now() if Permission.ASSIGN in ROLE_PERMISSIONS[post.role]]
    named = Count("assessments", filter=Q(assessments__state__in=LIVE_ASSESSMENTS))
    mine = Assessment.objects.filter(evaluator=user, state=AssessmentState.RECUSED).values("application")
    return list(
        Application.objects.with_file()
        .filter(office__in=[office for office in offices if office], state=State.APPRAISAL)
        .exclude(pk__in=mine)
        .annotate(named=named)
        .filter(named__lt=EVALUATIONS_NEEDED)
        .order_by("since", "pk")
    )


def proposals_for(files: Sequence[Application]) -> list[Proposal]:
    """The proposal for files of one or several offices, in the order given; constant queries for each office and round."""
    groups: dict[tuple[int, int], list[Application]] = {}
    for file in files:
        groups.setdefault((file.office_id, file.round_id), []).append(file)
    answers: dict[int, Proposal] = {}
    for group in groups.values():
        people = people_of(group[0].office)
        for proposal in propose(_wanted(group, people), people, _beside(group[0])):
            answers[proposal.wanted.file.pk] = proposal
    return [answers[file.pk] for file in files]


def _beside(file: Application) -> set[int]:
    """Who was named for a file that goes into the same shortlist: in appraisal, or appraised."""
    return set(
        Assessment.objects.filter(
            application__office=file.office_id,
            application__round=file.round_id,
            application__state__in=[State.APPRAISAL, State.APPRAISED],
        ).values_list("evaluator_id", flat=True)
    )


def _wanted(files: Sequence[Application], people: Sequence[Person]) -> list[Wanted]:
    """Each file with how many it lacks, and who may not be named, in the words of `rules.may_evaluate`."""
    members: dict[int, set[int]] = {}
    enterprises = [file.enterprise_id for file in files]
    for enterprise, user in EnterpriseMember.objects.filter(enterprise__in=enterprises).values_list(
        "enterprise_id", "user_id"
    ):
        members.setdefault(enterprise, set()).add(user)
    keys = [file.pk for file in files]
    before = named_before(keys)
    counted = Assessment.objects.live().filter(application__in=keys).order_by().values("application")
    live = dict(counted.annotate(people=Count("evaluator", distinct=True)).values_list("application", "people"))
    wanted = []
    for file in files:
        barred = {}
        for person in people:
            verdict = rules.may_evaluate(
                person.user, file, members=members.get(file.enterprise_id, set()), before=before[file.pk]
            )
            if not verdict:
                barred[person.key] = str(verdict.reason)
        lacks = max(0, EVALUATIONS_NEEDED - live.get(file.pk, 0))
        wanted.append(Wanted(file.reference, lacks, barred, officer=file.officer_id, file=file))
    return wanted
