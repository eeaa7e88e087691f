"""The district's packet: the shortlist, its rows, and the choices made beside the ranks."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission
from applications.models import Application, Round
from districts.models import Office
from evaluation.states import DecisionReason, Outcome, Recommendation, ShortlistState, proposed
from records.clock import now
from records.models import Paper

USER = settings.AUTH_USER_MODEL


class ShortlistQuerySet(models.QuerySet["Shortlist"]):
    def visible_to(self, user: Any) -> "ShortlistQuerySet":
        """Packets of the districts whose files the person may read as an officer."""
        if not user.is_staff_member or not user.has(Permission.SEE_FILE):
            return self.none()
        districts = user.districts_where(Permission.SEE_FILE)
        return self.all() if districts is None else self.filter(office__district__in=districts)


class Shortlist(models.Model):
    """A district's packet: frozen by one person, checked by another, approved by a third."""

    number = models.CharField(max_length=40, unique=True)
    round = models.ForeignKey(Round, models.PROTECT, related_name="shortlists")
    office = models.ForeignKey(Office, models.PROTECT, related_name="shortlists")
    serial = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=ShortlistState.choices, default=ShortlistState.DRAFT)
    made_at = models.DateTimeField(default=now)
    made_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    frozen_post = models.CharField(max_length=200, blank=True)  # the post as it was held that day, in English
    frozen_post_ml = models.CharField(max_length=200, blank=True)  # … and in Malayalam
    snapshot = models.JSONField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    checked_post = models.CharField(max_length=200, blank=True)
    checked_post_ml = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    approved_post = models.CharField(max_length=200, blank=True)
    approved_post_ml = models.CharField(max_length=200, blank=True)
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, blank=True, related_name="+")
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )  # the packet this one was made in place of
    ended_at = models.DateTimeField(null=True, blank=True)  # when another packet took its place
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.TextField(blank=True)

    objects = ShortlistQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "office", "serial"], name="shortlist_serial_once"),
            models.UniqueConstraint(
                fields=["round", "office"],
                condition=Q(state__in=["draft", "frozen", "checked"]),
                name="one_open_packet_an_office",
            ),
            models.CheckConstraint(name="shortlist_state_known", condition=Q(state__in=ShortlistState.values)),
            models.CheckConstraint(
                name="frozen_by_and_when_together",
                condition=Q(state="draft", frozen_at__isnull=True, frozen_by__isnull=True)
                | Q(~Q(state="draft"), frozen_at__isnull=False, frozen_by__isnull=False, snapshot__isnull=False),
            ),
            models.CheckConstraint(
                name="checked_when_past_frozen",
                condition=Q(state__in=["draft", "frozen"], checked_by__isnull=True)
                | Q(state__in=["checked", "approved"], checked_by__isnull=False, checked_at__isnull=False)
                | Q(state="superseded"),
            ),
            models.CheckConstraint(
                name="approved_by_and_when_together",
                condition=Q(~Q(state="approved"), approved_by__isnull=True)
                | Q(state="approved", approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="superseded_packet_says_by_whom_when_and_why",
                condition=(Q(state="superseded", ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_reason=""))
                | Q(~Q(state="superseded"), ended_at__isnull=True, ended_by__isnull=True),
            ),
            models.CheckConstraint(
                name="three_different_people",
                condition=(Q(checked_by__isnull=True) | ~Q(checked_by=F("frozen_by")))
                & (Q(approved_by__isnull=True) | (~Q(approved_by=F("frozen_by")) & ~Q(approved_by=F("checked_by")))),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return f"/desk/shortlists/{self.number}/"

    def post(self, step: str) -> str:
        """Who froze, checked or approved it, as the post was called that day, in the reader's language."""
        english, malayalam = getattr(self, f"{step}_post"), getattr(self, f"{step}_post_ml")
        return str(malayalam if get_language() == "ml" and malayalam else english)

    @property
    def current(self) -> ShortlistState:
        return ShortlistState(self.state)

    @property
    def trail_key(self) -> str:
        return f"shortlist:{self.number}"


class ShortlistRow(models.Model):
    """One file in a packet, with the figures it was ranked by."""

    shortlist = models.ForeignKey(Shortlist, models.PROTECT, related_name="rows")
    application = models.ForeignKey(Application, models.PROTECT, related_name="shortlist_rows")
    position = models.PositiveSmallIntegerField()  # order of printing
    rank = models.PositiveSmallIntegerField()
    total = models.DecimalField(max_digits=5, decimal_places=2)
    recommendation = models.CharField(max_length=16, choices=Recommendation.choices)
    reserve_number = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it stands out of its rank, or was passed over: printed
    before = models.PositiveSmallIntegerField(
        null=True, blank=True
    )  # taken out of its rank: the first rank it goes before
    displaced_by = models.JSONField(default=list, blank=True)  # references of the files so taken that cost it its place
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    returned_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["shortlist", "position"]
        constraints = [
            models.CheckConstraint(name="recommendation_known", condition=Q(recommendation__in=Recommendation.values)),
            models.CheckConstraint(
                name="reserve_row_has_its_number",
                condition=Q(recommendation="reserve", reserve_number__isnull=False)
                | Q(~Q(recommendation="reserve"), reserve_number__isnull=True),
            ),
            models.CheckConstraint(
                name="passed_over_with_a_reason", condition=~Q(recommendation="passed_over") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="returned_by_whom_when_and_why",
                condition=Q(returned_at__isnull=True, returned_by__isnull=True)
                | (Q(returned_at__isnull=False, returned_by__isnull=False) & ~Q(returned_reason="")),
            ),
            models.UniqueConstraint(fields=["shortlist", "application"], name="a_file_once_in_a_packet"),
            models.CheckConstraint(name="official_total_between_0_and_100", condition=Q(total__gte=0, total__lte=100)),
            models.CheckConstraint(
                name="out_of_rank_row_has_its_reason", condition=Q(before__isnull=True) | ~Q(reason="")
            ),
        ]

    @property
    def proposal(self) -> tuple[Outcome, DecisionReason]:
        """The outcome this row proposes to the Committee, and why."""
        return proposed(self.recommendation, out_of_rank=self.before is not None, displaced=bool(self.displaced_by))


class Pick(models.Model):
    """A choice beside the ranks, made in a draft packet: take a file out of its rank, or pass one over, with the reason."""

    shortlist = models.ForeignKey(Shortlist, models.PROTECT, related_name="picks")
    application = models.ForeignKey(Application, models.PROTECT, related_name="+")
    recommendation = models.CharField(max_length=16, choices=Recommendation.choices)
    reason = models.TextField(_("reason"), max_length=600)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["shortlist", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["shortlist", "application"], name="one_pick_a_file"),
            models.CheckConstraint(name="a_pick_has_its_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="a_pick_takes_or_passes_over",
                condition=Q(recommendation__in=["recommended", "passed_over"]),
            ),
        ]
