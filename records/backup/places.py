"""Where files lie in DATA_DIR, and the mark that a restore there has not ended."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

UNFINISHED = "restore-unfinished"
CHUNK = 1024 * 1024  # bytes


class NotDone(Exception):
    """A backup or a restore that cannot be done; the sentence says why, and what to do where that is not plain."""


def first_line(error: Exception) -> str:
    """What an error says; not its further lines, in which a database repeats values of rows."""
    return next(iter(str(error).splitlines()), type(error).__name__)


def roots() -> dict[str, Path]:
    """The folders of a backup, by the name they have in it."""
    data = Path(settings.DATA_DIR)
    return {"files": Path(settings.MEDIA_ROOT), "papers": data / "papers", "anchors": data / "anchors"}


def place_of(name: str) -> Path:
    """Where the file lies or will lie that a backup calls `files/2026/11/…`. Raises NotDone for a name that leads elsewhere."""
    root, _, inside = name.partition("/")
    parts = inside.split("/")
    if root not in roots() or not inside or {"", ".", ".."} & set(parts) or "\0" in name:
        raise NotDone(f"The manifest names a file outside the portal's folders: {name!r}.")
    return roots()[root].joinpath(*parts)


def any_file() -> Path | None:
    """One file that is already in a folder a backup would fill, or None."""
    return next((path for root in roots().values() for path in root.rglob("*") if not path.is_dir()), None)


def mark() -> Path:
    """The file that is there from the first thing a restore writes until all of it was compared."""
    return Path(settings.DATA_DIR) / UNFINISHED


def refuse_half_a_place() -> None:
    """Raises NotDone where a restore began and did not end."""
    if mark().exists():
        raise NotDone(
            f"A restore into this place began and did not end ({mark()}), so what is here may be half. "
            "Empty the database and the folders files, papers and anchors of DATA_DIR, remove that mark, and restore again."
        )


def copied(source: Path, target: Path) -> tuple[int, str]:
    """Copy a file into folders only we may read; size in bytes and SHA-256 of what was copied. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with source.open("rb") as read, target.open("xb") as written:
        digest, size = hashlib.sha256(), 0
        while block := read.read(CHUNK):
            digest.update(block)
            size += len(block)
            written.write(block)
    target.chmod(0o600)
    return size, digest.hexdigest()


def measured(path: Path) -> tuple[int, str]:
    """Size in bytes and SHA-256 of a file. Raises OSError."""
    with path.open("rb") as read:
        return path.stat().st_size, hashlib.file_digest(read, "sha256").hexdigest()


def files_below(folder: Path) -> Iterator[str]:
    """The name, from `folder` on, of everything there that is no folder; a link counts as a file, wherever it leads."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(folder).as_posix()
