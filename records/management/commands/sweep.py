"""Re-drive jobs that a broker or a worker lost."""

from typing import Any

from django.core.management.base import BaseCommand

from records import jobs


class Command(BaseCommand):
    help = "Queues again what a dead worker left running and nudges what the broker lost."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{jobs.sweep()} jobs were waiting.")
