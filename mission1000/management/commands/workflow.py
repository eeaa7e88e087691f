"""Write docs/workflow.md from the step tables, or say that it is out of step."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mission1000 import workflow


class Command(BaseCommand):
    help = (
        "Makes docs/workflow.md from the step tables. With --check nothing is written: it ends with 1 on a difference."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Write, or compare."""
        parser.add_argument("--check", action="store_true", help="compare only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page, or compare it with what it should be."""
        page, wanted = settings.BASE_DIR / "docs" / "workflow.md", workflow.document()
        if not options["check"]:
            page.write_text(wanted, encoding="utf-8")
            self.stdout.write("docs/workflow.md is written.")
        elif not page.exists() or page.read_text(encoding="utf-8") != wanted:
            raise CommandError("docs/workflow.md is out of step with the tables. Run: manage.py workflow")
        else:
            self.stdout.write("docs/workflow.md is in step.")
