"""Reads of the judging: whose desk, what was claimed and found, who may evaluate. Ranking is in `evaluation.ranking`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import Posting, User
from accounts.roles import ROLE_PERMISSIONS, Permission
from applications import queries as applications
from applications.models import (
    Application,
    DocumentSlot,
    DocumentVersion,
    EnterpriseMember,
    FinancialYear,
    GrowthYear,
    Round,
)
from applications.sections import slots_of
from applications.states import State
from districts.models import Office
from evaluation import figures, rules
from evaluation.models import (
    Assessment,
    CommitteeRecusal,
    Criterion,
    RoundRules,
    Shortlist,
    VerifiedFigure,
)
from evaluation.queries.named import named_before
from evaluation.rules.conflicts import without_conflict
from evaluation.states import LIVE_ASSESSMENTS, UNFINISHED
from evaluation.steps import settled
from records.acts import once, read_once
from records.clock import today
from records.verdicts import ALLOWED, Verdict, refuse

DESK_STATES = (State.SUBMITTED, State.SCRUTINY, State.CLARIFICATION, State.APPRAISAL, State.APPRAISED)


# ---- Whose desk -----------------------------------------------------------------------------------------------
def files_for(user: User, reference: str = "") -> QuerySet[Application]:
    """Files a person may open as an officer: those within reach of a post, and those given to them to evaluate.

    With a `reference` at most that one, found without a look at the others.
    """
    if not user.is_staff_member:
        return Application.objects.none()
    visible, mine = Application.objects.visible_to(user), Assessment.objects.of(user).order_by()
    if reference:
        visible, mine = visible.filter(reference=reference), mine.filter(application__reference=reference)
    found = Application.objects.filter(Q(pk__in=visible.values("pk")) | Q(pk__in=mine.values("application")))
    return without_recused(found.filter(reference=reference) if reference else found, user)


def without_recused(files: QuerySet[Application], user: User) -> QuerySet[Application]:
    """Files without those from which somebody of the Committee is recused: they open these nowhere."""
    if not user.has(Permission.SEE_COMMITTEE):
        return files
    return files.exclude(pk__in=CommitteeRecusal.objects.filter(member=user).values("application"))


def on_the_desk(user: User, files: Any = None) -> QuerySet[Application]:
    """Every file of a person's desk, whatever its state: the office's for an officer, those given to them for an evaluator.

    Of all files, or of those given, with what was added to them.
    """
    files = Application.objects.all() if files is None else files
    if not user.has(Permission.SEE_DESK):
        return files.none()
    own = files.filter(pk__in=Assessment.objects.of(user).order_by().values("application"))
    if not user.has(Permission.SEE_FILE):
        return own
    sees, scores = user.districts_where(Permission.SEE_FILE), user.districts_where(Permission.EVALUATE)
    if sees is None or (scores is not None and set(scores) <= set(sees)):
        return without_recused(files.visible_to(user), user)  # theirs to evaluate are among them
    return files.filter(pk__in=files_for(user).order_by().values("pk"))


def desk_for(user: User) -> QuerySet[Application]:
    """The desk with what a line shows, the least time left first; `my_assessment` is the state of the reader's own scorecard."""
    found = desk_rows(on_the_desk(user), user)
    return found.order_by(F("due_on").asc(nulls_last=True), "since", "pk")


def desk_rows(files: QuerySet[Application], user: User) -> QuerySet[Application]:
    """Files with what a line of a desk shows, and `my_assessment`."""
    mine = Assessment.objects.of(user).filter(application=OuterRef("pk")).order_by().values("state")[:1]
    found = files.select_related("enterprise", "round", "taluk", "office__district", "traits")
    return found.annotate(my_assessment=Subquery(mine))


def post_labels(people: Iterable[int | None]) -> dict[int, str]:
    """The post of each person in words ("Manager (Credit), DIC Ernakulam"); one query for all of them.

    Who holds none today is called by the last one held: what a relieved officer did stays theirs.
    """
    keys, known = {key for key in people if key is not None}, read_once("post labels", dict[int, str])
    if new := keys - known.keys():
        day = today()
        begun = Posting.objects.filter(user__in=new, starts__lte=day).select_related("office")
        postings = sorted(begun, key=lambda post: _standing(post, day))
        known |= dict.fromkeys(new, "") | {posting.user_id: posting.label for posting in postings}
    return {key: known[key] for key in keys if known[key]}


def _standing(post: Posting, day: date) -> tuple[bool, date, bool, date]:
    """What makes one of a person's posts the one they are called by: the greatest is."""
    held = post.ends is None or post.ends > day
    return held, date.min if held else post.ends or day, not post.additional_charge, post.starts


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
    rows = VerifiedFigure.objects.filter(application=file).order_by("at", "pk")
    return read_once(("newest verified", file.pk), lambda: {row.key: row for row in rows})


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
    rows = []
    for slot in sorted(slots_of(file), key=lambda slot: (slot.kind.order, slot.pk)):
        versions = sorted(slot.versions.all(), key=lambda version: version.number)
        rows.append(DocumentRow(slot, versions[-1] if versions else None, len(versions)))
    return rows


# ---- Evaluators -----------------------------------------------------------------------------------------------
def rules_of(file: Application) -> RoundRules:
    """What the round asks of the judging; read once in an act."""
    return once(
        ("round rules", file.round_id),
        lambda: RoundRules.objects.select_related("rubric").get(round=file.round_id),
    )


def criteria_of(assessment: Assessment) -> list[Criterion]:
    """The criteria an evaluator marks, in their order; read once in an act."""
    rubric = assessment.rubric_id
    return once(("criteria", rubric), lambda: list(Criterion.objects.filter(rubric=rubric).order_by("order")))


def assessments_of(file: Application) -> list[Assessment]:
    """Every evaluation of a file, also those stepped back from or replaced, in the order they were named."""
    rows = Assessment.objects.filter(application=file).select_related("evaluator").order_by("number")
    return read_once(("assessments", file.pk), lambda: list(rows))


def live_assessments(file: Application) -> list[Assessment]:
    """Those that count."""
    return [row for row in assessments_of(file) if row.state in LIVE_ASSESSMENTS]


def assign_verdict(user: User, file: Application, live: Sequence[Assessment]) -> Verdict:
    """Whether this person may name an evaluator for this file now."""
    two = len(live) == rules.EVALUATIONS_NEEDED and not any(row.state != "locked" for row in live)
    verdict = rules.may_assign(user, file, live, settled=bool(two and settled(file)))
    gone = Assessment.objects.filter(application=file, evaluator=user, state="recused").exists() if verdict else False
    return without_conflict(stepped_back=gone) if verdict else verdict


@dataclass(frozen=True)
class Candidate:
    """Somebody who could evaluate a file, with their post, and whether they may."""

    user: User
    post: str
    verdict: Verdict


def evaluate_verdict(evaluator: User, file: Application) -> Verdict:
    """Whether this person may be named as evaluator of this file."""
    return rules.may_evaluate(evaluator, file, members=_members(file), before=named_before([file.pk])[file.pk])


def checker_verdict(evaluator: User, file: Application) -> Verdict:
    """Whether somebody is left to check the shortlist this file goes into, should this person be named too."""
    posts = once(("posts", file.office_id), lambda: list(Posting.objects.live().filter(office=file.office_id)))
    can = {
        permission: {post.user_id for post in posts if permission in ROLE_PERMISSIONS[post.role]}
        for permission in (Permission.CHECK, Permission.FREEZE)
    }
    beside = Q(application=file) | Q(
        application__office=file.office_id, application__round=file.round_id, application__state=State.APPRAISED
    )
    if evaluator.pk not in can[Permission.CHECK]:
        return ALLOWED  # takes nobody away
    # Also who stepped back or was replaced: `scored_by` counts them.
    scored = {evaluator.pk, *Assessment.objects.filter(beside).values_list("evaluator_id", flat=True)}
    return rules.leaves_a_checker(checkers=can[Permission.CHECK], freezers=can[Permission.FREEZE], scored=scored)


def _members(file: Application) -> set[int]:
    members = EnterpriseMember.objects
    return once(
        ("members", file.enterprise_id),
        lambda: set(members.filter(enterprise=file.enterprise_id).values_list("user_id", flat=True)),
    )


def candidates(file: Application) -> list[Candidate]:
    """Everybody in the file's district who holds a post that evaluates."""
    roles = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.EVALUATE in permissions]
    postings = (
        Posting.objects.live()
        .filter(role__in=roles, office__district=file.office.district_id)
        .select_related("user", "office")
        .order_by("user__full_name", "pk")
    )
    members, before, office = _members(file), named_before([file.pk])[file.pk], file.office
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
def not_applicable(criterion: Criterion, file: Application, verified: figures.Values) -> Verdict:
    """Whether a criterion may be left out for this file with these verified figures: only where the rubric says when."""
    if not criterion.na_when:
        return refuse(_("%(criterion)s applies to every enterprise.") % {"criterion": criterion.name})
    if criterion.na_when == "no_exports":
        year = file.round.latest_year
        if not _some(verified.get(f"exports:{year}")) and not once(("exports", file.pk), lambda: _states_exports(file)):
            return ALLOWED
        return refuse(
            _("%(criterion)s can be left out only where no exports are claimed or planned.")
            % {"criterion": criterion.name}
        )
    raise ValueError(criterion.na_when)


def _states_exports(file: Application) -> bool:
    """Whether the enterprise plans exports, or claims some of the latest year."""
    claimed = FinancialYear.objects.filter(application=file, year=file.round.latest_year, turnover_export__gt=0)
    return GrowthYear.objects.filter(application=file, exports__gt=0).exists() or claimed.exists()


def _some(value: figures.Value | None) -> bool:
    return isinstance(value, Decimal) and value > 0


# ---- Packets --------------------------------------------------------------------------------------------------
def ready_files(office: Office, round_pk: int) -> QuerySet[Application]:
    """Appraised files of an office in a round: what a packet takes."""
    return Application.objects.filter(office=office, round=round_pk, state=State.APPRAISED)


def scored_by(user: User, packet: Shortlist) -> int:
    """How many files of a packet this person was named for: scored, replaced since, or stepped back from."""
    return (
        Assessment.objects.filter(evaluator=user, application__shortlist_rows__shortlist=packet)
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
        open_packets = Shortlist.objects.filter(office=office, round=OuterRef("pk"), state__in=UNFINISHED)
        calls = (
            Round.objects.filter(applications__office=office, applications__state=State.APPRAISED)
            .annotate(ready=Count("applications"), open_number=Subquery(open_packets.values("number")[:1]))
            .order_by("pk")
        )
        for call in calls:
            verdict = rules.may_make_packet(user, office, open_number=call.open_number or "", ready=call.ready)
            found.append(Opening(office, call, call.ready, verdict))
    return found
