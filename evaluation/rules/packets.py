"""Choices beside the ranks, a file taken out of a packet, a packet in place of another: who may, and when not.

Making, freezing, checking and approving are in `evaluation.rules`. Asked with what is needed in hand, like the rules there.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Permission
from applications.rules import OWN_CASE, is_member, may
from applications.states import State
from applications.steps import always
from evaluation.models import Shortlist
from evaluation.rules import SUPERSEDED
from evaluation.states import Recommendation, ShortlistState
from evaluation.steps import STEPS
from records.verdicts import ALLOWED, Verdict, refuse

ON_THE_LIST = frozenset({Recommendation.RECOMMENDED, Recommendation.RESERVE})
OPEN_FROZEN = frozenset({ShortlistState.FROZEN, ShortlistState.CHECKED})


def may_choose(user: Any, packet: Shortlist) -> Verdict:
    """Whether somebody may choose beside the ranks of a packet at all: a manager of the office, while it is a draft."""
    if not user.has(Permission.FREEZE, packet.office):
        return refuse(_("Only a manager of %(office)s chooses beside the ranks.") % {"office": packet.office.name})
    if packet.state == ShortlistState.SUPERSEDED:
        return refuse(SUPERSEDED)
    if packet.state != ShortlistState.DRAFT:
        return refuse(_("This shortlist is frozen: what was chosen stands."))
    return ALLOWED


def may_pick(
    user: Any,
    packet: Shortlist,
    row: Mapping[str, Any] | None,
    recommendation: str,
    *,
    chosen: Collection[str],
    own: bool,
    room: int,
) -> Verdict:
    """Take a file out of its rank, or pass one over: a manager of the office, in a draft, with a reason.

    `row` is the file's row in the ranking as it stands (None: the file is not in it), `chosen` the references chosen for
    already, `own` whether the person acts for the enterprise, `room` how many more the target takes out of their rank.
    """
    verdict = may_choose(user, packet)
    if not verdict:
        return verdict
    if row is None:
        return refuse(_("This file is not in this shortlist."))
    if own:
        return refuse(OWN_CASE)
    if row["reference"] in chosen:
        return refuse(_("Something was chosen for this file already: undo it first."))
    return _may_take(row, room) if recommendation == Recommendation.RECOMMENDED else _may_pass_over(row)


def _may_take(row: Mapping[str, Any], room: int) -> Verdict:
    if row["recommendation"] == Recommendation.BELOW:
        return refuse(_("This file is below the pass mark: it cannot be recommended."))
    if row["recommendation"] == Recommendation.RECOMMENDED:
        return refuse(_("This file is recommended by its rank already."))
    if room <= 0:
        return refuse(
            _("The target is full: every place of it went to a file out of its rank, or to an earlier shortlist.")
        )
    return ALLOWED


def _may_pass_over(row: Mapping[str, Any]) -> Verdict:
    if row["recommendation"] in ON_THE_LIST:
        return ALLOWED
    return refuse(_("The rank of this file puts it on no list: there is nothing to pass over."))


def may_undo(user: Any, packet: Shortlist, *, chosen: bool, own: bool) -> Verdict:
    """Undo a choice: a manager of the office, in a draft."""
    verdict = may_choose(user, packet)
    if not verdict:
        return verdict
    if own:
        return refuse(OWN_CASE)
    return ALLOWED if chosen else refuse(_("Nothing was chosen for this file."))


def may_replace(user: Any, packet: Shortlist) -> Verdict:
    """Make another packet in place of one: a manager of the office, with a reason, after the freeze and before the approval."""
    if not user.has(Permission.FREEZE, packet.office):
        return refuse(
            _("Only a manager of %(office)s makes a shortlist in place of this one.") % {"office": packet.office.name}
        )
    match packet.state:
        case ShortlistState.SUPERSEDED:
            return refuse(SUPERSEDED)
        case ShortlistState.DRAFT:
            return refuse(_("A draft follows its files by itself: nothing has to take its place."))
        case ShortlistState.APPROVED:
            return refuse(_("This shortlist is approved. A single file can still be returned to the appraisal."))
        case _:
            return ALLOWED


def may_return(user: Any, file: Any) -> Verdict:
    """Return one file to the appraisal: the General Manager of its office, once it is appraised and before it is decided."""
    return may(user, replace(STEPS["return"], guard=always), file)


def may_close_again(user: Any, file: Any, settled: Verdict, *, closing: bool) -> Verdict:
    """Close the appraisal again where nothing was unlocked: a manager or the GM, once the locked evaluations settle it."""
    if not user.has(Permission.ASSIGN, file.office):
        return refuse(
            _("Only a manager or the General Manager of %(office)s closes an appraisal again.")
            % {"office": file.office.name}
        )
    if file.state != State.APPRAISAL:
        return refuse(_("This file is not in the appraisal."))
    if is_member(user, file):
        return refuse(OWN_CASE)
    if not settled:
        return settled
    return refuse(_("The appraisal is being closed.")) if closing else ALLOWED
