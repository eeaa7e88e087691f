"""Make a district's report from the command line."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from districts.models import District
from progress import actions
from records import jobs
from records.acts import system
from records.models import Job, JobState, Paper
from records.verdicts import Refused

LONGEST = 120  # seconds
FOR_A_WORKER = 15  # seconds in which a worker that is just starting may take the job


class Command(BaseCommand):
    help = "Freezes and queues the report of a district for a month; prints the paper's number as its last word."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="code of the district, for example EKM")
        parser.add_argument("--month", required=True, help="YYYY-MM; the running month counts up to now")
        parser.add_argument("--language", choices=["en", "ml"], default="en")
        parser.add_argument("--wait", action="store_true", help="wait until the PDF is ready")

    def handle(self, *_args: Any, **options: Any) -> None:
        district = District.objects.filter(code=options["code"].upper()).first()
        if district is None:
            codes = ", ".join(District.objects.values_list("code", flat=True))
            raise CommandError(f"There is no district {options['code']!r}. The codes are: {codes}.")
        try:
            with translation.override("en"):
                paper = actions.make_report(
                    district, options["month"], by=system("command district_report"), language=options["language"]
                )
        except Refused as refusal:
            raise CommandError(refusal.reason) from refusal
        self.stdout.write(f"Queued: {paper.number}")
        if options["wait"]:
            self._wait(paper)
            self.stdout.write(f"Ready: {paper.number}")
        elif not jobs.worker_alive():
            self.stderr.write("No worker answers: start one with `make run`; the report is kept and made then.")

    def _wait(self, paper: Paper) -> None:
        job = Job.objects.filter(subject=f"paper:{paper.pk}").latest("pk")
        if not jobs.worker_alive() and jobs.wait_for(job.pk, FOR_A_WORKER).state == JobState.QUEUED:
            raise CommandError(f"No worker answers: start one with `make run`. The report is queued as {paper.number}")
        job = jobs.wait_for(job.pk, LONGEST)
        if job.state == JobState.FAILED:
            raise CommandError(f"{job.error} The report is kept as {paper.number}")
        if job.state != JobState.READY:
            raise CommandError(f"The PDF is not ready after {LONGEST} s. The report is queued as {paper.number}")
