"""Pages of a stored file as images, so that a paper is read beside the screen and nothing of it is downloaded.

PDFs are drawn by poppler's pdftoppm, one page a process, of low priority and with bounds: docs/adr/0010. Pictures were
drawn anew when they came in and are only made smaller. Images are kept below MEDIA_ROOT and can be made again any time.
"""

import errno
import io
import logging
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image

from records import acts, jobs
from records.models import Job, JobState, PageImage, StoredFile
from records.pdf import write_whole

LONGEST = 1400  # pixels of the longer side: A4 at about 120 dots an inch
QUALITY = 75  # of 100, WebP: small print of a scan stays readable at about 100 kB a page
MEMORY_KB = 150 * 1024  # address space, so that what is resident is less
CPU_SECONDS = 5
SECONDS = 30  # by the clock: on a busy machine a process of low priority waits
BLOCKS = 16 * 1024  # of 512 bytes: what a page leaves on the disk before it is packed
WRONG_PAGES = 3  # a file with more of them is hostile or broken through and through
PROGRAM = "pdftoppm"
APT = "apt-get install poppler-utils"
# No core dumps: they would hold what stands on the page. The limits are the shell's, so that no code of ours runs between
# fork and exec of a process with threads.
BOUNDED = 'ulimit -c 0 && ulimit -v "$1" && ulimit -t "$2" && ulimit -f "$3" && shift 3 && exec nice -n 10 "$@"'
WHY: dict[str, Promise] = {
    "no program": _("The program that draws pages is missing on this machine. Run: %(line)s"),
    "no file": _("The file is no longer where files are kept. Tell whoever runs the portal."),
    "too much": _("Page %(page)s cannot be drawn: it takes more memory or time than a page may."),
    "not drawn": _("Page %(page)s cannot be drawn: the file is damaged there."),
    "": _("The pages could not be made."),
}
log = logging.getLogger(__name__)


class NotDrawn(Exception):
    """A page has no image; the text is a key of WHY."""


@dataclass(frozen=True)
class Reading:
    """How far a page is for somebody who wants to read it: its image, or the state of the work and why it failed."""

    state: JobState
    image: PageImage | None
    done: int
    of: int
    why: list[str]
    asked: bool  # whether anybody has asked for what is missing


# ---- Asking ---------------------------------------------------------------------------------------------------
def reading(file: StoredFile, number: int) -> Reading:
    """The image of a page if it is there, otherwise how far the work is. Queued also where nobody asked so far."""
    image = image_of(file, number)
    if image:
        return Reading(JobState.READY, image, file.pages, file.pages, [], asked=True)
    job = newest_job(file)
    if job is None or job.state == JobState.READY:
        return Reading(JobState.QUEUED, None, 0, file.pages, [], asked=False)
    why = sentences(job.error) if job.state == JobState.FAILED else []
    return Reading(JobState(job.state), None, job.done, file.pages, why, asked=True)


def image_of(file: StoredFile, number: int) -> PageImage | None:
    """The image of a page; None while there is none, or where it is gone from the disk."""
    image = PageImage.objects.filter(file=file, number=number).first()
    return image if image and path_of(image).exists() else None


def newest_job(file: StoredFile) -> Job | None:
    """The work on a file's pages that was asked for last."""
    return Job.objects.filter(subject=_key(file), name="records.pages").order_by("-pk").first()


def sentences(error: str) -> list[str]:
    """Why work failed, in the reader's language; the job keeps it in short words ("page 3: too much")."""
    if not error:
        return []
    found = []
    for part in error.split("; "):
        page, why = re.fullmatch(r"(?:page (\d+): )?(.*)", part, re.DOTALL).groups()  # type: ignore[union-attr]
        found.append(str(WHY.get(why, WHY[""])) % {"page": page, "line": APT})
    return found


@acts.act
def ask_for(file: StoredFile, *, first: int = 1) -> None:
    """Somebody opened the paper and waits: make its images, page `first` before the others, if no job is under way.

    What has failed is not begun again by itself: a person asks for that.
    """
    acts.lock_one(StoredFile, file.pk)  # two at once: the second finds the job of the first
    job = newest_job(file)
    if job is None or job.state == JobState.READY:
        jobs.enqueue("records.pages", _key(file), payload={"file": file.pk, "first": first}, priority=1)


def try_again(file: StoredFile, *, by: Any) -> None:
    """Queue what has failed anew, because a person asked; nothing where it has not failed."""
    job = newest_job(file)
    if job:
        jobs.retry(job, by=by)


def _key(file: StoredFile) -> str:
    return f"pages:{file.pk}"


# ---- Making ---------------------------------------------------------------------------------------------------
@jobs.handler("records.pages", title=_("Drawing the pages of a document"), queue="scans", attempts=4)
def make(job: Job) -> None:
    """Make the image of each page once; harmless where they are there. A page that cannot be drawn stops no other."""
    file = StoredFile.objects.get(pk=job.payload["file"])
    there = {image.number for image in file.page_images.all() if path_of(image).exists()}
    wrong: dict[int, str] = {}
    for number in _in_order(file.pages, job.payload.get("first", 1)):
        if number in there:
            continue
        try:
            _make_one(file, number)
        except NotDrawn as error:
            wrong[number] = str(error)
            if str(error) in {"no program", "no file"}:
                raise jobs.GivenUp(str(error)) from error
            if len(wrong) == WRONG_PAGES:
                break
        else:
            there.add(number)
        jobs.progress(job, len(there), file.pages)
    if wrong:
        raise jobs.GivenUp("; ".join(f"page {number}: {why}" for number, why in sorted(wrong.items())))


def _in_order(pages: int, first: int) -> Iterable[int]:
    """The page that is waited for and those after it, then those before it."""
    first = first if 1 <= first <= pages else 1
    return [*range(first, pages + 1), *range(1, first)]


def _make_one(file: StoredFile, number: int) -> None:
    """Draw a page and keep it: the image first, then the row that names it."""
    source = Path(settings.MEDIA_ROOT) / file.path
    if not source.exists():
        raise NotDrawn("no file")
    picture = draw(source, number) if file.content_type == "application/pdf" else _smaller(source)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=2)
    path = f"pages/{file.key}/{number}.webp"
    write_whole(Path(settings.MEDIA_ROOT) / path, out.getvalue())
    facts = {"path": path, "size": len(out.getvalue()), "width": picture.width, "height": picture.height}
    PageImage.objects.update_or_create(file=file, number=number, defaults=facts)


def draw(source: Path, number: int) -> Image.Image:
    """One page of a PDF as a picture of at most LONGEST by LONGEST. Raises NotDrawn, OSError on a full disk."""
    try:
        return _draw(source, number)
    except NotDrawn as error:
        if shutil.disk_usage(tempfile.gettempdir()).free < BLOCKS * 512:  # then it says nothing of the file
            raise OSError(errno.ENOSPC, "no room to draw a page") from error
        raise


def _draw(source: Path, number: int) -> Image.Image:
    program = shutil.which(PROGRAM)
    if program is None:
        raise NotDrawn("no program")
    limits = [str(MEMORY_KB), str(CPU_SECONDS), str(BLOCKS)]
    page = ["-q", "-cropbox", "-f", str(number), "-l", str(number), "-singlefile", "-scale-to", str(LONGEST)]
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        target = Path(folder, "page")
        try:
            done = subprocess.run(
                ["sh", "-c", BOUNDED, "sh", *limits, program, *page, source, target],
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},  # and none of our secrets
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise NotDrawn("too much") from error
        _check(done)
        try:
            with Image.open(target.with_suffix(".ppm"), formats=["PPM"]) as picture:
                picture.load()
                return picture
        except (OSError, ValueError) as error:
            raise NotDrawn("not drawn") from error


def _check(done: "subprocess.CompletedProcess[bytes]") -> None:
    """A page is whole, or it is none: what ran out of memory on the way leaves parts out and ends well all the same."""
    short = b"Out of memory" in done.stderr or b"bad_alloc" in done.stderr
    if done.returncode < 0 or short:
        log.warning("page_not_drawn code=%s", done.returncode)
        raise NotDrawn("too much" if short or done.returncode in {-9, -24, -25} else "not drawn")
    if done.returncode:
        raise NotDrawn("not drawn")


def _smaller(source: Path) -> Image.Image:
    """A picture that came in, within the same bounds as a page; what is transparent stands on white."""
    try:
        with Image.open(source, formats=["JPEG", "PNG"]) as picture:
            picture.draft("RGB", (LONGEST, LONGEST))
            picture.thumbnail((LONGEST, LONGEST))
            if picture.mode != "RGBA":
                return picture.convert("RGB")
            sheet = Image.new("RGB", picture.size, "white")
            sheet.paste(picture, mask=picture.getchannel("A"))
            return sheet
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise NotDrawn("not drawn") from error


# ---- Showing --------------------------------------------------------------------------------------------------
def path_of(image: PageImage) -> Path:
    """Where the image lies."""
    return Path(settings.MEDIA_ROOT) / image.path


def send(image: PageImage) -> HttpResponse:
    """Answer with a page's image, to be looked at in place; whoever may see it was asked by the room before."""
    try:
        answer = HttpResponse(path_of(image).read_bytes(), content_type="image/webp")
    except FileNotFoundError as error:
        raise Http404 from error
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
