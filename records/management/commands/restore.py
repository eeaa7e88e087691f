"""Bring a backup back into an empty place."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from records.backup import restoring
from records.backup.places import NotDone, first_line


class Command(BaseCommand):
    help = (
        "Reads a backup from DIR into an empty database and an empty DATA_DIR, and compares all of it. "
        "A damaged backup, another key ring or a place that is not empty is refused before anything is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("folder", metavar="DIR", help="a folder manage.py backup wrote")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Bring it back, or say why not."""
        folder = Path(options["folder"]).absolute()
        try:
            manifest = restoring.restore(folder, self.stdout.write)
        except NotDone as error:
            raise CommandError(str(error)) from error
        except (OSError, Error) as error:
            raise CommandError(f"Nothing was restored: {first_line(error)}") from error
        for name in manifest.missing:
            self.stdout.write(f"{name} was missing or wrong when the backup was made, and is so here.")
        self.stdout.write("The portal is restored. Everybody signs in anew; start it as always.")
