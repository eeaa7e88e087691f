"""The State-Level Approval Committee: meetings, agenda, attendance, recusals, votes, decisions, releases."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from applications.models import Application, Round
from evaluation.models.packets import ShortlistRow
from evaluation.states import DecisionReason, DecisionState, MeetingState, Outcome
from records.clock import ist, now
from records.models import Paper

USER = settings.AUTH_USER_MODEL


class Signed:
    """A model that keeps the post somebody acted in, in both languages, under `<step>_post` and `<step>_post_ml`."""

    def post(self, step: str) -> str:
        """The post as it was called that day, in the reader's language."""
        english, malayalam = getattr(self, f"{step}_post"), getattr(self, f"{step}_post_ml")
        return str(malayalam if get_language() == "ml" and malayalam else english)


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: Any) -> "MeetingQuerySet":
        """Meetings are read by the Committee, its convenor, the Directorate and the auditor; by nobody else."""
        return self.all() if user.is_staff_member and user.has(Permission.SEE_COMMITTEE) else self.none()


class Meeting(Signed, models.Model):
    """One meeting of the State-Level Approval Committee about files of one round: planned, in session, released."""

    number = models.CharField(max_length=20, unique=True)  # SLAC-3-01: round, serial
    round = models.ForeignKey(Round, models.PROTECT, related_name="meetings")
    serial = models.PositiveSmallIntegerField()
    held_at = models.DateTimeField(_("day and hour"))  # as planned; `held_on` is the day it took place
    place = models.CharField(_("place"), max_length=120)
    state = models.CharField(max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED)
    called_at = models.DateTimeField(default=now)
    called_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    held_on = models.DateField(null=True, blank=True)  # the day it took place: written down when it is opened
    moved_reason = models.TextField(blank=True)  # why it took place on another day than planned
    chair = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")  # the member who chairs it
    prepared_at = models.DateTimeField(null=True, blank=True)  # its release: prepared by one, done by another
    prepared_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    prepared_mark = models.CharField(max_length=64, blank=True)  # the decisions it was prepared for, as a hash

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-held_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "serial"], name="meeting_serial_once"),
            models.CheckConstraint(name="meeting_state_known", condition=Q(state__in=MeetingState.values)),
            models.CheckConstraint(
                name="meeting_opened_by_and_when_together",
                condition=Q(state="planned", opened_at__isnull=True, opened_by__isnull=True, held_on__isnull=True)
                | Q(~Q(state="planned"), opened_at__isnull=False, opened_by__isnull=False, held_on__isnull=False),
            ),
            models.CheckConstraint(
                name="release_prepared_by_when_and_for_what",
                condition=Q(prepared_at__isnull=True, prepared_by__isnull=True, prepared_mark="")
                | (Q(prepared_at__isnull=False, prepared_by__isnull=False) & ~Q(prepared_mark="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/committee/{self.number}/"

    @property
    def current(self) -> MeetingState:
        return MeetingState(self.state)

    @property
    def trail_key(self) -> str:
        return f"meeting:{self.number}"

    @property
    def planned_on(self) -> date:
        """The day it is planned for, in India."""
        return ist(self.held_at).date()


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def live(self) -> "AgendaItemQuerySet":
        """Neither put off to another meeting nor returned."""
        return self.filter(ended_at__isnull=True)


class AgendaItem(models.Model):
    """One file on the agenda of a meeting, with the row of the approved shortlist it comes from.

    `annexure`: not shortlisted, so that the Committee sees who was left off.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, models.PROTECT, related_name="agenda_items")
    row = models.ForeignKey(ShortlistRow, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    annexure = models.BooleanField(default=False)
    added_at = models.DateTimeField(default=now)
    added_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.TextField(blank=True)  # put off, or returned: why

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_position_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at__isnull=True), name="a_file_on_one_agenda_at_a_time"
            ),
            models.CheckConstraint(
                name="agenda_item_ended_by_whom_when_and_why",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}:{self.position}"


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def present(self) -> "AttendanceQuerySet":
        """Those who came and did not leave."""
        return self.filter(left_at__isnull=True)


class Attendance(Signed, models.Model):
    """Who sat in a meeting, in which post."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendance")
    member = models.ForeignKey(USER, models.PROTECT, related_name="+")
    member_post = models.CharField(max_length=200)
    member_post_ml = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(default=now)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True, blank=True)  # left before the end; null: present

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="a_member_sits_once")]


class CommitteeRecusal(models.Model):
    """A member, or the convenor, who has a conflict of interest with a file: of it they see number and "recused"."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="committee_recusals")
    member = models.ForeignKey(USER, models.PROTECT, related_name="+")
    reason = models.TextField(_("reason"), max_length=600)
    at = models.DateTimeField(default=now)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")  # the member, or the convenor for them

    class Meta:
        ordering = ["application", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "member"], name="a_member_recused_once_a_file"),
            models.CheckConstraint(name="a_recusal_has_its_reason", condition=~Q(reason="")),
        ]


class Vote(models.Model):
    """What one member holds about one file, while it is undecided. It advises; the decision is the Committee's row."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="votes")
    member = models.ForeignKey(USER, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    remark = models.TextField(_("remark"), max_length=600, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["item", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "member"], name="one_vote_a_member_and_file"),
            models.CheckConstraint(name="vote_outcome_known", condition=Q(outcome__in=Outcome.values)),
        ]


class Release(Signed, models.Model):
    """The one act that makes the decisions of a meeting known. Letters follow from it, one a decision."""

    number = models.CharField(max_length=20, unique=True)  # REL-3-01, as its meeting
    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="release")
    released_at = models.DateTimeField(default=now)
    released_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    released_post = models.CharField(max_length=200)
    released_post_ml = models.CharField(max_length=200, blank=True)
    prepared_at = models.DateTimeField(null=True)  # nothing in releases of before two people were needed
    prepared_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-released_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="released_by_another_than_prepared_it", condition=~Q(released_by=F("prepared_by"))
            )
        ]

    def __str__(self) -> str:
        return self.number


class DecisionQuerySet(models.QuerySet["Decision"]):
    def live(self) -> "DecisionQuerySet":
        """Pending or released; not those reopened before their release."""
        return self.exclude(state=DecisionState.REOPENED)

    def pending(self) -> "DecisionQuerySet":
        return self.filter(state=DecisionState.PENDING)

    def released(self) -> "DecisionQuerySet":
        return self.filter(state=DecisionState.RELEASED)


class Decision(Signed, models.Model):
    """What the Committee decided about one file, and why. Nobody outside the Committee is told before the release.

    `total`, `rank` and `proposed` are what the approved shortlist gave; `out_of_rank` says that the outcome is another
    one, and then `reason` is printed. `place` is the file's place on the district's reserve list, given at the release.
    """

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="decisions")
    application = models.ForeignKey(Application, models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=10, choices=DecisionState.choices, default=DecisionState.PENDING)
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    proposed = models.CharField(max_length=12, choices=Outcome.choices)
    out_of_rank = models.BooleanField(default=False)
    code = models.CharField(max_length=20, choices=DecisionReason.choices)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=2)
    rank = models.PositiveSmallIntegerField()
    pass_mark = models.DecimalField(max_digits=5, decimal_places=2)
    place = models.PositiveSmallIntegerField(null=True, blank=True)
    quorate = models.BooleanField(default=True)  # decided with a quorum of the round's rules
    against_votes = models.BooleanField(default=False)  # votes were cast, and it has no majority of them
    decided_at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    decided_post = models.CharField(max_length=200)
    decided_post_ml = models.CharField(max_length=200, blank=True)
    release = models.ForeignKey(Release, models.PROTECT, null=True, blank=True, related_name="decisions")
    letter = models.OneToOneField(Paper, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)  # reopened before the release
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.TextField(blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["item", "pk"]
        constraints = [
            models.CheckConstraint(
                name="decision_words_known",
                condition=Q(
                    state__in=DecisionState.values,
                    outcome__in=Outcome.values,
                    proposed__in=Outcome.values,
                    code__in=DecisionReason.values,
                ),
            ),
            models.UniqueConstraint(
                fields=["application"], condition=~Q(state="reopened"), name="one_live_decision_a_file"
            ),
            models.CheckConstraint(
                name="released_decision_has_its_release",
                condition=Q(state="released", release__isnull=False) | Q(~Q(state="released"), release__isnull=True),
            ),
            models.CheckConstraint(
                name="reopened_decision_says_by_whom_when_and_why",
                condition=(Q(state="reopened", ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_reason=""))
                | Q(~Q(state="reopened"), ended_at__isnull=True, ended_by__isnull=True),
            ),
            models.CheckConstraint(
                name="out_of_rank_is_another_outcome_with_a_printed_reason",
                condition=Q(out_of_rank=False, outcome=F("proposed"))
                | (Q(out_of_rank=True) & ~Q(outcome=F("proposed")) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="without_quorum_or_votes_with_a_printed_reason",
                condition=Q(quorate=True, against_votes=False) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="below_the_pass_mark_is_not_selected",
                condition=Q(total__gte=F("pass_mark")) | Q(outcome="not_selected"),
            ),
            models.CheckConstraint(
                name="a_letter_only_after_the_release", condition=Q(letter__isnull=True) | Q(state="released")
            ),
            models.CheckConstraint(
                name="a_place_only_on_the_reserve_list", condition=Q(place__isnull=True) | Q(outcome="reserve")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"
