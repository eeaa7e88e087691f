"""The page of a trail: what it is narrowed by, how many lines of each kind, the lines of one page or of all."""

from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet

from evaluation.trail.table import VERBS
from evaluation.trail.verbs import Kind
from records.models import AuditEvent

ON_A_PAGE = 50


@dataclass(frozen=True)
class Tab:
    """One kind of lines and how many there are; the first tab is all of them."""

    key: str
    label: str
    count: int


class Listing:
    """`found` narrowed by a kind out of the address. A kind the list does not know is left out, and said so."""

    def __init__(self, found: QuerySet[AuditEvent], asked: str) -> None:
        self._found = found
        self.kind = Kind(asked) if asked in Kind.values else None
        self.left_out = bool(asked) and self.kind is None

    @cached_property
    def counts(self) -> dict[Kind, int]:
        """How many lines of each kind there are, in one query."""
        made = dict.fromkeys(Kind, 0)
        for verb, count in self._found.order_by().values_list("verb").annotate(count=Count("pk")):
            made[VERBS[verb].kind] += count
        return made

    @property
    def tabs(self) -> list[tuple[Tab, bool]]:
        """The kinds that have lines, and the one asked for; whether each is the one that is open."""
        kinds = [kind for kind in Kind if self.counts[kind] or kind is self.kind]
        return [(Tab(kind.value, str(kind.label), self.counts[kind]), kind is self.kind) for kind in kinds]

    @property
    def count(self) -> int:
        """How many lines are in the list."""
        return self.counts[self.kind] if self.kind else self.in_all

    @property
    def in_all(self) -> int:
        """How many lines the reader finds on the file, whatever the list is narrowed by."""
        return sum(self.counts.values())

    @property
    def events(self) -> QuerySet[AuditEvent]:
        """The lines of the list, newest first."""
        if self.kind is None:
            return self._found
        return self._found.filter(verb__in=[row.name for row in VERBS.values() if row.kind is self.kind])

    def page(self, number: str | None, *, whole: bool = False) -> Page[AuditEvent]:
        """One page of it; `whole` to print: all of it on one."""
        paginator = Paginator(self.events, max(self.count, 1) if whole else ON_A_PAGE)
        paginator.count = self.count
        return paginator.get_page(number)
