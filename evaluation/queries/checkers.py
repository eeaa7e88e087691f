"""Who of an office could check a frozen packet, and what keeps the others from it."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Posting
from accounts.roles import ROLE_PERMISSIONS, Permission
from evaluation.models import Assessment, Shortlist


@dataclass(frozen=True)
class Checker:
    """Somebody whose post checks shortlists of the office; `barred` says why this one is not for them, empty: it is."""

    post: str
    barred: str


def checkers_of(packet: Shortlist) -> list[Checker]:
    """Everybody of the office whose post checks, those who may first. The same conditions as `rules.may_check`."""
    roles = [role for role, held in ROLE_PERMISSIONS.items() if Permission.CHECK in held]
    posts = Posting.objects.live().filter(office=packet.office_id, role__in=roles).select_related("office", "user")
    people = {post.user_id: post for post in posts.order_by("-additional_charge", "user__full_name", "pk")}
    named = Assessment.objects.filter(application__shortlist_rows__shortlist=packet, evaluator__in=people)
    counts = named.order_by().values("evaluator").annotate(files=Count("application", distinct=True))
    scored = dict(counts.values_list("evaluator", "files"))
    found = [Checker(post.label, _barred(packet, key, scored.get(key, 0))) for key, post in people.items()]
    return sorted(found, key=lambda one: bool(one.barred))


def _barred(packet: Shortlist, person: int, scored: int) -> str:
    if packet.frozen_by_id == person:
        return _("prepared it")
    if not scored:
        return ""
    return ngettext("scores %(count)s file in it", "scores %(count)s files in it", scored) % {"count": scored}
