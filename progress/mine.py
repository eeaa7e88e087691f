"""The applicant's home: every file with whose turn it is, every enterprise without one, and the one thing to do next."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from applications import queries as applications
from applications.models import Application, Clarification, Enterprise, Round
from applications.queries import Clock, Stage
from applications.states import DEAD, OUTCOMES, State
from applications.to_do import Task, tasks_of
from progress.queries import days_left
from records import audit
from records.models import Paper

SECTION_ROWS = ("activities", "plants", "owners", "financial_years", "employment_years", "growth_years")


@dataclass
class Card:
    """One file: whose turn, its clock, its way, what is missing."""

    file: Application
    clock: Clock
    way: list[Stage]
    tasks: list[Task]
    note: str = ""  # a sentence where nothing can be done
    result: str = ""  # where the outcome is read, once it is released

    @property
    def task(self) -> Task | None:
        """What comes first."""
        return self.tasks[0] if self.tasks else None


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
        "begin",
        lambda: _("Round %(number)s is open and this enterprise has not applied.") % {"number": call.number},
        lambda: _("Begin the application"),
        f"{reverse('application_new')}?enterprise={enterprise.pk}",
    )


def card_of(file: Application) -> Card:
    """One file as the home shows it."""
    card = Card(file, applications.clock(file), applications.way(file), tasks_of(file))
    if card.tasks:
        return card
    if file.state == State.DRAFT:
        card.note = _("The round has closed; this application was not sent in time and can only be read.")
    elif file.state in OUTCOMES:
        card.note = _("The State-Level Approval Committee has decided: %(state)s.") % {
            "state": file.current.applicant_label
        }
        card.result = reverse("application_result", args=[file.reference])
    elif file.current.turn in {"office", "committee"}:
        card.note = _("Nothing for you to do now. The file is with %(office)s.") % {"office": file.office.name}
    return card
