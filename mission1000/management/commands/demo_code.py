"""The second-factor code of a demonstration account."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.demo import code_of
from accounts.models import User
from mission1000.demonstration.people import is_demo


class Command(BaseCommand):
    help = "Prints the code that is good in this half minute, as the last word. Demonstration accounts only."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose code."""
        parser.add_argument("email", help="for example officer.ekm@demo.test")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it, or say why there is none."""
        email = options["email"].strip().lower()
        if settings.PRODUCTION or not settings.DEMO_ALLOWED:
            raise CommandError("There are no demonstration accounts here.")
        user = User.objects.filter(email=email).first() if is_demo(email) else None
        if user is None:
            raise CommandError(f"{email} is no account of the demonstration. To make them: manage.py demo")
        if not user.is_staff_member:
            raise CommandError(f"{email} holds no post of the Department, so no code is asked.")
        self.stdout.write(f"Code of {email}, good for half a minute: {code_of(email)}")
