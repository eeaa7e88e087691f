"""The district's packet: made and frozen by a manager, checked by another person, approved by the General Manager."""

from typing import Any

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from applications import actions as applications
from applications.models import Application, Round
from districts.models import Office
from evaluation import ranking, rules, stale
from evaluation.documents import shortlist_paper
from evaluation.models import Pick, Shortlist, ShortlistRow
from evaluation.queries import post_labels, ready_files, scored_by
from evaluation.rules.packets import ON_THE_LIST, may_replace
from evaluation.states import UNFINISHED, ShortlistState
from evaluation.steps import STEPS
from records import audit, papers
from records.acts import act, lock, lock_one
from records.clock import now
from records.formats import day
from records.models import Paper
from records.verdicts import Refused, Verdict

# What snapshot and rows both hold; a snapshot of before may lack some of it.
ROW = ("position", "rank", "total", "recommendation", "reserve_number", "reason", "before", "displaced_by")
LACKING: dict[str, Any] = {"reason": "", "before": None, "displaced_by": []}


def _need(verdict: Verdict) -> None:
    if not verdict:
        raise Refused(verdict.reason)


def _move(packet: Shortlist, state: ShortlistState, **changes: Any) -> None:
    """The one place that assigns a packet's state."""
    packet.state = state
    for name, value in changes.items():
        setattr(packet, name, value)
    packet.save(update_fields=["state", *changes])


def _signed(step: str, by: Any) -> dict[str, Any]:
    """Who takes a step, when, and the post it is taken in, as it goes on paper in both languages."""
    posts = {}
    for language, column in (("en", f"{step}_post"), ("ml", f"{step}_post_ml")):
        with translation.override(language):
            posts[column] = post_labels([by.pk]).get(by.pk, "")[:200]
    return {f"{step}_by": by, f"{step}_at": now(), **posts}


def _begin(office: Office, call: Round, *, by: Any, supersedes: Shortlist | None = None) -> Shortlist:
    """A draft with the next number of its office and round. The office is locked."""
    before = Shortlist.objects.filter(office=office, round=call)
    serial = (before.aggregate(last=Max("serial"))["last"] or 0) + 1
    code = office.district.code if office.district else office.code
    return Shortlist.objects.create(
        number=f"SL-{call.number}-{code}-{serial:02}",
        round=call,
        office=office,
        serial=serial,
        made_by=by,
        made_at=now(),
        supersedes=supersedes,
    )


@act
def make_packet(office: Office, call: Round, *, by: Any) -> Shortlist:
    """Begin the next packet of an office in a round. Its rows are the ranking as it stands until it is frozen."""
    lock(Office, office.pk)
    waiting = Shortlist.objects.filter(office=office, round=call, state__in=UNFINISHED).first()
    ready = ready_files(office, call.pk).count()
    _need(rules.may_make_packet(by, office, open_number=waiting.number if waiting else "", ready=ready))
    packet = _begin(office, call, by=by)
    audit.record("shortlist.make", packet, by=by, scope=office.code)
    return packet


@act
def freeze(packet: Shortlist, *, by: Any) -> Shortlist:
    """Write down ranks, marks, choices and recommendations as they stand, with their hash. From here on they do not change."""
    held = lock_one(Shortlist, packet.pk)
    files = {file.reference: file for file in lock(ready_files(held.office, held.round_id))}
    _need(rules.may_freeze(by, held, ready=len(files)))
    snapshot = ranking.snapshot_of(held, only=[file.pk for file in files.values()])
    ShortlistRow.objects.bulk_create(
        ShortlistRow(shortlist=held, application=files[row["reference"]], **{name: row[name] for name in ROW})
        for row in snapshot["rows"]
    )
    sha256 = papers.sha256_of(snapshot)
    _move(held, ShortlistState.FROZEN, snapshot=snapshot, sha256=sha256, **_signed("frozen", by))
    audit.record("shortlist.freeze", held, by=by, scope=held.office.code, data={"sha256": sha256, "files": len(files)})
    return held


@act
def check(packet: Shortlist, *, by: Any) -> Shortlist:
    """Confirm a frozen packet: its hash still fits, every total can be made again from its marks, no row changed since."""
    held = lock_one(Shortlist, packet.pk)
    _files_of(held)
    _need(rules.may_check(by, held, scored=scored_by(by, held), changed=stale.stopping(stale.changes_of(held))))
    _whole(held)
    _move(held, ShortlistState.CHECKED, **_signed("checked", by))
    audit.record("shortlist.check", held, by=by, scope=held.office.code, data={"sha256": held.sha256})
    return held


def _files_of(packet: Shortlist) -> dict[int, Application]:
    """The files of a packet, locked after the packet itself: nobody changes them until the act ends."""
    return {file.pk: file for file in lock(Application, *packet.rows.values_list("application", flat=True))}


def _whole(packet: Shortlist) -> None:
    """Hash, totals and rows agree: the rows decide which way a file goes, the snapshot is what is printed."""
    snapshot = packet.snapshot or {}
    differs = _("The content of this shortlist does not agree with its SHA-256. Tell the Directorate.")
    if papers.sha256_of(snapshot) != packet.sha256:
        raise Refused(differs)
    for row in snapshot["rows"]:
        if str(ranking.recomputed(snapshot, row)) != row["total"]:
            raise Refused(
                _("The total of %(reference)s does not follow from its marks. Tell the Directorate.")
                % {"reference": row["reference"]}
            )
    kept = packet.rows.order_by("position").values_list("application__reference", *ROW)
    frozen = [[row["reference"], *(str({**LACKING, **row}[name]) for name in ROW)] for row in snapshot["rows"]]
    if [list(map(str, row)) for row in kept] != frozen:
        raise Refused(differs)


@act
def approve(packet: Shortlist, *, by: Any, render: bool = True) -> Shortlist:
    """Approve: every file of the packet moves, and the paper is issued; with `render=False` its PDF is made when asked for.

    A file returned from the packet, or given up since the freeze, is left where it is and printed so; any other change
    since the freeze refuses the approval.
    """
    held = lock_one(Shortlist, packet.pk)
    files = _files_of(held)
    changes = stale.changes_of(held)
    _need(rules.may_approve(by, held, changed=stale.stopping(changes)))
    _whole(held)
    for row in held.rows.order_by("position"):
        file = files[row.application_id]
        if file.reference not in changes:
            step = STEPS["shortlist" if row.recommendation in ON_THE_LIST else "leave_out"]
            applications.take(file, step, by=by)
    gone = [reference for reference, change in changes.items() if change.gone]
    signed = _signed("approved", by)
    for name, value in signed.items():
        setattr(held, name, value)
    made = shortlist_paper(held, gone=gone, returned=_returned(held))
    paper = papers.issue(made, subject=held, by=by, priority=1, render=render)
    _move(held, ShortlistState.APPROVED, paper=paper, **signed)
    audit.record("shortlist.approve", held, by=by, scope=held.office.code, data={"paper": paper.number, "gone": gone})
    return held


def _returned(packet: Shortlist) -> dict[str, str]:
    """By reference the day a file was returned from the packet."""
    rows = packet.rows.filter(returned_at__isnull=False).order_by("position")
    return {reference: day(at) for reference, at in rows.values_list("application__reference", "returned_at")}


@act
def corrected_paper(packet: Shortlist, *, by: Any) -> Paper:
    """The paper of an approved packet anew, after a file was returned from it: its number is new, the old one says by which."""
    _whole(packet)
    old = packet.paper
    if old is None:
        raise ValueError(f"{packet} is not approved")
    made = shortlist_paper(packet, gone=old.snapshot["gone"], returned=_returned(packet), replaces=old.number)
    paper = papers.issue(made, subject=packet, by=by, priority=1)
    papers.supersede(old, paper, by=by)
    _move(packet, ShortlistState.APPROVED, paper=paper)
    return paper


@act
def replace(packet: Shortlist, reason: str, *, by: Any) -> Shortlist:
    """Put a new draft in the place of a frozen or checked packet, with a reason. What was chosen beside the ranks is kept.

    The old packet stays readable as it was frozen and says by which it was replaced.
    """
    lock(Office, packet.office_id)
    held = lock_one(Shortlist, packet.pk)
    _need(may_replace(by, held))
    if not reason.strip():
        raise Refused(_("Say why another shortlist takes the place of this one."), field="reason")
    _move(held, ShortlistState.SUPERSEDED, ended_at=now(), ended_by=by, ended_reason=reason.strip())
    made = _begin(held.office, held.round, by=by, supersedes=held)
    Pick.objects.bulk_create(
        Pick(
            shortlist=made,
            application_id=pick.application_id,
            recommendation=pick.recommendation,
            reason=pick.reason,
            by_id=pick.by_id,
            at=pick.at,
        )
        for pick in held.picks.all()
    )
    facts = {"by": made.number}
    audit.record("shortlist.supersede", held, by=by, note=reason.strip(), scope=held.office.code, data=facts)
    audit.record("shortlist.make", made, by=by, scope=held.office.code, data={"supersedes": held.number})
    return made
