"""Write a backup: the database first, then every file its rows name, then what all of it is."""

import json
import os
import secrets
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from records import sealed
from records.backup import dumps, facts
from records.backup.manifest import DUMP, Manifest
from records.backup.places import NotDone, copied, measured, place_of, refuse_half_a_place, roots
from records.clock import now

Say = Callable[[str], Any]
EVERY = 500  # files between two lines of progress


def make(folder: Path, say: Say) -> Manifest:
    """Write a backup into `folder`, which is new or empty; whole or not at all. Raises NotDone, OSError.

    It grows under another name beside `folder` and takes its name when it is whole and on the disk.
    """
    refuse_half_a_place()
    if folder.is_symlink() or (folder.exists() and (not folder.is_dir() or any(folder.iterdir()))):
        raise NotDone(f"{folder} is not empty: name a folder that is new or empty.")
    if not folder.parent.is_dir():
        raise NotDone(f"{folder.parent} is no folder: make it first.")
    part = folder.with_name(f".{folder.name}.part-{secrets.token_hex(4)}")
    before = os.umask(0o077)
    try:
        part.mkdir(mode=0o700)
        manifest = _fill(part, say)
        os.sync()
        part.rename(folder)
    finally:
        os.umask(before)
        shutil.rmtree(part, ignore_errors=True)
    return manifest


def version() -> str:
    """The version of this code."""
    project = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def _fill(part: Path, say: Say) -> Manifest:
    say("Database …")
    shape = dumps.shape()
    with dumps.taken(part / DUMP) as link:
        needed, samples = facts.sealed_facts(link)
        empty = facts.left_empty(link)
        manifest = Manifest(
            made_at=now().isoformat(timespec="seconds"),
            version=version(),
            database=shape,
            migrations=facts.migrations(link),
            rows=facts.rows(link, empty),
            trail=facts.trail(link),
            keys=_keys(needed),
            left_empty=empty,
            samples=samples,
        )
        named = list(dict.fromkeys(facts.files(link)))
    size, digest = measured(part / DUMP)
    manifest.database |= {"size": size, "sha256": digest}
    say(f"Database: {sum(manifest.rows.values())} rows in {len(manifest.rows)} tables, {size} bytes.")
    _files(part, named, manifest, say)
    _anchors(part, manifest)
    manifest.write(part)
    return manifest


def _keys(needed: set[str]) -> dict[str, Any]:
    """A check for each key that is needed to read the backup. Raises NotDone where one is not here."""
    finds = list(sealed.ring())[-1]
    if lost := sorted(needed - set(sealed.ring())):
        raise NotDone(f"Some sealed values need the key {lost[0]!r}, which is not in KEY_RING: put it back first.")
    salt = secrets.token_hex(16)
    return {
        "salt": salt,
        "finds": finds,
        "checks": {name: sealed.check_of(name, salt) for name in sorted(needed | {finds})},
    }


def _files(part: Path, named: list[tuple[str, str, bool]], manifest: Manifest, say: Say) -> None:
    """Copy what the rows name. What is not there or differs from its row is noted and said.

    A PDF that can be made again from its row is left out where it is gone or wrong: it is made when asked for.
    """
    for number, (name, digest, again) in enumerate(named, 1):
        try:
            facts_of = copied(place_of(name), part / name)
        except FileNotFoundError:
            facts_of = None
        if facts_of is None or facts_of[1] != digest:
            what = "is missing" if facts_of is None else "differs from what its row says"
            say(f"{name} {what}{'; it is made again from its row when asked for' if again else ''}.")
        if facts_of is not None and again and facts_of[1] != digest:
            (part / name).unlink()
            facts_of = None
        if facts_of is not None:
            manifest.files[name] = list(facts_of)
        if not again and (facts_of is None or facts_of[1] != digest):
            manifest.missing.append(name)
        if number % EVERY == 0:
            say(f"Files: {number} of {len(named)}.")
    say(f"Files: {len(named)} of {len(named)}.")


def _anchors(part: Path, manifest: Manifest) -> None:
    """The anchors up to the end of the trail in the dump: a later one would say of the restored trail that it was cut."""
    source = roots()["anchors"] / "trail.jsonl"
    kept = [line for line in source.read_text().splitlines() if _known(line, manifest)] if source.exists() else []
    if not kept:
        return
    target = part / "anchors"
    target.mkdir()
    (target / "trail.jsonl").write_text("".join(f"{line}\n" for line in kept))
    manifest.files["anchors/trail.jsonl"] = list(measured(target / "trail.jsonl"))


def _known(line: str, manifest: Manifest) -> bool:
    """Whether an anchor is of a line the dump holds. One that cannot be read stays: the walk of the trail reports it."""
    try:
        return bool(json.loads(line)["sequence"] <= manifest.trail["sequence"])
    except (ValueError, KeyError, TypeError):
        return True
