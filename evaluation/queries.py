"""Reads of the judging: whose desk, what was claimed and found, who may evaluate. Ranking is in `evaluation.ranking`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import Posting, User
from accounts.roles import ROLE_PERMISSIONS, Permission
from applications import queries as applications
from applications.models import Application, DocumentSlot, DocumentVersion, EnterpriseMember, GrowthYear
from applications.states import State
from districts.models import Office
from evaluation import figures, rules
from evaluation.models import Assessment, Criterion, RoundRules, Shortlist, VerifiedFigure
from evaluation.steps import settled
from records.verdicts import ALLOWED, Verdict, refuse

DESK_STATES = (State.SUBMITTED, State.SCRUTINY, State.CLARIFICATION, State.APPRAISAL, State.APPRAISED)


# ---- Whose desk -----------------------------------------------------------------------------------------------
def files_for(user: User) -> QuerySet[Application]:
    """Files a person may open as an officer: those within reach of a post, and those given to them to evaluate."""
    if not user.is_staff_member:
        return Application.objects.none()
    mine = Assessment.objects.of(user).values("application")
    return Application.objects.filter(Q(pk__in=Application.objects.visible_to(user).values("pk")) | Q(pk__in=mine))


def desk_for(user: User) -> QuerySet[Application]:
    """What waits on a person's desk, oldest first, each with `my_assessment` (state of their own scorecard, or None).

    An officer's desk is the office's; an evaluator's holds the files given to them.
    """
    if not user.has(Permission.SEE_DESK):
        return Application.objects.none()
    own = Assessment.objects.of(user)
    mine = own.filter(application=OuterRef("pk")).values("state")[:1]
    here = Q(pk__in=own.values("application"), state=State.APPRAISAL)
    if user.has(Permission.SEE_FILE):
        here |= Q(pk__in=Application.objects.visible_to(user).values("pk"), state__in=DESK_STATES)
    return Application.objects.with_file().filter(here).annotate(my_assessment=Subquery(mine)).order_by("since", "pk")


def post_labels(people: Iterable[int | None]) -> dict[int, str]:
    """The post each person holds today, in words ("Manager (Credit), DIC Ernakulam"); one query for all of them."""
    keys = {key for key in people if key is not None}
    postings = (
        Posting.objects.live().filter(user__in=keys).select_related("office").order_by("-additional_charge", "starts")
    )
    return {posting.user_id: posting.label for posting in postings}


# ---- Claimed and verified -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FigureRow:
    """A figure with what the enterprise claims and what an officer found."""

    figure: figures.Figure
    claimed: figures.Value | None
    row: VerifiedFigure | None
    verified: figures.Value | None
    difference: figures.Difference | None
    by: str

    @property
    def differs(self) -> bool:
        """Whether both are there and are not the same."""
        return self.verified is not None and self.claimed is not None and self.verified != self.claimed

    @property
    def claimed_shown(self) -> str:
        return figures.shown(self.figure, self.claimed)

    @property
    def verified_shown(self) -> str:
        return figures.shown(self.figure, self.verified)

    @property
    def difference_shown(self) -> str:
        """The difference in words; empty where the figures are no amounts."""
        return figures.difference_shown(self.figure, self.difference) if self.difference else ""


def newest_verified(file: Application) -> dict[str, VerifiedFigure]:
    """The row that counts for each figure."""
    newest: dict[str, VerifiedFigure] = {}
    for row in VerifiedFigure.objects.filter(application=file).order_by("at", "pk"):
        newest[row.key] = row
    return newest


def value_of(row: VerifiedFigure) -> figures.Value:
    """What the row says, as `evaluation.figures` wants it."""
    return row.text if row.value is None else row.value


def verified_values(file: Application) -> dict[str, figures.Value]:
    """Every verified figure of a file."""
    return {key: value_of(row) for key, row in newest_verified(file).items()}


def figure_rows(file: Application) -> list[FigureRow]:
    """The table "claimed and verified"."""
    claimed = applications.claimed(file)
    newest = newest_verified(file)
    posts = post_labels(row.by_id for row in newest.values())
    rows = []
    for figure in figures.asked(file.round.financial_years):
        row = newest.get(figure.key)
        found = value_of(row) if row else None
        stated = claimed.get(figure.key)
        rows.append(
            FigureRow(
                figure=figure,
                claimed=stated,
                row=row,
                verified=found,
                difference=figures.difference(stated, found),
                by=posts.get(row.by_id, "") if row else "",
            )
        )
    return rows


@dataclass(frozen=True)
class DocumentRow:
    """A kind of document the round asks for, with the version that counts."""

    slot: DocumentSlot
    version: DocumentVersion | None
    of: int


def document_rows(file: Application) -> list[DocumentRow]:
    """The documents asked for, in the order of their kinds."""
    slots = (
        DocumentSlot.objects.filter(application=file)
        .select_related("kind")
        .prefetch_related("versions__file")
        .order_by("kind__order")
    )
    rows = []
    for slot in slots:
        versions = sorted(slot.versions.all(), key=lambda version: version.number)
        rows.append(DocumentRow(slot, versions[-1] if versions else None, len(versions)))
    return rows


# ---- Evaluators -----------------------------------------------------------------------------------------------
def rules_of(file: Application) -> RoundRules:
    """What the round asks of the judging."""
    return RoundRules.objects.select_related("rubric").get(round=file.round_id)


def live_assessments(file: Application) -> list[Assessment]:
    """The evaluations that count, in the order they were named."""
    return list(Assessment.objects.live().filter(application=file).select_related("evaluator").order_by("number"))


def assign_verdict(user: User, file: Application, live: Sequence[Assessment]) -> Verdict:
    """Whether this person may name an evaluator for this file now."""
    two = len(live) == rules.EVALUATIONS_NEEDED and not any(row.state != "locked" for row in live)
    return rules.may_assign(user, file, live, settled=bool(two and settled(file)))


@dataclass(frozen=True)
class Candidate:
    """Somebody who could evaluate a file, with their post, and whether they may."""

    user: User
    post: str
    verdict: Verdict


def evaluate_verdict(evaluator: User, file: Application) -> Verdict:
    """Whether this person may be named as evaluator of this file."""
    return rules.may_evaluate(evaluator, file, members=_members(file), before=_named_before(file))


def checker_verdict(evaluator: User, file: Application) -> Verdict:
    """Whether somebody is left to check the shortlist this file goes into, should this person be named too."""
    posts = list(Posting.objects.live().filter(office=file.office_id))
    can = {
        permission: {post.user_id for post in posts if permission in ROLE_PERMISSIONS[post.role]}
        for permission in (Permission.CHECK, Permission.FREEZE)
    }
    beside = Q(application=file) | Q(
        application__office=file.office_id, application__round=file.round_id, application__state=State.APPRAISED
    )
    scored = {evaluator.pk, *Assessment.objects.live().filter(beside).values_list("evaluator_id", flat=True)}
    return rules.leaves_a_checker(checkers=can[Permission.CHECK], freezers=can[Permission.FREEZE], scored=scored)


def _members(file: Application) -> set[int]:
    return set(EnterpriseMember.objects.filter(enterprise=file.enterprise_id).values_list("user_id", flat=True))


def _named_before(file: Application) -> set[int]:
    return set(Assessment.objects.filter(application=file).values_list("evaluator_id", flat=True))


def candidates(file: Application) -> list[Candidate]:
    """Everybody in the file's district who holds a post that evaluates."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.EVALUATE in permissions]
    postings = (
        Posting.objects.live()
        .filter(role__in=roles, office__district=file.office.district_id)
        .select_related("user", "office")
        .order_by("user__full_name", "pk")
    )
    members, before, office = _members(file), _named_before(file), file.office
    needed = (Permission.CHECK, Permission.FREEZE)
    people: dict[int, list[Posting]] = {}
    for posting in postings:
        people.setdefault(posting.user_id, []).append(posting)
    found = []
    for posts in people.values():
        person = posts[0].user
        person._postings = posts
        found.append(
            Candidate(person, posts[0].label, rules.may_evaluate(person, file, members=members, before=before))
        )
    # First those whom the shortlist does not need: people of taluk offices, then officers, then who freezes.
    return sorted(found, key=lambda one: (*(one.user.has(p, office) for p in needed), one.user.pk == file.officer_id))


# ---- The scorecard --------------------------------------------------------------------------------------------
def not_applicable(criterion: Criterion, file: Application) -> Verdict:
    """Whether a criterion may be left out for this file: only where the rubric says when."""
    if not criterion.na_when:
        return refuse(_("%(criterion)s applies to every enterprise.") % {"criterion": criterion.name})
    if criterion.na_when == "no_exports":
        claimed = applications.claimed(file).get(f"exports:{file.round.latest_year}")
        planned = GrowthYear.objects.filter(application=file, exports__gt=0).exists()
        found = verified_values(file).get(f"exports:{file.round.latest_year}")
        if not planned and not _some(claimed) and not _some(found):
            return ALLOWED
        return refuse(
            _("%(criterion)s can be left out only where no exports are claimed or planned.")
            % {"criterion": criterion.name}
        )
    raise ValueError(criterion.na_when)


def _some(value: figures.Value | None) -> bool:
    return isinstance(value, Decimal) and value > 0


# ---- Packets --------------------------------------------------------------------------------------------------
def ready_files(office: Office, round_pk: int) -> QuerySet[Application]:
    """Appraised files of an office in a round: what a packet takes."""
    return Application.objects.filter(office=office, round=round_pk, state=State.APPRAISED)


def scored_by(user: User, packet: Shortlist) -> int:
    """How many files of a packet this person evaluated (also where the evaluation no longer counts)."""
    return (
        Assessment.objects.filter(evaluator=user, application__shortlist_rows__shortlist=packet)
        .exclude(state="recused")
        .values("application")
        .distinct()
        .count()
    )


@dataclass(frozen=True)
class Opening:
    """An office and round in which a packet could be made, with the count of files ready."""

    office: Office
    round: Any
    ready: int
    verdict: Verdict


def openings(user: User) -> list[Opening]:
    """What this person could make a packet of: every office they freeze for, in every round with appraised files."""
    offices = [post.office for post in user.postings_now() if Permission.FREEZE in ROLE_PERMISSIONS[post.role]]
    found = []
    for office in offices:
        if office is None:
            continue
        open_packets = dict(
            Shortlist.objects.filter(office=office).exclude(state="approved").values_list("round_id", "number")
        )
        ready: dict[int, list[Application]] = {}
        for file in Application.objects.filter(office=office, state=State.APPRAISED).select_related("round"):
            ready.setdefault(file.round_id, []).append(file)
        for key, files in sorted(ready.items()):
            verdict = rules.may_make_packet(user, office, open_number=open_packets.get(key, ""), ready=len(files))
            found.append(Opening(office, files[0].round, len(files), verdict))
    return found
