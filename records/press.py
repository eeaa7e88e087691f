"""The owner's side of the press: starts it when first needed, hands it papers, starts another when it is worn, outdated or dead.

One press for each process that prints. A child that the process forks later has none until it prints itself.
"""

import atexit
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path

PAPERS = 500  # then another: whatever a library may leak is gone with the old one
BEAT_EVERY = 5.0
GRACE = 5.0  # seconds for a press to end a fork it was told to end
FOLDER = "mission1000-paper-"
LEFT_AFTER = 600  # seconds: a press has taken hold of its folder long before
KEPT = ("PATH", "HOME", "LD_LIBRARY_PATH", "PYTHONPATH")
Beat = Callable[[], None]


@dataclass(frozen=True)
class Printed:
    """How a paper ended: the code (0, or what records.pdf_child ends with), the last it said (None: too late), the PDF."""

    code: int
    said: str | None
    content: bytes


class Gone(Exception):
    """The press ended before the paper did."""


@dataclass(eq=False)
class Press:
    """A press under way, and what it was started with: with anything else it is outdated."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    made_of: object
    papers: int = 0

    def send(self, files: list[int]) -> None:
        """Hand a paper over. Raises Gone."""
        try:
            socket.send_fds(self.control, [b"print"], files)
        except OSError as error:
            raise Gone from error

    def let_go(self) -> None:
        """Send nothing more: it ends after the papers it has. Not closed yet, another thread may be about to send."""
        with suppress(OSError):  # it has ended
            self.control.shutdown(socket.SHUT_WR)

    def has_ended(self) -> bool:
        """Whether it is gone; then nothing of it is kept."""
        if self.process.poll() is None:
            return False
        self.control.close()
        return True


_lock = threading.Lock()
_presses: list[Press] = []  # the one in use; none, or one
_leaving: list[Press] = []  # let go, not ended yet


def printed(page: bytes, house: Path, seconds: float, beat: Beat | None) -> Printed:
    """Have a page printed; `house` holds `static/print` and the package. `beat` is called every five seconds.

    A press that dies in the middle is replaced once: the paper is not to blame for it.
    """
    for _turn in range(2):
        press = _ready(house)
        try:
            return _asked(press, page, seconds, beat)
        except Gone:
            _drop(press)
    return Printed(-signal.SIGKILL, "", b"")


def end() -> None:
    """Let the press go and wait for its end, a moment; for the end of the process, and for tests."""
    with _lock:
        _leaving.extend(_presses)
        _presses.clear()
        for press in _leaving:
            press.let_go()
        for press in _leaving:
            with suppress(subprocess.TimeoutExpired):
                press.process.wait(GRACE)
        _leaving[:] = [press for press in _leaving if not press.has_ended()]


def _asked(press: Press, page: bytes, seconds: float, beat: Beat | None) -> Printed:
    with _file("page") as source, _file("pdf") as target, _file("said") as said:
        _write(source, page)
        mine, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with mine:
            with its:
                press.send([source, target, said, its.fileno()])
            code = _wait(press, mine, seconds, beat)
        if code is None:
            return Printed(-signal.SIGKILL, None, b"")
        return Printed(code, _content(said).decode(errors="replace"), _content(target) if code == 0 else b"")


def _wait(press: Press, watch: socket.socket, seconds: float, beat: Beat | None) -> int | None:
    """The code of the paper's end; None if it took too long. Raises Gone."""
    end_ = time.monotonic() + seconds
    while (left := end_ - time.monotonic()) > 0:
        watch.settimeout(min(BEAT_EVERY, left))
        try:
            return _code(press, watch)
        except TimeoutError:
            if beat:
                beat()
    watch.shutdown(socket.SHUT_WR)  # the press ends the fork
    watch.settimeout(GRACE)
    try:
        _code(press, watch)
    except (TimeoutError, Gone):
        press.process.kill()  # it hangs: the next paper gets another
        _drop(press)
    return None


def _code(press: Press, watch: socket.socket) -> int:
    """What the press answers. One that could not be warmed is not asked again: what it lacked may be there now."""
    try:
        word = watch.recv(32).decode()
    except ConnectionError as error:
        raise Gone from error
    if not word:
        raise Gone
    warm, _blank, code = word.partition(" ")
    if warm != "warm":
        _drop(press)
    return int(code)


@contextmanager
def _file(name: str) -> Iterator[int]:
    """A file in memory: nothing of a paper lies on a disk until it is whole."""
    number = os.memfd_create(f"paper-{name}")
    try:
        yield number
    finally:
        os.close(number)


def _write(number: int, content: bytes) -> None:
    """From the beginning, all of it, to be read from the beginning."""
    with os.fdopen(os.dup(number), "wb") as opened:
        opened.write(content)
    os.lseek(number, 0, os.SEEK_SET)


def _content(number: int) -> bytes:
    return os.pread(number, os.fstat(number).st_size, 0)


def _ready(house: Path) -> Press:
    """The press in use, or a new one where it is worn, outdated or dead. Counts the paper."""
    made_of = _made_of(house)
    with _lock:
        _leaving[:] = [press for press in _leaving if not press.has_ended()]
        for press in tuple(_presses):
            if press.papers >= PAPERS or press.made_of != made_of or press.process.poll() is not None:
                _let_go(press)
        if not _presses:
            _presses.append(_start(house, made_of))
        press = _presses[0]
        press.papers += 1
        return press


def _drop(press: Press) -> None:
    with _lock:
        if press in _presses:
            _let_go(press)


def _let_go(press: Press) -> None:
    press.let_go()
    _presses.remove(press)
    _leaving.append(press)


def _made_of(house: Path) -> object:
    """What a press is started with. Fonts and styles by time and size: a changed one makes it outdated."""
    files = sorted(
        (path.as_posix(), path.stat().st_mtime_ns, path.stat().st_size)
        for path in (house / "static" / "print").rglob("*")
    )
    return house, tempfile.gettempdir(), _environment(), files


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in KEPT if name in os.environ}


def _start(house: Path, made_of: object) -> Press:
    """A new interpreter, with nothing of this process but one end of a socket. The shipped fonts are the only ones it finds:
    a paper looks alike on every machine, a sign they lack is a box.
    """
    folder, fonts = Path(tempfile.mkdtemp(prefix=FOLDER)), house / "static" / "print" / "fonts"
    clear_what_was_left(folder)
    config = folder / "fonts.conf"
    try:
        config.write_text(f"<fontconfig><dir>{escape(str(fonts))}</dir><cachedir>{folder}</cachedir></fontconfig>")
    except OSError:  # a full disk: nothing is left on it
        shutil.rmtree(folder, ignore_errors=True)
        raise
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        words = (str(its.fileno()), str(os.getpid()), str(folder), str(house / "static" / "print"))
        process = subprocess.Popen(
            [sys.executable, "-m", "records.pdf_press", *words],
            cwd=house,
            env={
                **_environment(),
                "FONTCONFIG_FILE": str(config),
                "TMPDIR": str(folder),
                "PYTHONDONTWRITEBYTECODE": "1",
                "LC_ALL": "C.UTF-8",
            },
            pass_fds=[its.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            process_group=0,  # a signal to the owner's group is the owner's to answer: it may want its paper yet
        )
    return Press(process, ours, made_of)


def clear_what_was_left(mine: Path) -> None:
    """Take away folders of presses that were killed, beside `mine`, which was made this moment. One in use is held."""
    moment = mine.stat().st_mtime
    for other in mine.parent.glob(f"{FOLDER}*"):
        with suppress(OSError):  # another process clears too, it is somebody else's, or it is held
            if moment - other.stat().st_mtime > LEFT_AFTER:
                _take_away(other)


def _take_away(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    finally:
        os.close(number)


def _forget() -> None:
    """In a child of this process: the press is not ours. Close what was inherited of it, or it could not see its owner's end."""
    global _lock  # noqa: PLW0603 -- another thread may have held the old one at the fork
    _lock = threading.Lock()
    for press in (*_presses, *_leaving):
        press.control.close()
        press.process.returncode = 0  # nothing to wait for here
    _presses.clear()
    _leaving.clear()


os.register_at_fork(after_in_child=_forget)
atexit.register(end)
