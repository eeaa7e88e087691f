"""To whom files can be given."""

from dataclasses import dataclass

from accounts.models import Posting, User
from accounts.roles import ROLE_PERMISSIONS, Permission

TAKERS = [role for role, permissions in ROLE_PERMISSIONS.items() if Permission.TAKE_UP in permissions]


@dataclass(frozen=True)
class Taker:
    """Somebody who can hold files, with their post."""

    user: User
    post: str


def takers(user: User) -> list[Taker]:
    """Everybody who takes up files in the offices whose files this person gives out, by name."""
    offices = [post.office_id for post in user.postings_now() if Permission.ASSIGN in ROLE_PERMISSIONS[post.role]]
    if not offices:
        return []
    postings = Posting.objects.live().filter(role__in=TAKERS, office__in=offices).select_related("user", "office")
    found = {post.user_id: Taker(post.user, post.label) for post in postings.order_by("user__full_name", "pk")}
    return list(found.values())
