"""Reads of the Committee: who is recused from what, what stands on an agenda."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from accounts.models import Posting, User
from accounts.roles import ROLE_PERMISSIONS, Permission
from applications.models import Application, EnterpriseMember
from evaluation.models import AgendaItem, CommitteeRecusal, Decision, Meeting
from evaluation.queries.conflicts import stepped_back
from evaluation.rules.committee import may_release
from evaluation.states import GONE
from records.clock import today
from records.models import Paper
from records.verdicts import Verdict


def recused_from(user: Any) -> frozenset[int]:
    """Keys of the files this person is recused from."""
    return frozenset(CommitteeRecusal.objects.filter(member=user).values_list("application", flat=True))


def hidden_from(user: Any) -> frozenset[int]:
    """Keys of the files of which the Committee's pages show this person the number and "recused", and nothing else.

    Those they are recused from, and those of an enterprise they act for.
    """
    own = EnterpriseMember.objects.filter(user=user).values_list("enterprise__applications", flat=True)
    return recused_from(user) | frozenset(key for key in own if key)


def items_of(meeting: Meeting) -> QuerySet[AgendaItem]:
    """What stands on the agenda, in its order; what was put off or returned is left out."""
    found = meeting.items.live().select_related(
        "application__enterprise", "application__office__district", "application__profile", "row__shortlist"
    )
    return found.order_by("position")


def undecided(meeting: Meeting) -> list[str]:
    """References of the files on the agenda that are not decided; one given up by its enterprise needs no decision."""
    found = meeting.items.live().exclude(application__state__in=GONE)
    waiting = found.exclude(application__state="decided").order_by("position")
    return list(waiting.values_list("application__reference", flat=True))


def pending_of(meeting: Meeting) -> QuerySet[Decision]:
    """The decisions of a meeting that wait for its release, in the order of the agenda."""
    found = Decision.objects.pending().filter(item__meeting=meeting, item__ended_at__isnull=True)
    with_lists = found.select_related("item__row__shortlist", "application").defer("item__row__shortlist__snapshot")
    return with_lists.order_by("item__position")


def release_verdict(user: Any, meeting: Meeting, *, decided: int) -> Verdict:
    """Whether this person may release the `decided` decisions of a meeting now."""
    conflict = meeting.items.live().filter(application__in=hidden_from(user)).exists()
    return may_release(user, meeting, decided=decided, undecided=undecided(meeting), conflict=conflict)


def pass_mark_of(item: AgendaItem) -> Decimal:
    """The pass mark the file's shortlist was ranked by."""
    return Decimal((item.row.shortlist.snapshot or {})["pass_mark"])


def members_of(permission: Permission = Permission.VOTE) -> list[User]:
    """People whose post carries a power in the Committee today, by name."""
    roles = [role for role, powers in ROLE_PERMISSIONS.items() if permission in powers]
    posts = Posting.objects.live().filter(role__in=roles)
    return list(User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("full_name", "pk"))


def meetings_ahead(user: Any) -> QuerySet[Meeting]:
    """Meetings this person reads that are planned or in session, the next first."""
    return Meeting.objects.visible_to(user).exclude(state="released").order_by("held_at", "pk")


def days_until(meeting: Meeting) -> int:
    """Days from today to the meeting; negative when its day is over."""
    return (meeting.planned_on - today()).days


def may_read_letter(user: Any, paper: Paper) -> bool:
    """Who reads the letter about a file: who acts for its enterprise, officers within reach, the Committee's readers.

    Not who is recused from the file or stepped back from it, nor an officer who acts for its enterprise.
    """
    if not getattr(user, "is_authenticated", False):
        return False
    file = Application.objects.filter(reference=paper.subject.partition(":")[2]).first()
    if file is None:
        return False
    reads = Application.objects.visible_to(user).filter(pk=file.pk).exists()
    if not user.is_staff_member:
        return reads
    if file.pk in hidden_from(user) or stepped_back(user, file):
        return False
    return reads or user.has(Permission.SEE_COMMITTEE)
