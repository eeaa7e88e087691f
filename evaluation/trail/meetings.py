"""The trail of a meeting: what was done in it, for the Committee, its convenor, the Directorate and the auditor.

Of a file that is hidden from the reader no line is found.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.signatures import Signatures
from evaluation.models import Meeting
from evaluation.rules.quorum import departures_said
from evaluation.states import Outcome
from evaluation.trail.lines import Line
from evaluation.trail.verbs import Sentences, say
from records.formats import day
from records.models import AuditEvent

# By verb the sentence, with the facts of the line; the last one needs none.
MEETING: dict[str, Sentences] = {
    "meeting.call": (gettext_lazy("Meeting called"),),
    "meeting.change": (gettext_lazy("Day, hour or place changed"),),
    "meeting.add": (gettext_lazy("%(reference)s put on the agenda"), gettext_lazy("File put on the agenda")),
    "meeting.open": (
        gettext_lazy("Meeting opened and held on %(held_on)s, members present: %(present)s"),
        gettext_lazy("Meeting opened, members present: %(present)s"),
        gettext_lazy("Meeting opened"),
    ),
    "meeting.arrive": (gettext_lazy("%(member)s came"), gettext_lazy("A member came")),
    "meeting.leave": (gettext_lazy("%(member)s left"), gettext_lazy("A member left")),
    "meeting.recuse": (gettext_lazy("%(member)s recused from %(reference)s"), gettext_lazy("Somebody recused")),
    "meeting.vote": (gettext_lazy("Vote about %(reference)s: %(outcome)s"), gettext_lazy("Vote")),
    "meeting.decide": (
        gettext_lazy("%(reference)s decided: %(outcome)s. %(departures)s"),
        gettext_lazy("%(reference)s decided: %(outcome)s"),
        gettext_lazy("File decided"),
    ),
    "meeting.reopen": (
        gettext_lazy("Decision about %(reference)s reopened; it was: %(outcome)s"),
        gettext_lazy("Decision reopened"),
    ),
    "meeting.put_off": (
        gettext_lazy("%(reference)s put off from %(from)s to %(to)s"),
        gettext_lazy("File put off to another meeting"),
    ),
    "meeting.send_back": (
        gettext_lazy("%(reference)s returned to the appraisal"),
        gettext_lazy("File returned to the appraisal"),
    ),
    "meeting.seek_details": (
        gettext_lazy("Question %(number)s about %(reference)s sent to the applicant"),
        gettext_lazy("Question sent to the applicant"),
    ),
    "meeting.end_details": (
        gettext_lazy("Question about %(reference)s taken back"),
        gettext_lazy("Question taken back"),
    ),
    "paper.issue": (gettext_lazy("Agenda issued as paper %(number)s"), gettext_lazy("Agenda issued as a paper")),
    "paper.supersede": (gettext_lazy("Paper %(old)s replaced by %(new)s"), gettext_lazy("Paper replaced")),
    "meeting.prepare_release": (
        gettext_lazy("Release prepared: %(decisions)s decisions"),
        gettext_lazy("Release prepared"),
    ),
    "meeting.release": (gettext_lazy("Decisions released: %(decisions)s"), gettext_lazy("Decisions released")),
}


def events_of(meeting: Meeting, hidden: Collection[str]) -> QuerySet[AuditEvent]:
    """The lines of a meeting, newest first, without those about the files `hidden` (references)."""
    found = AuditEvent.objects.filter(subject=meeting.trail_key, verb__in=MEETING)
    if hidden:  # a line about no file stays: its reference is no value, which is neither in the list nor not in it
        found = found.filter(Q(data__reference__isnull=True) | ~Q(data__reference__in=list(hidden)))
    return found.order_by("-sequence")


def meeting_lines(events: Iterable[AuditEvent]) -> list[Line]:
    """Lines as the Committee reads them, in the reader's language."""
    told, signatures, portal = list(events), Signatures(), _("The portal")
    members = {event.data["member"] for event in told if "member" in event.data}
    names = {user.pk: user.full_name for user in User.objects.filter(pk__in=members)} if members else {}
    return [
        Line(
            event.at,
            say(MEETING[event.verb], _facts(event.data, names)),
            event.note,
            portal if event.actor.startswith("system:") else signatures.person(event.actor_label),
        )
        for event in told
    ]


def _facts(data: dict[str, Any], names: dict[int, str]) -> dict[str, str]:
    """What a sentence is filled with: outcomes in words, members by name."""
    facts = {name: str(value) for name, value in data.items()}
    if data.get("outcome") in Outcome.values:
        facts["outcome"] = str(Outcome(data["outcome"]).label)
    if said := departures_said(quorate=data.get("quorate", True), against_votes=data.get("against_votes", False)):
        facts["departures"] = said
    if "held_on" in facts:
        facts["held_on"] = day(date.fromisoformat(facts["held_on"]))
    if data.get("member") in names:
        facts["member"] = names[data["member"]]
    else:
        facts.pop("member", None)
    return facts
