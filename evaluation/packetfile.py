"""A packet as its page shows it: rows from the frozen snapshot, or from the ranking as it stands before the freeze."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from applications.models import Application
from applications.states import State
from evaluation import ranking, rules, stale
from evaluation.models import Pick, Shortlist, ShortlistRow
from evaluation.queries import scored_by
from evaluation.queries.checkers import checkers_of
from evaluation.queries.committee import recused_from
from evaluation.queries.conflicts import conflicts_in, hidden_in, recused_in
from evaluation.queries.picks import choices_of
from evaluation.rules.packets import may_replace
from evaluation.states import Recommendation, ShortlistState
from records import jobs
from records.formats import day
from records.verdicts import Verdict

ON_A_PAGE = 50  # rows
SIGNED = {
    ShortlistState.FROZEN: frozenset({State.APPRAISED}),
    ShortlistState.CHECKED: frozenset({State.APPRAISED}),
    ShortlistState.APPROVED: frozenset({State.SHORTLISTED, State.NOT_SHORTLISTED, State.COMMITTEE}),
}  # in which states a file can be returned from a packet


def list_rows(packets: QuerySet[Shortlist], user: User) -> list[Shortlist]:
    """Packets for the list, each with `files`, `recommended`, `reserve` and `returned`, the numbers of its rows.

    A file from which the reader is recused is not counted: a number less would say what was recommended of it.
    """
    recused = Q(rows__application__in=recused_from(user)) if user.has(Permission.SEE_COMMITTEE) else Q()

    def rows(**asked: Any) -> Count:
        return Count("rows", filter=~recused & Q(**asked) if recused else Q(**asked))

    return list(
        packets.annotate(
            files=rows(),
            recommended=rows(rows__recommendation=Recommendation.RECOMMENDED, rows__returned_at=None),
            reserve=rows(rows__recommendation=Recommendation.RESERVE, rows__returned_at=None),
            returned=rows(rows__returned_at__isnull=False),
        ).order_by("-made_at", "-pk")  # counting drops the order of the model
    )


@dataclass(frozen=True)
class Step:
    """One of the three steps: who did it and when, or whether this reader may do it now, and why not."""

    name: str
    button: str
    address: str
    by: str
    at: Any
    verdict: Verdict
    is_next: bool


def steps_of(packet: Shortlist, user: User, ready: int, changed: list[str]) -> list[Step]:
    """Freeze, check, approve, in order. `changed`: references of the rows that stop it."""
    scored = scored_by(user, packet) if packet.state != ShortlistState.DRAFT else 0  # a draft has no rows yet
    told = (
        (_("Frozen"), _("Freeze the shortlist"), "freeze", rules.may_freeze(user, packet, ready=ready)),
        (_("Checked"), _("I have checked it"), "check", rules.may_check(user, packet, scored=scored, changed=changed)),
        (_("Approved"), _("Approve the shortlist"), "approve", rules.may_approve(user, packet, changed=changed)),
    )
    order = (ShortlistState.DRAFT, ShortlistState.FROZEN, ShortlistState.CHECKED)
    done = ("frozen", "checked", "approved")
    return [
        Step(
            name=name,
            button=button,
            address=f"shortlist_{verb}",
            by=packet.post(step),
            at=getattr(packet, f"{step}_at"),
            verdict=verdict,
            is_next=packet.state == before,
        )
        for (name, button, verb, verdict), before, step in zip(told, order, done, strict=True)
    ]


def snapshot_for(packet: Shortlist) -> dict[str, Any]:
    """What was frozen, or what a freeze would write now."""
    return packet.snapshot if packet.snapshot is not None else ranking.snapshot_of(packet)


# What a reader finds in the row of a file whose marks are not for them.
WITHHELD: dict[str, Any] = {"total": "", "evaluations": [], "moderation": None, "withheld": True}


@dataclass(frozen=True)
class Since:
    """What happened to the files of a packet since its freeze, by reference."""

    kept: Mapping[str, ShortlistRow]
    changes: Mapping[str, stale.Change]
    gone: frozenset[str]  # given up before the approval

    @property
    def out(self) -> frozenset[str]:
        """Those the packet goes on without."""
        return self.gone | {reference for reference, row in self.kept.items() if row.returned_at}


OF_FILE = tuple(f"application__{name}" for name in ("reference", "state", "since"))  # what is asked of each of hundreds


def _since(packet: Shortlist) -> Since:
    if packet.state == ShortlistState.DRAFT:
        return Since({}, {}, frozenset())
    rows = packet.rows.select_related("application").only("shortlist", "returned_at", "returned_reason", *OF_FILE)
    kept = {row.application.reference: row for row in rows}
    changes = stale.changes_of(packet, list(kept.values()))
    gone = [reference for reference, change in changes.items() if change.gone]
    if packet.state == ShortlistState.APPROVED and packet.paper:
        gone = packet.paper.snapshot["gone"]
    return Since(kept, changes, frozenset(gone))


@dataclass(frozen=True)
class Cut:
    """A line in a ranking: its words, the rank of the row under it, and where that is."""

    words: str
    rank: int
    address: str


class Listing:
    """The rows of a packet as one page lists them, or all of them to be `printed`, and where the others are.

    Addresses begin at the packet's own: a page that refuses an act stands at that of the act.
    """

    def __init__(self, packet: Shortlist, snapshot: Mapping[str, Any], asked: str | None, *, printed: bool) -> None:
        self._rows, self._address = snapshot["rows"], packet.get_absolute_url()
        self.printed, self.in_pages = printed, len(self._rows) > ON_A_PAGE
        self.page = Paginator(self._rows, max(len(self._rows), 1) if printed else ON_A_PAGE).get_page(asked)
        self._places = {row["reference"]: place for place, row in enumerate(self._rows)}
        self._words = ranking.lines_of(snapshot)

    @property
    def here(self) -> str:
        """What the address of an act is followed by, so that it comes back to this page; empty on the first."""
        return f"?page={self.page.number}" if self.page.number > 1 else ""

    @property
    def before(self) -> str:
        return f"{self._address}?page={self.page.number - 1}" if self.page.has_previous() else ""

    @property
    def after(self) -> str:
        return f"{self._address}?page={self.page.number + 1}" if self.page.has_next() else ""

    @property
    def lines(self) -> list[str]:
        """The words on the line above each row of the page."""
        return self._words[max(self.page.start_index() - 1, 0) : self.page.end_index()]

    @property
    def cuts(self) -> list[Cut]:
        """Every line of the whole ranking."""
        rows = zip(self._words, self._rows, strict=True)
        return [Cut(words, row["rank"], self.at(row["reference"])) for words, row in rows if words]

    def number_of(self, reference: str) -> int:
        """The page a row is on."""
        return 1 + int(self._places[reference]) // ON_A_PAGE

    def at(self, reference: str) -> str:
        """The address of a row."""
        asked = "print=1" if self.printed else f"page={self.number_of(reference)}"
        return f"{self._address}?{asked}#{reference}"


def back_to(packet: Shortlist, file: Application, page: str) -> str:
    """The address of the packet after a choice: at the row of the file where it was chosen for on a later page."""
    here = packet.get_absolute_url()
    return f"{here}?page={int(page)}#{file.reference}" if page.isdecimal() and len(page) < 5 else here


def stands_at(packet: Shortlist, file: Application, user: User, page: str) -> str:
    """The same once something was chosen: the row may have gone to another list, and so to another page."""
    if "#" not in back_to(packet, file, page):
        return packet.get_absolute_url()
    outline, recused = ranking.outline_of(packet), recused_in(user, packet)
    rows = [row for row in outline["rows"] if row["reference"] not in recused]
    return Listing(packet, {**outline, "rows": rows}, None, printed=False).at(file.reference)


def of(packet: Shortlist, user: User, page: str | None = None, *, printed: bool = False) -> dict[str, Any]:
    """Everything the page shows: `page` of the rows, or all of them to be `printed`."""
    picks = ranking.picks_of(packet) if packet.state == ShortlistState.DRAFT else {}
    frozen = ranking.outline_of(packet, picks=picks) if packet.snapshot is None else packet.snapshot
    since, conflicts, recused = _since(packet), conflicts_in(user, packet), recused_in(user, packet)
    snapshot = {**frozen, "rows": [row for row in frozen["rows"] if row["reference"] not in recused]}
    listing = Listing(packet, snapshot, page, printed=printed)
    hidden = hidden_in(user, packet, conflicts)
    steps = steps_of(packet, user, len(snapshot["rows"]), stale.stopping(since.changes))
    checkers = checkers_of(packet) if packet.state == ShortlistState.FROZEN else None
    changed = [change for change in since.changes.values() if change.stops and change.reference not in recused]
    return {
        "packet": packet,
        "snapshot": snapshot,
        "listing": listing,
        "rows": _rows(packet, user, snapshot, since, listing, picks=picks, hidden=hidden),
        "recused": [row["reference"] for row in frozen["rows"] if row["reference"] in recused],
        "withheld": not conflicts.isdisjoint(row["reference"] for row in frozen["rows"]),
        "ties": ranking.ties_of(snapshot),
        "counts": ranking.counts_of(snapshot["rows"], since.out),
        "steps": steps,
        "next": next((step for step in steps if step.is_next), None),
        "worker_alive": jobs.worker_alive() if packet.paper and packet.paper.state in {"queued", "running"} else True,
        "stale": [(change, listing.at(change.reference)) for change in changed],
        "checkers": checkers,
        "anybody": any(not one.barred for one in checkers or []),
        "replace": may_replace(user, packet),
        "replaced_by": _replacing(packet),
    }


def _replacing(packet: Shortlist) -> Shortlist | None:
    """The packet that took the place of this one."""
    if packet.state != ShortlistState.SUPERSEDED:
        return None
    return Shortlist.objects.filter(supersedes=packet).defer("snapshot").first()


def standing(packet: Shortlist, file: Application, user: User) -> dict[str, Any] | None:
    """The row of one file as the ranking, or the frozen packet, has it; None where it is not in it, or not for this reader."""
    if file.reference in hidden_in(user, packet, conflicts_in(user, packet)):
        return None
    rows = snapshot_for(packet)["rows"]
    return next((shown(row) for row in rows if row["reference"] == file.reference), None)


def _rows(
    packet: Shortlist,
    user: User,
    snapshot: Mapping[str, Any],
    since: Since,
    listing: Listing,
    *,
    picks: Mapping[str, Pick],
    hidden: Collection[str],
) -> list[dict[str, Any]]:
    """Each row of the page with the line above it, what is said under it, and what this reader can do with it."""
    listed, choices = list(listing.page), {}
    if packet.state == ShortlistState.DRAFT:
        listed = ranking.with_facts(listed, packet.round)
        choices = choices_of(user, packet, snapshot, picks, [row for row in listed if row["reference"] not in hidden])
    address = packet.get_absolute_url()
    returns = user.has(Permission.RETURN, packet.office)
    named = {row["reference"] for row in snapshot["rows"]} - set(hidden)
    found = []
    for frozen, line in zip(listed, listing.lines, strict=True):
        reference = frozen["reference"]
        row = {**frozen, **WITHHELD} if reference in hidden else frozen
        held, change = since.kept.get(reference), since.changes.get(reference)
        found.append(
            {
                **shown(row),
                "line": line,
                "address": f"/desk/{reference}/",
                "choosing": f"{address}picks/{reference}/",
                "page": listing.number_of(reference) if listing.in_pages else None,
                "told": _told(row, since, picks.get(reference), named),
                "returned": bool(held and held.returned_at),
                "changed": bool(change and change.stops),
                "pick": picks.get(reference),
                "choices": choices.get(reference, []),
                "may_return": bool(held and returns and _may_go_back(packet, held)),
            }
        )
    return found


def _may_go_back(packet: Shortlist, row: ShortlistRow) -> bool:
    return not row.returned_at and row.application.state in SIGNED.get(packet.current, ())


def _told(row: Mapping[str, Any], since: Since, pick: Pick | None, named: Collection[str]) -> list[dict[str, str]]:
    """What is said under a row: a choice beside its rank, a moderation, a return, a change since the freeze.

    Of what cost it its place only the files `named` are said.
    """
    kept, change = since.kept.get(row["reference"]), since.changes.get(row["reference"])
    told = []
    if choice := ranking.choice_said(row, named):
        told.append({"what": choice, "why": row["reason"]})
    elif pick is not None:
        told.append({"what": _("This choice changes nothing as the ranking stands now."), "why": pick.reason})
    if row.get("moderation"):
        told.append({"what": _("Moderated."), "why": row["moderation"]["reason"]})
    if change is not None:
        what = _("Changed after the freeze.") if change.stops else _("Goes on without it.")
        told.append({"what": what, "why": " ".join(change.sentences)})
    elif kept is not None and kept.returned_at:
        what = _("Returned to the appraisal on %(day)s.") % {"day": day(kept.returned_at)}
        told.append({"what": what, "why": kept.returned_reason})
    elif row["reference"] in since.gone:
        told.append({"what": _("Given up after the freeze and before the approval."), "why": ""})
    return told


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its words in the reader's language."""
    malayalam = get_language() == "ml"
    recommendation = Recommendation(row["recommendation"])
    return {
        **row,
        "name": row["name_ml"] if malayalam and row["name_ml"] else row["name_en"],
        "taluk": row["taluk_ml"] if malayalam and row["taluk_ml"] else row["taluk_en"],
        "turnover_rupees": Decimal(row["turnover"]) if row["turnover"] else None,
        "recommendation": recommendation,
        "moderation": row.get("moderation"),
        "totals": [evaluation["total"] for evaluation in row["evaluations"]],
    }
