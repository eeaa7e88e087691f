"""What a backup says of itself: one JSON file, and the hash of it beside it."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from records.backup.places import NotDone, files_below, measured

FORMAT = 1
WORD = re.compile(r"[a-z][a-z0-9_]{0,62}")
NAME, HASH, DUMP = "manifest.json", "manifest.sha256", "database.dump"


@dataclass(frozen=True)
class Sample:
    """One sealed text that must open: where it stands, and what it is bound to beside the row's own `seal_id`.

    `context` is empty for a sealed column, whose context is made from its row.
    """

    table: str
    column: str
    pk: int
    context: str = ""

    def __post_init__(self) -> None:
        if not WORD.fullmatch(self.table) or not WORD.fullmatch(self.column):  # they go into SQL
            raise ValueError("no name of a table or column")


@dataclass
class Manifest:
    """What is in a backup. Never a key: `checks` are keyed hashes that only the same key makes again.

    `rows`: how many each table holds; `files`: size in bytes and SHA-256 by name; `missing`: names of files that rows
    name and that were not there, or differed from their row; `left_empty`: tables whose rows were left out; `keys`: the
    salt, the check of each key needed by its id, and the id of the key that makes the hashes by which values are found.
    """

    made_at: str
    version: str
    database: dict[str, Any]
    migrations: dict[str, list[str]]
    rows: dict[str, int]
    trail: dict[str, Any]
    keys: dict[str, Any]
    left_empty: list[str]
    samples: list[Sample]
    files: dict[str, list[Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Put it into the folder, with its hash in the form sha256sum reads."""
        content = json.dumps(asdict(self), indent=1, ensure_ascii=False, sort_keys=True).encode()
        (folder / NAME).write_bytes(content)
        (folder / HASH).write_text(f"{hashlib.sha256(content).hexdigest()}  {NAME}\n")


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises NotDone where there is none, it was changed, or its format is newer than this code."""
    if not (folder / NAME).is_file() or not (folder / HASH).is_file():
        raise NotDone(f"{folder} is no backup: it has no {NAME} with its {HASH}.")
    content = (folder / NAME).read_bytes()
    if (folder / HASH).read_text(errors="replace").split()[:1] != [hashlib.sha256(content).hexdigest()]:
        raise NotDone(f"The backup is damaged: {NAME} does not agree with {HASH}.")
    try:
        said = json.loads(content)
        if said["format"] > FORMAT:
            raise NotDone(
                f"The backup has format {said['format']} and this portal reads up to {FORMAT}: "
                "restore it with the version that made it, or a newer one."
            )
        return Manifest(**{**said, "samples": [Sample(**sample) for sample in said["samples"]]})
    except (ValueError, KeyError, TypeError) as error:
        raise NotDone(f"The backup is damaged: {NAME} cannot be read.") from error


def refuse_damage(folder: Path, manifest: Manifest) -> None:
    """Raises NotDone unless the folder holds exactly what the manifest says, each file with its hash."""
    wanted = {DUMP: [manifest.database["size"], manifest.database["sha256"]], **manifest.files}
    there = set(files_below(folder)) - {NAME, HASH}
    if gone := sorted(set(wanted) - there):
        raise NotDone(f"The backup is damaged: {gone[0]} is missing{_and_more(gone)}.")
    if foreign := sorted(there - set(wanted)):
        raise NotDone(f"The backup is damaged: {foreign[0]} does not belong to it{_and_more(foreign)}.")
    changed = [name for name, facts in wanted.items() if differs(folder / name, facts)]
    if changed:
        raise NotDone(f"The backup is damaged: {changed[0]} is not what was written{_and_more(changed)}.")


def differs(path: Path, facts: list[Any]) -> bool:
    """Whether a file is not there as size and SHA-256 say."""
    return path.is_symlink() or not path.is_file() or list(measured(path)) != list(facts)


def _and_more(names: list[str]) -> str:
    return f" (and {len(names) - 1} more)" if len(names) > 1 else ""
