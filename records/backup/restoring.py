"""Read a backup into an empty place: everything is looked at before anything is written, and compared after."""

import os
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from records import acts, audit, sealed
from records.backup import dumps, facts
from records.backup.making import EVERY, Say, version
from records.backup.manifest import DUMP, Manifest, differs, read, refuse_damage
from records.backup.places import NotDone, any_file, copied, first_line, mark, place_of, refuse_half_a_place

RING = "put the key ring of the portal that was backed up into KEY_RING (outside production: the file key_ring in DATA_DIR)"


def restore(folder: Path, say: Say) -> Manifest:
    """Bring a backup back into an empty database and an empty DATA_DIR. Raises NotDone, OSError.

    Until the look is over nothing is written. From then on a mark stands in DATA_DIR, and stays where a step failed.
    """
    manifest = looked_at(folder, say)
    mark().parent.mkdir(parents=True, exist_ok=True)
    mark().write_text(f"{manifest.made_at} {manifest.trail['hash']}\n")
    before = os.umask(0o077)
    try:
        _write(folder, manifest, say)
    except (NotDone, OSError, Error) as error:
        raise NotDone(
            f"The restore stopped half-way: {first_line(error)} Empty the database and the folders files, papers and anchors of DATA_DIR, "
            f"remove {mark()}, mend the cause and restore again."
        ) from error
    finally:
        os.umask(before)
    return manifest


# ---- Before ---------------------------------------------------------------------------------------------------
def looked_at(folder: Path, say: Say) -> Manifest:
    """The manifest of a whole backup that fits this place, its database, its code and its keys. Raises NotDone."""
    refuse_half_a_place()
    manifest = read(folder)
    _refuse_newer(manifest)
    _refuse_keys(manifest.keys)
    dumps.refuse_other_shape(manifest.database)
    dumps.refuse_rows()
    if found := any_file():
        raise NotDone(
            f"DATA_DIR is not empty: {found} is there. Move files, papers and anchors away. Nothing was changed."
        )
    for name in manifest.files:
        place_of(name)
    say(f"Backup of {manifest.made_at}, version {manifest.version}: {len(manifest.files)} files. Reading all of it …")
    refuse_damage(folder, manifest)
    return manifest


def _refuse_newer(manifest: Manifest) -> None:
    known: set[tuple[str, str]] = set()
    for key, migration in MigrationLoader(None).disk_migrations.items():
        known |= {key, *((app, name) for app, name in migration.replaces)}
    foreign = [
        f"{app} {name}" for app, names in manifest.migrations.items() for name in names if (app, name) not in known
    ]
    if foreign:
        raise NotDone(
            f"The backup is of version {manifest.version} and this is {version()}, which does not know its migration {foreign[0]}: "
            "restore it with the version that made it, or a newer one."
        )


def _refuse_keys(keys: dict[str, Any]) -> None:
    for name, check in keys["checks"].items():
        if name not in sealed.ring():
            raise NotDone(f"KEY_RING has no key {name!r}, and the backup needs it: {RING}.")
        if sealed.check_of(name, keys["salt"]) != check:
            raise NotDone(f"The key {name!r} in KEY_RING is another one than the backup was made with: {RING}.")
    if list(sealed.ring())[-1] != keys["finds"]:
        raise NotDone(
            f"The last key in KEY_RING must be {keys['finds']!r}, with which sealed values are found again: {RING}."
        )


# ---- Writing and comparing ------------------------------------------------------------------------------------
def _write(folder: Path, manifest: Manifest, say: Say) -> None:
    for number, name in enumerate(sorted(manifest.files), 1):
        copied(folder / name, place_of(name))
        if number % EVERY == 0:
            say(f"Files: {number} of {len(manifest.files)}.")
    dumps.put_back(folder / DUMP)
    for compare in (_rows, _samples):
        say(compare(manifest))
    call_command("migrate", interactive=False, verbosity=0)  # what this code has more, and the triggers
    call_command("createcachetable", verbosity=0)
    _forget()
    for compare in (_trail, _files):
        say(compare(manifest))
    _leave_a_line(manifest)
    os.sync()
    mark().unlink()


def _rows(manifest: Manifest) -> str:
    found = facts.rows(connection, facts.left_empty(connection))
    for table in sorted(found.keys() | manifest.rows.keys()):
        if found.get(table) != manifest.rows.get(table):
            raise NotDone(f"{table} holds {found.get(table)} rows and held {manifest.rows.get(table)}.")
    if facts.trail(connection) != manifest.trail:
        raise NotDone("The trail ends with another line than in the backup.")
    return f"Rows: {sum(found.values())} in {len(found)} tables, as in the backup."


def _samples(manifest: Manifest) -> str:
    for sample in manifest.samples:
        if not facts.opened(connection, sample):
            raise NotDone(f"{sample.column} of row {sample.pk} in {sample.table} cannot be opened with this key ring.")
    return f"Sealed values: {len(manifest.samples)} rows opened."


def _forget() -> None:
    """Sessions, rate limits and used codes are not brought back; the planner learns what is in the tables."""
    with connection.cursor() as cursor:
        for table in facts.left_empty(connection):
            cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 -- names of our own tables
        cursor.execute("ANALYZE")


def _trail(manifest: Manifest) -> str:
    if problems := audit.verify():
        raise NotDone(f"The trail is not whole: event {problems[0].sequence} {problems[0].what}.")
    return f"Trail: {manifest.trail['sequence']} events, whole, the last one as in the backup."


def _files(manifest: Manifest) -> str:
    for name, of in manifest.files.items():
        if differs(place_of(name), of):
            raise NotDone(f"{place_of(name)} is not what the backup holds.")
    return f"Files: {len(manifest.files)}, each with its hash."


@acts.act
def _leave_a_line(manifest: Manifest) -> None:
    """The trail itself says that from here on it is a restored one: what came after the backup is not in it."""
    end = {"sequence": manifest.trail["sequence"], "hash": manifest.trail["hash"], "made_at": manifest.made_at}
    audit.record("portal.restore", "portal:1", by=acts.system("restore"), data=end)
