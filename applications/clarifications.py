"""Questions to the applicant, read: which is open, what it names, by when it is to be answered, when to remind."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from applications.models import Application, Clarification, ClarificationItem
from applications.steps import REMINDERS
from districts import calendar
from records.clock import ist, today
from records.formats import day
from records.verdicts import ALLOWED, Verdict, refuse

MOST_DAYS = 60  # a file is not left with an applicant for longer than a question can ask; to be confirmed


def open_question(file: Application) -> Clarification | None:
    """The question that waits for an answer, with what it names; a file that is not with the applicant has none."""
    if file.current.clock != "paused":
        return None
    found = Clarification.objects.open().filter(application=file).prefetch_related("items__kind")
    return found.select_related("asked_by").first()


def documents_named(file: Application) -> dict[int, ClarificationItem]:
    """What the open question asks for, by key of the kind of document."""
    question = open_question(file)
    return {item.kind_id: item for item in question.items.all() if item.kind_id} if question else {}


def sections_opened(question: Clarification) -> set[str]:
    """Keys of the sections in which a question opens something."""
    return {item.field.partition(".")[0] for item in question.items.all() if item.field}


def default_due(file: Application) -> date:
    """The first working day when the days the round gives for an answer are over."""
    due = today() + timedelta(days=max(file.round.answer_days, 1))
    while not calendar.is_working_day(due, file.office.district):
        due += timedelta(days=1)
    return due


def due_verdict(file: Application, due: date) -> Verdict:
    """Whether a question may be due on a day: a working day of the office, later than today, within 60 days."""
    if due <= today():
        return refuse(_("Choose a day after today."))
    if due > today() + timedelta(days=MOST_DAYS):
        return refuse(_("Choose a day within %(days)s days.") % {"days": MOST_DAYS})
    if not calendar.is_working_day(due, file.office.district):
        return refuse(_("%(office)s is closed on %(day)s.") % {"office": file.office.name, "day": day(due)})
    return ALLOWED


def remind_on(question: Clarification) -> date:
    """The day of the next reminder: the first after half of the time, the second on the day before the last."""
    asked = ist(question.asked_at).date()
    half = asked + timedelta(days=((question.due_on - asked).days + 1) // 2)
    return half if question.reminders == 0 else max(half, question.due_on - timedelta(days=1))


def reminder_due(question: Clarification) -> bool:
    """Whether a reminder is to be sent today: two in all, one a day at most."""
    if not question.is_open or question.reminders >= REMINDERS or today() < remind_on(question):
        return False
    return question.reminded_at is None or ist(question.reminded_at).date() < today()
