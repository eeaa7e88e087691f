"""Give a fresh portal its first administrator."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import translation

from accounts import actions
from records.verdicts import Refused


class Command(BaseCommand):
    help = "Posts the first administrator of a fresh portal. Refused once somebody holds that post."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address the person signs in with")
        parser.add_argument("full_name", help="the person's name")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
            with translation.override("en"):
                user = actions.first_administrator(options["email"], options["full_name"])
        except ValidationError as error:
            raise CommandError(f"{options['email']!r} is no e-mail address.") from error
        except Refused as refusal:
            raise CommandError(refusal.reason) from refusal
        self.stdout.write(
            f"{user.email} is administrator. They set a password with “Forgot password”, then a second factor."
        )
