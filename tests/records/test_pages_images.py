"""Pages as images: made once, in order, by a bounded child; what fails says why and stops nothing else."""

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.http import Http404
from PIL import Image

from accounts.models import User
from records import drawing, files, jobs, pages
from records.clock import moved_to, now
from records.models import AuditEvent, Job, JobState, PageImage, StoredFile
from tests.architecture.tree import ROOT
from tests.records import hostile, lent
from tests.records.hostile import upload
from tests.records.test_workers import JOBS, Shape, large

pytestmark = pytest.mark.django_db
__all__ = ["large"]


def stored(content: bytes, by: User, name: str = "scan.pdf") -> StoredFile:
    return files.receive(upload(content, name), by=by)


def worked(file: StoredFile, first: int = 1) -> Job:
    """The job after somebody asked for the pages and a worker did it."""
    pages.ask_for(file, first=first)
    job = Job.objects.latest("pk")
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


@pytest.fixture
def a_program(tmp_path, monkeypatch) -> Callable[[str], Path]:
    """Put a program of our own in place of pdftoppm; it finds its last argument, the target, in $target."""

    def put(script: str) -> Path:
        folder = tmp_path / "programs"
        folder.mkdir(exist_ok=True)
        program = folder / "pdftoppm"
        program.write_text(f'#!/bin/sh\nfor target in "$@"; do :; done\n{script}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        return folder

    return put


@pytest.mark.prints
def test_each_page_becomes_an_image_below_the_files(person, settings):
    file = stored(hostile.pdf(3), person)
    job = worked(file)
    assert (job.state, job.done, job.of, job.error, job.priority) == ("ready", 3, 3, "", 1)
    images = list(file.page_images.all())
    assert [(image.number, image.path) for image in images] == [(n, f"pages/{file.key}/{n}.webp") for n in (1, 2, 3)]
    for image in images:
        path = Path(settings.MEDIA_ROOT) / image.path
        with Image.open(path) as picture:
            assert (picture.format, picture.size) == ("WEBP", (image.width, image.height)) == ("WEBP", (1400, 1400))
        assert (path.stat().st_size, path.stat().st_mode & 0o077) == (image.size, 0)
    assert pages.reading(file, 2).image == images[1]


@pytest.mark.prints
def test_an_a4_page_is_large_enough_for_its_small_print_and_shows_what_is_drawn(person):
    file = stored(hostile.drawn(hostile.stream(b"0 0 0 rg 0 421 595 421 re f")), person)
    worked(file)
    image = pages.image_of(file, 1)
    assert (image.width, image.height) == (990, 1400)
    with Image.open(pages.path_of(image)) as picture:
        above, below = picture.convert("L").getpixel((500, 300)), picture.convert("L").getpixel((500, 1100))
    assert (above < 10, below > 245) == (True, True)


@pytest.mark.prints
def test_the_page_that_is_waited_for_comes_first(person):
    file = stored(hostile.pdf(4), person)
    worked(file, first=3)
    assert list(file.page_images.order_by("pk").values_list("number", flat=True)) == [3, 4, 1, 2]
    other = stored(hostile.pdf(2), person)
    worked(other, first=99)
    assert list(other.page_images.order_by("pk").values_list("number", flat=True)) == [1, 2]


@pytest.mark.prints
def test_a_second_turn_draws_only_what_is_gone(person, monkeypatch):
    file = stored(hostile.pdf(3), person)
    job = worked(file)
    pages.path_of(file.page_images.get(number=2)).unlink()
    assert pages.image_of(file, 2) is None
    drawn: list[int] = []
    real = pages.draw
    monkeypatch.setattr(pages, "draw", lambda source, number: drawn.append(number) or real(source, number))
    pages.make(job)
    pages.make(job)
    assert drawn == [2]
    assert pages.image_of(file, 2) is not None
    assert file.page_images.count() == 3


def test_who_asks_twice_waits_for_one_job(person):
    file = stored(hostile.pdf(2), person)
    assert pages.reading(file, 1).asked is False
    for _turn in range(3):
        pages.ask_for(file)
    job = Job.objects.get()
    assert (job.name, job.priority, job.payload) == ("records.pages", 1, {"file": file.pk, "first": 1})
    assert pages.reading(file, 1) == pages.Reading(JobState.QUEUED, None, 0, 2, [], asked=True)
    jobs.claim(job.pk)
    pages.ask_for(file)
    assert (Job.objects.count(), pages.reading(file, 1).state) == (1, "running")
    assert not AuditEvent.objects.exists()


@pytest.mark.prints
def test_a_worker_that_died_is_followed_by_one_that_draws_the_rest(person, monkeypatch):
    file = stored(hostile.pdf(4), person)
    drawn: list[int] = []
    real = pages.draw

    def draw(source: Path, number: int) -> Image.Image:
        drawn.append(number)
        if drawn == [1, 2, 3]:
            raise KeyboardInterrupt  # the end of the process: nothing of ours catches it
        return real(source, number)

    monkeypatch.setattr(pages, "draw", draw)
    with pytest.raises(KeyboardInterrupt):
        worked(file)
    assert (Job.objects.get().state, Job.objects.get().done) == ("running", 2)
    with moved_to(now() + timedelta(seconds=61)):
        jobs.sweep()
        jobs.run(Job.objects.get().pk)
    assert drawn == [1, 2, 3, 3, 4]
    assert (Job.objects.get().state, Job.objects.get().attempts, file.page_images.count()) == ("ready", 2, 4)


@pytest.mark.prints
@pytest.mark.postgres
def test_a_worker_that_is_killed_leaves_whole_images_and_the_next_one_makes_the_rest(large: Shape, tmp_path):
    log, folder = tmp_path / "log", tmp_path / "files" / "pages"
    large.outside("pages")
    with large.celery(log) as worker:
        large.outside("sweep")
        large.wait("SELECT count(*) > 3 FROM records_pageimage", [(True,)], 60, log)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
    ((made, state),) = large.ask("SELECT (SELECT count(*) FROM records_pageimage), state FROM records_job")
    assert (made < 60, state) == (True, "running")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.webp")}
    large.ask("UPDATE records_job SET heartbeat_at = heartbeat_at - interval '61 seconds'")
    with large.celery(log):
        large.outside("sweep")
        large.wait(JOBS, [("ready", 2)], 110, log)
    kept = [number for (number,) in large.ask("SELECT number FROM records_pageimage ORDER BY number")]
    assert kept == list(range(1, 61))
    again = [path for path, when in before.items() if path.stat().st_mtime_ns != when]
    assert len(again) <= 1  # the one whose row was not written yet
    for path in folder.rglob("*.webp"):
        Image.open(path).verify()


BOUNDED = """
import resource, sys, django
django.setup()
from pathlib import Path
from records import pages
try:
    pages.draw(Path(sys.argv[1]), 1)
    said = "drawn"
except pages.NotDrawn as error:
    said = str(error)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_maxrss // 1024, used.ru_utime + used.ru_stime, said)
"""


def cost_of(file: Path, folder: Path) -> tuple[int, float, str]:
    """Megabytes and seconds that drawing the first page took, and what came of it."""
    words = [sys.executable, "-c", BOUNDED, str(file)]
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "mission1000.settings"}
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    megabytes, seconds, said = done.stdout.split(maxsplit=2)
    return int(megabytes), float(seconds), said.strip()


@pytest.mark.prints
@pytest.mark.no_database
@pytest.mark.parametrize("bomb", hostile.PAGE_BOMBS)
def test_a_page_costs_at_most_150_mb_and_5_seconds(bomb, tmp_path):
    file = tmp_path / "bomb.pdf"
    file.write_bytes(hostile.PAGE_BOMBS[bomb]())
    megabytes, seconds, said = cost_of(file, tmp_path)
    assert megabytes <= 150
    assert seconds <= 5.3  # the kernel counts in ticks, and the shell before the program is counted too
    assert said == "too much"


@pytest.mark.prints
@pytest.mark.no_database
def test_a_large_scan_costs_no_more_and_is_drawn(tmp_path):
    file = tmp_path / "scan.pdf"
    file.write_bytes(lent.scan((3508, 4961)))
    megabytes, seconds, said = cost_of(file, tmp_path)
    assert (megabytes <= 150, seconds <= 5, said) == (True, True, "drawn")


@pytest.mark.prints
@pytest.mark.no_database
def test_the_largest_page_is_no_larger_than_the_others(tmp_path):
    for box, size in (("0 0 14400 14400", (1400, 1400)), ("0 0 1 14400", (12, 16000)), ("0 0 4 2", (1400, 700))):
        file = tmp_path / "box.pdf"
        file.write_bytes(hostile.drawn(hostile.stream(b"0 0 m 9 9 l S"), box=box))
        assert pages.draw(file, 1).size == size


@pytest.mark.prints
def test_a_page_that_cannot_be_drawn_stops_no_other(person, monkeypatch):
    file = stored(hostile.pdf(2), person)
    StoredFile.objects.filter(pk=file.pk).update(pages=4)  # the two readers of PDFs count differently
    job = worked(StoredFile.objects.get(pk=file.pk), first=3)
    assert (job.state, job.error, job.done) == ("failed", "page 3: not drawn; page 4: not drawn", 2)
    assert pages.reading(file, 1).state == "ready"
    found = pages.reading(file, 3)
    assert (found.state, found.image) == ("failed", None)
    assert found.why == [f"Page {n} cannot be drawn: the file is damaged there." for n in (3, 4)]
    pages.ask_for(file)
    assert Job.objects.count() == 1  # what failed is begun again by a person only
    pages.try_again(file, by=person)
    assert pages.reading(file, 3).state == "queued"


def test_a_file_of_wrong_pages_is_given_up(person, a_program):
    a_program('echo x >> "$target.count"; exit 1')
    file = stored(hostile.pdf(9), person)
    assert worked(file).error == "page 1: not drawn; page 2: not drawn; page 3: not drawn"


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo 'Out of memory' >&2; printf 'P6 1 1 255 aaa' > \"$target.ppm\"", "too much"),
        ("kill -9 $$", "too much"),
        ("kill -11 $$", "not drawn"),
        ("echo half > \"$target.ppm\"", "not drawn"),
        ("exit 0", "not drawn"),
        ("head -c 20000000 /dev/zero > \"$target.ppm\"", "not drawn"),
    ],
)  # fmt: skip
def test_a_page_is_whole_or_it_is_none(a_program, tmp_path, script, why):
    a_program(script)
    with pytest.raises(pages.NotDrawn, match=why):
        pages.draw(tmp_path / "any.pdf", 1)


def test_a_page_that_takes_too_long_by_the_clock_is_stopped(a_program, tmp_path, monkeypatch):
    a_program("exec sleep 20")
    monkeypatch.setattr(drawing, "SECONDS", 0.3)
    with pytest.raises(pages.NotDrawn, match="too much"):
        pages.draw(tmp_path / "any.pdf", 1)


def test_the_program_is_told_nothing_of_ours(a_program, tmp_path, monkeypatch):
    folder = a_program(f"env > {tmp_path}/env; ulimit -v > {tmp_path}/most; nice > {tmp_path}/nice; exit 1")
    monkeypatch.setenv("SECRET_KEY", "CANARY")
    with pytest.raises(pages.NotDrawn):
        pages.draw(tmp_path / "any.pdf", 1)
    names = {line.partition("=")[0] for line in (tmp_path / "env").read_text().splitlines()}
    assert names <= {"PATH", "LC_ALL", "PWD", "OLDPWD", "_", "SHLVL"}
    assert (tmp_path / "most").read_text() == "153600\n"
    assert int((tmp_path / "nice").read_text()) >= 10
    assert folder.exists()


def test_without_the_program_the_line_to_run_is_told_and_a_person_tries_again(person, monkeypatch, tmp_path):
    file = stored(hostile.pdf(2), person)
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(tmp_path))
        job = worked(file)
    packages = re.search(r'^PACKAGES="(.*)"', (ROOT / "bin" / "system-deps.sh").read_text(), re.MULTILINE)[1]
    assert "poppler-utils" in packages.split()
    assert (job.state, job.attempts) == ("failed", 1)
    assert pages.reading(file, 1).why == [
        "The program that draws pages is missing on this machine. Run: apt-get install poppler-utils"
    ]
    pages.try_again(file, by=person)
    pages.try_again(file, by=person)
    assert (Job.objects.get().state, AuditEvent.objects.get().verb) == ("queued", "job.retry")


def test_a_file_that_is_gone_says_so(person, settings):
    file = stored(hostile.pdf(), person)
    (Path(settings.MEDIA_ROOT) / file.path).unlink()
    assert worked(file).error == "no file"
    assert "no longer where files are kept" in pages.reading(file, 1).why[0]


def test_a_worker_that_died_each_time_is_told_without_its_page(person):
    file = stored(hostile.pdf(), person)
    pages.ask_for(file)
    Job.objects.update(state="failed", error="The worker stopped in the middle; each time.", finished_at=now())
    assert set(pages.reading(file, 1).why) == {"The pages could not be made."}


@pytest.mark.parametrize(
    ("size", "expected"),
    [((3000, 2000), (1400, 933)), ((60, 40), (60, 40)), ((900, 4000), (900, 4000)), ((1080, 12000), (849, 9429))],
)
def test_a_picture_is_made_smaller_never_larger(person, size, expected):
    file = stored(hostile.picture("JPEG", size), person, "photo.jpg")
    assert worked(file).state == "ready"
    image = pages.image_of(file, 1)
    with Image.open(pages.path_of(image)) as picture:
        assert (picture.format, picture.size) == ("WEBP", expected)


def test_what_is_transparent_stands_on_white(person):
    out = io.BytesIO()
    Image.new("RGBA", (30, 30), (0, 0, 0, 0)).save(out, "PNG")
    file = stored(out.getvalue(), person, "seal.png")
    worked(file)
    with Image.open(pages.path_of(pages.image_of(file, 1))) as picture:
        assert picture.convert("RGB").getpixel((15, 15)) == (255, 255, 255)


def test_a_damaged_picture_says_so(person, settings):
    file = stored(hostile.picture("PNG"), person, "photo.png")
    (Path(settings.MEDIA_ROOT) / file.path).write_bytes(b"\x89PNG\r\n\x1a\nrubbish")
    assert worked(file).error == "page 1: not drawn"


def test_an_image_is_shown_in_place_and_kept_by_nobody(person):
    file = stored(hostile.picture(), person, "photo.jpg")
    worked(file)
    image = pages.image_of(file, 1)
    answer = pages.send(image)
    assert answer.content[8:12] == b"WEBP"
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert "attachment" not in answer.get("Content-Disposition", "")
    pages.path_of(image).unlink()
    with pytest.raises(Http404):
        pages.send(image)


def test_rows_of_a_file_are_each_page_once(person):
    file = stored(hostile.pdf(), person)
    PageImage.objects.create(file=file, number=1, path="x", size=1, width=1, height=1)
    assert pages.image_of(file, 1) is None  # nothing lies there


def test_a_worker_knows_the_job_without_the_pages_of_the_portal():
    words = "import django; django.setup(); from records import jobs; print('records.pages' in jobs._handlers)"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "mission1000.settings"}
    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
