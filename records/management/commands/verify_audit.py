"""Walk the trail and say where it is not what was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from records import audit
from records.models import AuditEvent


class Command(BaseCommand):
    help = (
        "Checks the whole trail: chain, triggers, anchors. Ends with 1 and the first bad place if something is wrong."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        problems = audit.verify()
        for problem in problems[:20]:
            self.stdout.write(f"event {problem.sequence}: {problem.what}")
        if problems:
            many = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
            raise CommandError(f"The trail is not whole: {many}, the first at event {problems[0].sequence}.")
        self.stdout.write(f"The trail is whole: {AuditEvent.objects.count()} events, triggers stand, anchors agree.")
