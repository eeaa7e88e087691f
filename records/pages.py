"""Pages of a stored file as images, so that a paper is read beside the screen and nothing of it is downloaded.

PDFs are drawn by `records.drawing`: docs/adr/0010. Pictures were drawn anew when they came in and are only made smaller.
Images are kept below MEDIA_ROOT and can be made again any time.
"""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image

from records import acts, faces, jobs
from records.drawing import NotDrawn, draw, fitting
from records.models import Job, JobState, PageImage, StoredFile
from records.pdf import write_whole

QUALITY = 75  # of 100, WebP: small print of a scan stays readable at about 100 kB a page
WRONG_PAGES = 3  # a file with more of them is hostile or broken through and through
LEFT_OUT = {"not in full", "no faces"}  # the page was read to its end: it says nothing of the others
APT = {"no program": "apt-get install poppler-utils", "no faces": faces.APT}
WHY: dict[str, Promise] = {
    "no program": _("The program that draws pages is missing on this machine. Run: %(line)s"),
    "no file": _("The file is no longer where files are kept. Tell whoever runs the portal."),
    "too much": _("Page %(page)s cannot be drawn: it takes more memory or time than a page may."),
    "not drawn": _("Page %(page)s cannot be drawn: the file is damaged there."),
    "not in full": _("Page %(page)s cannot be shown in full: a part of it is of a kind that is not drawn here."),
    "no faces": _(
        "Page %(page)s cannot be shown in full: the fonts for Chinese, Japanese and Korean are missing on this machine. "
        "Run: %(line)s"
    ),
    "": _("The pages could not be made."),
}


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
        found.append(str(WHY.get(why, WHY[""])) % {"page": page, "line": APT.get(why, "")})
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
            if sum(why not in LEFT_OUT for why in wrong.values()) == WRONG_PAGES:
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
    picture = _whole(source, number) if file.content_type == "application/pdf" else _smaller(source)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=2)
    path = f"pages/{file.key}/{number}.webp"
    write_whole(Path(settings.MEDIA_ROOT) / path, out.getvalue())
    facts = {"path": path, "size": len(out.getvalue()), "width": picture.width, "height": picture.height}
    PageImage.objects.update_or_create(file=file, number=number, defaults=facts)


def _whole(source: Path, number: int) -> Image.Image:
    """A page of a PDF with every line on it. Raises NotDrawn."""
    picture = draw(source, number)
    if not faces.are_here() and faces.needed(source, number):
        raise NotDrawn("no faces")
    return picture


def _smaller(source: Path) -> Image.Image:
    """A picture that came in, within the same bounds as a page; what is transparent stands on white."""
    try:
        with Image.open(source, formats=["JPEG", "PNG"]) as picture:
            size = fitting(*picture.size)
            picture.draft("RGB", size)
            picture.thumbnail(size)
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
