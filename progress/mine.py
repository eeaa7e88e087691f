"""The applicant's home: every file with whose turn it is, every enterprise without one, and the one thing to do next."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import queries as applications
from applications.models import Application, AskedBy, Clarification, Enterprise, Round
from applications.queries import Clock, Stage
from applications.sections import BY_KEY, newest_versions
from applications.states import DEAD, OUTCOMES, DocumentState, State
from progress.queries import days_left
from records import audit
from records.formats import day
from records.models import Paper

SECTION_ROWS = ("activities", "plants", "owners", "financial_years", "employment_years", "growth_years")


@dataclass(frozen=True)
class Task:
    """Something the applicant can do: what and why, and the button."""

    sentence: str
    button: str
    url: str


@dataclass
class Card:
    """One file: whose turn, its clock, its way, what is missing."""

    file: Application
    clock: Clock
    way: list[Stage]
    task: Task | None = None
    note: str = ""  # a sentence where nothing can be done
    result: str = ""  # where the outcome is read, once it is released


@dataclass
class Home:
    """The whole page. `first` is the one task whose button is filled."""

    call: Round | None
    days_left: int
    cards: list[Card] = field(default_factory=list)
    idle: list[tuple[Enterprise, Task | None]] = field(default_factory=list)  # without a live file in the open round
    papers: list[Paper] = field(default_factory=list)

    @property
    def first(self) -> Task | None:
        tasks = [card.task for card in self.cards] + [task for _enterprise, task in self.idle]
        return next((task for task in tasks if task is not None), None)

    @property
    def offices(self) -> list[Application]:
        """One file for each office the enterprises have to do with."""
        return list({card.file.office_id: card.file for card in self.cards}.values())


def enterprises_of(user: Any) -> QuerySet[Enterprise]:
    """What the person may act for, with every file and what a card says of it."""
    files = (
        Application.objects.with_file()
        .select_related("profile", "growth", "bank", "declaration")
        .prefetch_related("transitions", "slots__kind", "slots__versions__file", *SECTION_ROWS, _open_questions())
        .order_by("-begun_at", "-pk")
    )
    found = Enterprise.objects.visible_to(user).select_related("district")
    return found.prefetch_related(Prefetch("applications", queryset=files))


def _open_questions() -> Prefetch:
    return Prefetch("clarifications", queryset=Clarification.objects.open(), to_attr="open_questions")


def home_of(enterprises: list[Enterprise]) -> Home:
    """The page for these enterprises; drafts and files that wait for the applicant first."""
    call = applications.open_round()
    home = Home(call, days_left(call) if call else 0)
    for enterprise in enterprises:
        files = list(enterprise.applications.all())
        home.cards += [card_of(file) for file in files]
        live = [file for file in files if call and file.round_id == call.pk and file.state not in DEAD]
        if not live:
            home.idle.append((enterprise, _begin(enterprise, call)))
    home.cards.sort(key=lambda card: card.task is None)
    keys = [audit.subject_key(card.file) for card in home.cards]
    released = Paper.objects.filter(subject__in=keys, audience="owner", released_at__isnull=False)
    home.papers = list(released.select_related("superseded_by")[:10])
    return home


def _begin(enterprise: Enterprise, call: Round | None) -> Task | None:
    if call is None:
        return None
    return Task(
        _("Round %(number)s is open and this enterprise has not applied.") % {"number": call.number},
        _("Begin the application"),
        f"{reverse('application_new')}?enterprise={enterprise.pk}",
    )


def card_of(file: Application) -> Card:
    """One file as the home shows it."""
    card = Card(file, applications.clock(file), applications.way(file))
    if file.state == State.DRAFT:
        if file.round.is_open:
            card.task = _finish(file)
        else:
            card.note = _("The round has closed; this application was not sent in time and can only be read.")
    elif file.current.clock == "paused":
        card.task = _answer(file)
    elif file.state in {State.SCRUTINY, State.APPRAISAL} and (rejected := _rejected(file)):
        sentence = ngettext(
            "Your turn: %(count)s document was rejected.", "Your turn: %(count)s documents were rejected.", rejected
        )
        url = reverse("application_documents", args=[file.reference])
        card.task = Task(sentence % {"count": rejected}, _("Send it again"), url)
    elif file.state in OUTCOMES:
        card.note = _("The State-Level Approval Committee has decided: %(state)s.") % {
            "state": file.current.applicant_label
        }
        card.result = reverse("application_result", args=[file.reference])
    elif file.current.turn in {"office", "committee"}:
        card.note = _("Nothing for you to do now. The file is with %(office)s.") % {"office": file.office.name}
    return card


def _finish(file: Application) -> Task:
    todo = applications.missing_to_submit(file)
    if not todo:
        url = reverse("application_submit", args=[file.reference])
        return Task(_("Everything is there. Check your answers and submit."), _("Check your answers"), url)
    sentence = ngettext(
        "Your turn: %(count)s thing is missing.", "Your turn: %(count)s things are missing.", len(todo)
    ) % {"count": len(todo)}
    button = _("Continue with: %(section)s") % {"section": BY_KEY[todo[0].section].title}
    return Task(sentence, button, f"{file.get_absolute_url()}{todo[0].section}/")


def _answer(file: Application) -> Task | None:
    """The question that waits; a file that is with the applicant has one."""
    for question in file.open_questions:  # type: ignore[attr-defined]
        due = {"day": day(question.due_on)}
        sentence = _("Your DIC needs details from you: answer by %(day)s.") % due
        if question.asked_for == AskedBy.COMMITTEE:
            sentence = _("The Committee needs details from you: answer by %(day)s.") % due
        return Task(sentence, _("Answer"), reverse("application_answer", args=[file.reference]))
    return None


def _rejected(file: Application) -> int:
    """How many documents have to be sent again."""
    return sum(version.state == DocumentState.REJECTED for version in newest_versions(file).values())
