"""Walk the trail and say where it is not what was written."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from records import audit
from records.models import AuditEvent


class Command(BaseCommand):
    help = (
        "Checks the whole trail: chain, triggers, anchors. Ends with 1 and the first bad place if something is wrong. "
        "Keep the last line it prints on another machine: it is an anchor of all lines up to now."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anchors",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="anchors kept on another machine: the trail must agree with them as well",
        )

    def handle(self, *_args: Any, anchors: list[Path], **_options: Any) -> None:
        for file in anchors:
            if not file.is_file():
                raise CommandError(f"There is no file {file}.", returncode=2)
        problems = audit.verify(*anchors)
        for problem in problems[:20]:
            self.stdout.write(f"event {problem.sequence}: {problem.what}" if problem.sequence else problem.what)
        if problems:
            many = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
            places = [problem.sequence for problem in problems if problem.sequence]
            where = f", the first at event {min(places)}" if places else ""
            raise CommandError(f"The trail is not whole: {many}{where}.")
        self.stdout.write(f"The trail is whole: {AuditEvent.objects.count()} events, triggers stand, anchors agree.")
        if newest := audit.newest():
            self.stdout.write(newest)
