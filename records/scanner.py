"""The virus scanner: clamd, spoken to over its INSTREAM command. SCANNER=off: no scanner, and documents say so.

A file waits as "awaiting scan" until clamd has answered. With clamd away it goes on waiting, closed to every office:
the job spends no try, and the daily sweep queues it again where its job was lost.
"""

import socket
import struct
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from records import acts, jobs
from records.models import Job, StoredFile

NOT_SCANNED, AWAITING, CLEAN, INFECTED = "not virus-scanned", "awaiting scan", "clean", "infected"
CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 30.0
PING_SECONDS = 0.5
PIECE = 64 * 1024
LONGEST_ANSWER = 4096


class ScannerAway(jobs.Away):
    """clamd cannot be reached, does not answer in time, or answers something else than a verdict."""


def first_state() -> str:
    """What is said of a file that has just come in."""
    return NOT_SCANNED if settings.SCANNER == "off" else AWAITING


def answers() -> bool:
    """Whether clamd says that it lives, soon enough for who asks whether the portal is well."""
    try:
        with _connect(PING_SECONDS) as link:
            link.settimeout(PING_SECONDS)
            link.sendall(b"zPING\0")
            return _answer(link) == "PONG"
    except OSError:
        return False


def _connect(seconds: float = CONNECT_SECONDS) -> socket.socket:
    place = urlsplit(settings.SCANNER)
    if place.scheme == "unix":
        link = socket.socket(socket.AF_UNIX)
        link.settimeout(seconds)
        try:
            link.connect(place.path)
        except OSError:
            link.close()
            raise
        return link
    return socket.create_connection((place.hostname, place.port or 3310), seconds)


def verdict(path: Path) -> str:
    """CLEAN or INFECTED. Raises ScannerAway, and FileNotFoundError where the file is gone."""
    with path.open("rb") as opened:
        try:
            with _connect() as link:
                link.settimeout(ANSWER_SECONDS)
                link.sendall(b"zINSTREAM\0")
                while piece := opened.read(PIECE):
                    link.sendall(struct.pack("!L", len(piece)) + piece)
                link.sendall(struct.pack("!L", 0))
                said = _answer(link)
        except OSError as error:
            raise ScannerAway("The virus scanner cannot be reached.") from error
    if said == "stream: OK":
        return CLEAN
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return INFECTED
    raise ScannerAway("The virus scanner did not give a verdict.")


def _answer(link: socket.socket) -> str:
    """Up to the NUL that ends it."""
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER and (piece := link.recv(LONGEST_ANSWER)):
        said += piece
    return said.rstrip(b"\0\n").decode("ascii", "replace")


_told: list[Callable[[StoredFile], None]] = []


def tell(function: Callable[[StoredFile], None]) -> None:
    """A room has something to do when a file is clean or infected; called inside the act that says so."""
    _told.append(function)


def ask_for(file: StoredFile, *, priority: int = 3) -> None:
    """Queue the scan of a file that waits for one."""
    if file.scan == AWAITING:
        jobs.enqueue("records.scan", f"scan:{file.pk}", payload={"file": file.pk}, priority=priority)


@jobs.handler("records.scan", title=_("Scanning a document for viruses"), queue="scans")
def scan(job: Job) -> None:
    """Ask clamd about one file; harmless when its verdict is there."""
    file = StoredFile.objects.get(pk=job.payload["file"])
    if file.scan != AWAITING:
        return
    path = Path(settings.MEDIA_ROOT) / file.path
    if not path.exists():
        raise jobs.GivenUp("The file is no longer where files are kept.")
    # Switched off meanwhile: the structural checks are the gate, as for every file since.
    _settle(file, NOT_SCANNED if settings.SCANNER == "off" else verdict(path))


@acts.act
def _settle(file: StoredFile, said: str) -> None:
    held = acts.lock_one(StoredFile, file.pk)
    if held.scan != AWAITING:
        return
    StoredFile.objects.filter(pk=held.pk).update(scan=said)
    held.scan = said
    for function in _told:
        function(held)
