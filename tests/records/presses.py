"""A look at the press of a process and at its forks, from outside."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from records import press

Found = TypeVar("Found")
PATIENCE = 30.0


def children(pid: int) -> list[int]:
    """The processes whose parent it is."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            if int(status.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(status.parent.name))
    return found


def offspring(pid: int) -> list[int]:
    """Its children, theirs, and so on."""
    own = children(pid)
    return [*own, *(one for child in own for one in offspring(child))]


def is_press(pid: int) -> bool:
    with suppress(OSError):
        return b"records.pdf_press" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


def own_press() -> int:
    """The process number of the press of this process."""
    (one,) = press._presses
    return one.process.pid


def alive(pid: int) -> bool:
    """Whether the process runs; not one that has ended and waits to be asked how."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def soon(asked: Callable[[], Found]) -> Found:
    """What is asked, as soon as it is there."""
    until = time.monotonic() + PATIENCE
    while not (found := asked()):
        assert time.monotonic() < until
        time.sleep(0.01)
    return found


def fork_of(pid: int) -> int:
    """The fork a press prints with at this moment, as soon as there is one."""
    return soon(lambda: children(pid))[0]


def files_of(pid: int) -> list[str]:
    """What a process has open."""
    found = []
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            found.append(str(file.readlink()))
    return found


def memory(pid: int) -> int:
    """Bytes of a process that are its own, shared pages in proportion."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) * 1024


def cpu(pid: int) -> float:
    """Seconds of CPU a process and the ones it has waited for took, user and system."""
    spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")


def facts(pid: int) -> Iterator[str]:
    """The bounds of a process, a line each, blanks made one."""
    for line in Path(f"/proc/{pid}/limits").read_text().splitlines():
        yield " ".join(line.split())
