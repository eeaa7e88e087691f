"""What an applicant has to do for a file: the one list that their home, the file's page, notices after an act and mails show."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import queries, rules
from applications.models import Application, AskedBy, Clarification
from applications.sections import BY_KEY, newest_versions
from applications.states import DocumentState, State
from records.formats import day


@dataclass(frozen=True)
class Task:
    """Something the applicant can do, and the button. Its words are made when they are read, in the reader's language."""

    kind: str  # begin, finish, answer, documents
    say: Callable[[], str]
    press: Callable[[], str]
    url: str

    @property
    def sentence(self) -> str:
        """What is to be done and why."""
        return self.say()

    @property
    def button(self) -> str:
        return self.press()


def tasks_of(file: Application) -> list[Task]:
    """What only the applicant can do now, the most urgent first; nothing where the file is with somebody else.

    A list of files reads transitions, slots, versions and open questions before; then this asks no query a file.
    """
    if file.state == State.DRAFT:
        return [_finish(file)] if file.round.is_open else []
    found = [_answer(file, question) for question in _open_questions(file)]
    return found + _documents(file)


def _finish(file: Application) -> Task:
    todo = queries.missing_to_submit(file)
    if not todo:
        url = reverse("application_submit", args=[file.reference])
        return Task(
            "finish",
            lambda: _("Everything is there. Check your answers and submit."),
            lambda: _("Check your answers"),
            url,
        )
    section = BY_KEY[todo[0].section]
    return Task(
        "finish",
        lambda: (
            ngettext("Your turn: %(count)s thing is missing.", "Your turn: %(count)s things are missing.", len(todo))
            % {"count": len(todo)}
        ),
        lambda: _("Continue with: %(section)s") % {"section": section.title},
        f"{file.get_absolute_url()}{section.key}/",
    )


def _open_questions(file: Application) -> list[Clarification]:
    """The question that waits; a file that is with the applicant has one."""
    if file.current.clock != "paused":
        return []
    read = getattr(file, "open_questions", None)
    return list(Clarification.objects.open().filter(application=file)[:1]) if read is None else list(read)


def _answer(file: Application, question: Clarification) -> Task:
    def say() -> str:
        due = {"day": day(question.due_on)}
        if question.asked_for == AskedBy.COMMITTEE:
            return _("The Committee needs details from you: answer by %(day)s.") % due
        return _("Your DIC needs details from you: answer by %(day)s.") % due

    return Task("answer", say, lambda: _("Answer"), reverse("application_answer", args=[file.reference]))


def _documents(file: Application) -> list[Task]:
    """Documents to be sent again: the rejected ones, and those in which a virus was found."""
    again = [version for version in newest_versions(file).values() if rules.is_to_be_sent_again(file, version)]
    infected = sum(version.state == DocumentState.INFECTED for version in again)
    rejected = len(again) - infected
    url = reverse("application_documents", args=[file.reference])
    found = []
    if rejected:
        found.append(Task("documents", lambda: _rejected(rejected), lambda: _("Send it again"), url))
    if infected:
        found.append(Task("documents", lambda: _infected(infected), lambda: _("Send it again"), url))
    return found


def _rejected(count: int) -> str:
    words = ngettext(
        "Your turn: %(count)s document was rejected.", "Your turn: %(count)s documents were rejected.", count
    )
    return words % {"count": count}


def _infected(count: int) -> str:
    words = ngettext(
        "Your turn: a virus was found in %(count)s document.",
        "Your turn: a virus was found in %(count)s documents.",
        count,
    )
    return words % {"count": count}
