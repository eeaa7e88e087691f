"""Write a backup into a folder."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from records.backup import making
from records.backup.places import NotDone, first_line


class Command(BaseCommand):
    help = (
        "Writes database and files into DIR, a new or empty folder, while the portal goes on. Never the keys. "
        "Ends with 1 where no backup was made, with 2 where it was made and files are missing or wrong in the portal itself."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("folder", metavar="DIR", help="a new or empty folder")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make it, and say what is in it and what is missing."""
        folder = Path(options["folder"]).absolute()
        try:
            manifest = making.make(folder, self.stdout.write)
        except NotDone as error:
            raise CommandError(f"No backup was made. {error}") from error
        except (OSError, Error) as error:
            raise CommandError(f"No backup was made: {first_line(error)}") from error
        keys = ", ".join(manifest.keys["checks"])
        self.stdout.write(
            f"The backup is in {folder}: {len(manifest.files)} files, trail up to event {manifest.trail['sequence']}. "
            f"To read it the key ring is needed ({keys}), which is not in it."
        )
        if manifest.missing:
            many = "1 file is" if len(manifest.missing) == 1 else f"{len(manifest.missing)} files are"
            raise CommandError(
                f"The backup was made, but {many} missing or wrong in the portal itself, {manifest.missing[0]} first.",
                returncode=2,
            )
