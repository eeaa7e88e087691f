"""Papers: frozen content with a number and a hash; the PDF is made from the row by a worker."""

import hashlib
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import segno
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from records import acts, audit, jobs, pdf
from records.clock import now
from records.faults import Fault, fault_of
from records.models import Job, JobState, Paper

NUMBER = re.compile(r"[A-Z0-9-]{1,60}")
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that is misread for something else


@dataclass(frozen=True)
class Document:
    """What goes on a paper. A room's documents.py derives its own frozen dataclass; its fields are the snapshot."""

    kind: ClassVar[str] = ""
    template_version: ClassVar[str] = "1"
    audience: ClassVar[str] = "office"
    needs_release: ClassVar[bool] = False
    language: ClassVar[str] = "en"
    scope: ClassVar[str] = ""
    issuer_en: ClassVar[str] = ""
    issuer_ml: ClassVar[str] = ""

    @property
    def number_prefix(self) -> str:
        raise NotImplementedError

    @property
    def title_en(self) -> str:
        raise NotImplementedError

    @property
    def title_ml(self) -> str:
        raise NotImplementedError


@dataclass(frozen=True)
class OfficePaper(Document):
    """A paper one office issues, in one language: who issues it and who may look for it follow from its fields."""

    office_code: str
    office_en: str
    office_ml: str
    speak: str

    @property
    def language(self) -> str:  # type: ignore[override]
        return self.speak

    @property
    def scope(self) -> str:  # type: ignore[override]
        return self.office_code

    @property
    def issuer_en(self) -> str:  # type: ignore[override]
        return self.office_en

    @property
    def issuer_ml(self) -> str:  # type: ignore[override]
        return self.office_ml


@dataclass(frozen=True)
class Overtaken:
    """Why a genuine paper no longer says how things stand: one word, a sentence for anybody, and since when."""

    word: Any
    sentence: Any
    at: datetime


@dataclass(frozen=True)
class Kind:
    """What a room registers for its kind of paper."""

    template: str
    context: Callable[[dict[str, Any]], dict[str, Any]]
    may_see: Callable[[Any, Paper], bool]
    title: Any  # lazy text: the kind of paper in words, for the verify page
    overtaken: Callable[[Paper], "Overtaken | None"] | None = None  # what happened since to what the paper is about


_kinds: dict[str, Kind] = {}


def register(
    kind: str,
    *,
    template: str,
    context: Callable[[dict[str, Any]], dict[str, Any]],
    may_see: Callable[[Any, Paper], bool],
    title: Any,
    overtaken: Callable[[Paper], Overtaken | None] | None = None,
) -> None:
    """Say how papers of a kind are rendered and who may see them. None registered: nobody may.

    `overtaken` says of a paper what happened since to the thing it is about, for the page that verifies it.
    """
    _kinds[kind] = Kind(template, context, may_see, title, overtaken)


def canonical(snapshot: dict[str, Any]) -> str:
    """The one written form of a snapshot, the text that is hashed."""
    return json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256_of(snapshot: dict[str, Any]) -> str:
    """SHA-256 of a snapshot's written form."""
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()


def new_number(prefix: str) -> str:
    """A number nobody can guess: the prefix and six random characters."""
    return f"{prefix}-{''.join(secrets.choice(ALPHABET) for _ in range(6))}"


@acts.act
def issue(document: Any, *, subject: Any, by: Any, priority: int = 1, render: bool = True) -> Paper:
    """Freeze a document: row, number, hash, trail, job. With `render=False` the PDF is made when first asked for."""
    snapshot = json.loads(json.dumps(asdict(document), default=str))
    paper = _numbered(
        document.number_prefix,
        kind=document.kind,
        title_en=str(document.title_en),
        title_ml=str(document.title_ml),
        subject=audit.subject_key(subject),
        scope=document.scope,
        audience=document.audience,
        language=document.language,
        snapshot=snapshot,
        sha256=sha256_of(snapshot),
        template_version=document.template_version,
        issuer_en=document.issuer_en,
        issuer_ml=document.issuer_ml,
        issued_at=now(),
        issued_by=acts.actor_key(by),
        issued_by_label=acts.actor_label(by),
        released_at=None if document.needs_release else now(),
    )
    audit.record(
        "paper.issue", subject, by=by, scope=document.scope, data={"number": paper.number, "sha256": paper.sha256}
    )
    if render:
        jobs.enqueue("records.render", f"paper:{paper.pk}", payload={"paper": paper.pk}, priority=priority)
    return paper


def _numbered(prefix: str, **fields: Any) -> Paper:
    """Take the next random number; try again in the one case in a thousand million that it is taken."""
    for _try in range(5):
        try:
            with transaction.atomic():
                return Paper.objects.create(number=new_number(prefix), **fields)
        except IntegrityError:
            continue
    raise RuntimeError("No free number was found.")


@acts.act
def supersede(old: Paper, new: Paper, *, by: Any) -> None:
    """Mark a paper as replaced by a later one; it stays readable and says so."""
    Paper.objects.filter(pk=old.pk).update(superseded_by=new)
    audit.record("paper.supersede", old.subject, by=by, data={"old": old.number, "new": new.number})


def papers_about(subject: Any, audience: str | None = None) -> models.QuerySet[Paper]:
    """Papers of one thing that are released, newest first."""
    found = Paper.objects.filter(subject=audit.subject_key(subject), released_at__isnull=False)
    return found if audience is None else found.filter(audience=audience)


def may_see(user: Any, paper: Paper) -> bool:
    """Asked of the room that registered the kind."""
    kind = _kinds.get(paper.kind)
    return kind is not None and kind.may_see(user, paper)


def kind_title(paper: Paper) -> Any:
    """The kind of paper in words."""
    return _kinds[paper.kind].title if paper.kind in _kinds else paper.title


def overtaken(paper: Paper) -> Overtaken | None:
    """What happened since to what the paper is about; nothing where it still says how things stand."""
    asked = _kinds[paper.kind].overtaken if paper.kind in _kinds else None
    return asked(paper) if asked else None


def path_of(paper: Paper) -> Path:
    """Where the PDF lies or will lie."""
    return Path(settings.DATA_DIR) / "papers" / f"{paper.number}.pdf"


def verify_address(paper: Paper) -> str:
    """The address in the QR code."""
    return f"{settings.SITE_URL.rstrip('/')}/verify/{paper.number}/"


def qr_path(text: str) -> dict[str, Any]:
    """A QR code as the `d` of one SVG path, for a template that draws it."""
    rows = segno.make(text, error="m", micro=False).matrix
    cells = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"size": len(rows), "path": "".join(cells)}


def html_of(paper: Paper) -> str:
    """The paper as HTML, from its row and nothing else, in its own language."""
    kind = _kinds[paper.kind]
    with translation.override(paper.language):
        context = {
            "paper": paper,
            "qr": qr_path(verify_address(paper)),
            "verify_address": verify_address(paper),
            "site_owner": settings.SITE_OWNER,
        }
        return render_to_string(kind.template, {**context, **kind.context(paper.snapshot)})


def _not_made(job: Job, reason: str) -> None:
    Paper.objects.filter(pk=job.payload["paper"]).exclude(state__in=[JobState.READY, JobState.FAILED]).update(
        state=JobState.FAILED, error=reason
    )


def _made_again(job: Job) -> None:
    Paper.objects.filter(pk=job.payload["paper"], state=JobState.FAILED).update(state=JobState.QUEUED, error="")


@jobs.handler(
    "records.render",
    title=_("Making the PDF of a paper"),
    queue="letters",
    attempts=4,
    failed=_not_made,
    again=_made_again,
)
def render(job: Job) -> None:
    """Make the PDF of a paper once, whole; harmless when it is there."""
    paper = Paper.objects.get(pk=job.payload["paper"])
    if paper.state == JobState.READY and path_of(paper).exists():
        return
    Paper.objects.filter(pk=paper.pk).update(state=JobState.RUNNING, error="")
    try:
        content = pdf.render(html_of(paper), beat=lambda: jobs.beat(job))
        pdf.write_whole(path_of(paper), content)
    except Exception as error:
        raise pdf.PdfUnavailable(_say_why(paper, error)) from error
    Paper.objects.filter(pk=paper.pk).update(
        state=JobState.READY,
        error="",
        pdf=path_of(paper).name,
        pdf_sha256=hashlib.sha256(content).hexdigest(),
        ready_at=now(),
    )


def _say_why(paper: Paper, error: Exception) -> str:
    """The reason as it may be shown. A paper whose PDF cannot be made says why; with a full disk it waits for room, as its job does."""
    # Only what was written for readers is shown on the page; another error's text may repeat what it fell over.
    said = (
        str(error) if isinstance(error, pdf.PdfUnavailable) else f"The PDF could not be made ({type(error).__name__})."
    )
    full = fault_of(error) is Fault.DISK_FULL
    state, why = (JobState.QUEUED, jobs.NO_ROOM) if full else (JobState.FAILED, said)
    Paper.objects.filter(pk=paper.pk).update(state=state, error=why)
    return why


@acts.act
def ask_for(paper: Paper, *, by: Any) -> None:
    """Somebody wants to read it: make the PDF now, before papers made in bulk, if no job is under way."""
    held = acts.lock_one(Paper, paper.pk)  # two at once: the second finds the job of the first
    key = f"paper:{paper.pk}"
    under_way = Job.objects.filter(subject=key, state__in=[JobState.QUEUED, JobState.RUNNING]).first()
    if held.state == JobState.READY or (under_way and under_way.state == JobState.RUNNING):
        return
    Paper.objects.filter(pk=paper.pk).update(state=JobState.QUEUED, error="")
    if under_way:  # it waits for its turn, or for its next try: now, then
        Job.objects.filter(pk=under_way.pk, state=JobState.QUEUED).update(priority=1, not_before=now())
        transaction.on_commit(lambda: jobs.nudge(under_way), robust=True)
        return
    audit.record("paper.retry", paper.subject, by=by, scope=paper.scope, data={"number": paper.number})
    jobs.enqueue("records.render", key, payload={"paper": paper.pk}, priority=1)


@acts.act
def ask_again(paper: Paper, *, by: Any) -> None:
    """A paper whose PDF is gone, or was never made, is rendered from its row when first asked for."""
    held = acts.lock_one(Paper, paper.pk)
    if held.state == JobState.READY and not path_of(held).exists():
        Paper.objects.filter(pk=paper.pk).update(state=JobState.QUEUED, pdf="", ready_at=None)
    ask_for(paper, by=by)


def by_number(number: str) -> Paper | None:
    """The paper with this number, as people write it; None for what cannot be a number."""
    written = number.strip().upper()
    if not NUMBER.fullmatch(written):
        return None
    return Paper.objects.filter(number=written).select_related("superseded_by").first()


def public_facts(number: str) -> Paper | None:
    """The paper anybody may check by its number; nothing of one that is not released."""
    paper = by_number(number)
    return paper if paper and paper.released_at else None
