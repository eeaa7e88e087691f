"""The whole sweep: what was lost between a row and its work is queued again; bytes that no row names are removed.

Safe at any time and twice at once: each find is looked at once more under a lock, and what is done already is left.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from records import acts, jobs, pages, scanner
from records.clock import now
from records.models import Job, JobState, Message, PageImage, Paper, StoredFile

UNDER_WAY = (JobState.QUEUED, JobState.RUNNING)
YOUNG = timedelta(minutes=5)  # a row this young may still get its job from the act that writes it
OLD = timedelta(days=1)  # bytes younger than this may belong to an act under way, or to a copy being put back
FEW = 100  # more bytes without a row than this, and more than half of all: then it is the database that is not theirs
# Only what the portal names itself is ever removed. Paths below MEDIA_ROOT, with / between their parts.
OURS = re.compile(r"\d{4}/\d{2}/[0-9a-f-]{36}|pages/[0-9a-f-]{36}/\d+\.webp")
PART = ".part-"  # how records.pdf.write_whole names what is not whole yet
AT_ONCE = 500
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """What one sweep found and did, as numbers."""

    waiting: int = 0  # jobs that are due
    mails: int = 0  # never sent, without a job
    papers: int = 0  # asked for, without a job
    scans: int = 0  # documents that wait for the scanner, without a job
    pages: int = 0  # documents whose page images are gone from the disk
    orphans: int = 0  # files without a row, older than a day
    removed: int = 0

    def sentences(self) -> list[str]:
        """In plain English, for whoever typed the command."""
        said = [
            _many(
                self.waiting, "job was due: its worker was told again", "jobs were due: their workers were told again"
            ),
            _many(self.mails, "mail without a job: queued again", "mails without a job: queued again"),
            _many(self.papers, "paper without a job: queued again", "papers without a job: queued again"),
            _many(self.scans, "scan without a job: queued again", "scans without a job: queued again"),
            _many(
                self.pages,
                "document whose page images are gone: drawn anew",
                "documents whose page images are gone: drawn anew",
            ),
            _many(
                self.removed,
                "file without a row, older than a day: removed",
                "files without a row, older than a day: removed",
            ),
        ]
        if self.orphans > self.removed:
            said.append(
                f"{self.orphans} files have no row, more than half of all: NOT removed. Are these the files of this database?"
            )
        return said


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}."


def sweep() -> Found:
    """Everything, as `manage.py sweep` and the daily job do it. The beat of every 15 seconds is jobs.sweep alone."""
    mails = _each(lost_mails(), Message, _queue_mail)
    papers = _each(lost_papers(), Paper, _queue_paper)
    scans = _each(lost_scans(), StoredFile, scanner.ask_for)
    drawn = _each(_files_without_their_pages(), StoredFile, _queue_pages)
    orphans, removed = remove_orphans()
    found = Found(jobs.sweep(), mails, papers, scans, drawn, orphans, removed)
    log.info("swept mails=%s papers=%s scans=%s pages=%s removed=%s", mails, papers, scans, drawn, removed)
    return found


@jobs.handler("records.sweep", title=_("Looking for what was lost"))
def daily(_job: Job) -> None:
    """The same once a day."""
    sweep()


jobs.repeat("records.sweep", every=timedelta(days=1))


# ---- Rows without work ----------------------------------------------------------------------------------------
def _job(prefix: str, name: str) -> QuerySet[Job]:
    """Jobs of a name about the row of the outer query."""
    key = Concat(Value(prefix), Cast(OuterRef("pk"), CharField()))
    return Job.objects.filter(name=name, subject=key)


def lost_mails() -> QuerySet[Message]:
    """Never sent, not given up, and no job under way."""
    under_way = _job("message:", "records.mail").filter(state__in=UNDER_WAY)
    return Message.objects.filter(~Exists(under_way), state__in=UNDER_WAY, at__lt=now() - YOUNG)


def lost_papers() -> QuerySet[Paper]:
    """Begun or asked for, and no job under way. A paper nobody asked for has never had a job, and waits for its reader."""
    render = _job("paper:", "records.render")
    asked = Q(state=JobState.RUNNING) | Q(Exists(render), state=JobState.QUEUED)
    return Paper.objects.filter(asked, ~Exists(render.filter(state__in=UNDER_WAY)), issued_at__lt=now() - YOUNG)


def lost_scans() -> QuerySet[StoredFile]:
    """Waiting for the scanner, and no job under way. One that failed for good is queued again too: until then it is closed."""
    under_way = _job("scan:", "records.scan").filter(state__in=UNDER_WAY)
    return StoredFile.objects.filter(~Exists(under_way), scan=scanner.AWAITING, at__lt=now() - YOUNG)


def _files_without_their_pages() -> QuerySet[StoredFile]:
    """Documents that were drawn once and whose images are no longer all on the disk; those still there themselves."""
    gone = {
        image.file_id
        for image in PageImage.objects.select_related("file").iterator()
        if not pages.path_of(image).exists() and (Path(settings.MEDIA_ROOT) / image.file.path).exists()
    }
    under_way = _job("pages:", "records.pages").filter(state__in=[*UNDER_WAY, JobState.FAILED])
    return StoredFile.objects.filter(~Exists(under_way), pk__in=gone)


def _each(found: QuerySet[Any], model: Any, queue: Callable[[Any], None]) -> int:
    """Queue for each row found, each an act of its own; how many."""
    return sum(_once(found.filter(pk=key), model, key, queue) for key in list(found.values_list("pk", flat=True)))


@acts.act
def _once(still: QuerySet[Any], model: Any, key: Any, queue: Callable[[Any], None]) -> bool:
    row = acts.lock_one(model, key)
    if not still.exists():  # another sweep was here meanwhile
        return False
    queue(row)
    return True


def _queue_mail(message: Message) -> None:
    jobs.enqueue("records.mail", f"message:{message.pk}", payload={"message": message.pk}, priority=2)


def _queue_paper(paper: Paper) -> None:
    Paper.objects.filter(pk=paper.pk).update(state=JobState.QUEUED, error="")
    jobs.enqueue("records.render", f"paper:{paper.pk}", payload={"paper": paper.pk}, priority=jobs.IN_BULK)


def _queue_pages(file: StoredFile) -> None:
    jobs.enqueue("records.pages", f"pages:{file.pk}", payload={"file": file.pk, "first": 1}, priority=jobs.IN_BULK)


# ---- Bytes without a row --------------------------------------------------------------------------------------
def remove_orphans() -> tuple[int, int]:
    """Files that no row names and that are older than a day, and how many of them were removed.

    None is removed where they are most of what is there: a database that was exchanged must not cost the documents.
    """
    for part in _parts():
        _remove(part)
    orphans, seen = [], 0
    for some in _in_hundreds(_ours()):
        seen += len(some)
        orphans += _without_row(some)
    if len(orphans) > FEW and len(orphans) * 2 > seen:
        log.error("orphans_left number=%s of=%s", len(orphans), seen)
        return len(orphans), 0
    return len(orphans), sum(_remove(Path(settings.MEDIA_ROOT) / path) for path in orphans)


def _ours() -> Iterator[str]:
    """Paths below MEDIA_ROOT that the portal made, old enough, as rows name them."""
    root = Path(settings.MEDIA_ROOT)
    for path in root.rglob("*"):
        named = path.relative_to(root).as_posix()
        if OURS.fullmatch(named) and _is_old(path):
            yield named


def _parts() -> Iterator[Path]:
    """What a process that died in the middle left unfinished."""
    for folder in (Path(settings.MEDIA_ROOT), Path(settings.DATA_DIR) / "papers", Path(settings.DATA_DIR) / "mail"):
        yield from (path for path in folder.rglob(f"{PART}*") if _is_old(path))


def _is_old(path: Path) -> bool:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC) < now() - OLD
    except FileNotFoundError:
        return False


def _in_hundreds(paths: Iterator[str]) -> Iterator[list[str]]:
    some: list[str] = []
    for path in paths:
        some.append(path)
        if len(some) == AT_ONCE:
            yield some
            some = []
    yield some


def _without_row(paths: list[str]) -> list[str]:
    named = set(StoredFile.objects.filter(path__in=paths).values_list("path", flat=True))
    named |= set(PageImage.objects.filter(path__in=paths).values_list("path", flat=True))
    return [path for path in paths if path not in named]


def _remove(path: Path) -> bool:
    """Whether it was this sweep that removed it."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True
