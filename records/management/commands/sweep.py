"""Re-drive what a broker, a worker or a power cut lost."""

from typing import Any

from django.core.management.base import BaseCommand

from records import sweeping


class Command(BaseCommand):
    help = (
        "Queues again what a dead worker left running, mails and papers without a job and page images that are gone, "
        "and removes uploaded bytes without a row that are older than a day. Harmless at any time."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        for sentence in sweeping.sweep().sentences():
            self.stdout.write(sentence)
