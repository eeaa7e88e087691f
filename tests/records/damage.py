"""A backup damaged in each way there is, and places it must not go to: `python -m tests.records.damage BACKUP SCRATCH`.

One process tries all of it and prints, as JSON by name, the sentence and what stood in the place afterwards.
"""

import hashlib
import json
import shutil
import sys
from contextlib import ExitStack, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import django


def flip(path: Path) -> None:
    """One bit in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def first(folder: Path, under: str) -> Path:
    return min(path for path in (folder / under).rglob("*") if path.is_file())


def signed(change: Any) -> Any:
    """Change what the manifest says, and its hash with it."""

    def damage(folder: Path) -> None:
        said = json.loads((folder / "manifest.json").read_text())
        change(said)
        content = json.dumps(said).encode()
        (folder / "manifest.json").write_bytes(content)
        (folder / "manifest.sha256").write_text(f"{hashlib.sha256(content).hexdigest()}  manifest.json\n")

    return damage


def outside(said: dict[str, Any]) -> None:
    said["files"]["files/../../etc/passwd"] = [1, "0" * 64]


def linked(folder: Path) -> None:
    path = first(folder, "files")
    moved = folder.with_name("elsewhere")
    path.rename(moved)
    path.symlink_to(moved)


DAMAGES = {
    "a byte of the dump": (lambda f: flip(f / "database.dump"), "database.dump is not what was written"),
    "a byte of a file": (lambda f: flip(first(f, "files")), "is not what was written"),
    "a byte of a paper": (lambda f: flip(first(f, "papers")), "is not what was written"),
    "a byte of the anchors": (lambda f: flip(f / "anchors/trail.jsonl"), "anchors/trail.jsonl is not what was written"),
    "a byte of the manifest": (lambda f: flip(f / "manifest.json"), "manifest.json does not agree with manifest.sha256"),
    "the manifest's hash": (lambda f: flip(f / "manifest.sha256"), "manifest.json does not agree with manifest.sha256"),
    "no manifest": (lambda f: (f / "manifest.json").unlink(), "is no backup: it has no manifest.json"),
    "no dump": (lambda f: (f / "database.dump").unlink(), "database.dump is missing"),
    "a file gone": (lambda f: first(f, "files").unlink(), "is missing"),
    "a link for a file": (linked, "is not what was written"),
    "a foreign file": (lambda f: (f / "files/foreign").write_text("x"), "files/foreign does not belong to it"),
    "a file cut off": (lambda f: first(f, "files").write_bytes(b""), "is not what was written"),
    "a newer format": (signed(lambda said: said.update(format=2)), "has format 2 and this portal reads up to 1"),
    "a manifest of nothing": (signed(lambda said: said.pop("trail")), "manifest.json cannot be read"),
    "a name that leads out": (signed(outside), "outside the portal's folders"),
    "a name for SQL": (signed(lambda said: said["samples"][0].update(table='x"; --')), "manifest.json cannot be read"),
    "a newer version": (signed(lambda said: said["migrations"]["records"].append("9999_later")), "its migration records 9999_later"),
    "another kind of database": (signed(lambda said: said["database"].update(vendor="oracle")), "is of a foreign database"),
}  # fmt: skip
RINGS = {
    "another key": ("k2:{k2},k1:" + "x" * 40, "The key 'k1' in KEY_RING is another one"),
    "a key less": ("k1:{k1}", "KEY_RING has no key 'k2', and the backup needs it"),
    "another last key": ("k2:{k2},k1:{k1},k0:" + "x" * 40, "The last key in KEY_RING must be 'k1'"),
}
TAKEN = {
    "a file is there": "DATA_DIR is not empty",
    "a table is there": "The database is not empty, it has 1 table",
    "a restore did not end": "began and did not end",
}


@contextmanager
def taken_place(name: str) -> Any:
    """The place with something in it, for a while."""
    from django.conf import settings  # noqa: PLC0415 -- set up in main
    from django.db import connection  # noqa: PLC0415 -- as above

    path = Path(settings.DATA_DIR) / ("restore-unfinished" if "end" in name else "papers/other.pdf")
    if "table" in name:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE other (id integer)")
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    yield
    if "table" in name:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE other")
        connection.close()
        if connection.vendor == "sqlite":
            Path(connection.settings_dict["NAME"]).unlink()
    path.unlink(missing_ok=True)


def attempt(folder: Path, *around: Any) -> dict[str, Any]:
    """What restore says, and what is in the place then beside what was put there."""
    from django.conf import settings  # noqa: PLC0415 -- set up in main
    from django.core.management import CommandError, call_command  # noqa: PLC0415 -- as above
    from django.db import connection  # noqa: PLC0415 -- as above

    before = sorted(path.name for path in Path(settings.DATA_DIR).rglob("*"))
    with ExitStack() as stack:
        for one in around:
            stack.enter_context(one)
        try:
            call_command("restore", folder, stdout=StringIO())
            said = "it was restored"
        except CommandError as error:
            said = str(error)
    found = [name for name in sorted(path.name for path in Path(settings.DATA_DIR).rglob("*")) if name not in before]
    if connection.vendor == "postgresql":
        found += connection.introspection.table_names()
    return {"said": said, "found": [name for name in found if name != "papers"]}


def main(backup: Path, scratch: Path, secrets: dict[str, str]) -> dict[str, Any]:
    from django.test import override_settings  # noqa: PLC0415 -- set up below

    results = {}
    for name, (damage, _sentence) in DAMAGES.items():
        folder = scratch / name.replace(" ", "-")
        shutil.copytree(backup, folder)
        damage(folder)
        results[name] = attempt(folder)
        shutil.rmtree(folder)
    for name, (ring, _sentence) in RINGS.items():
        results[name] = attempt(backup, override_settings(KEY_RING=ring.format(**secrets)))
    for name in TAKEN:
        results[name] = attempt(backup, taken_place(name))
    return results


if __name__ == "__main__":
    django.setup()
    from django.conf import settings as portal

    ring = dict(entry.split(":", 1) for entry in portal.KEY_RING.split(","))
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), ring)))
