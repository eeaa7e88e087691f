"""Faults of the machine, told apart from faults of the program: no room on the disk, a database that is away."""

import errno
import sqlite3
from collections.abc import Iterator
from enum import Enum

from django.db import InterfaceError, OperationalError


class Fault(Enum):
    """What is wrong with the machine."""

    DISK_FULL = "disk full"
    DATABASE_AWAY = "database away"


NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# Codes of PostgreSQL: connection (08), the server stops or starts (57P), too many at once (53300). Without a code the
# connection was refused or broke.
AWAY = ("08", "57P", "53300")
SQLITE_AWAY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}


def fault_of(error: BaseException) -> Fault | None:
    """Which fault of the machine an error comes from; None for a fault of the program.

    No room counts first: a database on a full disk may go away because of it.
    """
    found = {_fault(one) for one in _chain(error)}
    return next((fault for fault in Fault if fault in found), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and those it came from, each once."""
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__


def _fault(error: BaseException) -> Fault | None:
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return Fault.DISK_FULL
    if isinstance(error, InterfaceError):
        return Fault.DATABASE_AWAY
    return _of_database(error.__cause__) if isinstance(error, OperationalError) else None


def _of_database(cause: BaseException | None) -> Fault | None:
    """By the code the database's own library gives: an unknown table or a deadlock is a fault of the program."""
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return Fault.DISK_FULL
        return Fault.DATABASE_AWAY if code in SQLITE_AWAY else None
    code = getattr(cause, "pgcode", "") or ""
    if code == "53100":
        return Fault.DISK_FULL
    return Fault.DATABASE_AWAY if not code or code.startswith(AWAY) else None
