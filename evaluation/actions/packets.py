"""The district's packet: made and frozen by a manager, checked by another person, approved by the General Manager."""

from typing import Any

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from applications import actions as applications
from applications.models import Application, Round
from applications.states import State
from districts.models import Office
from evaluation import ranking, rules
from evaluation.documents import Signature, shortlist_paper
from evaluation.models import Shortlist, ShortlistRow
from evaluation.queries import post_labels, ready_files, scored_by
from evaluation.states import Recommendation, ShortlistState
from evaluation.steps import STEPS
from records import audit, papers
from records.acts import act, lock, lock_one
from records.clock import now
from records.verdicts import Refused, Verdict

ON_THE_LIST = frozenset({Recommendation.RECOMMENDED, Recommendation.RESERVE})
ROW = ("position", "rank", "total", "recommendation", "reserve_number")  # what the snapshot and its rows both hold


def _need(verdict: Verdict) -> None:
    if not verdict:
        raise Refused(verdict.reason)


def _move(packet: Shortlist, state: ShortlistState, **changes: Any) -> None:
    """The one place that assigns a packet's state."""
    packet.state = state
    for name, value in changes.items():
        setattr(packet, name, value)
    packet.save(update_fields=["state", *changes])


def _post(by: Any) -> str:
    """The post a person acts in, in English, as it goes on paper."""
    with translation.override("en"):
        return post_labels([by.pk]).get(by.pk, "")


@act
def make_packet(office: Office, call: Round, *, by: Any) -> Shortlist:
    """Begin the next packet of an office in a round. Its rows are the ranking as it stands until it is frozen."""
    lock(Office, office.pk)
    before = Shortlist.objects.filter(office=office, round=call)
    waiting = before.exclude(state=ShortlistState.APPROVED).first()
    ready = ready_files(office, call.pk).count()
    _need(rules.may_make_packet(by, office, open_number=waiting.number if waiting else "", ready=ready))
    serial = (before.aggregate(last=Max("serial"))["last"] or 0) + 1
    code = office.district.code if office.district else office.code
    packet = Shortlist.objects.create(
        number=f"SL-{call.number}-{code}-{serial:02}",
        round=call,
        office=office,
        serial=serial,
        made_by=by,
        made_at=now(),
    )
    audit.record("shortlist.make", packet, by=by, scope=office.code)
    return packet


@act
def freeze(packet: Shortlist, *, by: Any) -> Shortlist:
    """Write down ranks, marks and recommendations as they stand, with their hash. From here on they do not change."""
    held = lock_one(Shortlist, packet.pk)
    files = {file.reference: file for file in lock(ready_files(held.office, held.round_id))}
    _need(rules.may_freeze(by, held, ready=len(files)))
    snapshot = ranking.snapshot_of(held, only=[file.pk for file in files.values()])
    ShortlistRow.objects.bulk_create(
        ShortlistRow(
            shortlist=held,
            application=files[row["reference"]],
            position=row["position"],
            rank=row["rank"],
            total=row["total"],
            recommendation=row["recommendation"],
            reserve_number=row["reserve_number"],
        )
        for row in snapshot["rows"]
    )
    sha256 = papers.sha256_of(snapshot)
    _move(
        held,
        ShortlistState.FROZEN,
        frozen_by=by,
        frozen_at=now(),
        frozen_post=_post(by),
        snapshot=snapshot,
        sha256=sha256,
    )
    audit.record("shortlist.freeze", held, by=by, scope=held.office.code, data={"sha256": sha256, "files": len(files)})
    return held


@act
def check(packet: Shortlist, *, by: Any) -> Shortlist:
    """Confirm a frozen packet: its hash still fits and every total can be made again from its marks."""
    held = lock_one(Shortlist, packet.pk)
    _need(rules.may_check(by, held, scored=scored_by(by, held)))
    _whole(held)
    _move(held, ShortlistState.CHECKED, checked_by=by, checked_at=now(), checked_post=_post(by))
    audit.record("shortlist.check", held, by=by, scope=held.office.code, data={"sha256": held.sha256})
    return held


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
    if [list(map(str, row)) for row in kept] != [
        [row["reference"], *(str(row[name]) for name in ROW)] for row in snapshot["rows"]
    ]:
        raise Refused(differs)


@act
def approve(packet: Shortlist, *, by: Any) -> Shortlist:
    """Approve: every file of the packet moves, and the paper is issued. A file withdrawn since is left where it is."""
    held = lock_one(Shortlist, packet.pk)
    _need(rules.may_approve(by, held))
    _whole(held)
    rows = list(held.rows.order_by("position"))
    files = {file.pk: file for file in lock(Application, *(row.application_id for row in rows))}
    gone = []
    for row in rows:
        file = files[row.application_id]
        if file.state != State.APPRAISED:
            gone.append(file.reference)
            continue
        step = STEPS["shortlist" if row.recommendation in ON_THE_LIST else "leave_out"]
        applications.take(file, step, by=by)
    approved_at, post = now(), _post(by)
    paper = papers.issue(
        shortlist_paper(held, approved=Signature.of(post, approved_at), gone=gone), subject=held, by=by, priority=1
    )
    _move(held, ShortlistState.APPROVED, approved_by=by, approved_at=approved_at, approved_post=post, paper=paper)
    audit.record("shortlist.approve", held, by=by, scope=held.office.code, data={"paper": paper.number, "gone": gone})
    return held
