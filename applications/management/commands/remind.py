"""Remind applicants of questions that wait for an answer."""

from typing import Any

from django.core.management.base import BaseCommand

from applications import actions
from applications.models import Clarification
from records.acts import system


class Command(BaseCommand):
    help = "Sends the reminders that are due today: after half of the time, and on the day before the last. A worker does it too."

    def handle(self, *_args: Any, **_options: Any) -> None:
        waiting = Clarification.objects.open().order_by("pk")
        sent = sum(actions.remind(question, by=system("reminders")) for question in waiting)
        self.stdout.write(f"Reminders sent: {sent}.")
