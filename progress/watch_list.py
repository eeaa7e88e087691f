"""The files behind a figure of the watch: listed, ordered, taken away. Drafts are counted by district and never named."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, IntegerField, Q, Value, When
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from applications import queries as applications
from applications.models import Round
from applications.queries import Clock
from applications.states import State
from districts import calendar
from districts.models import District
from evaluation.queries import post_labels
from progress.holders import holder_labels
from progress.listing import Chip, Head
from progress.paging import OnePage
from progress.stages import FUNNEL, funnel_labels
from progress.watch_filters import SORTS, FilesForm
from progress.watching import unsorted, watched, with_holders
from records.clock import ist, today
from records.formats import day
from records.templatetags.formats import when

UNKNOWN_OUTCOME = (State.COMMITTEE, State.DECIDED)  # one word for both, and one place in every order
_STAGE = Case(
    *(When(stood__in=states, then=Value(place)) for place, (_key, states) in enumerate(FUNNEL)),
    output_field=IntegerField(),
)
ORDERS: dict[str, Any] = {
    "days": F("stood_since"),
    "enterprise": F("enterprise__name_en"),
    "district": F("office__district__order"),
    "state": _STAGE,
    "reference": F("reference"),
}


@dataclass(frozen=True)
class Row:
    """One file of the list: its state in words, whose act comes next, since when, and its clock."""

    file: Any
    state: str
    holder: str
    post: str
    days: int
    clock: Clock

    @property
    def turn(self) -> str:
        """The colour of its state; the same for every file before the Committee."""
        return str(self.file.current.turn)

    @property
    def since(self) -> str:
        """Since when it is in its state; the day as <time>."""
        return format_html(_("since %(day)s") % {"day": "{}"}, when(self.file.since))


class FileList:
    """The files an address asks for, as far as the person may read them."""

    def __init__(self, user: User, data: Mapping[str, str]) -> None:
        self.user = user
        self.places = list(District.objects.all())
        self.rounds = list(Round.objects.order_by("-number"))
        self.form = FilesForm(data, rounds=self.rounds, places=self.places)
        self.call, self.narrow = self.form.call, self.form.narrow
        read = watched if self.narrow.needs_more else unsorted
        self.matching = read(self.places, self.call, user).filter(self.narrow.condition)

    @property
    def sort(self) -> str:
        """One of SORTS."""
        return str(self.form.cleaned_data["sort"])

    @property
    def files(self) -> Any:
        """Those that are named, with all that is taken away of them, in the order asked."""
        found: Any = watched(self.places, self.call, self.user).filter(self.narrow.condition).visible_to(self.user)
        return found.select_related("enterprise", "round", "office__district").order_by(*self._order)

    @property
    def _order(self) -> list[Any]:
        """The columns to order by; what stands alike, the longest first."""
        by = ORDERS[self.sort.lstrip("-")]
        return [by.desc() if self.sort.startswith("-") else by.asc(), "stood_since", "pk"]

    def page(self, number: str | None, size: int) -> Page[Any]:
        """One page of the files, with what a row shows; rounds and districts are at hand already."""
        named = self.matching.visible_to(self.user).order_by(*self._order)
        rows = with_holders(unsorted(self.places, self.call, self.user)).select_related("enterprise", "office")
        files: Any = OnePage(named.values("pk"), rows.order_by(*self._order), self.named_count)
        page: Page[Any] = Paginator(files, size).get_page(number)
        rounds = {call.pk: call for call in self.rounds}
        places = {place.pk: place for place in self.places}
        for file in page:
            file.round = rounds.get(file.round_id) or file.round
            file.office.district = places[file.office.district_id]
        return page

    @cached_property
    def unnamed(self) -> list[tuple[District, int]]:
        """Files that were not handed in, or were taken back, by district: counted, never named."""
        found = {place: number for place, number, _sent in self._counts if number}
        return [(place, found[place.pk]) for place in self.places if place.pk in found]

    @cached_property
    def _counts(self) -> list[tuple[int, int, int]]:
        """District, files that are not named, files handed in; one question."""
        kept, sent = Q(submitted_at__isnull=True), Q(submitted_at__isnull=False)
        counted = self.matching.values("office__district").annotate(
            kept=Count("pk", filter=kept), sent=Count("pk", filter=sent)
        )
        return list(counted.values_list("office__district", "kept", "sent"))

    @property
    def named_count(self) -> int:
        """All that are named: every file handed in, for whoever reads the files of the State."""
        if self.user.has(Permission.SEE_FILE) and self.user.districts_where(Permission.SEE_FILE) is None:
            return sum(sent for _place, _kept, sent in self._counts)
        return int(self.matching.visible_to(self.user).count())

    @property
    def unnamed_count(self) -> int:
        """All of those."""
        return sum(number for _place, number in self.unnamed)

    # ---- Addresses --------------------------------------------------------------------------------------------
    def query(self, **changes: str) -> str:
        """The query of this list, with something changed; what is empty is left out."""
        asked = {"round": self.form.cleaned_data["round"], **self.narrow.asked}
        if self.sort != "days":
            asked["sort"] = self.sort
        return urlencode({name: value for name, value in (asked | changes).items() if value})

    @property
    def chips(self) -> list[Chip]:
        """What the list is narrowed by, and the address without each."""
        return [
            Chip(str(self.form.fields[name].label), words, self.query(**{name: ""}))
            for name, words in self.form.words.items()
        ]

    @property
    def heads(self) -> dict[str, Head]:
        """The heads of the columns that order the list; a second press turns the order round."""
        found = {}
        for key in ORDERS:
            aria = {key: "ascending", f"-{key}": "descending"}.get(self.sort, "")
            turned = f"-{key}" if aria == "ascending" else key
            found[key] = Head(key, self.query(sort="" if turned == "days" else turned), aria)
        return found

    @property
    def order_words(self) -> str:
        """How the list is ordered."""
        return str(SORTS[self.sort])


def rows_of(files: Sequence[Any]) -> list[Row]:
    """The rows of some files read through `FileList.files`; one question for all of them."""
    posts, holders, stages = post_labels(file.officer_id for file in files), holder_labels(), funnel_labels()
    found = []
    for file in files:
        words = stages["committee"] if file.state in UNKNOWN_OUTCOME else str(file.current.label)
        post = posts.get(file.officer_id, "") if file.holder == "officer" else ""
        days = calendar.working_days_between(ist(file.since).date(), today(), file.office.district)
        clock = applications.clock(file)
        found.append(Row(file, words, holders.get(file.holder, ""), post, days, clock))
    return found


def header() -> list[str]:
    """The heads of the table to take away."""
    return [
        _("Application number"),
        _("Enterprise"),
        _("Name in Malayalam"),
        _("District"),
        _("Round"),
        _("State"),
        _("With whom"),
        _("Post"),
        _("Since"),
        _("Working days in its state"),
        _("Working days used"),
        _("Working days allowed"),
        _("Past its day"),
    ]


def lines(listing: FileList) -> Iterator[list[str | int]]:
    """Exactly the files of the list, in its order."""
    for row in rows_of(list(listing.files)):
        file = row.file
        counted = [row.clock.day, row.clock.limit] if row.clock.limit else ["", ""]
        yield [
            file.reference,
            file.enterprise.name_en,
            file.enterprise.name_ml,
            file.office.district.name,
            file.round.number,
            row.state,
            row.holder,
            row.post,
            day(file.since),
            row.days,
            *counted,
            _("Yes") if file.late else _("No"),
        ]
