"""Rows for measuring, made in bulk and marked: rounds 98 and 99 are the benchmark's."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from applications.models import Application, Round
from mission1000.benchmark import fill, names
from mission1000.benchmark.patterns import PATTERNS
from records.clock import now

FILES = 20_000


class Command(BaseCommand):
    help = "Fills an empty portal for measuring. Only with BENCHMARK=True, refused in production."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many files, made of how many patterns."""
        parser.add_argument("--files", type=int, default=FILES, help="how many copied files, at least")
        parser.add_argument("--patterns", type=int, default=PATTERNS, help="how many files go through the real acts")
        parser.add_argument("--seed", type=int, default=1000, help="the same seed makes the same files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill, and say how far it is and how long it took."""
        if settings.PRODUCTION or not settings.BENCHMARK:
            raise CommandError("The benchmark is refused here: it is for a throw-away portal with BENCHMARK=True.")
        if not 0 < options["patterns"] <= PATTERNS or options["files"] < 1:
            raise CommandError(f"--files is 1 or more, --patterns 1 to {PATTERNS}.")
        if Application.objects.exists():
            raise CommandError("There are files here. The benchmark fills an empty portal only.")
        began = now()
        call_command("load_reference", verbosity=0, stdout=self.stdout)
        call = Round.objects.open_now().get()
        made = fill.fill(call, options["files"], options["patterns"], options["seed"], self._say)
        self._say(
            f"{made} files in rounds {names.OPEN} and {names.EARLIER}, in {(now() - began).total_seconds():.0f} s"
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
