"""Two rounds, people of every role, and files in every state, made through the real actions."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.demo import PASSWORD
from applications.models import Application, Round
from applications.states import State
from mission1000.demonstration import files

FILES = 300
SHOWN = ".ekm@"  # one district's people stand for those of all


class Command(BaseCommand):
    help = "Makes the demonstration: people of every role and files in every state. Refused in production."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many files, and which ones."""
        parser.add_argument("--applications", type=int, default=FILES, help="how many files; 0 makes only the people")
        parser.add_argument("--seed", type=int, default=1000, help="the same seed makes the same files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing, and say who can sign in."""
        if settings.PRODUCTION or not settings.DEMO_ALLOWED:
            raise CommandError("The demonstration is refused here: it is for this machine alone (HOST=127.0.0.1).")
        count = options["applications"]
        if count < 0:
            raise CommandError("--applications must be 0 or more.")
        call_command("load_reference", verbosity=0, stdout=_Silent())
        call = Round.objects.open_now().first()
        if call is None:
            raise CommandError("No round is open, so nothing can be handed in. Change the dates of a round first.")
        there = files.is_whole()
        people = files.make(call, count, options["seed"])
        if there:
            self.stdout.write("The demonstration is there already. Nothing was added.")
        self._states()
        self._people(people)

    def _states(self) -> None:
        found = Counter(Application.objects.values_list("state", flat=True))
        for state in State:
            if found[state]:
                self.stdout.write(f"{found[state]:4} {state.label}")

    def _people(self, people: list[tuple[str, str]]) -> None:
        self.stdout.write(f"\nPassword of every account: {PASSWORD}")
        for email, post in people:
            if SHOWN in email or email.count(".") == 1:
                self.stdout.write(f"  {email:28} {post}")
        self.stdout.write("  The same with .tvm, .klm, … for each of the 14 districts.")
        self.stdout.write("Second factor: manage.py demo_code EMAIL, or the page /demo/")


class _Silent:
    """Takes what a command prints and drops it."""

    def write(self, _text: str) -> None:
        """Nothing."""
