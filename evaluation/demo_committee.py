"""What the Committee of the demonstration does, by the real acts: a meeting with its agenda, recusals, votes and decisions."""

from collections.abc import Iterable
from datetime import datetime
from random import Random

from accounts.models import User
from accounts.roles import Permission
from applications import demo_answers as answers
from applications.clarifications import default_due
from applications.models import AskedBy, DocumentKind, Round
from applications.states import State
from districts.models import Office
from evaluation import demo_words
from evaluation.actions import agenda, decisions, meetings
from evaluation.actions.letters import write_letter
from evaluation.actions.releases import prepare_release
from evaluation.actions.releases import release as release_meeting
from evaluation.models import AgendaItem, Meeting, ShortlistRow
from evaluation.queries.committee import members_of
from evaluation.states import MeetingState, ShortlistState
from records import jobs
from records.acts import system
from records.models import Job, JobState

PLACE = "Directorate of Industries and Commerce, Thiruvananthapuram"
REMARKED = 0.2  # how many votes have a remark
LISTED = {State.SHORTLISTED, State.NOT_SHORTLISTED}


def convenor() -> User:
    """Who convenes, writes down and releases."""
    return members_of(Permission.CONVENE)[0]


def meeting_of(call: Round, serial: int = 1) -> Meeting | None:
    """A meeting of a round, by the order in which they were called."""
    return Meeting.objects.filter(round=call, serial=serial).first()


def items_of(meeting: Meeting, office: Office, *states: str) -> list[AgendaItem]:
    """What stands on the agenda of the files of an office, in its order."""
    found = meeting.items.live().filter(application__office=office).select_related("application", "row", "meeting")
    return list((found.filter(application__state__in=states) if states else found).order_by("position"))


def call(of: Round, held_at: datetime) -> Meeting:
    """The convenor plans a meeting."""
    return meetings.call_meeting(of, held_at, PLACE, by=convenor())


def fill(meeting: Meeting, office: Office) -> None:
    """Every file of the approved shortlists of an office goes on the agenda, in the order of the ranks."""
    rows = ShortlistRow.objects.filter(
        shortlist__office=office,
        shortlist__round=meeting.round,
        shortlist__state=ShortlistState.APPROVED,
        returned_at=None,
        application__state__in=LISTED,
    )
    for row in rows.select_related("application").order_by("shortlist__serial", "position"):
        meetings.put_on_agenda(meeting, row.application, by=convenor())


def open_session(meeting: Meeting) -> None:
    """All members are present."""
    if meeting.state == MeetingState.PLANNED:
        meetings.open_session(meeting, members_of(), chair=members_of()[-1], by=convenor())


def recuse(meeting: Meeting, office: Office) -> None:
    """A member has a conflict of interest with the second file."""
    items = items_of(meeting, office, State.COMMITTEE)
    if len(items) > 1 and not any(item.application.committee_recusals.exists() for item in items):
        member = members_of()[0]
        decisions.recuse(items[1], member, demo_words.RECUSED, by=member)


def vote(meeting: Meeting, office: Office, rng: Random) -> None:
    """Each member present says what they hold of each file: what will be decided."""
    for item in items_of(meeting, office, State.COMMITTEE):
        if item.votes.exists():
            continue
        recused = set(item.application.committee_recusals.values_list("member", flat=True))
        outcome = _decision_of(item)[0]
        for member in members_of():
            if member.pk not in recused:
                remark = rng.choice(demo_words.REMARKS[outcome]) if rng.random() < REMARKED else ""
                decisions.vote(item, outcome, remark, by=member)


def seek(meeting: Meeting, office: Office) -> None:
    """The Committee asks the applicant of its last listed file: the buyers named, and a paper."""
    if meeting.items.filter(application__clarifications__asked_for=AskedBy.COMMITTEE).exists():
        return
    listed = [item for item in items_of(meeting, office, State.COMMITTEE) if not item.annexure]
    if listed:
        topic = answers.BUYERS
        agenda.seek_details(
            listed[-1],
            topic.question,
            fields=list(topic.fields),
            kinds=list(DocumentKind.objects.filter(key__in=topic.kinds)),
            due_on=default_due(listed[-1].application),
            by=convenor(),
        )


def answer(meeting: Meeting, office: Office) -> None:
    """The applicants answer what the Committee asked."""
    for item in items_of(meeting, office, State.COMMITTEE_DETAILS):
        answers.answer(item.application, by=item.application.filed_by)


def decide(meeting: Meeting, office: Office, *, most: int | None = None) -> None:
    """The convenor writes down what was decided: as the ranks propose, but for those named in `demo_words`."""
    for item in items_of(meeting, office, State.COMMITTEE)[:most]:
        outcome, code, reason = _decision_of(item)
        decisions.decide(item, outcome, code, reason, by=convenor())


def _decision_of(item: AgendaItem) -> tuple[str, str, str]:
    """Outcome, code and printed reason: out of rank where the words say so for the first of that kind in a district."""
    word = item.row.recommendation
    outcome, code = item.row.proposal
    said = demo_words.BESIDE_THE_RANK.get((item.meeting.serial, item.application.district.code, word))
    same = item.meeting.items.filter(application__district=item.application.district_id, row__recommendation=word)
    if said is None or item.meeting.round.is_open or same.order_by("-position").first() != item:
        return str(outcome), str(code), ""
    return said


def release(meeting: Meeting, shown: Iterable[str]) -> None:
    """The decisions become known and the letters are written; those of the districts `shown` are made at once."""
    if meeting.state != MeetingState.SESSION:
        return
    prepare_release(meeting, by=convenor())
    release_meeting(meeting, by=members_of(Permission.RELEASE)[1])
    rows = meeting.release.decisions.select_related("application__district").order_by("application__reference")
    for decision in rows:
        write_letter(decision, by=system("letters"), render=decision.application.district.code in shown)
    queued = Job.objects.filter(name="evaluation.letters", state=JobState.QUEUED)
    for key in list(queued.values_list("pk", flat=True)):
        jobs.run(key)
