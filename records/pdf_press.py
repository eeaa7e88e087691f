"""The warmed process that prints: `python -m records.pdf_press SOCKET OWNER FOLDER PRINT_FOLDER`. Needs no Django.

It has WeasyPrint imported, the fonts loaded and the style sheets parsed, and forks once for each paper. A fork has a process
group, bounds and files of its own; what becomes of it reaches no other. Started by records.press with a clean environment:
no secret, no database, no file but its socket. Ends with its owner, whichever way that goes.
"""

import array
import ctypes
import fcntl
import gc
import io
import os
import resource
import select
import shutil
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from records import pdf_child

LOOK_EVERY = 1000  # milliseconds: whether the owner still lives
FILES = 3  # of a paper: the page, the PDF, what the fork says
A_PAPER = FILES + 1  # and the socket for its end
FIRST_WAIT = 10.0  # seconds
DEATH_SIGNAL, NO_NEW_PRIVILEGES = 1, 38  # of prctl(2)
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000  # of unshare(2)
BATCH = 2**16  # more descriptors than a fork can have
LIBC = ctypes.CDLL(None)
Print = Callable[[str, Any], None]


def alone() -> None:
    """Leave the network of the machine, where the kernel lets us; the fetcher asks nobody in any case."""
    LIBC.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if LIBC.unshare(NEW_NETWORK) != 0:
        LIBC.unshare(NEW_USER | NEW_NETWORK)


def warmed(folder: Path) -> Print:
    """Import, load and parse all that papers have in common, and print one that is thrown away.

    Raises OSError where the libraries are missing, Missing where a file is.
    """
    import weasyprint  # noqa: PLC0415 -- fails where Pango is missing, and that is an answer
    from weasyprint import css, draw, urls  # noqa: PLC0415 -- as above
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- as above

    from records import pdf_quick  # noqa: PLC0415 -- as above

    pdf_quick.shorten()
    pdf_child.keep_text(draw)
    fonts = FontConfiguration()
    fetch = pdf_child.fetcher(folder, urls.URLFetcher, urls.URLFetcherResponse)
    sheets = {
        pdf_child.HOME + path.name: weasyprint.CSS(
            url=pdf_child.HOME + path.name, url_fetcher=fetch, font_config=fonts, _check_mime_type=True
        )
        for path in sorted(folder.glob("*.css"))
    }
    parse = weasyprint.CSS

    def sheet(**asked: Any) -> Any:
        known = None if asked.get("matcher") else sheets.get(asked.get("url", ""))  # an @import adds to who imports it
        return known or parse(**asked)

    css.CSS = sheet

    def write(page: str, target: Any) -> None:
        document = weasyprint.HTML(string=page, base_url=pdf_child.HOME, url_fetcher=fetch)
        document.write_pdf(target, font_config=fonts, **pdf_child.HOW)

    write(_first_page(folder), io.BytesIO())
    return write


def _first_page(folder: Path) -> str:
    links = "".join(f'<link rel="stylesheet" href="{path.name}">' for path in sorted(folder.glob("*.css")))
    words = "<p>Words <b>bold</b></p><p lang=ml>ശ്രീ <b>ശ്രീ</b></p>"
    table = f"<table><thead><tr><th>{words}</th></tr></thead><tbody><tr><td>{words}</td></tr></tbody></table>"
    return f'<!doctype html><html lang="en"><head><title>Warm</title>{links}</head><body>{table}</body></html>'


class Press:
    """Takes papers from its owner's socket, forks, and tells how each fork ended."""

    def __init__(self, control: socket.socket, owner: int, write: Print) -> None:
        self.control, self.owner, self.write = control, owner, write
        self.running: dict[int, socket.socket] = {}
        self.open = True  # the owner may still send papers
        self.poll = select.poll()
        self.ended, wake = socket.socketpair()
        wake.setblocking(False)
        self.ended.setblocking(False)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        self.wake = wake
        for one in (control, self.ended):
            self.poll.register(one, select.POLLIN)

    def run(self) -> None:
        """Work until the owner has closed the socket and nothing is printed any more, or is gone."""
        while self.open or self.running:
            ready = {number for number, _event in self.poll.poll(LOOK_EVERY)}
            if os.getppid() != self.owner:
                break
            self.reap()
            for pid, watch in self.running.items():
                if watch.fileno() in ready:  # the owner says nothing here: it has given the paper up
                    self.poll.unregister(watch)
                    kill(pid)
            if self.control.fileno() in ready:
                self.take()
        for pid in self.running:
            kill(pid)

    def take(self) -> None:
        """One paper from the owner, or the end."""
        files = received(self.control)
        if files is None:
            self.open = False
            self.poll.unregister(self.control)
            return
        page, target, said, ending = files
        watch = socket.socket(fileno=ending)
        pid = os.fork()
        if pid == 0:
            self.print(page, target, said)
        for number in files[:FILES]:
            os.close(number)
        with suppress(OSError):  # the fork does it too; whoever comes first
            os.setpgid(pid, pid)
        self.running[pid] = watch
        self.poll.register(watch, select.POLLIN)

    def reap(self) -> None:
        """Tell the owner of each fork that has ended: its exit code, or the number of the signal below zero."""
        with suppress(BlockingIOError):
            self.ended.recv(4096)
        while self.running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            watch = self.running.pop(pid)
            with suppress(KeyError):
                self.poll.unregister(watch)
            answer(watch, os.waitstatus_to_exitcode(status))

    def print(self, page: int, target: int, said: int) -> None:
        """In the fork: print, and end."""
        code = 1
        try:
            in_a_group_of_its_own(os.getppid())
            own_files(page, target, said)
            pdf_child.bound()
            gc.disable()  # it lives for one paper; its memory is bound
            with os.fdopen(0, encoding="utf-8") as read, os.fdopen(1, "wb") as out:
                self.write(read.read(), out)
            code = 0
        except pdf_child.Missing as gone:
            code = pdf_child.told(gone)
        except BaseException:  # noqa: BLE001 -- whatever it is, it is told, and the fork ends here
            traceback.print_exc()
        finally:
            with suppress(OSError):
                sys.stderr.flush()
            os._exit(code)


def in_a_group_of_its_own(press: int) -> None:
    """Be killed as a whole, and with the press."""
    with suppress(OSError):
        os.setpgid(0, 0)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    LIBC.prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != press:
        os._exit(1)


def own_files(page: int, target: int, said: int) -> None:
    """Keep the paper's own files as 0, 1 and 2, and close all others: the socket to the owner, other papers'."""
    sys.stdout = sys.stderr
    for place, number in enumerate((page, target, said)):
        os.dup2(number, place)
    os.closerange(FILES, BATCH)


def kill(pid: int) -> None:
    """End a fork with all it may have started."""
    for end in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            end(pid, signal.SIGKILL)


def received(control: socket.socket) -> list[int] | None:
    """The files of the next paper; None where the owner closed the socket."""
    numbers = array.array("i")
    word, told, _flags, _address = control.recvmsg(16, socket.CMSG_SPACE(A_PAPER * numbers.itemsize))
    for _level, _kind, data in told:
        numbers.frombytes(data[: len(data) - len(data) % numbers.itemsize])
    return numbers.tolist() if word else None


def answer(watch: socket.socket, code: int, warm: str = "warm") -> None:
    """Say how a paper ended, and whether there will be others: a press that is cold is about to end."""
    with suppress(OSError):  # the owner is gone, or has given it up
        watch.send(f"{warm} {code}".encode())
    watch.close()


def refuse(control: socket.socket, code: int, why: str) -> None:
    """The press could not be warmed: say so to whoever waits, in the place of each paper's fork."""
    control.settimeout(FIRST_WAIT)
    with suppress(OSError):  # nobody waits any more
        while (files := received(control)) is not None:
            page, target, said, ending = files
            os.write(said, why.encode())
            answer(socket.socket(fileno=ending), code, "cold")
            for number in (page, target, said):
                os.close(number)
            control.setblocking(False)


def main() -> int:
    """Warm up, then print what is asked."""
    control = socket.socket(fileno=int(sys.argv[1]))
    owner, folder, printed = int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the owner, who may want its paper yet
    os.nice(10)
    held = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    fcntl.flock(held, fcntl.LOCK_SH)  # records.press leaves a folder alone that is held
    resource.setrlimit(resource.RLIMIT_AS, (pdf_child.MEMORY * 2, pdf_child.MEMORY * 2))
    alone()
    try:
        write = warmed(printed)
    except pdf_child.Missing as gone:
        refuse(control, pdf_child.NO_FILE, str(gone))
    except OSError:
        refuse(control, pdf_child.NO_LIBRARIES, "")
    except Exception as error:  # noqa: BLE001 -- whatever it is, whoever waits is told
        refuse(control, 1, f"{type(error).__name__}: the press could not be warmed")
    else:
        gc.collect()
        gc.freeze()
        Press(control, owner, write).run()
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
