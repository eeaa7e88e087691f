"""Reference data of every room, from the bottom up. Safe to run at any time."""

from typing import Any

from django.core.management.base import BaseCommand

from applications import reference as applications
from districts import reference as districts
from evaluation import reference as evaluation
from support import reference as support

ROOMS = (("districts", districts), ("applications", applications), ("evaluation", evaluation), ("support", support))


class Command(BaseCommand):
    help = (
        "Load what is missing: districts, offices, holidays, document kinds, a round with its rules, rubric and caps."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """A line per room, saying what is there now."""
        for name, room in ROOMS:
            self.stdout.write(f"{name}: {_words(room.load())}")


def _words(found: Any) -> str:
    if isinstance(found, dict):
        return ", ".join(f"{count} new {what}" for what, count in found.items())
    return str(found)
